import type { Evidence } from "../program/evidence.ts";
import type {
  ComponentName,
  RelationLiteral,
  RelationName,
  Rule,
  Term,
} from "../program/program.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { channelUse } from "./channels.ts";
import {
  choosesAny,
  headRules,
  idbLiterals,
  isInputKind,
  kindOfRelation,
} from "./componentRules.ts";
import type { Finding } from "./finding.ts";
import type { KeyAssignment } from "./keyAgreement.ts";
import { logicallyPersisted } from "./persistence.ts";
import { complement, heads, transferred, wholeComponent, type RuleSet } from "./ruleSets.ts";
import { termEquality } from "./termEquality.ts";
import { destinationVariables, hasAggregate, headTermVariables } from "../program/variables.ts";
import { capitalized, quoted, ruleName, ruleNames } from "./wording.ts";

/**
 * MULT of rewrites.md section 3 for monotonic and functional decoupling: where a receiver can count arrivals, the moved
 * rules must send as often as before (S-19). `moved` are the rules that move, C2.
 */
export function sendCountViolations(p: AnalyzedProgram, moved: RuleSet): readonly Finding[] {
  const kept = complement(p, moved);
  const sentByKept = heads(p, kept, "async");
  const cut = transferred(p, kept, moved);
  return countedChannels(p, moved).flatMap(({ channel, counter }): readonly Finding[] => {
    if (sentByKept.has(channel)) return [sentByBoth(p, moved, channel, counter)];
    const rules = headRules(p, moved.component, channel).async;
    const [rule] = rules;
    if (rule === undefined || rules.length > 1) return [sentByMany(p, channel, rules, counter)];
    return oneFactOneMessage(p, moved.component, rule, new Set(cut.keys()), counter);
  });
}

/** MULT for mutually independent decoupling under lock-step: no counted channel is sent by both halves. */
export function sentByBothHalves(p: AnalyzedProgram, moved: RuleSet): readonly Finding[] {
  const sentByKept = heads(p, complement(p, moved), "async");
  return countedChannels(p, moved)
    .filter(({ channel }) => sentByKept.has(channel))
    .map(({ channel, counter }) => sentByBoth(p, moved, channel, counter));
}

/** MULT for co-hashing under lock-step: all rules of a counted channel carry the key at the same positions. */
export function partitionSendViolations(
  p: AnalyzedProgram,
  component: ComponentName,
  keys: KeyAssignment,
): readonly Finding[] {
  return keylessSendViolations(p, wholeComponent(p, component), (rules) => {
    const [first, ...others] = rules.map((rule) => keyPositions(p, rule, keys));
    return first?.some((at) => others.every((list) => list.includes(at))) ?? false;
  });
}

/**
 * MULT for any partitioning of rules under lock-step; `carry` says whether what is sent tells from which partition it
 * comes. Who counts may be among the other rules of the component.
 */
export function keylessSendViolations(
  p: AnalyzedProgram,
  split: RuleSet,
  carry: (rules: readonly Rule[]) => boolean,
): readonly Finding[] {
  return countedChannels(p, split).flatMap(({ channel, counter }): readonly Finding[] => {
    const rules = headRules(p, split.component, channel).async.filter(({ id }) =>
      split.rules.has(id),
    );
    if (carry(rules)) return [];
    if (rules.length === 1 && idbLiterals(p, rules[0]!).length === 0) return [];
    const statement =
      `${capitalized(
        ruleNames(
          p,
          rules.map((r) => r.id),
        ),
      )} ${rules.length === 1 ? "sends" : "send"} ${quoted(channel)} without the key, so two partitions may send in ` +
      `one tick what one node sent once; ${counter.because}.`;
    return [
      { code: "sends-counted", statement, evidence: [...headsOf(rules, "sends it"), counter] },
    ];
  });
}

interface Counted {
  readonly channel: RelationName;
  /** The reader that could count. */
  readonly counter: Evidence;
}

function countedChannels(p: AnalyzedProgram, set: RuleSet): readonly Counted[] {
  return [...heads(p, set, "async").keys()].flatMap((channel) => {
    const use = channelUse(p, channel);
    if (use.kind !== "counted") return [];
    return [{ channel, counter: { ...use.place, because: use.because } }];
  });
}

function headsOf(rules: readonly Rule[], because: string): readonly [Evidence, ...Evidence[]] {
  const [first, ...rest] = rules.map((r): Evidence => ({ kind: "head", rule: r.id, because }));
  return [first!, ...rest];
}

function sentByBoth(
  p: AnalyzedProgram,
  moved: RuleSet,
  channel: RelationName,
  counter: Evidence,
): Finding {
  const rules = headRules(p, moved.component, channel).async;
  return {
    code: "sends-counted",
    statement:
      `${capitalized(
        ruleNames(
          p,
          rules.map((r) => r.id),
        ),
      )} send ${quoted(channel)} from both groups. What was one message ` +
      `would arrive as two, and ${counter.because}.`,
    evidence: [...headsOf(rules, `sends ${quoted(channel)}`), counter],
  };
}

