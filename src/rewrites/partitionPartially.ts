import type { AnalyzedProgram, RelationInfo } from "../analysis/analyzedProgram.ts";
import { channelUse } from "../analysis/channels.ts";
import { clientInputs, partitionedRelations } from "../analysis/cohash.ts";
import {
  componentInputs,
  componentRules,
  headRules,
  idbLiterals,
} from "../analysis/componentRules.ts";
import { dependencies } from "../analysis/dependencies.ts";
import { dependentGuards, isFunctionOf, keyViolations } from "../analysis/dependentKeys.ts";
import type { Finding } from "../analysis/finding.ts";
import { keyPositions, shownKey } from "../analysis/keyTerm.ts";
import type { KeyTerms } from "../analysis/keyTerm.ts";
import { proposeDependentKeys, proposePartialKeys } from "../analysis/proposeDependentKeys.ts";
import { ruleCongruence } from "../analysis/ruleCongruence.ts";
import { wholeComponent } from "../analysis/ruleSets.ts";
import { hasSeal, sealedRelations } from "../analysis/seals.ts";
import { tickSensitivity } from "../analysis/tickInsensitivity.ts";
import { capitalized, joined, quoted, ruleName, ruleNames } from "../analysis/wording.ts";
import type { Evidence } from "../program/evidence.ts";
import type { ComponentName, RelationName, Rule } from "../program/program.ts";
import { batchThroughProxy } from "./batchThroughProxy.ts";
import { culprits, evidenceAt, holds, violated } from "./conditions.ts";
import type { DraftComponent, DraftRule } from "./draft.ts";
import { changed, draftOf, finish, formerId } from "./draft.ts";
import { freshComponent, freshRelation } from "./freshNames.ts";
import { readKeyTerms, strangeKey } from "./keyTargets.ts";
import { addSiblings } from "./mapDeployment.ts";
import { partitionComponent, partitionTables } from "./partitionComponent.ts";
import { declareSplitTables, redirect, splitNames } from "./redirect.ts";
import type { Split } from "./redirect.ts";
import type { Chain, Precondition, Rewrite, Suggestion } from "./rewrite.ts";
import { sealFromShares, sealShare, sealTriggerFindings } from "./sealFromPartitions.ts";
import { sealConditions, sealNames } from "./sendSealed.ts";
import { noEntanglement } from "./splitConditions.ts";
import { badComponentName, componentOf, TargetReader } from "./targets.ts";

/** A component, what of it every partition keeps, the keys of the rest, and the name of the new proxy. */
export interface PartialTarget {
  readonly component: ComponentName;
  readonly partitions: number;
  readonly replicated: readonly RelationName[];
  readonly keys: KeyTerms;
  readonly name: ComponentName;
}

/** What a card asks for until the user says otherwise. */
const DEFAULT_PARTITIONS = 3;
const MOST_PARTITIONS = 256;
/** Readings of one selection that are worth a card. */
const MOST_TARGETS = 3;

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
 * partition sends what one node sent, a receiver that counts must be able to tell them apart (Q9, S-10). Copies that
 * outlive a crash would diverge (Q10, S-15).
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
      partitions: reader.count("partitions", 2, MOST_PARTITIONS),
      replicated: reader.names("replicated"),
      keys: readKeyTerms(reader),
      name: reader.name("name"),
    });
  },
  misfit,
  preconditions,
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
  const name = freshComponent(p, `${component}Proxy`);
  const inputs = [...componentInputs(p, component)];
  return inputs
    .flatMap((input): readonly PartialTarget[] => {
      const replicated = replicable(p, component, input);
      const split = partitionedRelations(p, component).filter((r) => !replicated.includes(r));
      if (!split.some((r) => inputs.includes(r))) return [];
      return proposePartialKeys(p, component, split)
        .filter((keys) => sealTriggerFindings(p, component, replicated, keys).length === 0)
        .slice(0, 1)
        .map((keys) => ({ component, partitions: DEFAULT_PARTITIONS, replicated, keys, name }));
    })
    .slice(0, MOST_TARGETS);
}

