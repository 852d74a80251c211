import type { Evidence } from "../program/evidence.ts";
import type { ComponentName, RelationName, Rule, RuleId } from "../program/program.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { channelUse } from "./channels.ts";
import {
  componentRules,
  hasPositive,
  headRules,
  idbLiterals,
  isTimeless,
  memoised,
} from "./componentRules.ts";
import { isDeltaSend } from "./deltaSending.ts";
import { existence, whyNotInputDerived } from "./existence.ts";
import type { Finding } from "./finding.ts";
import {
  carriesOver,
  keptOverCrashes,
  logicallyPersisted,
  persistenceRule,
  rederives,
} from "./persistence.ts";
import { isSink } from "./ruleSets.ts";
import { keptAndSettled, notBeforeInput } from "./settled.ts";
import { aggregateVerb, capitalized, quoted, ruleName, ruleNumber } from "./wording.ts";
import { hasAggregate } from "../program/variables.ts";

/** What ticks without input do at a component (rewrites.md section 1.6). */
export interface TickSensitivity {
  /** Failures of SM1 (`idle-output`), SM2 (`idle-change`) and SM3 (`idle-derivation`). */
  readonly findings: readonly Finding[];
  /** Asynchronous rules that send again on every tick what they sent before. */
  readonly resends: readonly Resend[];
}

export interface Resend {
  readonly rule: RuleId;
  /** No receiver can count the repetitions. */
  readonly harmless: boolean;
  readonly because: string;
  readonly evidence: Evidence;
}

/** TI of a whole component of an already rewritten program; it holds when `isTickInsensitive`. */
export const tickSensitivity: (p: AnalyzedProgram, component: ComponentName) => TickSensitivity =
  memoised((p, component) => {
    const resends: Resend[] = [];
    const outputs = outputRules(p, component).filter((rule) => {
      if (!needsInput(p, component, rule) && resendsSettled(p, component, rule)) {
        resends.push(resendOf(p, rule));
        return false;
      }
      return true;
    });
    const findings = [
      ...outputs.flatMap((rule) => idleOutput(p, component, rule)),
      ...idleChanges(p, component),
      ...idleDerivations(p, component),
    ];
    return { findings, resends };
  });

/** TI holds: nothing depends on idle ticks, and what is sent again nobody counts. */
export function isTickInsensitive(sensitivity: TickSensitivity): boolean {
  return sensitivity.findings.length === 0 && sensitivity.resends.every((r) => r.harmless);
}

/** Everything that keeps TI from holding, harmful resends included, as findings of code `tick-sensitive`. */
export function tickFindings(p: AnalyzedProgram, component: ComponentName): readonly Finding[] {
  const { findings, resends } = tickSensitivity(p, component);
  const harmful = resends
    .filter((resend) => !resend.harmless)
    .map((resend): Finding => {
      const statement = `${capitalized(ruleName(p, resend.rule))} sends again on every tick, with or without messages, and ${resend.because}.`;
      const sender: Evidence = { kind: "rule", rule: resend.rule, because: "sends on every tick" };
      return { code: "tick-sensitive", statement, evidence: [sender, resend.evidence] };
    });
  const own = [...findings, ...lateWrites(p, component)];
  return [...own.map((f) => ({ ...f, code: "tick-sensitive" })), ...harmful];
}

/**
 * What is written for good on a tick without input, of what a crash before that tick takes: after the crash it shows whether
 * the node has ticked (ADR 39).
 */
function lateWrites(p: AnalyzedProgram, component: ComponentName): readonly Finding[] {
  const { inputDerived } = existence(p, component);
  const again = keptOverCrashes(p, component);
  return componentRules(p, component).rules.flatMap((rule): readonly Finding[] => {
    const { relation, timing } = rule.head;
    if (timing.kind === "async" || p.relations.get(relation)?.durable !== true) return [];
    if (carriesOver(rule) !== undefined || hasPositive(p, rule, inputDerived)) return [];
    const lost = idbLiterals(p, rule).find(({ literal }) => !again.has(literal.relation));
    if (lost === undefined) return [];
    const what = quoted(lost.literal.relation);
    return [
      {
        code: "tick-sensitive",
        statement:
          `${capitalized(ruleName(p, rule.id))} writes ${quoted(relation)}, which outlives a crash, on a tick without messages, from ` +
          `${what}, which a crash before that tick takes.`,
        evidence: [
          { kind: "literal", rule: rule.id, index: lost.index, because: "lost in a crash" },
          { kind: "relation", relation, because: "durable" },
        ],
      },
    ];
  });
}

