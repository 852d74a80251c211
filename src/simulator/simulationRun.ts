import type { Change, Fact, Send, TickReport } from "../evaluator/nodeEngine.ts";
import { requestRow } from "./clients.ts";
import type { ClientShape, RequestLog } from "./clients.ts";
import type { ClusterNode } from "./clusterNodes.ts";
import { heldAfter, without } from "./durable.ts";
import type { EventQueue } from "./eventQueue.ts";
import type { Fault, TimedFault } from "./faults.ts";
import { micros } from "./network.ts";
import type { Fate, Micros, Network } from "./network.ts";
import { inFactOrder, inSendOrder } from "./order.ts";
import { RESEND_AFTER_MS } from "./standingSends.ts";
import { ringing, timersEnd } from "./timers.ts";
import type { Timer } from "./timers.ts";
import type { TraceEnd, TraceMessage, TraceTick } from "./trace.ts";

export type Event =
  | { readonly kind: "arrive"; readonly message: Message }
  | { readonly kind: "tick"; readonly node: ClusterNode }
  | { readonly kind: "resend"; readonly node: ClusterNode }
  | { readonly kind: "ask" }
  | { readonly kind: "give-up"; readonly request: number }
  | { readonly kind: "timer"; readonly node: ClusterNode; readonly timer: Timer }
  | { readonly kind: "fault"; readonly fault: TimedFault }
  | { readonly kind: "branch"; readonly branch: BranchPoint };

/** A branch made ready: the moment after the last that it leaves as it was, and what counts from then on. */
export interface BranchPoint {
  readonly at: Micros;
  /** From 1. */
  readonly number: number;
  readonly seed: number | undefined;
  readonly policies: (node: ClusterNode) => Parameters<ClusterNode["standing"]["follow"]>[0];
}

/** At one instant: a branch before all, faults, then what arrives, then the ticks that all of it enters together. */
const RANK = {
  branch: -1,
  fault: 0,
  ask: 1,
  "give-up": 1,
  arrive: 1,
  timer: 1,
  resend: 1,
  tick: 2,
} as const;

/** Events that keep a run from being quiet; the others matter only while something waits for them. */
const LIVE: ReadonlySet<Event["kind"]> = new Set(["arrive", "tick", "resend", "ask"]);

/** A crashed node that will start again may have much to do then. */
function isLive(event: Event): boolean {
  return LIVE.has(event.kind) || (event.kind === "fault" && event.fault.kind === "restart");
}

/** A node is busy so long with a tick; what arrives meanwhile enters the next one together. */
const TICK: Micros = 100;

export type Message = { -readonly [K in keyof TraceMessage]: TraceMessage[K] };

