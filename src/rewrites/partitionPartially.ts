import type { AnalyzedProgram, RelationInfo } from "../analysis/analyzedProgram.ts";
import { partitionedRelations } from "../analysis/cohash.ts";
import {
  componentInputs,
  componentRules,
  headRules,
  idbLiterals,
} from "../analysis/componentRules.ts";
import { dependentGuards, keyViolations } from "../analysis/dependentKeys.ts";
import { keyPositions, shownKey } from "../analysis/keyTerm.ts";
import { proposeDependentKeys, proposePartialKeys } from "../analysis/proposeDependentKeys.ts";
import { hasSeal, sealedRelations } from "../analysis/seals.ts";
import { capitalized, joined, quoted, ruleName } from "../analysis/wording.ts";
import type { ComponentName, RelationName } from "../program/program.ts";
import { batchThroughProxy } from "./batchThroughProxy.ts";
import { durableOnNode } from "./crashConditions.ts";
import { changed, declare, draftOf, finish, formerId, reserve } from "./draft.ts";
import type { DraftComponent, DraftRule } from "./draft.ts";
import { freshComponent, freshRelation } from "./freshNames.ts";
import { readKeyTerms, strangeKey } from "./keyTargets.ts";
import { addSiblings } from "./mapDeployment.ts";
import { partialConditions, partitionedInputs, replicatedInputs } from "./partialConditions.ts";
import type { PartialTarget } from "./partialConditions.ts";
import { partitionComponent, partitionTables } from "./partitionComponent.ts";
import { declareSplitTables, redirect, splitNames } from "./redirect.ts";
import type { Split } from "./redirect.ts";
import type { Rewrite } from "./rewrite.ts";
import { sealFromShares, sealShare, sealTriggerFindings } from "./sealFromPartitions.ts";
import { sealNames } from "./sendSealed.ts";
import { badComponentName, componentOf, TargetReader } from "./targets.ts";

/** What a card asks for until the user says otherwise. */
const DEFAULT_PARTITIONS = 3;
const MOST_PARTITIONS = 256;
/** Readings of one selection that are worth a card. */
const MOST_TARGETS = 8;
/** Of more inputs not every two are tried. */
const MOST_INPUTS = 8;

/**
 * partitionPartially gives each node of a component n partitions that share what is seldom written.
 *
 *     component acceptor {                     component acceptorProxy { … numbers and announces each ballot … }
 *       ballot(b) :- p1a(b)                    component acceptor by slot {
 *       …                                        ballot(b) :- p1a_run(b)
 *       p2b(s, b)@async(p) :-                    p2b(s, b)@async(p) :- p2a_released(s), ballot(b), …
 *         p2a(s), ballot(b), …                   …
 *     }                                        }
 *
 * Every partition has a copy of the replicated relations. A write of them goes to the proxy, which has all partitions
 * stand still before any of them sees it: otherwise one would answer by the new state while another still answers by the
 * old. What only one partition knows must not decide about the copies, which would diverge (Q1); what no partition owns
 * is said by one of them (Q5, S-08); idle ticks must not be seen, because standing still adds some (Q6). Where every
 * partition sends what one node sent, a receiver that counts must be able to tell them apart (Q9, S-10). Where a copy
 * outlives a crash, all that is kept has to, and then the batches and their numbers do too; else copies diverge (Q10, S-15).
 * "Optimizing Distributed Protocols with Query Rewrites", section 4.3; rewrites.md section 6.
 */
export const partitionPartially: Rewrite<PartialTarget> = {
  name: "partitionPartially",
  title: "Partial partitioning",
  summary: "Each node becomes several that share what is seldom written, kept alike by a proxy.",
  citation: { source: "SIGMOD 2024", where: "section 4.3" },
  mends: ["sealing"],
  targets,
  readTarget: (json) => {
    const reader = new TargetReader(json, [
      "component",
      "partitions",
      "replicated",
      "keys",
      "name",
    ]);
    return reader.read({
      component: reader.name("component"),
      partitions: reader.count("partitions", 1, MOST_PARTITIONS),
      replicated: reader.names("replicated"),
      keys: readKeyTerms(reader),
      name: reader.name("name"),
    });
  },
  misfit,
  preconditions: partialConditions,
  apply,
  defaultName: (_, target) => target.name,
  describe: (p, target) =>
    `${target.component} → ${target.partitions} partitions by ${keyName(p, target)}, with a copy of ${joined(replicatedInputs(p, target).map(quoted))} each`,
};

