import { hasAggregate } from "../program/variables.ts";
import type { Declaration, RelationName } from "../program/program.ts";
import type { Draft, DraftRule } from "./draft.ts";
import { added, changed, declare, draftComponent, mapComponent } from "./draft.ts";
import { freshRelation, freshVariable } from "./freshNames.ts";
import type { Split } from "./redirect.ts";
import {
  absent,
  copiedRelation,
  distinctVariables,
  headOf,
  literal,
  reads,
  sentTo,
  variable,
} from "./terms.ts";

/** A relation that the half that stays derives and the half that moves reads: r ∈ xfer(C1→C2). */
export interface Transferred {
  readonly relation: RelationName;
  /** Names of its attributes, for x̄. */
  readonly attributes: readonly string[];
  /** Logically persisted in the component before the split: the copy has to be kept (S-09). */
  readonly kept: boolean;
  /**
   * Kept, settled and not before any input, by the rules that stay alone: facts are sent once, the ones already sent are
   * remembered, and idle ticks send nothing (the delta triple of section 1.6).
   */
  readonly delta: boolean;
  /** The one rule that derives it where it stays can send it itself: it needs a fact to fire, so it is no seed. */
  readonly sendable: boolean;
}

/**
 * DECOUPLE (rewrites.md section 2): the half that stays sends the relation to its sibling, which reads the copy.
 *
 *     acks_to_checker(x̄)@async(d) :- acks(x̄), !acks_sent(x̄), my_checker(d)     at the collector
 *     acks_sent(x̄)@next :- acks(x̄)
 *     acks_sent(x̄)@next :- acks_sent(x̄)
 *     acks_at_checker(x̄) :- acks_to_checker(x̄)                                 at the checker
 *     acks_at_checker(x̄)@next :- acks_at_checker(x̄)
 *
 * Facts of a relation that is not kept are sent whenever they hold and read as they arrive. A relation that is derived
 * by one rule only and read by the other half only is sent by that very rule under its own name.
 * The copy's name replaces the relation's in bodies and heads of the moved rules: a moved persistence rule must keep
 * what the moved rules read (H-13).
 */
export function transfer(draft: Draft, t: Transferred, split: Split): Draft {
  const producer = onlyProducer(draft, t, split);
  if (producer !== undefined && !t.delta) return sendFromProducer(draft, t, split, producer);
  const source = producer && copiedRelation(producer);
  if (producer !== undefined && source !== undefined) {
    return sendDeltaOfSource(draft, t, split, producer, source);
  }
  const channel = freshRelation(draft, `${t.relation}_to_${split.moves}`);
  const sending = mapComponent(draft, split.stays, (c) => ({
    ...c,
    rules: [...c.rules, ...sendRules(draft, t, t.relation, channel, split)],
  }));
  return readCopy(sending, t, split, channel, t.relation);
}

/** The producing rule itself sends: `r(t̄)@async(d) :- B, my_checker(d)`. */
function sendFromProducer(draft: Draft, t: Transferred, split: Split, producer: DraftRule): Draft {
  const sending = mapComponent(draft, split.stays, (c) => ({
    ...c,
    rules: c.rules.map((rule) => {
      if (rule !== producer) return rule;
      const to = variable(freshVariable(rule, "d"));
      return changed(
        rule,
        {
          head: sentTo(t.relation, rule.head.terms, to),
          body: [...rule.body, literal(split.toMoved, [to])],
        },
        `${split.moves} reads ${t.relation} now, so it is sent there.`,
      );
    }),
  }));
  return readCopy(sending, t, split, t.relation, t.relation);
}

/** `r(x̄) :- s(x̄)` that only the other half reads: s itself is sent, and remembered as sent. */
function sendDeltaOfSource(
  draft: Draft,
  t: Transferred,
  split: Split,
  producer: DraftRule,
  source: RelationName,
): Draft {
  const sending = mapComponent(draft, split.stays, (c) => ({
    ...c,
    rules: c.rules.flatMap((rule) => {
      if (rule !== producer) return [rule];
      const [send, ...remember] = sendRules(draft, t, source, t.relation, split);
      return [changed(rule, send!, BECAUSE_SENT_ONCE), ...remember];
    }),
  }));
  return readCopy(sending, t, split, t.relation, source);
}

const BECAUSE_SENT_ONCE = "Each fact is sent once: the copy keeps it.";

function sendRules(
  draft: Draft,
  t: Transferred,
  source: RelationName,
  channel: RelationName,
  split: Split,
): readonly DraftRule[] {
  const x = distinctVariables(t.attributes);
  const to = variable(freshVariable({ head: headOf(source, x), body: [literal(source, x)] }, "d"));
  const fact = literal(source, x);
  const destination = literal(split.toMoved, [to]);
  const because = `${split.moves} reads ${t.relation} now, so it is sent there.`;
  if (!t.delta) return [added(sentTo(channel, x, to), [fact, destination], because)];
  const sent = freshRelation(draft, `${source}_sent`);
  return [
    added(sentTo(channel, x, to), [fact, absent(sent, x), destination], because),
    added(headOf(sent, x, "next"), [fact], BECAUSE_SENT_ONCE),
    added(headOf(sent, x, "next"), [literal(sent, x)], BECAUSE_SENT_ONCE),
  ];
}

