import { answersInOrder } from "../../simulator/answers.ts";
import type { Answer } from "../../simulator/answers.ts";
import type { Program, RelationName } from "../../program/program.ts";
import { rowKey } from "../../program/value.ts";
import type { Trace, TraceEnd } from "../../simulator/trace.ts";
import { fits } from "./factPattern.ts";
import type { FactPattern } from "./factPattern.ts";
import { factText, timeText } from "./factText.ts";
import type { Side } from "./simulatedRun.ts";

/** What a run may be run to. */
export type Until =
  | { readonly kind: "time"; readonly at: number }
  | { readonly kind: "tick"; readonly node: string; readonly tick: number }
  | { readonly kind: "answer" }
  | { readonly kind: "request"; readonly request: number }
  /** `node` undefined: on any node, or at the clients. */
  | {
      readonly kind: "fact";
      readonly change: "appears" | "goes away";
      readonly pattern: FactPattern;
      readonly text: string;
      readonly node: string | undefined;
    }
  | { readonly kind: "difference" };

/** A moment at which it is so. */
export interface Moment {
  readonly at: number;
  readonly side: Side;
  /** Whose doing it is; absent for a mere time. */
  readonly address?: string;
  /** What happened, as the second half of a sentence. */
  readonly what: string;
}

/** Something that takes long, in pieces: each `yield` is a place to stop at. */
export type Pieces<T> = Generator<void, T>;

const A_PIECE = 256;

/** The moments next to a place in time: the first after it, and the last up to it. */
export interface Around<T> {
  readonly next: T | undefined;
  readonly last: T | undefined;
}

/** Where in one run a condition holds, around `after`. */
export function* momentsAround(
  trace: Trace,
  side: Side,
  until: Exclude<Until, { readonly kind: "difference" | "time" }>,
  after: number,
): Pieces<Around<Moment>> {
  switch (until.kind) {
    case "tick":
      return around(tickMoments(trace, side, until.node, until.tick), after);
    case "answer":
    case "request": {
      const answers = answersInOrder(trace).filter(
        ({ request }) => until.kind === "answer" || request === until.request,
      );
      const { next, last } = around(answers, after);
      return {
        next: next && answerMoment(trace, side, next),
        last: last && answerMoment(trace, side, last),
      };
    }
    case "fact": {
      const onNodes = yield* factMoments(trace, side, until, after);
      const atClients = yield* arrivalsAtClients(trace, side, until);
      return around([...onNodes, ...atClients], after);
    }
  }
}

/** The first of equal moments counts. */
export function around<T extends { readonly at: number }>(
  moments: readonly T[],
  after: number,
): Around<T> {
  let next: T | undefined;
  let last: T | undefined;
  for (const moment of moments) {
    if (moment.at > after && (next === undefined || moment.at < next.at)) next = moment;
    if (moment.at <= after && (last === undefined || moment.at > last.at)) last = moment;
  }
  return { next, last };
}

function tickMoments(trace: Trace, side: Side, address: string, tick: number): readonly Moment[] {
  const node = trace.nodes.findIndex((each) => each.address === address);
  const found = trace.ticks.find((each) => each.node === node && each.tick === tick);
  if (found === undefined) return [];
  return [{ at: found.at, side, address, what: `tick ${tick} of ${address}` }];
}

function answerMoment(trace: Trace, side: Side, { at, relation, row, request }: Answer): Moment {
  const key = rowKey(row);
  const message = trace.messages.find(
    (m) => m.arrivedAt === at && m.relation === relation && rowKey(m.row) === key,
  );
  const what = `${factText(relation, row)} answers request ${request}`;
  return { at, side, ...(message && { address: message.from }), what };
}

type FactUntil = Extract<Until, { readonly kind: "fact" }>;