function targets(
  p: AnalyzedProgram,
  selection: { readonly component: ComponentName; readonly rules: readonly string[] },
): readonly PartialTarget[] {
  const { component } = selection;
  const whole = componentOf(p, component);
  const isWhole = selection.rules.length === 0 || selection.rules.length === whole?.rules.length;
  if (whole === undefined || !isWhole || whole.rules.length === 0) return [];
  const isSplit = proposeDependentKeys(p, component).some(
    (keys) => keyViolations(p, component, keys).length === 0,
  );
  if (isSplit) return [];
  const inputs = [...componentInputs(p, component)];
  const single = inputs.flatMap((input) => targetsKeeping(p, component, [input]));
  const two = inputs
    .slice(0, MOST_INPUTS)
    .flatMap((input, i, all) => all.slice(i + 1).map((other) => [input, other]));
  const found =
    single.length > 0 ? single : two.flatMap((chosen) => targetsKeeping(p, component, chosen));
  return found.slice(0, MOST_TARGETS);
}

/** Every key for what does not follow from the given inputs alone; of these all partitions have a copy. */
function targetsKeeping(
  p: AnalyzedProgram,
  component: ComponentName,
  chosen: readonly RelationName[],
): readonly PartialTarget[] {
  const inputs = componentInputs(p, component);
  const replicated = replicable(p, component, chosen);
  const split = partitionedRelations(p, component).filter((r) => !replicated.includes(r));
  if (!split.some((r) => inputs.has(r))) return [];
  const name = freshComponent(p, `${component}Proxy`);
  return proposePartialKeys(p, component, split)
    .filter((keys) => sealTriggerFindings(p, component, replicated, keys).length === 0)
    .map((keys) => ({ component, partitions: DEFAULT_PARTITIONS, replicated, keys, name }));
}

/** The most that can be replicated with some inputs: everything that only depends on them. */
function replicable(
  p: AnalyzedProgram,
  component: ComponentName,
  chosen: readonly RelationName[],
): readonly RelationName[] {
  const inputs = componentInputs(p, component);
  let kept = partitionedRelations(p, component).filter((r) => chosen.includes(r) || !inputs.has(r));
  for (let before = -1; before !== kept.length;) {
    before = kept.length;
    const now = new Set(kept);
    kept = kept.filter((relation) =>
      headRules(p, component, relation).all.every((rule) =>
        idbLiterals(p, rule).every(({ literal }) => now.has(literal.relation)),
      ),
    );
  }
  return kept;
}

function misfit(p: AnalyzedProgram, target: PartialTarget): string | undefined {
  const { component, replicated, keys } = target;
  if (componentOf(p, component) === undefined) return `There is no component ${component}.`;
  const known = new Set(partitionedRelations(p, component));
  const stranger = [...replicated, ...Object.keys(keys)].find((r) => !known.has(r));
  if (stranger !== undefined) return `${component} neither reads nor derives ${quoted(stranger)}.`;
  const both = replicated.find((r) => keys[r] !== undefined);
  if (both !== undefined)
    return `${capitalized(quoted(both))} is either replicated or split by a key.`;
  const loose = [...known].find((r) => !replicated.includes(r) && keys[r] === undefined);
  if (loose !== undefined)
    return `Nothing says whether ${quoted(loose)} is replicated or what it is split by.`;
  if (replicatedInputs(p, target).length === 0) {
    return `No input of ${component} is replicated; partitioning it needs no proxy.`;
  }
  const elsewhere = [...p.rules.values()].find(
    (info) => info.component !== component && hasSeal(info.rule),
  );
  if (elsewhere !== undefined) {
    return `${capitalized(ruleName(p, elsewhere.rule.id))} seals something too; write that out first.`;
  }
  return strangeKey(p, keys) ?? badComponentName(p, target.name);
}

