import type { Literal, Term } from "../program/program.ts";
import { headVariables, literalVariables } from "../program/variables.ts";
import type { LoweredRule } from "./lowered.ts";

/**
 * A variable that stands in one negated literal and nowhere else is `_` in Molly's and Hydroflow's notations and in the
 * prototype's (rewrites.md W2); in compact notation it is an error, since it may be misspelt.
 */
export function withoutLonelyVariables(rule: LoweredRule): LoweredRule {
  const { head, body } = rule;
  const counts = new Map<string, number>();
  for (const name of [...headVariables(head), ...body.flatMap(literalVariables)]) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const replaced = body.map((literal): Literal => {
    if (literal.kind !== "relation" || !literal.negated) return literal;
    return { ...literal, terms: literal.terms.map((t) => ignored(t, counts)) };
  });
  return { ...rule, body: replaced };
}

/** Only where the term is matched: what is computed needs a value. */
function ignored(term: Term, counts: ReadonlyMap<string, number>): Term {
  if (term.kind === "variable") return counts.get(term.name) === 1 ? { kind: "wildcard" } : term;
  if (term.kind !== "tuple") return term;
  return { ...term, terms: term.terms.map((t) => ignored(t, counts)) };
}