/** The most that can be replicated with one input: everything that only depends on it. */
function replicable(
  p: AnalyzedProgram,
  component: ComponentName,
  input: RelationName,
): readonly RelationName[] {
  const inputs = componentInputs(p, component);
  let kept = partitionedRelations(p, component).filter((r) => r === input || !inputs.has(r));
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

function replicatedInputs(p: AnalyzedProgram, target: PartialTarget): readonly RelationName[] {
  const inputs = componentInputs(p, target.component);
  return target.replicated.filter((r) => inputs.has(r));
}

function partitionedInputs(p: AnalyzedProgram, target: PartialTarget): readonly RelationName[] {
  return [...componentInputs(p, target.component)].filter((r) => target.keys[r] !== undefined);
}

const STATEMENTS: Readonly<Record<string, string>> = {
  "partitioned-feeds-replicated": "No partition changes what all of them keep.",
  "keys-differ":
    "The partitioned facts that a rule reads together have one key, so they are on one node.",
  "head-key": "What a rule derives for one key has the key of what it read.",
  "absent-wildcard":
    "Absence is only asked about facts of one key, or of what every partition keeps.",
  "aggregate-over-part": "Every group of partitioned facts lies in one partition.",
  "no-dependency":
    "What the keys take from other attributes is the same function at every tick and every node.",
  unroutable: "Every sender of partitioned facts knows the key before it sends.",
  "non-deterministic": "Nothing is left to chance.",
  "client-input": "Nothing comes from clients directly.",
  "idle-output": "Standing still is not seen: nothing depends on ticks without messages.",
  "key-projected": "No two partitions send the same fact to a receiver that counts.",
  "seal-trigger": "All partitions seal in the same batch, whatever is sealed.",
  "durable-copy": "Nothing of it outlives a crash, so the copies cannot diverge.",
};

function preconditions(
  p: AnalyzedProgram,
  target: PartialTarget,
  _chain: Chain,
): readonly Precondition[] {
  const { component } = target;
  const findings = [
    ...partitionedFeedsReplicated(p, target),
    ...keyFindings(p, target),
    ...clientInputs(p, component),
    ...idleFindings(p, component),
    ...projectedKeys(p, target),
    ...sealTriggerFindings(p, component, target.replicated, target.keys),
    ...durableCopies(p, component),
  ];
  const found = new Set(findings.map(({ code }) => code));
  const isIdleFound = ["idle-change", "idle-derivation"].some((code) => found.has(code));
  const clear = Object.entries(STATEMENTS)
    .filter(([code]) => !found.has(code) && !(code === "idle-output" && isIdleFound))
    .filter(([code]) => code !== "seal-trigger" || sealedRelations(p).length > 0)
    .map(([code, statement]) => holds(code, statement, evidenceFor(p, target, code)));
  return [
    ...findings.map((finding) => violated(finding, repairOf(p, finding))),
    ...clear,
    ...(findings.length === 0 ? guardConditions(p, target) : []),
    ...(sealedRelations(p).length === 0 ? [] : sealConditions(p)),
    ...noEntanglement(p, wholeComponent(p, component)),
  ];
}

function evidenceFor(p: AnalyzedProgram, target: PartialTarget, code: string): readonly Evidence[] {
  if (code === "keys-differ") {
    return Object.entries(target.keys).map(([relation, key]) => ({
      kind: "relation",
      relation,
      because: `split by ${quoted(shownKey(p, relation, key))}`,
    }));
  }
  if (code !== "partitioned-feeds-replicated") return [];
  return target.replicated.map((relation) => ({
    kind: "relation",
    relation,
    because: "every partition keeps a copy",
  }));
}

function repairOf(p: AnalyzedProgram, finding: Finding): Suggestion | undefined {
  if (finding.code === "client-input") {
    return { sentence: "Decouple what follows a relay first; its node can be partitioned." };
  }
  const [place] = finding.evidence;
  if (finding.code !== "unroutable" || !("rule" in place)) return undefined;
  const { component } = p.rules.get(place.rule)!;
  return {
    sentence: "Computing it in one rule and sending it by another would work.",
    steps: [{ rewrite: "splitHead", target: { component, rule: place.rule } }],
  };
}

/** Q1: what a rule derives from partitioned facts is partitioned. */
function partitionedFeedsReplicated(p: AnalyzedProgram, target: PartialTarget): readonly Finding[] {
  return componentRules(p, target.component).rules.flatMap((rule): readonly Finding[] => {
    const { relation, timing } = rule.head;
    if (timing.kind === "async" || !target.replicated.includes(relation)) return [];
    const read = idbLiterals(p, rule).filter(({ literal }) => target.keys[literal.relation]);
    if (read.length === 0) return [];
    const what = quoted(read[0]!.literal.relation);
    return [
      {
        code: "partitioned-feeds-replicated",
        statement:
          `${capitalized(ruleName(p, rule.id))} derives ${quoted(relation)}, which every partition is to keep, from ${what}, ` +
          `of which each knows a part: the copies would differ.`,
        evidence: culprits([
          ...evidenceAt(
            read.map(({ index }) => ({ kind: "literal", rule: rule.id, index })),
            "partitioned",
          ),
          { kind: "head", rule: rule.id, because: "replicated" },
        ]),
      },
    ];
  });
}

/** Q2 and Q4: the conditions of keys over partitioned relations alone. */
function keyFindings(p: AnalyzedProgram, { component, keys }: PartialTarget): readonly Finding[] {
  return keyViolations(p, component, keys).map(({ code, statement, evidence }) => ({
    code: code === "group-split" ? "aggregate-over-part" : code,
    statement: code === "group-split" ? `${statement} Sealing would send all shares.` : statement,
    evidence,
  }));
}

/** Q6: freezing adds ticks without input, and clients alone may see something again. */
function idleFindings(p: AnalyzedProgram, component: ComponentName): readonly Finding[] {
  const { findings, resends } = tickSensitivity(p, component);
  const seen = resends.filter(
    ({ rule }) => channelUse(p, p.rules.get(rule)!.rule.head.relation).kind !== "to-clients",
  );
  return [
    ...findings,
    ...seen.map((resend): Finding => ({
      code: "idle-output",
      statement:
        `${capitalized(ruleName(p, resend.rule))} sends again on every tick, and not only to clients. ` +
        `While a partition stands still it would send when the others do not.`,
      evidence: [
        { kind: "rule", rule: resend.rule, because: "sends on every tick" },
        resend.evidence,
      ],
    })),
  ];
}

/** Q9: what may be sent because of replicated facts tells its partition, or nobody counts it (S-10). */
function projectedKeys(p: AnalyzedProgram, target: PartialTarget): readonly Finding[] {
  const { component, keys } = target;
  const influenced = influencedBy(p, component, replicatedInputs(p, target));
  return componentRules(p, component).rules.flatMap((rule): readonly Finding[] => {
    if (rule.head.timing.kind !== "async" || hasSeal(rule)) return [];
    const literals = idbLiterals(p, rule);
    const split = literals.filter(({ literal }) => keys[literal.relation] !== undefined);
    if (split.length === 0) return [];
    if (!literals.some(({ literal }) => influenced.has(literal.relation))) return [];
    const use = channelUse(p, rule.head.relation);
    if (use.kind !== "counted" || carriesKey(p, rule, target, split[0]!.index)) return [];
    return [
      {
        code: "key-projected",
        statement:
          `${capitalized(ruleName(p, rule.id))} sends ${quoted(rule.head.relation)} without the key, so each partition may send ` +
          `what one node sent once; ${use.because}.`,
        evidence: [
          { kind: "head", rule: rule.id, because: "does not tell from which partition it comes" },
          { ...use.place, because: use.because },
        ],
      },
    ];
  });
}

function carriesKey(
  p: AnalyzedProgram,
  rule: Rule,
  { keys }: PartialTarget,
  index: number,
): boolean {
  const e = ruleCongruence(p, rule, dependencies(p));
  const l = rule.body[index]!;
  if (l.kind !== "relation") return false;
  const sent = rule.head.terms.flatMap((_, i) => {
    const own = e.at("head", i);
    return own === undefined ? [] : [own];
  });
  const { timing } = rule.head;
  if (timing.kind === "async" && timing.destination.kind === "variable") {
    sent.push(e.congruence.leaf(`v:${timing.destination.name}`));
  }
  return keys[l.relation]!.every((term) => {
    const own = e.key(index, term);
    return own !== undefined && isFunctionOf(e, own, sent);
  });
}

/** Everything whose facts may come or go because of the relations. */
function influencedBy(
  p: AnalyzedProgram,
  component: ComponentName,
  relations: readonly RelationName[],
): ReadonlySet<RelationName> {
  const found = new Set(relations);
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const rule of componentRules(p, component).rules) {
      if (idbLiterals(p, rule).some(({ literal }) => found.has(literal.relation))) {
        found.add(rule.head.relation);
      }
    }
  }
  return found;
}

