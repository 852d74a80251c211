import type { RelationLiteral, RelationName, Rule } from "../program/program.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { idbLiterals } from "./componentRules.ts";
import { rulesOf } from "./ruleSets.ts";
import type { RuleSet } from "./ruleSets.ts";
import { termEquality } from "./termEquality.ts";

/**
 * For each relation that a fact of the given one may help to derive, and for each part of the fact's key: the positions
 * that surely hold that part then. No position when derivations lose it.
 */
export type ReachedKeys = ReadonlyMap<RelationName, readonly (readonly number[])[]>;

/** Follows a relation's key through the same-node rules of a set, the greatest positions that every rule keeps. */
export function reachedKeys(
  p: AnalyzedProgram,
  set: RuleSet,
  relation: RelationName,
  key: readonly number[],
): ReachedKeys {
  const rules = rulesOf(p, set).filter((rule) => rule.head.timing.kind !== "async");
  const reached = new Set([relation]);
  for (let size = 0; size < reached.size;) {
    size = reached.size;
    for (const rule of rules)
      if (entries(p, rule, reached).length > 0) reached.add(rule.head.relation);
  }
  const held = new Map<RelationName, readonly (readonly number[])[]>();
  for (const name of reached) {
    const everywhere = Array.from({ length: p.relations.get(name)!.arity }, (_, i) => i);
    held.set(
      name,
      key.map((k) => (name === relation ? [k] : everywhere)),
    );
  }
  for (let changes = true; changes;) {
    changes = false;
    for (const rule of rules) {
      for (const literal of entries(p, rule, reached)) {
        const before = held.get(rule.head.relation)!;
        const after = before.map((at, k) =>
          kept(rule, literal, at, held.get(literal.relation)![k]!),
        );
        if (after.every((at, k) => at.length === before[k]!.length)) continue;
        held.set(rule.head.relation, after);
        changes = true;
      }
    }
  }
  return held;
}

/** The literals by which a fact of a reached relation may enter. */
function entries(
  p: AnalyzedProgram,
  rule: Rule,
  reached: ReadonlySet<RelationName>,
): readonly RelationLiteral[] {
  return idbLiterals(p, rule)
    .map(({ literal }) => literal)
    .filter(({ negated, relation }) => !negated && reached.has(relation));
}

function kept(
  rule: Rule,
  literal: RelationLiteral,
  head: readonly number[],
  body: readonly number[],
): readonly number[] {
  const equal = termEquality(rule);
  return head.filter((at) => body.some((i) => equal(rule.head.terms[at]!, literal.terms[i]!)));
}
