import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { functionalViolations, monotoneViolations } from "../analysis/ruleClasses.ts";
import type { KeyTerms } from "../analysis/keyTerm.ts";
import { ins, refs, sheads, transferred, wholeComponent } from "../analysis/ruleSets.ts";
import { sentByBothHalves } from "../analysis/sendCounts.ts";
import { quoted } from "../analysis/wording.ts";
import { stateMachineViolations } from "../analysis/tickInsensitivity.ts";
import {
  BATCH_STATEMENTS,
  nothingDurable,
  notInputDerived,
  receivingHalf,
} from "./batchConditions.ts";
import { batches } from "./batches.ts";
import { candidate } from "./candidate.ts";
import { classConditions, countedSendConditions } from "./classConditions.ts";
import { evidenceAt, holds, violated, worst } from "./conditions.ts";
import { draftOf, finish, mapComponent, reserve } from "./draft.ts";
import { freshRelation, relationNamer } from "./freshNames.ts";
import { holdOutputs } from "./holdOutputs.ts";
import { readKeyTerms, strangeKey } from "./keyTargets.ts";
import { partitionTables } from "./partitionComponent.ts";
import {
  partitionsOf,
  partitionUpstream,
  upstreamKeyConditions,
  upstreamKeys,
} from "./partitionUpstream.ts";
import type { Partitions } from "./partitionUpstream.ts";
import { readBatches } from "./readBatches.ts";
import { declareSplitTables, redirect, sendBack } from "./redirect.ts";
import type { Chain, Precondition, Rewrite, Rewritten, Selection } from "./rewrite.ts";
import {
  halvesOf,
  noClientInputs,
  noEntanglement,
  noSharedReads,
  upstreamFlow,
} from "./splitConditions.ts";
import type { Halves } from "./splitConditions.ts";
import { cut } from "./splitOff.ts";
import type { SplitTarget } from "./splitOff.ts";
import { describeSplit, splitMisfit, splitTarget } from "./splitTargets.ts";
import { TargetReader } from "./targets.ts";
import { insensitiveToTicks, withTicks } from "./tickConditions.ts";
import { transfer } from "./transfer.ts";

/**
 * decoupleAsymmetric gives rules that come first a node of their own, which tells the one that stays what it has to know.
 *
 *     component store {                               component M {
 *       seen(x) :- put(x)                               seen(x) :- put(x)
 *       done(x)@async(c) :- put(x), client(c)           done_ready(c, x) :- put(x), client(c)
 *       log(x) :- seen(x)                               done(x)@async(d) :- done_held(d, x, k), released_M(k)
 *       log(x)@next :- log(x)                           …
 *       has(x)@async(c) :- ask(), log(x), …           }
 *     }                                               component store {
 *                                                       log(x) :- seen_run(x)
 *                                                       ran_M(i)@async(d) :- runs_M(i), my_M(d)
 *                                                       …
 *                                                     }
 *
 * The half that moves gets its messages first, and what it derives for the other half goes there in numbered batches, as in
 * state-machine decoupling. What it sends itself waits until the batch of its cause has run: otherwise a client that got
 * an answer would ask the half that stays, which has not heard of it yet. So all happens as if its messages had arrived
 * when their batch ran. Several of its ticks may then count as one, so its rules only accumulate or look at one fact at a
 * time, and do nothing on a tick without messages. What stays sees other ticks than before, and must not show how often.
 * With keys and a number of partitions the half that moves becomes several nodes in the same step, each with a stream of
 * its own (H-44): once it has counters, which have no key, it cannot be partitioned any more.
 * A relation that holds for good would make a batch on every tick; batches from before a crash belong to numbers that
 * start again after it (S-15); a receiver that counts arrivals is sent to by one half only (S-19).
 * "Optimizing Distributed Protocols with Query Rewrites", technical report, appendix A; rewrites.md section 3.5.
 */
