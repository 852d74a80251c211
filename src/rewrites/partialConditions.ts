import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { channelUse } from "../analysis/channels.ts";
import { clientInputs } from "../analysis/cohash.ts";
import { componentInputs, componentRules, idbLiterals } from "../analysis/componentRules.ts";
import { dependencies } from "../analysis/dependencies.ts";
import { dependentGuards, isFunctionOf, keyViolations } from "../analysis/dependentKeys.ts";
import type { Finding } from "../analysis/finding.ts";
import { shownKey } from "../analysis/keyTerm.ts";
import type { KeyTerms } from "../analysis/keyTerm.ts";
import { ruleCongruence } from "../analysis/ruleCongruence.ts";
import { wholeComponent } from "../analysis/ruleSets.ts";
import { hasSeal, sealedRelations } from "../analysis/seals.ts";
import { keylessSendViolations } from "../analysis/sendCounts.ts";
import { tickSensitivity } from "../analysis/tickInsensitivity.ts";
import { capitalized, quoted, ruleName, ruleNames } from "../analysis/wording.ts";
import type { Evidence } from "../program/evidence.ts";
import type { ComponentName, RelationName, Rule } from "../program/program.ts";
import { staysDown } from "./batchConditions.ts";
import { carryKey } from "./carriedKey.ts";
import { culprits, evidenceAt, holds, violated } from "./conditions.ts";
import { durableName, durableOnNode } from "./crashConditions.ts";
import type { Chain, Precondition, Suggestion } from "./rewrite.ts";
import { sealTriggerFindings } from "./sealFromPartitions.ts";
import { sealConditions } from "./sendSealed.ts";
import { noEntanglement } from "./splitConditions.ts";

/** A component, what of it every partition keeps, the keys of the rest, and the name of the new proxy. */
export interface PartialTarget {
  readonly component: ComponentName;
  readonly partitions: number;
  readonly replicated: readonly RelationName[];
  readonly keys: KeyTerms;
  readonly name: ComponentName;
}

export function replicatedInputs(
  p: AnalyzedProgram,
  target: PartialTarget,
): readonly RelationName[] {
  const inputs = componentInputs(p, target.component);
  return target.replicated.filter((r) => inputs.has(r));
}

export function partitionedInputs(
  p: AnalyzedProgram,
  target: PartialTarget,
): readonly RelationName[] {
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
  "durable-copy":
    "What is kept outlives a crash all of it or none of it, so the copies cannot diverge.",
};

/** Q1 to Q10 of rewrites.md section 6, and section 7's for seals. */
export function partialConditions(
  p: AnalyzedProgram,
  target: PartialTarget,
  chain: Chain,
): readonly Precondition[] {
  const { component } = target;
  const findings = [
    ...partitionedFeedsReplicated(p, target),
    ...keyFindings(p, target),
    ...clientInputs(p, component),
    ...idleFindings(p, component),
    ...projectedKeys(p, target),
    ...sharedSends(p, target),
    ...sealTriggerFindings(p, component, target.replicated, target.keys),
    ...durableCopies(p, component),
    ...(chain.lockstep ? countedSends(p, target) : []),
  ];
  const found = new Set(findings.map(({ code }) => code));
  const isIdleFound = ["idle-change", "idle-derivation"].some((code) => found.has(code));
  const clear = Object.entries(STATEMENTS)
    .filter(([code]) => !found.has(code) && !(code === "idle-output" && isIdleFound))
    .filter(([code]) => code !== "seal-trigger" || sealedRelations(p).length > 0)
    .map(([code, statement]) =>
      code === "durable-copy" && durableOnNode(p, component).length === 0
        ? staysDown(component)
        : holds(code, statement, evidenceFor(p, target, code)),
    );
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

/**
 * Q9 of several rules: one node sends a fact once in a tick, whichever of its rules derive it. Where a replicated fact fires
 * two of them, both must leave from the same partition.
 */
function sharedSends(p: AnalyzedProgram, target: PartialTarget): readonly Finding[] {
  const { component, keys } = target;
  const influenced = influencedBy(p, component, replicatedInputs(p, target));
  const isPartitioned = (rule: Rule): boolean =>
    idbLiterals(p, rule).some(({ literal }) => keys[literal.relation] !== undefined);
  return [...componentRules(p, component).byHead].flatMap(([channel, of]): readonly Finding[] => {
    const rules = of.async.filter(
      (rule) =>
        !hasSeal(rule) &&
        idbLiterals(p, rule).some(({ literal }) => influenced.has(literal.relation)),
    );
    if (rules.length < 2 || !rules.some(isPartitioned)) return [];
    const use = channelUse(p, channel);
    if (use.kind !== "counted" || (rules.every(isPartitioned) && carryKey(p, rules, keys)))
      return [];
    const who = ruleNames(
      p,
      rules.map(({ id }) => id),
    );
    return [
      {
        code: "key-projected",
        statement:
          `${capitalized(who)} send ${quoted(channel)} and may leave from different partitions with the same fact, which one node sent ` +
          `once; ${use.because}.`,
        evidence: culprits([
          ...rules.map(({ id }): Evidence => ({
            kind: "head",
            rule: id,
            because: "may send the same fact from another partition",
          })),
          { ...use.place, because: use.because },
        ]),
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

/** After a step in lock-step two partitions may send in one tick what one node sent once (section 9, rule 0). */
function countedSends(p: AnalyzedProgram, { component, keys }: PartialTarget): readonly Finding[] {
  const { once } = dependentGuards(p, component, keys);
  return keylessSendViolations(
    p,
    wholeComponent(p, component),
    (rules) => rules.every(({ id }) => once.has(id)) || carryKey(p, rules, keys),
  );
}

/**
 * Q10: when everything that is kept outlives a crash, a crash is messages lost and others late, and for those a history is
 * right already. With something that does not, one partition may have run a batch before the crash and another may run it
 * after: what the first has lost of it the second keeps (S-15). What another component keeps on the same node counts: the
 * node is meant to start again.
 */
function durableCopies(p: AnalyzedProgram, component: ComponentName): readonly Finding[] {
  const [durable] = durableOnNode(p, component);
  if (durable === undefined) return [];
  return [...componentRules(p, component).byHead]
    .filter(([relation, { next }]) => next.length > 0 && !p.relations.get(relation)!.durable)
    .map(([relation]): Finding => ({
      code: "durable-copy",
      statement:
        `${capitalized(durableName(durable, component))} outlives a crash, and ${quoted(relation)}, which is kept beside it, does not: where one ` +
        `partition sees a write before a crash and another after it, the copies would differ.`,
      evidence: [
        { kind: "relation", relation, because: "kept, and lost in a crash" },
        { kind: "relation", relation: durable.relation, because: "durable" },
      ],
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
