import type { ComponentName, RelationName } from "../program/program.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import {
  componentInputs,
  componentRules,
  hasPositive,
  headRules,
  idbLiterals,
  isIdbKind,
  isInputKind,
  isTimeless,
  kindOfRelation,
  memoised,
} from "./componentRules.ts";
import { existence } from "./existence.ts";
import { greatestSet } from "./greatestSet.ts";
import { isConstant, persistenceRule } from "./persistence.ts";

/**
 * KS of rewrites.md section 1.6, the greatest set of relations that are kept and settled: on a tick without input they
 * hold what they held the tick before.
 */
export const keptAndSettled: (
  p: AnalyzedProgram,
  component: ComponentName,
) => ReadonlySet<RelationName> = memoised((p, component) => {
  const candidates = componentRules(p, component).relations.filter((r) => mayBeSettled(p, r));
  return greatestSet(p, component, candidates, (relation, settled) =>
    isSettled(p, component, relation, settled),
  );
});

function mayBeSettled(p: AnalyzedProgram, relation: RelationName): boolean {
  const kind = kindOfRelation(p, relation);
  return isConstant(p, relation) || kind === "local";
}

function isSettled(
  p: AnalyzedProgram,
  component: ComponentName,
  relation: RelationName,
  settled: ReadonlySet<RelationName>,
): boolean {
  if (isConstant(p, relation)) return true;
  const { all, now } = headRules(p, component, relation);
  const persistence = persistenceRule(p, component, relation);
  if (persistence !== undefined) {
    const { inputDerived } = existence(p, component);
    const others = all.filter((rule) => rule !== persistence);
    return others.every(
      (rule) => rule.head.timing.kind === "now" && hasPositive(p, rule, inputDerived),
    );
  }
  if (all.length === 0 || now.length !== all.length) return false;
  return now.every(
    (rule) =>
      isTimeless(rule) &&
      idbLiterals(p, rule).every(({ literal }) => settled.has(literal.relation)),
  );
}

/** IS of section 1.6, the greatest set of relations that are empty until some input has arrived. */
export const notBeforeInput: (
  p: AnalyzedProgram,
  component: ComponentName,
) => ReadonlySet<RelationName> = memoised((p, component) => {
  const inputs = componentInputs(p, component);
  const candidates = componentRules(p, component).relations.filter((r) =>
    isIdbKind(kindOfRelation(p, r)),
  );
  return greatestSet(p, component, candidates, (relation, later) => {
    if (inputs.has(relation)) return true;
    const { all } = headRules(p, component, relation);
    return (
      !isInputKind(kindOfRelation(p, relation)) && all.every((rule) => hasPositive(p, rule, later))
    );
  });
});