/** Q10: copies that survive a crash without the batch numbers beside them diverge (S-15). */
function durableCopies(p: AnalyzedProgram, component: ComponentName): readonly Finding[] {
  return componentRules(p, component)
    .relations.filter((relation) => p.relations.get(relation)?.durable)
    .map((relation): Finding => ({
      code: "durable-copy",
      statement:
        `${capitalized(quoted(relation))} outlives a crash, and the batches that are under way do not: after it the copies ` +
        `of the partitions would differ.`,
      evidence: [{ kind: "relation", relation, because: "durable" }],
    }));
}

/** Q3 to Q5: rules that no partition owns. */
function guardConditions(p: AnalyzedProgram, target: PartialTarget): readonly Precondition[] {
  const { owners, once } = dependentGuards(p, target.component, target.keys);
  const guarded = [...owners.keys()];
  const first = [...once];
  const rules = (ids: readonly string[]) => ids.map((rule) => ({ kind: "rule", rule }) as const);
  return [
    ...(guarded.length === 0
      ? []
      : [
          holds(
            "negated-part",
            `Only the partition that owns the key fires ${ruleNames(p, guarded)}.`,
            evidenceAt(rules(guarded), "gets a guard"),
          ),
        ]),
    ...(first.length === 0
      ? []
      : [
          holds(
            "key-projected",
            `Only one partition fires ${ruleNames(p, first)}, since all of them know the same of it.`,
            evidenceAt(rules(first), "gets a guard"),
          ),
        ]),
  ];
}

function apply(p: AnalyzedProgram, target: PartialTarget) {
  const { component, partitions, keys, name } = target;
  const draft = draftOf(p);
  const tables = partitionTables(draft, component);
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
  const declared = declareSplitTables(redirected, { ...split, siblings });
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