/** A message that will arrive then unless faults of a branch strike it before. */
interface Marked {
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
  readonly observe: boolean;
  readonly nodes: readonly ClusterNode[];
  readonly byAddress: ReadonlyMap<string, ClusterNode>;
  readonly net: Network;
  readonly queue: EventQueue<Event>;
  readonly log: RequestLog;
  readonly messages: Message[];
  readonly ticks: TraceTick[];
  /** Numbers of the requests that a closed loop waits for. */
  readonly awaited: Set<number>;
  /** Messages that wait at a cut link between siblings. */
  waiting: Message[];
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
export function plan(run: Run, at: Micros, event: Event): void {
  if (isLive(event)) run.live++;
  run.queue.push(at, RANK[event.kind], event);
}

/** The node ticks as soon as it may, once for whatever arrives until then. */
export function planTick(run: Run, node: ClusterNode): void {
  if (node.tickPlanned || node.stopped !== undefined) return;
  node.tickPlanned = true;
  plan(run, Math.max(run.now, node.freeAt), { kind: "tick", node });
}

/** How a run ends whose next event is at that time: nothing is left that could happen, or nobody waits for it. */
export function outcome(run: Run, next: Micros): "quiet" | "timers" | undefined {
  if (!run.nodes.some((node) => node.timers.length > 0)) return isQuiet(run) ? "quiet" : undefined;
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

function isDue(node: ClusterNode): boolean {
  return node.unsettled || node.arrived.length > 0 || node.timerFacts.length > 0;
}

/** Handles the next event. */
export function step(run: Run): void {
  run.now = run.queue.nextAt() ?? run.now;
  const event = run.queue.pop();
  if (event === undefined) return;
  if (isLive(event)) run.live--;
  switch (event.kind) {
    case "arrive":
      return arrive(run, event.message);
    case "tick":
      return tick(run, event.node);
    case "resend":
      return resend(run, event.node);
    case "ask":
      return ask(run);
    case "give-up":
      return loopGoesOn(run, event.request);
    case "timer":
      return ring(run, event.node, event.timer);
    case "fault":
      return strike(run, event.fault);
    case "branch":
      return branchOff(run, event.branch);
  }
}

function send(run: Run, from: string, out: Send, sentBy?: number, again = false): void {
  const { to, relation, row } = out;
  const by = sentBy === undefined ? {} : { sentBy };
  for (const fate of run.net.send({ from, to, relation, row, at: run.now, again })) {
    const message = record(run, { from, to, relation, row, ...by }, fate);
    if (fate.waits === true) run.waiting.push(message);
    if (fate.later !== undefined) {
      run.marked.set(message.id, { later: fate.later, arrivesAt: fate.arrivesAt });
    }
  }
}

type Sending = Pick<Message, "from" | "to" | "relation" | "row" | "sentBy">;

/** One copy of a message goes into the trace, and on its way if it ever arrives. */
function record(run: Run, { from, to, relation, row, sentBy }: Sending, fate: Fate): Message {
  const message: Message = {
    id: run.messages.length,
    from,
    to,
    relation,
    row,
    sentAt: milliseconds(run.now),
    ...(sentBy === undefined ? {} : { sentBy }),
    ...(fate.fault === undefined ? {} : { fault: fate.fault }),
  };
  run.messages.push(message);
  if (fate.arrivesAt !== undefined) plan(run, fate.arrivesAt, { kind: "arrive", message });
  return message;
}

/** Its faults strike what is under way; what may now be lost is from now on repeated. */
function branchOff(run: Run, { number, seed, policies }: BranchPoint): void {
  run.futureFaults--;
  run.net.enter(number, seed);
  for (const node of run.nodes) node.standing.follow(policies(node));
  for (const [id, mark] of run.marked) {
    const message = run.messages[id]!;
    const by = mark.later.filter((f) => f.branch === number).map((f) => f.fault);
    if (by.length === 0 || mark.arrivesAt === undefined || message.arrivedAt !== undefined)
      continue;
    const [own, ...copies] = run.net.strike(message, mark.arrivesAt, by);
    if (own?.fault !== undefined) message.fault = own.fault;
    if (own?.arrivesAt !== mark.arrivesAt) {
      mark.arrivesAt = own?.arrivesAt;
      if (mark.arrivesAt !== undefined) plan(run, mark.arrivesAt, { kind: "arrive", message });
    }
    for (const copy of copies) record(run, message, copy);
  }
}

function arrive(run: Run, message: Message): void {
  const { to, relation, row } = message;
  const mark = run.marked.get(message.id);
  if (mark !== undefined && mark.arrivesAt !== run.now) return;
  run.marked.delete(message.id);
  const node = run.byAddress.get(to);
  if (node?.stopped === "crashed") {
    message.fault = "lost";
    return;
  }
  message.arrivedAt = milliseconds(run.now);
  if (node !== undefined) {
    node.arrived.push(message.id);
    planTick(run, node);
  } else if (to === run.shape.clients.address && run.shape.answers.has(relation)) {
    for (const request of run.log.received(relation, row, message.arrivedAt)) {
      loopGoesOn(run, request);
    }
  }
}

/** The closed loop that waits for this request, if one still does, asks the next one. */
function loopGoesOn(run: Run, request: number): void {
  if (run.awaited.delete(request)) plan(run, run.now + run.think, { kind: "ask" });
}

function ask(run: Run): void {
  if (run.sent === run.wanted) return;
  run.sent++;
  const { clients, destinations } = run.shape;
  const row = requestRow(run.shape, run.seed, run.sent);
  const request = run.log.sent(row, milliseconds(run.now));
  run.awaited.add(request);
  plan(run, run.now + run.patience, { kind: "give-up", request });
  for (const to of destinations) send(run, clients.address, { to, relation: clients.input, row });
}

function tick(run: Run, node: ClusterNode): void {
  node.tickPlanned = false;
  if (node.stopped !== undefined) return;
  const { arrived, timerFacts } = node;
  node.arrived = [];
  node.timerFacts = [];
  node.freeAt = run.now + TICK;
  const report = tickOrEnd(run, node, [...arrived.map((id) => run.messages[id]!), ...timerFacts]);
  if (report === undefined) return;
  node.lastTick = run.ticks.length;
  node.unsettled = report.unsettled;
  run.ticks.push(recorded(run, node, report, arrived));
  sendAll(run, node, report.sends, false);
  sendAll(run, node, node.standing.afterTick(node.engine, report), true);
  planResend(run, node);
  if (node.unsettled) planTick(run, node);
}

/** A run-time error is the program's, and ends the trace; anything else is our own bug. */
function tickOrEnd(run: Run, node: ClusterNode, facts: readonly Fact[]): TickReport | undefined {
  try {
    return node.engine.tick(facts);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "EvaluationError") throw error;
    const message = `Node ${node.address} stopped: ${error.message}`;
    run.end = { kind: "error", at: milliseconds(run.now), message };
    return undefined;
  }
}

function recorded(
  run: Run,
  node: ClusterNode,
  report: TickReport,
  arrived: readonly number[],
): TraceTick {
  const change = run.observe ? changeOf(run, node) : { appeared: [], disappeared: [] };
  return {
    node: node.index,
    tick: node.ticksBefore + report.tick,
    at: milliseconds(run.now),
    arrived,
    appeared: inFactOrder(change.appeared),
    disappeared: inFactOrder(change.disappeared),
  };
}

/** In the first tick after a restart, what the crash took away has disappeared, too. */
function changeOf(run: Run, node: ClusterNode): Change {
  const whole = node.engine.change();
  if (node.ticksBefore === 0) return whole;
  const change = {
    appeared: whole.appeared.filter((fact) => !node.diskRelations.has(fact.relation)),
    disappeared: whole.disappeared.filter((fact) => !node.diskRelations.has(fact.relation)),
  };
  if (node.restored) return change;
  node.restored = true;
  const held = heldAfter(run.ticks, node.index);
  return {
    appeared: without(change.appeared, held),
    disappeared: without(held, change.appeared),
  };
}

function planResend(run: Run, node: ClusterNode): void {
  if (!node.standing.heldBack || node.resendPlanned) return;
  node.resendPlanned = true;
  plan(run, run.now + micros(RESEND_AFTER_MS), { kind: "resend", node });
}

function resend(run: Run, node: ClusterNode): void {
  node.resendPlanned = false;
  if (node.stopped !== undefined) return;
  sendAll(run, node, node.standing.release(), true);
}

function sendAll(run: Run, node: ClusterNode, sends: readonly Send[], again: boolean): void {
  for (const out of inSendOrder(sends)) send(run, node.address, out, node.lastTick, again);
}

function ring(run: Run, node: ClusterNode, timer: Timer): void {
  if (node.stopped !== "crashed") {
    node.timerFacts.push(ringing(timer, run.now));
    planTick(run, node);
  }
  plan(run, run.now + timer.period, { kind: "timer", node, timer });
}

function strike(run: Run, fault: TimedFault): void {
  run.futureFaults--;
  switch (fault.kind) {
    case "cut":
      return run.net.setCut(fault, true);
    case "heal":
      return heal(run, fault);
    case "pause":
      return stop(run.byAddress.get(fault.node), "paused");
    case "resume":
      return resume(run, run.byAddress.get(fault.node));
    case "crash":
      for (const node of siblingsOf(run, fault.node)) stop(node, "crashed");
      return;
    case "restart":
      for (const node of siblingsOf(run, fault.node)) restart(run, node);
  }
}

function siblingsOf(run: Run, address: string): readonly ClusterNode[] {
  const original = run.byAddress.get(address)?.original;
  return run.nodes.filter((node) => node.original === original);
}

/** What had arrived and not entered a tick is gone with everything else that was not on disk. */
function restart(run: Run, node: ClusterNode): void {
  if (node.stopped !== "crashed") return;
  const { engine, standing, fromDisk } = node.again(node.engine);
  node.engine = engine;
  node.standing = standing;
  node.arrived = [];
  node.timerFacts = [...fromDisk];
  node.diskRelations = new Set(fromDisk.map((fact) => fact.relation));
  node.ticksBefore = run.ticks.filter((tick) => tick.node === node.index).length;
  node.restored = false;
  node.unsettled = true;
  node.stopped = undefined;
  planTick(run, node);
}

function heal(run: Run, link: Extract<Fault, { readonly kind: "heal" }>): void {
  run.net.setCut(link, false);
  const still: Message[] = [];
  for (const message of run.waiting) {
    const { from, to } = message;
    if (run.net.isCut(from, to)) still.push(message);
    else plan(run, run.net.release(from, to, run.now), { kind: "arrive", message });
  }
  run.waiting = still;
}

function stop(node: ClusterNode | undefined, how: "paused" | "crashed"): void {
  if (node !== undefined && node.stopped !== "crashed") node.stopped = how;
}

function resume(run: Run, node: ClusterNode | undefined): void {
  if (node?.stopped !== "paused") return;
  node.stopped = undefined;
  if (isDue(node)) planTick(run, node);
  planResend(run, node);
}

export function ended(run: Run, kind: "quiet" | "timers" | "limit" | "cancelled"): TraceEnd {
  return { kind, at: milliseconds(run.now) };
}

export function milliseconds(time: Micros): number {
  return time / 1_000;
}