/**
 * Lets the moved rules read what arrives: the channel itself when nothing of it is kept or derived there, else a copy.
 */
function readCopy(
  draft: Draft,
  t: Transferred,
  split: Split,
  channel: RelationName,
  named: RelationName,
): Draft {
  const { rules } = draftComponent(draft, split.moves);
  const derivesIt = rules.some((rule) => rule.head.relation === t.relation);
  const copy = t.kept || derivesIt ? freshRelation(draft, `${named}_at_${split.moves}`) : undefined;
  const name = copy ?? channel;
  const because = `${t.relation} comes from ${split.stays} as ${channel}.`;
  const renamed = rules.map((rule) => renameRelation(rule, t.relation, name, because));
  const arriving = copy === undefined ? [] : copyRules(renamed, t, channel, copy);
  const moved = mapComponent(draft, split.moves, (c) => ({
    ...c,
    rules: [...arriving, ...renamed],
  }));
  return copy === undefined ? moved : copyDeclarations(moved, t.relation, copy);
}

function copyRules(
  moved: readonly DraftRule[],
  t: Transferred,
  channel: RelationName,
  copy: RelationName,
): readonly DraftRule[] {
  const x = distinctVariables(t.attributes);
  const arrive = added(
    headOf(copy, x),
    [literal(channel, x)],
    `What arrives is read as ${t.relation} was.`,
  );
  const keptAlready = moved.some(
    (rule) => rule.head.timing.kind === "next" && isExactPersistence(rule, copy),
  );
  if (!t.kept || keptAlready) return [arrive];
  return [
    arrive,
    added(
      headOf(copy, x, "next"),
      [literal(copy, x)],
      `${t.relation} was kept for good, so its copy is.`,
    ),
  ];
}

function isExactPersistence(rule: DraftRule, relation: RelationName): boolean {
  return rule.head.relation === relation && copiedRelation(rule) === relation;
}

/** The rule with one relation renamed in its body and head. */
export function renameRelation(
  rule: DraftRule,
  from: RelationName,
  to: RelationName,
  because: string,
): DraftRule {
  if (from === to || (!reads(rule, from) && rule.head.relation !== from)) return rule;
  const head = rule.head.relation === from ? { ...rule.head, relation: to } : rule.head;
  const body = rule.body.map((l) =>
    l.kind === "relation" && l.relation === from ? { ...l, relation: to } : l,
  );
  return changed(rule, { head, body }, because);
}

/**
 * The one now-rule of the half that stays that derives a relation which nothing else there reads or declares anything
 * about: it can send the relation itself. An aggregate is derived before it is sent (W6).
 */
function onlyProducer(draft: Draft, t: Transferred, split: Split): DraftRule | undefined {
  if (!t.sendable) return undefined;
  const stays = draftComponent(draft, split.stays).rules;
  const moves = draftComponent(draft, split.moves).rules;
  const [producer, ...others] = stays.filter((rule) => rule.head.relation === t.relation);
  const readHere = stays.some((rule) => reads(rule, t.relation));
  const derivedThere = moves.some((rule) => rule.head.relation === t.relation);
  // As a channel the name is everybody's; as a relation of the node each component may have its own.
  const usedElsewhere = draft.components
    .filter((c) => c.name !== split.stays && c.name !== split.moves)
    .some((c) => c.rules.some((r) => reads(r, t.relation) || r.head.relation === t.relation));
  if (producer === undefined || others.length > 0 || readHere) return undefined;
  if (derivedThere || usedElsewhere) return undefined;
  const sendable = producer.head.timing.kind === "now" && !hasAggregate({ id: "", ...producer });
  return sendable && declarationsOf(draft, t.relation).length === 0 ? producer : undefined;
}

function declarationsOf(draft: Draft, relation: RelationName): readonly Declaration[] {
  return [draft, ...draft.components]
    .flatMap((scope) => scope.declarations)
    .filter((d) => "relation" in d && d.relation === relation);
}

/** What is declared of a relation is true of its copy: attributes, durability, dependencies, foreign keys. */
function copyDeclarations(draft: Draft, relation: RelationName, copy: RelationName): Draft {
  return declarationsOf(draft, relation).reduce((d, declaration) => {
    switch (declaration.kind) {
      case "relation":
      case "durable":
      case "dependency":
      case "within":
        return declare(d, { ...declaration, relation: copy });
      default:
        return d;
    }
  }, draft);
}
