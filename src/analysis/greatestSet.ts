import type { ComponentName, RelationName } from "../program/program.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { componentRules } from "./componentRules.ts";

/**
 * The greatest set of relations of a component whose members all satisfy `belongs`, which sees the set as it shrinks and
 * must not come to hold as members go. A relation is looked at again only when something that its rules read, or
 * that `alsoAsk` names, has gone.
 */
export function greatestSet(
  p: AnalyzedProgram,
  component: ComponentName,
  candidates: Iterable<RelationName>,
  belongs: (relation: RelationName, set: ReadonlySet<RelationName>) => boolean,
  alsoAsk: () => Iterable<RelationName> = () => [],
): ReadonlySet<RelationName> {
  const { readers } = componentRules(p, component);
  const set = new Set(candidates);
  const waiting = new Set(set);
  for (const relation of waiting) {
    waiting.delete(relation);
    if (!set.has(relation) || belongs(relation, set)) continue;
    set.delete(relation);
    for (const rule of readers.get(relation) ?? []) waiting.add(rule.head.relation);
    for (const other of alsoAsk()) waiting.add(other);
  }
  return set;
}