/** SM of a whole component, over all its inputs: like TI, but settled resends count as idle outputs. */
export function stateMachineViolations(
  p: AnalyzedProgram,
  component: ComponentName,
): readonly Finding[] {
  return [
    ...outputRules(p, component).flatMap((rule) => idleOutput(p, component, rule)),
    ...idleChanges(p, component),
    ...idleDerivations(p, component),
  ];
}

/** Rules whose heads are seen outside at once. What a sink keeps for the next tick is state, judged by SM2. */
function outputRules(p: AnalyzedProgram, component: ComponentName): readonly Rule[] {
  return componentRules(p, component).rules.filter(
    ({ head }) =>
      head.timing.kind === "async" || (head.timing.kind === "now" && isSink(p, head.relation)),
  );
}

/** SM1: a positive input-derived literal or a pulse; a delta is silent on idle ticks by its construction. */
function needsInput(p: AnalyzedProgram, component: ComponentName, rule: Rule): boolean {
  const { inputDerived, pulses } = existence(p, component);
  return (
    hasPositive(p, rule, inputDerived) ||
    hasPositive(p, rule, pulses) ||
    isDeltaSend(p, component, rule, keptAndSettled(p, component))
  );
}

/** A settled resend, or one over logically persisted facts: an idle tick sends what the tick before sent. */
function resendsSettled(p: AnalyzedProgram, component: ComponentName, rule: Rule): boolean {
  if (rule.head.timing.kind !== "async" || !isTimeless(rule)) return false;
  const literals = idbLiterals(p, rule);
  if (literals.length === 0) return false;
  const settled = keptAndSettled(p, component);
  const isSettled =
    literals.every(({ literal }) => settled.has(literal.relation)) &&
    hasPositive(p, rule, notBeforeInput(p, component));
  return isSettled || rederives(p, rule, logicallyPersisted(p, component));
}

function resendOf(p: AnalyzedProgram, rule: Rule): Resend {
  const use = channelUse(p, rule.head.relation);
  const place = use.kind === "counted" ? use.place : ({ kind: "head", rule: rule.id } as const);
  const { because } = use;
  const evidence: Evidence = { ...place, because };
  return { rule: rule.id, harmless: use.kind !== "counted", because, evidence };
}

function idleOutput(p: AnalyzedProgram, component: ComponentName, rule: Rule): readonly Finding[] {
  if (needsInput(p, component, rule)) return [];
  const name = capitalized(ruleName(p, rule.id));
  const what = quoted(rule.head.relation);
  return [
    {
      code: "idle-output",
      statement: `${name} can send ${what} on a tick without messages, so answers show how often the node ticks.`,
      evidence: [
        { kind: "head", rule: rule.id, because: "sends without anything having arrived" },
        ...idleLiterals(p, component, rule),
      ],
    },
  ];
}

/** The positive literals of a rule, each with the reason why it can hold on an idle tick. */
function idleLiterals(
  p: AnalyzedProgram,
  component: ComponentName,
  rule: Rule,
): readonly Evidence[] {
  return idbLiterals(p, rule).flatMap(({ literal, index }): readonly Evidence[] => {
    if (literal.negated) return [];
    const why = whyNotInputDerived(p, component, literal.relation);
    if (why === undefined) return [];
    const does = why.carries ? "carries it over from earlier ticks" : "derives it without input";
    const because = `${quoted(literal.relation)} can hold without messages: ${ruleName(p, why.rule)} ${does}`;
    return [{ kind: "literal", rule: rule.id, index, because }];
  });
}

/** SM2: what is set for the next tick is kept, and changes only with input. */
function idleChanges(p: AnalyzedProgram, component: ComponentName): readonly Finding[] {
  const { pulses } = existence(p, component);
  return [...componentRules(p, component).byHead].flatMap(([relation, { next }]) => {
    if (next.length === 0 || pulses.has(relation)) return [];
    const changing = next
      .filter((rule) => !isQuietNextRule(p, component, rule, next.length))
      .map((rule) => changesIdly(p, component, rule));
    const isKept = next.some((rule) => keepsUntilInput(p, component, rule, next.length));
    // A relation that changes on idle ticks is not helped by being kept, so that is not said too.
    return isKept || changing.length > 0 ? changing : [notKept(p, relation, next)];
  });
}