function apply(p: AnalyzedProgram, target: PartialTarget) {
  const { component, partitions, keys, name } = target;
  const bare = draftOf(p);
  const tables = partitionTables(bare, component);
  const draft = reserve(bare, Object.values(tables));
  const infos = (relations: readonly RelationName[]): readonly RelationInfo[] =>
    relations.map((relation) => p.relations.get(relation)!);
  const replicated = replicatedInputs(p, target);
  const split: Split = {
    ...splitNames(draft, component, name),
    toStayed: freshRelation(draft, `base_${component}`),
    siblings: new Map<string, string>(),
  };
  const rules = batchThroughProxy(
    draft,
    component,
    infos(replicated),
    infos(partitionedInputs(p, target)),
    partitions,
    { ...tables, proxy: split.toMoved, base: split.toStayed },
    durableOnNode(p, component).length > 0,
  );
  const seals = sealedRelations(p).map((relation) => sealNames(draft, relation));
  const { running, readAs } = rules;
  const how = { component, keys, running, readAs, number: tables.number };
  const withReceivers = draft.components.map((c): DraftComponent => {
    const received = seals.filter((n) => p.relations.get(n.relation)!.readBy.includes(c.name));
    const receivers = received.flatMap((n) => sealFromShares(p, draft, n, partitions));
    return { ...c, rules: [...c.rules, ...receivers] };
  });
  const components = withReceivers.flatMap((c): readonly DraftComponent[] => {
    if (c.name !== component) return [c];
    const own = c.rules.flatMap((rule): readonly DraftRule[] => {
      const renamed = readingAs(rule, rules.readAs, component);
      const names = hasSeal(rule) && seals.find((n) => n.relation === rule.head.relation);
      if (!names) return [renamed];
      const original = p.rules.get(formerId(rule)!)!.rule;
      const same = componentRules(p, component).rules.filter(
        (other) => hasSeal(other) && other.head.relation === names.relation,
      );
      return sealShare(p, draft, renamed, original, names, same.indexOf(original), how);
    });
    const proxy = { name, by: [], declarations: [], rules: rules.proxy };
    return [proxy, { ...c, rules: [...own, ...rules.partition] }];
  });
  const mapped = draft.deployment && addSiblings(draft.deployment, component, name);
  const siblings = mapped?.siblings ?? split.siblings;
  const joinedUp = { ...draft, components, deployment: mapped?.deployment };
  const redirected = redirect(joinedUp, new Set(replicated), { ...split, siblings });
  const declared = rules.durable.reduce(
    (d, relation) => declare(d, { kind: "durable", relation }),
    declareSplitTables(redirected, { ...split, siblings }),
  );
  const { owners, once } = dependentGuards(p, component, keys);
  const partitioning = {
    component,
    partitions,
    by: byAttributes(p, target),
    inputKeys: new Map(partitionedInputs(p, target).map((r) => [r, keys[r]!] as const)),
    owners,
    once,
  };
  return finish(partitionComponent(p, declared, partitioning, tables));
}

function readingAs(
  rule: DraftRule,
  readAs: ReadonlyMap<RelationName, RelationName>,
  component: ComponentName,
): DraftRule {
  const isRead = rule.body.some((l) => l.kind === "relation" && readAs.has(l.relation));
  if (!isRead) return rule;
  const body = rule.body.map((l) =>
    l.kind === "relation" ? { ...l, relation: readAs.get(l.relation) ?? l.relation } : l,
  );
  return changed(
    rule,
    { body },
    `${component} sees its inputs when its proxy and its batches let it.`,
  );
}

/** The key of the first partitioned input. */
function keyName(p: AnalyzedProgram, target: PartialTarget): string {
  const first = firstSplit(p, target);
  return first === undefined ? "nothing" : shownKey(p, first, target.keys[first]!);
}

function byAttributes(p: AnalyzedProgram, target: PartialTarget): readonly string[] {
  const first = firstSplit(p, target);
  if (first === undefined) return [];
  const positions = new Set(target.keys[first]!.flatMap(keyPositions));
  return [...positions].map((i) => p.relations.get(first)!.attributes[i]!.name);
}

function firstSplit(p: AnalyzedProgram, target: PartialTarget): RelationName | undefined {
  return [...partitionedInputs(p, target), ...Object.keys(target.keys)][0];
}
