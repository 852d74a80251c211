import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import {
  choosesAny,
  componentRules,
  idbLiterals,
  isInputKind,
  kindOfRelation,
} from "../analysis/componentRules.ts";
import { carriesOver, keptOverCrashes } from "../analysis/persistence.ts";
import { rulesOf, transferred } from "../analysis/ruleSets.ts";
import type { RuleSet, Transfer } from "../analysis/ruleSets.ts";
import { capitalized, quoted, ruleName } from "../analysis/wording.ts";
import type { ComponentName, RelationName, Rule } from "../program/program.ts";
import { hasAggregate } from "../program/variables.ts";
import { culprits, evidenceAt, holds, holdsWithCaution, violated } from "./conditions.ts";
import { originalOf } from "./mapDeployment.ts";
import type { Precondition } from "./rewrite.ts";
import type { Halves } from "./splitConditions.ts";
import { withoutRules } from "./splitOff.ts";

/** A relation that outlives a crash, and the component that keeps it. */
export interface Durable {
  readonly relation: RelationName;
  readonly component: ComponentName;
}

/**
 * What is durable on the nodes that run a component: in it, and in all that earlier steps have made of the same original
 * nodes, for these crash and start again together. Its own first.
 */
export function durableOnNode(p: AnalyzedProgram, component: ComponentName): readonly Durable[] {
  const found = new Map<RelationName, ComponentName>();
  for (const at of [component, ...siblingComponents(p, component)]) {
    for (const relation of componentRules(p, at).relations) {
      if (p.relations.get(relation)?.durable === true && !found.has(relation)) {
        found.set(relation, at);
      }
    }
  }
  return [...found].map(([relation, at]) => ({ relation, component: at }));
}

/** "`k`", or of another component "`k` of `desk`, on the same node,". */
export function durableName({ relation, component }: Durable, asked: ComponentName): string {
  return component === asked
    ? quoted(relation)
    : `${quoted(relation)} of ${quoted(component)}, on the same node,`;
}

function siblingComponents(
  { program, deployment }: AnalyzedProgram,
  component: ComponentName,
): readonly ComponentName[] {
  if (deployment === undefined) return [];
  const originals = (of: ComponentName): readonly string[] =>
    (deployment.instances[of] ?? []).map((at) => originalOf(deployment, at));
  const own = new Set(originals(component));
  return program.components
    .map(({ name }) => name)
    .filter((name) => name !== component && originals(name).some((at) => own.has(at)));
}

/**
 * What is on its way from half to half when both crash may be lost, or come when the node has forgotten it; the node by
 * itself does neither (ADR 39). So what goes over has to outlive a crash, as the half that stays then tells it again, where
 * the half that moves writes of it what outlives one, or takes it together with other facts. The latter matters only
 * where nodes are started again; one with nothing durable is to stay down. A message that is only passed on may be lost
 * or late in the original, too. Asked only where it matters.
 */
export function crashConditions(p: AnalyzedProgram, halves: Halves): readonly Precondition[] {
  const { stays, moves } = halves;
  const { component } = moves;
  const over = [...transferred(p, stays, moves)]
    .filter(([relation]) => !isPassedOn(p, stays, relation))
    .map(([relation, transfer]) => effectOf(p, moves, relation, transfer))
    .filter(({ written, together }) => written !== undefined || together !== undefined);
  if (over.length === 0) return [];
  const told = keptOverCrashes(withoutRules(p, moves), component);
  const [durable] = durableOnNode(p, component);
  const fleeting = over.filter(({ relation }) => !told.has(relation));
  if (durable === undefined) return fleeting.length === 0 ? [] : [outlivesItsCause(component)];
  const violations = [
    ...fleeting.map((effect) => lostOrForgotten(p, component, effect, durable)),
    ...over
      .filter(({ relation }) => told.has(relation))
      .flatMap((effect) => beside(p, moves, effect)),
  ];
  if (violations.length > 0) return violations;
  const statement =
    "What goes over and is kept or taken together with other facts outlives a crash, and is told again after one.";
  return [holds("durable-copy", statement)];
}

/** What the half that moves does with what is sent to it. */
interface Effect {
  readonly relation: RelationName;
  readonly transfer: Transfer;
  /** It, and everything that follows from it there. */
  readonly reached: ReadonlySet<RelationName>;
  /** Of these one that the half writes and that outlives a crash. */
  readonly written: RelationName | undefined;
  /** A rule that takes any of them together with other facts. */
  readonly together: Rule | undefined;
}

function effectOf(
  p: AnalyzedProgram,
  moves: RuleSet,
  relation: RelationName,
  transfer: Transfer,
): Effect {
  const reached = reachedFrom(p, moves, relation);
  return {
    relation,
    transfer,
    reached,
    written: writtenAmong(p, moves, reached),
    together: combining(p, moves, reached)[0],
  };
}

/** Everything that rules of the set derive from the relation, itself included. */
function reachedFrom(
  p: AnalyzedProgram,
  set: RuleSet,
  relation: RelationName,
): ReadonlySet<RelationName> {
  const reached = new Set([relation]);
  for (let before = -1; before !== reached.size;) {
    before = reached.size;
    for (const rule of rulesOf(p, set)) {
      if (rule.head.timing.kind !== "async" && readsAny(p, rule, reached)) {
        reached.add(rule.head.relation);
      }
    }
  }
  return reached;
}