export const decoupleAsymmetric: Rewrite<AsymmetricTarget> = {
  name: "decoupleAsymmetric",
  title: "Asymmetric decoupling",
  summary:
    "Rules that come first get a node of their own; what they send waits until the other half knows its cause.",
  citation: { source: "SIGMOD 2024", where: "technical report, appendix A" },
  targets,
  readTarget,
  misfit,
  preconditions,
  apply,
  defaultName: (_, target) => target.name,
  describe,
};

/** What a card asks for until the user says otherwise. */
const DEFAULT_PARTITIONS = 3;
const MOST_PARTITIONS = 256;

/** Rules that move, and where they become several nodes in one step, how many and by which keys. */
export interface AsymmetricTarget extends SplitTarget {
  readonly partitions?: number;
  readonly keys?: KeyTerms;
}

function targets(p: AnalyzedProgram, selection: Selection): readonly AsymmetricTarget[] {
  const target = splitTarget(p, selection);
  if (target === undefined || misfit(p, target) !== undefined) return [];
  const keys = upstreamKeys(p, halvesOf(p, target).moves);
  return [
    target,
    ...(keys === undefined ? [] : [{ ...target, partitions: DEFAULT_PARTITIONS, keys }]),
  ];
}

function readTarget(json: unknown): AsymmetricTarget | string {
  const reader = new TargetReader(json, ["component", "rules", "name", "partitions", "keys"]);
  const isPartitioned = reader.has("partitions") || reader.has("keys");
  return reader.read({
    component: reader.name("component"),
    rules: reader.names("rules"),
    name: reader.name("name"),
    ...(isPartitioned && {
      partitions: reader.count("partitions", 2, MOST_PARTITIONS),
      keys: readKeyTerms(reader),
    }),
  });
}

function partitionsIn({ partitions, keys }: AsymmetricTarget): Partitions | undefined {
  return partitions === undefined || keys === undefined ? undefined : { partitions, keys };
}

function describe(p: AnalyzedProgram, target: AsymmetricTarget): string {
  const parts = partitionsIn(target);
  const split = describeSplit(p, target);
  return parts === undefined ? split : `${split}, ${parts.partitions} partitions`;
}

function misfit(p: AnalyzedProgram, target: AsymmetricTarget): string | undefined {
  const absent = splitMisfit(p, target);
  if (absent !== undefined) return absent;
  const { stays, moves } = halvesOf(p, target);
  if (stays.rules.size === 0) {
    return `These are all the rules of ${target.component}; nothing would stay.`;
  }
  if (transferred(p, moves, stays).size === 0) {
    return `${target.component} reads nothing that these rules derive, so there is nothing to tell it in batches.`;
  }
  const known = new Set([...refs(p, moves).keys(), ...sheads(p, moves).keys()]);
  const stranger = Object.keys(target.keys ?? {}).find((relation) => !known.has(relation));
  return stranger === undefined
    ? strangeKey(p, target.keys ?? {})
    : `The rules that move neither read nor derive ${quoted(stranger)}.`;
}

const STATEMENTS = {
  "idle-output": "The rules that move send nothing on a tick without messages.",
  "idle-change": "What the rules that move keep changes with messages only.",
  "idle-derivation": "Nothing is added to what they keep on a tick without messages.",
  ...BATCH_STATEMENTS,
};

function preconditions(
  p: AnalyzedProgram,
  target: AsymmetricTarget,
  chain: Chain,
): readonly Precondition[] {
  const halves = halvesOf(p, target);
  const { stays, moves } = halves;
  const over = transferred(p, moves, stays);
  const findings = [
    ...notInputDerived(p, moves, over),
    ...stateMachineViolations(receivingHalf(p, moves, []), target.component),
  ];
  const structure = [
    ...upstreamFlow(p, halves),
    ...noSharedReads(p, halves, "none"),
    ...noClientInputs(p, halves, "none"),
    ...mergeable(p, halves),
    ...classConditions(halves, findings, STATEMENTS, () => undefined),
    ...nothingDurable(p, moves),
    ...noEntanglement(p, moves, wholeComponent(p, target.component)),
    ...countedSendConditions(sentByBothHalves(p, moves)),
  ];
  const result = candidate(p, unnumbered(p, target));
  const ticks = result === undefined ? [] : insensitiveToTicks(result, [target.component]);
  const isLockstep = chain.lockstep || worst(ticks) === "lockstep";
  const parts = partitionsIn(target);
  const keyed = parts === undefined ? [] : upstreamKeyConditions(p, moves, parts, isLockstep);
  return withTicks([...structure, ...keyed], ticks);
}

