import type { Literal, Rule, Term } from "../program/program.ts";
import { patternVariables } from "../program/variables.ts";
import { mapHead, mapLiteral } from "./mapRule.ts";
import { variable } from "./lowerings.ts";

export interface Inlined {
  readonly rule: Rule;
  /** A variable that must stay one: it is aggregated, or read in a literal that binds nothing. */
  readonly left?: string;
}

/**
 * A rule without `:=`, for notations that have none: what is computed stands where the variable stood; where a positive
 * literal binds the variable too, a comparison takes the assignment's place.
 */
export function inlineAssignments(rule: Rule): Inlined {
  let { head, body } = rule;
  for (;;) {
    const at = body.findIndex((l) => l.kind === "assignment");
    const assignment = body[at];
    if (assignment?.kind !== "assignment") return { rule: { ...rule, head, body } };
    const { variable: name, value } = assignment;
    const others = body.toSpliced(at, 1);
    if (others.some((l) => binds(l, name))) {
      const left = variable(name);
      const comparison: Literal = { kind: "comparison", operator: "==", left, right: value };
      body = body.toSpliced(at, 1, comparison);
      continue;
    }
    const aggregated = head.terms.some((t) => t.kind === "aggregate" && t.over.includes(name));
    if (aggregated || patternVariables(value).includes(name)) return { rule, left: name };
    const inline = (v: string): Term => (v === name ? value : variable(v));
    head = mapHead(head, { variable: inline });
    body = others.map((l) => mapLiteral(l, { variable: inline }));
  }
}

function binds(literal: Literal, name: string): boolean {
  if (literal.kind === "assignment") return literal.variable === name;
  if (literal.kind !== "relation" || literal.negated) return false;
  return literal.terms.some((t) => patternVariables(t).includes(name));
}
