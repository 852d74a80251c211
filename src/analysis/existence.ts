import type { ComponentName, RelationName } from "../program/program.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import {
  componentInputs,
  componentRules,
  hasPositive,
  headRules,
  idbLiterals,
  isIdbKind,
  kindOfRelation,
  memoised,
} from "./componentRules.ts";
import { greatestSet } from "./greatestSet.ts";
import { isFunctionalRule } from "./ruleShapes.ts";
import { selfClearingTrigger, type SelfClearingTrigger } from "./selfClearing.ts";

/** What can hold only on ticks with input (rewrites.md section 1.5). */
export interface Existence {
  /** ED: empty on every tick without input. */
  readonly inputDerived: ReadonlySet<RelationName>;
  /** Those of them that are so because they clear what derives them. */
  readonly triggers: ReadonlyMap<RelationName, SelfClearingTrigger>;
  /** Set by input for the next tick only, and then sent: a delayed message to oneself. Counts for SM1 alone (S-03). */
  readonly pulses: ReadonlySet<RelationName>;
}

/** The greatest sets of section 1.5, over all inputs of the component. */
export const existence: (p: AnalyzedProgram, component: ComponentName) => Existence = memoised(
  (p, component) => {
    const index = componentRules(p, component);
    const candidates = index.relations.filter((r) => isIdbKind(kindOfRelation(p, r)));
    const triggers = new Map<RelationName, SelfClearingTrigger>();
    const belongs = (relation: RelationName, set: ReadonlySet<RelationName>): boolean => {
      triggers.delete(relation);
      if (isInputDerived(p, component, relation, set)) return true;
      const trigger = selfClearingTrigger(p, component, relation, set);
      if (trigger !== undefined) triggers.set(relation, trigger);
      return trigger !== undefined;
    };
    // A trigger leans on what fills the relations it clears, which its own rules do not read.
    const leaning = (): Iterable<RelationName> => triggers.keys();
    const inputDerived = greatestSet(p, component, candidates, belongs, leaning);
    const pulses = new Set(candidates.filter((r) => isPulse(p, component, r, inputDerived)));
    return { inputDerived, triggers, pulses };
  },
);

/** An input, or without next rules and with a positive input-derived literal in every now-rule. */
function isInputDerived(
  p: AnalyzedProgram,
  component: ComponentName,
  relation: RelationName,
  inputDerived: ReadonlySet<RelationName>,
): boolean {
  if (componentInputs(p, component).has(relation)) return true;
  const { now, next } = headRules(p, component, relation);
  return next.length === 0 && now.every((rule) => hasPositive(p, rule, inputDerived));
}

/** Only next rules with input-derived bodies, read only by asynchronous functional rules. */
function isPulse(
  p: AnalyzedProgram,
  component: ComponentName,
  relation: RelationName,
  inputDerived: ReadonlySet<RelationName>,
): boolean {
  const { all, next } = headRules(p, component, relation);
  if (next.length === 0 || all.length !== next.length) return false;
  const readers = componentRules(p, component).readers.get(relation) ?? [];
  return (
    next.every((rule) => hasPositive(p, rule, inputDerived)) &&
    readers.every((rule) => rule.head.timing.kind === "async" && isFunctionalRule(p, rule))
  );
}

/**
 * One clause that says why a relation can hold on a tick without input, with the rule to look at; undefined when it
 * cannot.
 */
export function whyNotInputDerived(
  p: AnalyzedProgram,
  component: ComponentName,
  relation: RelationName,
): { readonly rule: string; readonly carries: boolean } | undefined {
  const { inputDerived } = existence(p, component);
  if (inputDerived.has(relation) || !isIdbKind(kindOfRelation(p, relation))) return undefined;
  const { now, next } = headRules(p, component, relation);
  const carrier = next[0];
  if (carrier !== undefined) return { rule: carrier.id, carries: true };
  const idle = now.find((rule) => !hasPositive(p, rule, inputDerived));
  return idle && { rule: idle.id, carries: idbLiterals(p, idle).length > 0 };
}
