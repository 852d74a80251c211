import type { Literal, Term } from "../program/program.ts";
import { headVariables, literalVariables } from "../program/variables.ts";
import type { LoweredRule } from "./lowered.ts";

/**
 * A variable that nothing but negated literals has, once each, is `_` in Molly's and Hydroflow's notations and in the
 * prototype's (rewrites.md W2): their runs look at one negated literal after the other and bind nothing there. In compact
 * notation it is an error, since it may be misspelt.
 */
export function withoutLonelyVariables(rule: LoweredRule): LoweredRule {
  const { head, body } = rule;
  const negated = body.filter(isNegated);
  const others = body.filter((literal) => !negated.includes(literal));
  const used = new Set([...headVariables(head), ...others.flatMap(literalVariables)]);
  // Twice in one literal it says that two values are equal.
  for (const literal of negated)
    for (const name of repeated(literalVariables(literal))) used.add(name);
  const replaced = body.map((literal): Literal => {
    if (literal.kind !== "relation" || !literal.negated) return literal;
    return { ...literal, terms: literal.terms.map((t) => ignored(t, used)) };
  });
  return { ...rule, body: replaced };
}

function isNegated(literal: Literal): boolean {
  return literal.kind === "relation" && literal.negated;
}

function repeated(names: readonly string[]): readonly string[] {
  return names.filter((name, i) => names.indexOf(name) < i);
}

/** Only where the term is matched: what is computed needs a value. */
function ignored(term: Term, used: ReadonlySet<string>): Term {
  if (term.kind === "variable") return used.has(term.name) ? term : { kind: "wildcard" };
  if (term.kind !== "tuple") return term;
  return { ...term, terms: term.terms.map((t) => ignored(t, used)) };
}
