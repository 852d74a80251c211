import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Literal, Rule } from "../program/program.ts";
import { functionInputs, variablesOf } from "./literalOrder.ts";

/**
 * Variables that stand in one column of a positive stored literal and nowhere else: rows that differ in these alone are
 * one way to derive what the rule derives. An aggregate tells them apart, for it counts valuations.
 */
export function unreadVariables(p: AnalyzedProgram, { head, body }: Rule): ReadonlySet<string> {
  const terms = head.terms.flatMap((t) => (t.kind === "aggregate" ? [] : [t]));
  if (terms.length < head.terms.length) return new Set();
  const destination = head.timing.kind === "async" ? [head.timing.destination] : [];
  const seen = new Set<string>();
  const read = new Set(variablesOf([...terms, ...destination]));
  for (const name of body.flatMap(variablesIn)) (seen.has(name) ? read : seen).add(name);
  const columns = body.flatMap((l) =>
    l.kind === "relation" && !l.negated && functionInputs(p, l) === undefined ? l.terms : [],
  );
  return new Set(
    columns.flatMap((t) => (t.kind === "variable" && !read.has(t.name) ? [t.name] : [])),
  );
}

function variablesIn(literal: Literal): readonly string[] {
  switch (literal.kind) {
    case "comparison":
      return variablesOf([literal.left, literal.right]);
    case "assignment":
      return [literal.variable, ...variablesOf([literal.value])];
    case "relation":
      return variablesOf(literal.terms);
  }
}