/** A durable relation without a rule for the next tick is gone after a crash, as if it were not durable. */
function writtenAmong(
  p: AnalyzedProgram,
  set: RuleSet,
  relations: ReadonlySet<RelationName>,
): RelationName | undefined {
  return rulesOf(p, set).find(
    ({ head }) =>
      head.timing.kind === "next" &&
      relations.has(head.relation) &&
      p.relations.get(head.relation)?.durable === true,
  )?.head.relation;
}

/** A rule that only goes on keeping what it has, until something else comes, adds nothing to either. */
function combining(
  p: AnalyzedProgram,
  set: RuleSet,
  relations: ReadonlySet<RelationName>,
): readonly Rule[] {
  return rulesOf(p, set).filter(
    (rule) =>
      readsAny(p, rule, relations) &&
      (hasAggregate(rule) || choosesAny(rule) || idbLiterals(p, rule).length > 1) &&
      carriesOver(rule) === undefined,
  );
}

function readsAny(p: AnalyzedProgram, rule: Rule, relations: ReadonlySet<RelationName>): boolean {
  return idbLiterals(p, rule).some(({ literal }) => relations.has(literal.relation));
}

/** Whether each fact of the relation stands for one message, of which the half that stays makes nothing else. */
function isPassedOn(p: AnalyzedProgram, stays: RuleSet, relation: RelationName): boolean {
  const rules = rulesOf(p, stays);
  const readers = (r: RelationName) => rules.filter((rule) => readsAny(p, rule, new Set([r])));
  if (readers(relation).length > 0) return false;
  return rules
    .filter(({ head }) => head.relation === relation)
    .every((rule) => {
      const literals = rule.body.filter(
        (l) => l.kind === "relation" && kindOfRelation(p, l.relation) !== "func",
      );
      const [read] = idbLiterals(p, rule);
      return (
        rule.head.timing.kind === "now" &&
        !hasAggregate(rule) &&
        literals.length === 1 &&
        read !== undefined &&
        !read.literal.negated &&
        isInputKind(kindOfRelation(p, read.literal.relation)) &&
        readers(read.literal.relation).length === 1
      );
    });
}

function lostOrForgotten(
  p: AnalyzedProgram,
  component: ComponentName,
  effect: Effect,
  durable: Durable,
): Precondition {
  const { relation, written } = effect;
  const isDurable = p.relations.get(relation)?.durable === true;
  const statement =
    written !== undefined
      ? `${capitalized(quoted(written))} outlives a crash, and ${quoted(relation)}, from which it comes, ` +
        `${isDurable ? "is durable but not kept" : "does not"}: what is on its way when the node crashes would be lost for good.`
      : `${capitalized(durableName(durable, component))} outlives a crash, and ${quoted(relation)} ` +
        `${isDurable ? "is durable but not kept" : "does not"}: on its way it may outlive the crash in which the node forgets it, ` +
        `and ${ruleName(p, effect.together!.id)} would take it together with later facts.`;
  return movedAlong(effect, statement, written ?? durable.relation);
}

/** What comes late, after a crash, has to find there what it is taken together with. */
function beside(p: AnalyzedProgram, moves: RuleSet, effect: Effect): readonly Precondition[] {
  const kept = keptOverCrashes(p, moves.component);
  return combining(p, moves, effect.reached).flatMap((rule) => {
    const written = writtenAmong(p, moves, reachedFrom(p, moves, rule.head.relation));
    const other = idbLiterals(p, rule).find(({ literal }) => !kept.has(literal.relation));
    if (written === undefined || other === undefined) return [];
    return [
      violated({
        code: "durable-copy",
        statement:
          `${capitalized(quoted(written))} outlives a crash, and ${quoted(other.literal.relation)}, which ${ruleName(p, rule.id)} ` +
          `takes together with what comes from ${quoted(effect.relation)}, does not: it may be gone when that comes.`,
        evidence: culprits([
          { kind: "literal", rule: rule.id, index: other.index, because: "lost in a crash" },
          { kind: "relation", relation: written, because: "durable" },
        ]),
      }),
    ];
  });
}

function movedAlong(
  { relation, transfer }: Effect,
  statement: string,
  durable: RelationName,
): Precondition {
  return violated(
    {
      code: "durable-copy",
      statement,
      evidence: culprits([
        { kind: "relation", relation: durable, because: "durable" },
        ...evidenceAt(transfer.producers, `derives ${quoted(relation)}, which is sent over`),
      ]),
    },
    { sentence: `Move the rules that derive ${quoted(relation)} along.` },
  );
}

/** Only where nothing is durable: no program says whether its nodes are started again (ADR 29). */
function outlivesItsCause(component: ComponentName): Precondition {
  return holdsWithCaution(
    "durable-copy",
    `Nothing that ${quoted(component)} keeps is durable. After a crash it must stay down: what was on its way between its halves would meet what comes later.`,
  );
}
