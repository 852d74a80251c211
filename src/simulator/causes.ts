import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { nodeEnvironment } from "../evaluator/environment.ts";
import { explainFact, tickDatabase } from "../evaluator/explainFact.ts";
import type { DerivationMember, Fact, FactDerivation } from "../evaluator/nodeEngine.ts";
import { printLiteral } from "../program/printCompact.ts";
import type { ComponentName, Program, RelationName, RuleId, Timing } from "../program/program.ts";
import { compareRows } from "../program/value.ts";
import type { SimulationEngines } from "./clusterNodes.ts";
import type { NodeState, TraceIndex } from "./stateAt.ts";
import { tickSinceStart } from "./trace.ts";
import type { Trace, TraceTick } from "./trace.ts";

/** What is asked about: a fact that a node held in one of its ticks, or a message. */
export type CauseSubject =
  | { readonly kind: "fact"; readonly node: number; readonly tick: number; readonly fact: Fact }
  | { readonly kind: "message"; readonly message: number };

/**
 * One step back from a subject, as much of the trace as answering it needs: plain data of the size of what the
 * deriving rules read, so that a worker can be asked level by level without holding the trace.
 */
export interface CauseQuestion {
  readonly component: ComponentName;
  readonly address: string;
  readonly fact: Fact;
  /** Of a message: where it was sent. */
  readonly to?: string;
  /** The tick whose facts derived it: its own tick, or the one that sent it. */
  readonly tick: number;
  /** What `tick(t)` bound in it. */
  readonly sinceStart: number;
  readonly held: NodeState;
  /** Of the tick before, which inductive rules read. */
  readonly before: NodeState;
  /** Of the first tick after a crash: what `tick(t)` bound in the one before, which only durable relations outlived. */
  readonly beforeCrash?: number;
}

/** How a fact came about, by one rule. */
export interface RuleCause {
  readonly rule: RuleId;
  /** The rule's number in its program: what every sentence shows. */
  readonly number: number;
  readonly timing: Timing["kind"];
  /** The facts that all valuations matched: everything, unless the rule gathers a group. */
  readonly facts: readonly CauseFact[];
  /** Of a rule that aggregates: what each valuation matched beside `facts`; at most `GROUP_SHOWN` of `size`. */
  readonly group?: { readonly size: number; readonly members: readonly (readonly CauseFact[])[] };
  /** Printed literals, values put in: of what nothing was there, and what else had to hold. */
  readonly absent: readonly string[];
  readonly conditions: readonly string[];
}

export interface CauseFact {
  readonly fact: Fact;
  /** The tick it was read in. */
  readonly tick: number;
  /** A constant relation or a builtin: nothing derives it. */
  readonly constant: boolean;
}

export interface CauseAnswer {
  /** At most `CAUSES_SHOWN`. */
  readonly causes: readonly RuleCause[];
  readonly found: number;
}

export const GROUP_SHOWN = 24;
export const CAUSES_SHOWN = 12;

/** The tick in which a fact that held at `tick` last appeared; undefined for what never appears in a trace. */
export function sinceTick(
  trace: Trace,
  index: TraceIndex,
  node: number,
  tick: number,
  fact: Fact,
): number | undefined {
  const own = index.ticksOf(node);
  for (let at = Math.min(tick, own.length); at > 0; at--) {
    const report = trace.ticks[own[at - 1]!]!;
    if (report.appeared.some((other) => sameFact(other, fact))) return at;
    if (report.disappeared.some((other) => sameFact(other, fact))) return undefined;
  }
  return undefined;
}

/** Ids of the messages that brought a fact into a tick. */
export function arrivalsOf(
  trace: Trace,
  index: TraceIndex,
  node: number,
  tick: number,
  fact: Fact,
): readonly number[] {
  const report = trace.ticks[index.ticksOf(node)[tick - 1] ?? -1];
  return (report?.arrived ?? []).filter((id) => sameFact(trace.messages[id]!, fact));
}

/** The tick that sent a message; undefined for what clients send. */
export function sendingTick(trace: Trace, message: number): TraceTick | undefined {
  return trace.ticks[trace.messages[message]?.sentBy ?? -1];
}

/** What to ask about a subject; undefined for a client's message, which has no cause in the run. */
export function causeQuestion(
  program: Program,
  trace: Trace,
  index: TraceIndex,
  subject: CauseSubject,
): CauseQuestion | undefined {
  const place = subject.kind === "fact" ? subject : sendingTick(trace, subject.message);
  const node = trace.nodes[place?.node ?? -1];
  if (place === undefined || node === undefined) return undefined;
  const message = subject.kind === "message" ? trace.messages[subject.message]! : undefined;
  const { relation, row } = message ?? (subject as Extract<CauseSubject, { kind: "fact" }>).fact;
  const needed = relationsRead(program, node.component, relation);
  return {
    component: node.component,
    address: node.address,
    fact: { relation, row },
    ...(message && { to: message.to }),
    tick: place.tick,
    ...ticksSinceStart(trace, index, place),
    held: index.rowsAt(place.node, place.tick, needed),
    before: message ? new Map() : index.rowsAt(place.node, place.tick - 1, needed),
  };
}

