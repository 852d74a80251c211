import type { ClientShape, RequestLog } from "./clients.ts";
import type { ClusterNode } from "./clusterNodes.ts";
import type { EventQueue } from "./eventQueue.ts";
import type { TimedFault } from "./faults.ts";
import { milliseconds } from "./network.ts";
import type { Outage } from "./moments.ts";
import type { Fate, Micros, Network } from "./network.ts";
import type { Recording } from "./recording.ts";
import { timersEnd } from "./timers.ts";
import type { Timer } from "./timers.ts";
import type { TraceEnd } from "./trace.ts";

/** What can be planned. Each event has a number that says of what: see `Run`. */
export const EVENT = {
  /** A branch, by its index. */
  branch: 0,
  /** A fault, by its index. */
  fault: 1,
  ask: 2,
  /** Of a request, by its number. */
  giveUp: 3,
  /** Of a message, by its id. */
  arrive: 4,
  /** A timer rings, by its index. */
  ring: 5,
  /** Of a node, by its index. */
  resend: 6,
  /** Of a node, by its index. */
  tick: 7,
} as const;

export type EventKind = (typeof EVENT)[keyof typeof EVENT];

const KINDS = 8;

/** At one instant: a branch before all, faults, then what arrives, then the ticks that all of it enters together. */
const RANKS = [-1, 0, 1, 1, 1, 1, 1, 2];

/** Kinds that keep a run from being quiet; the others matter only while something waits for them. */
const LIVE = [false, false, true, false, true, false, true, true];

/** A branch made ready: the moment after the last that it leaves as it was, and what counts from then on. */
export interface BranchPoint {
  readonly at: Micros;
  /** From 1. */
  readonly number: number;
  readonly seed: number | undefined;
  readonly policies: (node: ClusterNode) => Parameters<ClusterNode["standing"]["follow"]>[0];
}

/** A message that will arrive then unless faults of a branch strike it before. */
export interface Marked {
  readonly later: NonNullable<Fate["later"]>;
  /** Undefined once it is lost. */
  arrivesAt: Micros | undefined;
}

/** One simulation under way: everything that changes while a simulation runs, and what it was given. */
export interface Run {
  readonly seed: number;
  readonly shape: ClientShape;
  readonly wanted: number;
  readonly patience: Micros;
  readonly linger: Micros;
  readonly think: Micros;
  /** The number of a node's place is its index. */
  readonly nodes: readonly ClusterNode[];
  readonly byAddress: ReadonlyMap<string, ClusterNode>;
  readonly clients: number;
  readonly timers: readonly { readonly node: ClusterNode; readonly timer: Timer }[];
  readonly faults: readonly TimedFault[];
  readonly branches: readonly BranchPoint[];
  readonly net: Network;
  /** Kind and number of an event in one, so that planning it makes no object. */
  readonly queue: EventQueue<number>;
  readonly recording: Recording;
  /** Of nodes that have crashed so far. */
  readonly outages: Outage[];
  readonly log: RequestLog;
  /** Numbers of the requests that a closed loop waits for. */
  readonly awaited: Set<number>;
  /** Messages that wait at a cut link between siblings. */
  waiting: number[];
  /** Messages under way that a branch still to begin will strike. */
  readonly marked: Map<number, Marked>;
  now: Micros;
  /** Since when nobody has waited for an answer, all requests being sent. */
  answeredAt: Micros | undefined;
  /** How many live events are planned. */
  live: number;
  futureFaults: number;
  sent: number;
  end: TraceEnd | undefined;
}

/** Puts an event on the calendar. */
export function plan(run: Run, at: Micros, kind: EventKind, subject = 0): void {
  if (isLive(run, kind, subject)) run.live++;
  run.queue.push(at, RANKS[kind]!, subject * KINDS + kind);
}

/** Takes the next event off the calendar: its kind, and through `subjectOf` what it is about. */
export function kindOf(event: number): EventKind {
  return (event % KINDS) as EventKind;
}

export function subjectOf(event: number): number {
  return Math.floor(event / KINDS);
}

/** A crashed node that will start again may have much to do then. */
export function isLive(run: Run, kind: EventKind, subject: number): boolean {
  return LIVE[kind]! || (kind === EVENT.fault && run.faults[subject]!.kind === "restart");
}

/** The node ticks as soon as it may, once for whatever arrives until then. */
export function planTick(run: Run, node: ClusterNode): void {
  if (node.tickPlanned || node.stopped !== undefined) return;
  node.tickPlanned = true;
  plan(run, Math.max(run.now, node.freeAt), EVENT.tick, node.index);
}

/** How a run ends whose next event is at that time: nothing is left that could happen, or nobody waits for it. */
export function outcome(run: Run, next: Micros): "quiet" | "timers" | undefined {
  if (run.timers.length === 0) return isQuiet(run) ? "quiet" : undefined;
  if (run.awaited.size > 0 || run.sent < run.wanted) run.answeredAt = undefined;
  else run.answeredAt ??= run.now;
  if (run.answeredAt === undefined) return undefined;
  return timersEnd(run.answeredAt, run.linger, run.now, next, run.live);
}

function isQuiet(run: Run): boolean {
  if (run.live > 0) return false;
  const loopsGoOn = run.awaited.size > 0 && run.sent < run.wanted;
  const held = run.waiting.length > 0 || run.nodes.some((n) => n.stopped === "paused" && isDue(n));
  return !loopsGoOn && !(held && run.futureFaults > 0);
}

/** Something waits for the node to tick. */
export function isDue(node: ClusterNode): boolean {
  return node.unsettled || node.arrived.length > 0 || node.timerFacts.length > 0;
}

export function ended(run: Run, kind: "quiet" | "timers" | "limit" | "cancelled"): TraceEnd {
  return { kind, at: milliseconds(run.now) };
}