function sentByMany(
  p: AnalyzedProgram,
  channel: RelationName,
  rules: readonly Rule[],
  counter: Evidence,
): Finding {
  return {
    code: "sends-counted",
    statement:
      `${capitalized(
        ruleNames(
          p,
          rules.map((r) => r.id),
        ),
      )} all send ${quoted(channel)}. Facts that met in one tick may come ` +
      `apart, so it could arrive more often, and ${counter.because}.`,
    evidence: [...headsOf(rules, `sends ${quoted(channel)}`), counter],
  };
}

/** The rule reads one input or transferred relation that is not kept, and each of its facts gives one message. */
function oneFactOneMessage(
  p: AnalyzedProgram,
  component: ComponentName,
  rule: Rule,
  cut: ReadonlySet<RelationName>,
  counter: Evidence,
): readonly Finding[] {
  const literals = idbLiterals(p, rule);
  const [only] = literals;
  const refuse = (why: string, index: number | undefined): readonly Finding[] => {
    const culprit: Evidence =
      index === undefined
        ? { kind: "rule", rule: rule.id, because: why }
        : { kind: "literal", rule: rule.id, index, because: why };
    const statement =
      `${capitalized(ruleName(p, rule.id))} ${why}, so on a node of its own it may send ${quoted(rule.head.relation)} more or ` +
      `less often, and ${counter.because}.`;
    return [{ code: "sends-counted", statement, evidence: [culprit, counter] }];
  };
  if (only === undefined) return refuse("sends on every tick", undefined);
  if (literals.length > 1) return refuse("joins facts that may come apart", literals[1]!.index);
  const { relation, terms } = only.literal;
  const sent = new Set([
    ...rule.head.terms.flatMap(headTermVariables),
    ...destinationVariables(rule),
  ]);
  const arrives = cut.has(relation) || isInputKind(kindOfRelation(p, relation));
  if (!arrives) {
    return isUnfolded(p, component, only.literal, sent, cut)
      ? []
      : refuse(`reads ${quoted(relation)}, which it derives itself`, only.index);
  }
  if (logicallyPersisted(p, component).has(relation)) {
    return refuse(`sends what ${quoted(relation)} keeps on every tick`, only.index);
  }
  return isCarried(terms, sent) ? [] : refuse(`drops a part of ${quoted(relation)}`, only.index);
}

function isCarried(terms: readonly Term[], sent: ReadonlySet<string>): boolean {
  return terms.every((t) => t.kind === "constant" || (t.kind === "variable" && sent.has(t.name)));
}

/**
 * Whether the relation only stands between the message and what arrives (`unfold` of section 0.1): its one rule holds in
 * the same tick, over one fact that arrives and whose every argument reaches the message.
 */
function isUnfolded(
  p: AnalyzedProgram,
  component: ComponentName,
  read: RelationLiteral,
  sent: ReadonlySet<string>,
  cut: ReadonlySet<RelationName>,
  passed: readonly RelationName[] = [],
): boolean {
  if (passed.includes(read.relation)) return false;
  const [rule, ...others] = headRules(p, component, read.relation).all;
  if (rule?.head.timing.kind !== "now" || others.length > 0) return false;
  if (hasAggregate(rule) || choosesAny(rule)) return false;
  const [only, ...more] = idbLiterals(p, rule);
  if (only === undefined || more.length > 0 || only.literal.negated) return false;
  const carried = new Set(
    rule.head.terms.flatMap((term, i) =>
      term.kind === "variable" && isCarried([read.terms[i]!], sent) ? [term.name] : [],
    ),
  );
  const { relation, terms } = only.literal;
  if (!cut.has(relation) && !isInputKind(kindOfRelation(p, relation))) {
    return isUnfolded(p, component, only.literal, carried, cut, [...passed, read.relation]);
  }
  return !logicallyPersisted(p, component).has(relation) && isCarried(terms, carried);
}

/** Head positions at which the rule carries its body's key, as texts such as "0" or "1,0". */
function keyPositions(p: AnalyzedProgram, rule: Rule, keys: KeyAssignment): readonly string[] {
  const literals = idbLiterals(p, rule);
  const source = literals.find(({ literal }) => !literal.negated) ?? literals[0];
  const key = source && keys[source.literal.relation];
  if (source === undefined || key === undefined) return [];
  const equal = termEquality(rule);
  return key.reduce<readonly string[]>((found, k, n) => {
    const term = source.literal.terms[k];
    const at = rule.head.terms.flatMap((t, i) => (term && equal(term, t) ? [String(i)] : []));
    return n === 0 ? at : found.flatMap((prefix) => at.map((i) => `${prefix},${i}`));
  }, []);
}