function ticksSinceStart(
  trace: Trace,
  index: TraceIndex,
  { node, tick }: { readonly node: number; readonly tick: number },
): Pick<CauseQuestion, "sinceStart" | "beforeCrash"> {
  const own = index.ticksOf(node);
  const at = (number: number): number => {
    const report = trace.ticks[own[number - 1] ?? -1];
    return report === undefined ? number : tickSinceStart(report);
  };
  const sinceStart = at(tick);
  const isFirst = sinceStart === 1 && tick > 1;
  return { sinceStart, ...(isFirst ? { beforeCrash: at(tick - 1) } : {}) };
}

function relationsRead(
  program: Program,
  component: ComponentName,
  head: RelationName,
): ReadonlySet<RelationName> {
  const rules = program.components.find((c) => c.name === component)?.rules ?? [];
  return new Set(
    rules
      .filter((rule) => rule.head.relation === head)
      .flatMap((rule) => rule.body.flatMap((l) => (l.kind === "relation" ? [l.relation] : []))),
  );
}

/** Every rule that derived the fact, with what it matched. `p` is the program of the trace, with its deployment. */
export function answerCauses(
  p: AnalyzedProgram,
  engines: Pick<SimulationEngines, "functions" | "crypto">,
  question: CauseQuestion,
): CauseAnswer {
  const { component, address, fact, to, tick, sinceStart, beforeCrash } = question;
  if (p.deployment === undefined) throw new Error("A run that is explained has a deployment.");
  const { functions, crypto } = engines;
  const told = nodeEnvironment(p, p.deployment, component, address, functions, crypto);
  const isConstant = (relation: RelationName): boolean =>
    told.edb.has(relation) || p.relations.get(relation)?.kind === "builtin";
  const derived = (timing: Timing["kind"], read: number): readonly RuleCause[] => {
    const database =
      read === tick
        ? tickDatabase(told, sinceStart, question.held)
        : tickDatabase(told, beforeCrash ?? sinceStart - 1, question.before);
    const about = to === undefined ? fact : { ...fact, to };
    const derivations = explainFact(p, component, timing, about, database);
    return derivations.map((d) => ruleCause(p, d, timing, read, isConstant));
  };
  // A crash takes away what inductive rules had made of everything else.
  const carried = tick > 1 && (beforeCrash === undefined || isDurable(p, fact.relation));
  const causes =
    to === undefined
      ? [...derived("now", tick), ...(carried ? derived("next", tick - 1) : [])]
      : derived("async", tick);
  return { causes: causes.slice(0, CAUSES_SHOWN), found: causes.length };
}

function isDurable(p: AnalyzedProgram, relation: RelationName): boolean {
  return p.relations.get(relation)?.durable === true;
}

function ruleCause(
  p: AnalyzedProgram,
  { rule, members }: FactDerivation,
  timing: Timing["kind"],
  tick: number,
  isConstant: (relation: RelationName) => boolean,
): RuleCause {
  const info = p.rules.get(rule)!;
  const asCause = (fact: Fact): CauseFact => ({ fact, tick, constant: isConstant(fact.relation) });
  const [first] = members;
  const gathers = info.rule.head.terms.some((term) => term.kind === "aggregate");
  const shared = (first?.facts ?? []).filter(
    (fact) => !gathers || (members.length > 1 && members.every((m) => has(m, fact))),
  );
  const printed = (of: "absent" | "conditions"): readonly string[] => [
    ...new Set(members.slice(0, GROUP_SHOWN).flatMap((m) => m[of].map(printLiteral))),
  ];
  return {
    rule,
    number: info.number,
    timing,
    facts: shared.map(asCause),
    ...(gathers && {
      group: {
        size: members.length,
        members: members
          .slice(0, GROUP_SHOWN)
          .map((m) => m.facts.filter((f) => !shared.some((s) => sameFact(s, f))).map(asCause)),
      },
    }),
    absent: printed("absent"),
    conditions: printed("conditions"),
  };
}

function has(member: DerivationMember, fact: Fact): boolean {
  return member.facts.some((other) => sameFact(other, fact));
}

export function sameFact(a: Fact, b: Fact): boolean {
  return a.relation === b.relation && compareRows(a.row, b.row) === 0;
}
