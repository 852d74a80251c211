import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { idbLiterals } from "../analysis/componentRules.ts";
import { logicallyPersisted } from "../analysis/persistence.ts";
import { complement, ins, rulesOf, transferred } from "../analysis/ruleSets.ts";
import type { RuleSet } from "../analysis/ruleSets.ts";
import { keptAndSettled, notBeforeInput } from "../analysis/settled.ts";
import type { ComponentName, RuleId } from "../program/program.ts";
import { canonicalSelf } from "./canonicalSelf.ts";
import type { Draft, DraftComponent } from "./draft.ts";
import { draftOf, finish, formerId, reserve } from "./draft.ts";
import { addSiblings } from "./mapDeployment.ts";
import { declareSplitTables, redirect, sendBack, splitNames } from "./redirect.ts";
import type { Split } from "./redirect.ts";
import type { Rewritten } from "./rewrite.ts";
import { transfer } from "./transfer.ts";
import type { Transferred } from "./transfer.ts";

/** Rules of a component that get nodes of their own, and the name of the component they become. */
export interface SplitTarget {
  readonly component: ComponentName;
  readonly rules: readonly RuleId[];
  readonly name: ComponentName;
}

/** C2, the rules that move. */
export function movedSet(target: SplitTarget): RuleSet {
  return { component: target.component, rules: new Set(target.rules) };
}

/**
 * The mechanism that the decouplings share (rewrites.md sections 2 and 3.1 to 3.3): moves the rules to a sibling of each
 * node of the component, redirects what they read from others, and sends over what they read from the rules that stay.
 */
export function splitOff(p: AnalyzedProgram, target: SplitTarget): Rewritten {
  const { component, rules, name } = target;
  const key = JSON.stringify([component, rules, name]);
  const known = lately.get(p) ?? new Map<string, Rewritten>();
  lately.set(p, known);
  const result = known.get(key) ?? rulesSplitOff(p, target);
  known.delete(key);
  known.set(key, result);
  const [oldest] = known.keys();
  if (known.size > FEW) known.delete(oldest!);
  return result;
}

/** The decouplings are asked one after the other about the same few groups of rules. */
const FEW = 4;
const lately = new WeakMap<AnalyzedProgram, Map<string, Rewritten>>();

function rulesSplitOff(p: AnalyzedProgram, target: SplitTarget): Rewritten {
  const moves = movedSet(target);
  const stays = complement(p, moves);
  const { draft, split } = cut(draftOf(p), target);
  const redirected = redirect(draft, new Set(ins(p, moves).keys()), split);
  const returned = sendBack(redirected, new Set(ins(p, stays).keys()), split);
  const joined = transfers(p, stays, moves).reduce((d, t) => transfer(d, t, split), returned);
  return finish(declareSplitTables(joined, split));
}

/** The moved rules in a component of their own, right behind the one they leave; nothing is connected yet. */
export function cut(
  draft: Draft,
  target: SplitTarget,
): { readonly draft: Draft; readonly split: Split } {
  const moving = new Set(target.rules);
  const components = draft.components.flatMap((c): DraftComponent[] => {
    if (c.name !== target.component) return [c];
    const [moved, stayed] = partition(c.rules, (rule) => moving.has(formerId(rule) ?? ""));
    return [
      { ...c, rules: stayed },
      { name: target.name, by: c.by, declarations: [], rules: moved.map(canonicalSelf) },
    ];
  });
  const mapped = draft.deployment && addSiblings(draft.deployment, target.component, target.name);
  const names = splitNames(draft, target.component, target.name);
  const parted = { ...draft, components, deployment: mapped?.deployment };
  return {
    draft: reserve(parted, [names.forward, names.toMoved, names.toStayed]),
    split: {
      ...names,
      siblings: mapped?.siblings ?? new Map<string, string>(),
    },
  };
}

function transfers(p: AnalyzedProgram, stays: RuleSet, moves: RuleSet): readonly Transferred[] {
  const kept = logicallyPersisted(p, stays.component);
  const alone = withoutRules(p, moves);
  const keptAlone = logicallyPersisted(alone, stays.component);
  const settledAlone = keptAndSettled(alone, stays.component);
  const laterAlone = notBeforeInput(alone, stays.component);
  return [...transferred(p, stays, moves).keys()].map((relation) => ({
    relation,
    attributes: p.relations.get(relation)!.attributes.map((a) => a.name),
    kept: kept.has(relation),
    sendable: rulesOf(p, stays).every(
      (rule) => rule.head.relation !== relation || idbLiterals(p, rule).length > 0,
    ),
    delta: [kept, keptAlone, settledAlone, laterAlone].every((set) => set.has(relation)),
  }));
}

/** The program as if the rules were not there, for questions about the rest; relations keep their kinds. */
export function withoutRules(p: AnalyzedProgram, set: RuleSet): AnalyzedProgram {
  const components = p.program.components.map((c) =>
    c.name === set.component ? { ...c, rules: c.rules.filter((r) => !set.rules.has(r.id)) } : c,
  );
  return { ...p, program: { ...p.program, components }, relations: new Map(p.relations) };
}

function partition<T>(
  all: readonly T[],
  isFirst: (item: T) => boolean,
): readonly [readonly T[], readonly T[]] {
  return [all.filter(isFirst), all.filter((item) => !isFirst(item))];
}
