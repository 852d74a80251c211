import type { HeadTerm, RelationName } from "../program/program.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";

/** Whether a rule sends a set as one message: `o(seal<x>, a)@async(d) :- …`. */
export function hasSeal(rule: { readonly head: { readonly terms: readonly HeadTerm[] } }): boolean {
  return rule.head.terms.some((t) => t.kind === "aggregate" && t.operator === "seal");
}

/** Relations that some rule seals, in text order. */
export function sealedRelations(p: AnalyzedProgram): readonly RelationName[] {
  const found = [...p.rules.values()].filter(({ rule }) => hasSeal(rule));
  return [...new Set(found.map(({ rule }) => rule.head.relation))];
}