/** Ticks stand in the order of time: the last one that fits up to a moment, and the first one after it. */
function* factMoments(
  trace: Trace,
  side: Side,
  { change, pattern, node }: FactUntil,
  after: number,
): Pieces<readonly Moment[]> {
  const only = node === undefined ? -1 : trace.nodes.findIndex((each) => each.address === node);
  if (node !== undefined && only < 0) return [];
  let last: Moment | undefined;
  for (let i = 0; i < trace.ticks.length; i++) {
    if (i % A_PIECE === 0) yield;
    const tick = trace.ticks[i]!;
    if (only >= 0 && tick.node !== only) continue;
    const facts = change === "appears" ? tick.appeared : tick.disappeared;
    const fact = facts.find(({ relation, row }) => fits(pattern, relation, row));
    if (fact === undefined) continue;
    const address = trace.nodes[tick.node]?.address ?? "";
    const what = `${factText(fact.relation, fact.row)} ${change} on ${address}`;
    const moment: Moment = { at: tick.at, side, address, what };
    if (tick.at > after) return last === undefined ? [moment] : [last, moment];
    last = moment;
  }
  return last === undefined ? [] : [last];
}

/** Clients keep no facts; what is sent to them appears when it arrives. */
function* arrivalsAtClients(
  trace: Trace,
  side: Side,
  { change, pattern, node }: FactUntil,
): Pieces<readonly Moment[]> {
  const known = new Set(trace.nodes.map((each) => each.address));
  if (change !== "appears" || (node !== undefined && known.has(node))) return [];
  const found: Moment[] = [];
  for (const { id, from, to, relation, row, arrivedAt } of trace.messages) {
    if (id % A_PIECE === 0) yield;
    if (arrivedAt === undefined || known.has(to) || (node !== undefined && to !== node)) continue;
    if (!fits(pattern, relation, row)) continue;
    const what = `${factText(relation, row)} arrives at ${to}`;
    found.push({ at: arrivedAt, side, address: from, what });
  }
  return found;
}

/** How a condition is called in a sentence: "the answer to request 3 never comes". */
export function untilText(until: Until): string {
  switch (until.kind) {
    case "time":
      return `${timeText(until.at)} ms`;
    case "tick":
      return `tick ${until.tick} of ${until.node}`;
    case "answer":
      return "a further answer";
    case "request":
      return `an answer to request ${until.request}`;
    case "fact":
      return `a moment at which ${until.text} ${until.change}${until.node === undefined ? "" : ` on ${until.node}`}`;
    case "difference":
      return "a difference";
  }
}

/** Why nothing more comes. */
export function endSentence(end: TraceEnd): string {
  const at = `${timeText(end.at)} ms`;
  switch (end.kind) {
    case "quiet":
      return `ended at ${at}, when nothing was left to happen`;
    case "timers":
      return `ended at ${at}, as only timers went on`;
    case "limit":
      return `was stopped by a limit at ${at}`;
    case "cancelled":
      return `was cancelled at ${at}`;
    case "error":
      return `was ended by an error at ${at}`;
  }
}

/** The relation's name and how many columns it has, for what a pattern can be checked against. */
export type Arities = ReadonlyMap<RelationName, number>;

/** Why no fact can ever fit the pattern; undefined when one may. */
export function patternProblem(pattern: FactPattern, arities: Arities): string | undefined {
  const { relation, columns } = pattern;
  const arity = arities.get(relation);
  if (arity === undefined) {
    return `No rule and no client makes facts of ${relation} in this program.`;
  }
  if (columns === undefined || columns.length === arity) return undefined;
  return `${relation} has ${arity} ${arity === 1 ? "column" : "columns"}; the pattern names ${columns.length}.`;
}

/** What rules derive and what clients send: every fact that a run can show. */
export function aritiesOf(programs: readonly Program[], input: RelationName | undefined): Arities {
  const arities = new Map<RelationName, number>();
  for (const { head, body } of programs.flatMap((p) => p.components.flatMap((c) => c.rules))) {
    arities.set(head.relation, head.terms.length);
    for (const literal of body) {
      if (literal.kind === "relation" && literal.relation === input) {
        arities.set(literal.relation, literal.terms.length);
      }
    }
  }
  return arities;
}