/** Functional or monotone: ticks of the half that moves may be taken together. Else what fails by the closer of the two. */
function mergeable(p: AnalyzedProgram, { moves }: Halves): readonly Precondition[] {
  const functional = functionalViolations(p, moves);
  const rules = [...moves.rules].map((rule) => ({ kind: "rule", rule }) as const);
  if (functional.length === 0) {
    const statement = "Each rule that moves looks at one fact at a time.";
    return [holds("two-relations", statement, evidenceAt(rules, "moves"))];
  }
  const monotone = monotoneViolations(p, moves);
  if (monotone.length === 0) {
    const statement = "Every fact that a rule that moves joins is kept for good.";
    return [holds("not-kept", statement, evidenceAt(rules, "moves"))];
  }
  const closer = functional.length <= monotone.length ? functional : monotone;
  return closer.map((finding) => violated(finding));
}

/** The split without numbers and acknowledgements: what ticks do to the half that stays is judged on it. */
function unnumbered(p: AnalyzedProgram, target: SplitTarget): Rewritten {
  const { stays, moves } = halvesOf(p, target);
  const { draft, split } = directed(p, target, "my");
  const back = { ...split, stays: split.moves, moves: split.stays, toMoved: split.toStayed };
  const joined = [...transferred(p, moves, stays).keys()].reduce((d, relation) => {
    const attributes = p.relations.get(relation)!.attributes.map((a) => a.name);
    const sent = { relation, attributes, kept: false, delta: false, sendable: false };
    return transfer(d, sent, { ...back, toStayed: split.toMoved });
  }, draft);
  return finish(declareSplitTables(joined, split));
}

/** Both halves where they belong, and what others send to each. */
function directed(p: AnalyzedProgram, target: SplitTarget, prefix: "my" | "base") {
  const { stays, moves } = halvesOf(p, target);
  const { draft: parted, split: named } = cut(draftOf(p), target);
  const toMoved = prefix === "my" ? named.toMoved : freshRelation(parted, `base_${target.name}`);
  const split = { ...named, toMoved };
  const draft = { ...parted, reserved: [split.forward, split.toMoved, split.toStayed] };
  const redirected = redirect(draft, new Set(ins(p, moves).keys()), split);
  return { draft: sendBack(redirected, new Set(ins(p, stays).keys()), split), split };
}

function apply(p: AnalyzedProgram, target: AsymmetricTarget): Rewritten {
  const { stays, moves } = halvesOf(p, target);
  const parts = partitionsIn(target);
  // Partitions of the new node have the address that it would have, which is no node's own then.
  const { draft: parted, split } = directed(p, target, parts === undefined ? "my" : "base");
  const tables = partitionTables(parted, target.name);
  const draft = reserve(parted, Object.values(tables));
  const senders = parts && { senders: partitionsOf(split.toMoved, tables) };
  const over = [...transferred(p, moves, stays).keys()];
  const fresh = relationNamer(draft);
  const made = batches(fresh, {
    component: target.name,
    relations: over.map((relation) => p.relations.get(relation)!),
    toReceiver: split.toStayed,
    ...senders,
  });
  const held = holdOutputs(draft, fresh, {
    component: split.moves,
    receiver: split.stays,
    batches: made.names,
    toComponent: split.toMoved,
    relations: p.relations,
    ...senders,
  });
  const sending = mapComponent(held, split.moves, (c) => ({
    ...c,
    rules: [...c.rules, ...made.sender],
  }));
  const joined = declareSplitTables(readBatches(p, sending, split.stays, made), split);
  return finish(
    parts === undefined ? joined : partitionUpstream(p, joined, target.name, moves, parts, tables),
  );
}
