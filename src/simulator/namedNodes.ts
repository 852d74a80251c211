import type { HeadTerm, Program, Rule } from "../program/program.ts";
import { isTuple } from "../program/value.ts";
import type { Value } from "../program/value.ts";

/** The nodes that a program names in its rules and its given rows, in order. */
export function namedNodes(program: Program): readonly string[] {
  const rules = program.components.flatMap((c) => c.rules);
  const declarations = [program, ...program.components].flatMap((scope) => scope.declarations);
  const given = declarations.flatMap((d) => (d.kind === "relation" ? (d.rows ?? []).flat() : []));
  const names = [...rules.flatMap(ruleTerms).flatMap(constants), ...given].flatMap(addresses);
  return [...new Set(names)].toSorted();
}

function ruleTerms({ head, body }: Rule): readonly HeadTerm[] {
  const { terms, timing } = head;
  const destination = timing.kind === "async" ? [timing.destination] : [];
  const read = body.flatMap((l): readonly HeadTerm[] => {
    switch (l.kind) {
      case "relation":
        return l.terms;
      case "comparison":
        return [l.left, l.right];
      case "assignment":
        return [l.value];
    }
  });
  return [...terms, ...destination, ...read];
}

function constants(term: HeadTerm): readonly Value[] {
  switch (term.kind) {
    case "constant":
      return [term.value];
    case "tuple":
      return term.terms.flatMap(constants);
    case "arithmetic":
      return [...constants(term.left), ...constants(term.right)];
    case "variable":
    case "wildcard":
    case "aggregate":
      return [];
  }
}

function addresses(value: Value): readonly string[] {
  if (typeof value !== "object") return [];
  if (isTuple(value)) return value.flatMap(addresses);
  return value.kind === "address" ? [value.name] : [];
}