/** Forms (a), (b) and (d) of SM2; (c) is an (a) whose negated literal is a self-clearing trigger. */
function isQuietNextRule(
  p: AnalyzedProgram,
  component: ComponentName,
  rule: Rule,
  nextRules: number,
): boolean {
  return (
    keepsUntilInput(p, component, rule, nextRules) ||
    hasPositive(p, rule, existence(p, component).inputDerived) ||
    addsWhatIsKept(p, component, rule)
  );
}

/** (a) r@next(x̄) <- r(x̄) with extra negated literals over ED, or over KS when it is r's only next rule. */
function keepsUntilInput(
  p: AnalyzedProgram,
  component: ComponentName,
  rule: Rule,
  nextRules: number,
): boolean {
  const own = carriesOver(rule);
  if (own === undefined) return false;
  const { inputDerived } = existence(p, component);
  const settled = keptAndSettled(p, component);
  return rule.body.every(
    (literal, i) =>
      i === own ||
      (literal.kind === "relation" &&
        literal.negated &&
        (inputDerived.has(literal.relation) || (nextRules === 1 && settled.has(literal.relation)))),
  );
}

/** (d) beside a persistence rule: all IDB literals kept and settled, one of them empty before any input. */
function addsWhatIsKept(p: AnalyzedProgram, component: ComponentName, rule: Rule): boolean {
  const settled = keptAndSettled(p, component);
  return (
    persistenceRule(p, component, rule.head.relation) !== undefined &&
    isTimeless(rule) &&
    idbLiterals(p, rule).every(({ literal }) => settled.has(literal.relation)) &&
    hasPositive(p, rule, notBeforeInput(p, component))
  );
}

function changesIdly(p: AnalyzedProgram, component: ComponentName, rule: Rule): Finding {
  const name = capitalized(ruleName(p, rule.id));
  const relation = quoted(rule.head.relation);
  const statement = countsTicks(rule)
    ? `${name} counts ticks in ${relation}, with or without messages.`
    : carriesOver(rule) === undefined
      ? `${name} can change ${relation} on any tick, with or without messages.`
      : `${name} keeps ${relation} on a condition that ticks without messages can change.`;
  return {
    code: "idle-change",
    statement,
    evidence: [
      { kind: "rule", rule: rule.id, because: `sets ${relation} without anything having arrived` },
      ...idleLiterals(p, component, rule).filter((e) => !isOwnLiteral(rule, e)),
    ],
  };
}

/** c@next(n+1) <- c(n): a new value computed from the relation itself. */
function countsTicks(rule: Rule): boolean {
  const { relation, terms } = rule.head;
  return (
    terms.some((term) => term.kind === "arithmetic") &&
    rule.body.some((l) => l.kind === "relation" && !l.negated && l.relation === relation)
  );
}

function isOwnLiteral(rule: Rule, evidence: Evidence): boolean {
  return evidence.kind === "literal" && evidence.index === carriesOver(rule);
}

function notKept(p: AnalyzedProgram, relation: RelationName, next: readonly Rule[]): Finding {
  const [first, ...others] = next.map((rule): Evidence => ({
    kind: "head",
    rule: rule.id,
    because: "sets it for one tick only",
  }));
  const numbers = next.map((rule) => ruleNumber(p, rule.id)).join(", ");
  return {
    code: "idle-change",
    statement:
      `${quoted(relation)} is set by ${next.length === 1 ? "rule" : "rules"} ${numbers} and gone one tick later, ` +
      `so an answer shows whether an idle tick came between.`,
    evidence: [first!, ...others],
  };
}

/** SM3: what a now-rule adds to kept state it adds because of input, or it adds the same at every later tick. */
function idleDerivations(p: AnalyzedProgram, component: ComponentName): readonly Finding[] {
  const { inputDerived } = existence(p, component);
  const lp = logicallyPersisted(p, component);
  return componentRules(p, component)
    .rules.filter(
      (rule) =>
        rule.head.timing.kind === "now" &&
        headRules(p, component, rule.head.relation).next.length > 0 &&
        !hasPositive(p, rule, inputDerived) &&
        !rederives(p, rule, lp),
    )
    .map((rule) => ({
      code: "idle-derivation",
      statement:
        `${capitalized(ruleName(p, rule.id))} can add to ${quoted(rule.head.relation)}, which is carried over, on a tick ` +
        `without messages: whether it does shows if an idle tick came between.`,
      evidence: [
        { kind: "rule", rule: rule.id, because: derivationReason(rule) },
        ...idleLiterals(p, component, rule),
      ],
    }));
}

function derivationReason(rule: Rule): string {
  return hasAggregate(rule) ? `${aggregateVerb(rule)} kept facts` : "derives from kept facts";
}
