import type { Send } from "../evaluator/nodeEngine.ts";
import { requestRow } from "./clients.ts";
import type { ClusterNode } from "./clusterNodes.ts";
import type { Fault, TimedFault } from "./faults.ts";
import { micros, milliseconds } from "./network.ts";
import type { Fate, Micros } from "./network.ts";
import { inEntryOrder, inSendOrder } from "./order.ts";
import { EVENT, isDue, isLive, kindOf, plan, planTick, subjectOf } from "./run.ts";
import type { BranchPoint, Run } from "./run.ts";
import { RESEND_AFTER_MS } from "./standingSends.ts";
import { ringing } from "./timers.ts";

/** A node is busy so long with a tick; what arrives meanwhile enters the next one together. */
const TICK: Micros = 100;

/** Who sends what a tick does not: the clients. */
const NO_TICK = -1;

/** Handles the next event. */
export function step(run: Run): void {
  run.now = run.queue.nextAt() ?? run.now;
  const event = run.queue.pop();
  if (event === undefined) return;
  const kind = kindOf(event);
  const subject = subjectOf(event);
  if (isLive(run, kind, subject)) run.live--;
  switch (kind) {
    case EVENT.arrive:
      return arrive(run, subject);
    case EVENT.tick:
      return tick(run, run.nodes[subject]!);
    case EVENT.resend:
      return resend(run, run.nodes[subject]!);
    case EVENT.ask:
      return ask(run);
    case EVENT.giveUp:
      return loopGoesOn(run, subject);
    case EVENT.ring:
      return ring(run, subject);
    case EVENT.fault:
      return strike(run, run.faults[subject]!);
    case EVENT.branch:
      return branchOff(run, run.branches[subject]!);
  }
}

/** Sends the fact of an entry: every copy goes into the recording, and on its way if it ever arrives. */
function send(run: Run, from: number, entry: number, sentBy: number, again: boolean): void {
  const { recording } = run;
  const to = recording.placeName(recording.destination(entry));
  const fact = (): { relation: string; row: ReturnType<typeof recording.sentRow> } => ({
    relation: recording.relation(entry),
    row: recording.sentRow(entry),
  });
  const name = recording.placeName(from);
  for (const fate of run.net.send({ from: name, to, fact, at: run.now, again })) {
    const message = record(run, from, entry, sentBy, fate);
    if (fate.waits === true) run.waiting.push(message);
    if (fate.later !== undefined) {
      run.marked.set(message, { later: fate.later, arrivesAt: fate.arrivesAt });
    }
  }
}

function record(run: Run, from: number, entry: number, sentBy: number, fate: Fate): number {
  const message = run.recording.addMessage(from, entry, run.now, sentBy, fate.fault);
  if (fate.arrivesAt !== undefined) plan(run, fate.arrivesAt, EVENT.arrive, message);
  return message;
}

/** Its faults strike what is under way; what may now be lost is from now on repeated. */
function branchOff(run: Run, { number, seed, policies }: BranchPoint): void {
  const { recording, net } = run;
  run.futureFaults--;
  net.enter(number, seed);
  for (const node of run.nodes) node.standing.follow(policies(node));
  for (const [id, mark] of run.marked) {
    const by = mark.later.filter((f) => f.branch === number).map((f) => f.fault);
    if (by.length === 0 || mark.arrivesAt === undefined) continue;
    if (recording.arrivedAt(id) !== undefined) continue;
    const [from, to] = [recording.from(id), recording.to(id)];
    const link = { from: recording.placeName(from), to: recording.placeName(to) };
    const [own, ...copies] = net.strike(link, mark.arrivesAt, by);
    if (own?.fault !== undefined) recording.setFault(id, own.fault);
    if (own?.arrivesAt !== mark.arrivesAt) {
      mark.arrivesAt = own?.arrivesAt;
      if (mark.arrivesAt !== undefined) plan(run, mark.arrivesAt, EVENT.arrive, id);
    }
    const sentBy = recording.sentBy(id) ?? NO_TICK;
    for (const copy of copies) record(run, from, recording.entry(id), sentBy, copy);
  }
}

function arrive(run: Run, message: number): void {
  const { recording, marked } = run;
  if (marked.size > 0) {
    const mark = marked.get(message);
    if (mark !== undefined && mark.arrivesAt !== run.now) return;
    marked.delete(message);
  }
  const to = recording.to(message);
  const node = run.nodes[to];
  if (node?.stopped === "crashed") {
    recording.setFault(message, "lost");
    return;
  }
  recording.setArrived(message, run.now);
  if (node !== undefined) {
    node.arrived.push(message);
    planTick(run, node);
  } else if (to === run.clients) {
    for (const request of run.log.received(recording.entry(message), run.now)) {
      loopGoesOn(run, request);
    }
  }
}

/** The closed loop that waits for this request, if one still does, asks the next one. */
function loopGoesOn(run: Run, request: number): void {
  if (run.awaited.delete(request)) plan(run, run.now + run.think, EVENT.ask);
}

function ask(run: Run): void {
  if (run.sent === run.wanted) return;
  run.sent++;
  const { clients, destinations } = run.shape;
  const row = requestRow(run.shape, run.seed, run.sent);
  const request = run.log.sent(row, run.now);
  run.awaited.add(request);
  plan(run, run.now + run.patience, EVENT.giveUp, request);
  for (const to of destinations) {
    send(run, run.clients, run.recording.sentEntry(to, clients.input, row), NO_TICK, false);
  }
}

function tick(run: Run, node: ClusterNode): void {
  node.tickPlanned = false;
  if (node.stopped !== undefined) return;
  const { recording } = run;
  const { log } = recording;
  const { arrived, timerFacts } = node;
  node.freeAt = run.now + TICK;
  const arrivedFrom = log.top;
  log.reserve(arrived.length);
  for (let i = 0; i < arrived.length; i++) {
    log.push(arrived[i]!);
    arrived[i] = recording.entry(arrived[i]!);
  }
  const changesFrom = log.top;
  node.timerFacts = [];
  const report = orEnd(run, node, () => node.tickRows(recording.log, node.arrived, timerFacts));
  arrived.length = 0;
  if (report === undefined) return;
  const { sendsFrom } = report;
  const number = node.ticksBefore + report.tick;
  node.ticks++;
  node.unsettled = report.unsettled;
  node.lastTick = recording.addTick(
    node.index,
    number,
    run.now,
    arrivedFrom,
    changesFrom,
    sendsFrom,
  );
  sendEntries(run, node, sendsFrom);
  sendAll(run, node, node.standing.afterTick(node.engine, report));
  planResend(run, node);
  if (node.unsettled) planTick(run, node);
}

/** A run-time error is the program's, and ends the trace; anything else is our own bug. */
function orEnd<T>(run: Run, node: ClusterNode, evaluate: () => T): T | undefined {
  try {
    return evaluate();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "EvaluationError") throw error;
    const message = `Node ${node.address} stopped: ${error.message}`;
    run.end = { kind: "error", at: milliseconds(run.now), message };
    return undefined;
  }
}

/** Sends what a tick has written to the end of the log. */
function sendEntries(run: Run, node: ClusterNode, sendsFrom: number): void {
  const { recording } = run;
  const { log } = recording;
  const end = log.top;
  if (sendsFrom === end) return;
  const entries: number[] = [];
  for (let at = sendsFrom; at < end; at = log.after(at)) entries.push(at);
  for (const entry of inEntryOrder(entries, recording)) {
    send(run, node.index, entry, node.lastTick ?? NO_TICK, false);
  }
}

function planResend(run: Run, node: ClusterNode): void {
  if (!node.standing.heldBack || node.resendPlanned) return;
  node.resendPlanned = true;
  plan(run, run.now + micros(RESEND_AFTER_MS), EVENT.resend, node.index);
}

function resend(run: Run, node: ClusterNode): void {
  node.resendPlanned = false;
  if (node.stopped !== undefined) return;
  sendAll(run, node, node.standing.release());
}

/** Sends again what stands. */
function sendAll(run: Run, node: ClusterNode, sends: readonly Send[]): void {
  for (const { to, relation, row } of inSendOrder(sends)) {
    const entry = run.recording.sentEntry(to, relation, row);
    send(run, node.index, entry, node.lastTick ?? NO_TICK, true);
  }
}

function ring(run: Run, index: number): void {
  const { node, timer } = run.timers[index]!;
  if (node.stopped !== "crashed") {
    node.timerFacts.push(ringing(timer, run.now));
    planTick(run, node);
  }
  plan(run, run.now + timer.period, EVENT.ring, index);
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
      return crash(run, fault.node);
    case "restart":
      for (const node of siblingsOf(run, fault.node)) restart(run, node);
  }
}

function crash(run: Run, address: string): void {
  const siblings = siblingsOf(run, address);
  const [first] = siblings;
  if (first === undefined || first.stopped === "crashed") return;
  for (const node of siblings) stop(node, "crashed");
  run.outages.push({ place: first.original, from: milliseconds(run.now) });
}

function siblingsOf(run: Run, address: string): readonly ClusterNode[] {
  const original = run.byAddress.get(address)?.original;
  return run.nodes.filter((node) => node.original === original);
}

/** What had arrived and not entered a tick is gone with everything else that was not on disk. */
function restart(run: Run, node: ClusterNode): void {
  if (node.stopped !== "crashed") return;
  const outage = run.outages.findLast(({ place }) => place === node.original);
  if (outage !== undefined) outage.to ??= milliseconds(run.now);
  // What is on its disk is what an idle tick after the last one would start with, and that tick may fail.
  const started = orEnd(run, node, () => node.again(node.engine));
  if (started === undefined) return;
  const { engine, tickRows, standing, fromDisk } = started;
  node.engine = engine;
  node.tickRows = tickRows;
  node.standing = standing;
  node.arrived = [];
  node.timerFacts = [...fromDisk];
  node.ticksBefore = node.ticks;
  node.unsettled = true;
  node.stopped = undefined;
  run.recording.restarts.push({
    node: node.index,
    beforeTick: run.recording.ticks,
    ticksBefore: node.ticks,
    diskRelations: new Set(fromDisk.map((fact) => fact.relation)),
  });
  planTick(run, node);
}

function heal(run: Run, link: Extract<Fault, { readonly kind: "heal" }>): void {
  run.net.setCut(link, false);
  const { recording } = run;
  const still: number[] = [];
  for (const message of run.waiting) {
    const from = recording.placeName(recording.from(message));
    const to = recording.placeName(recording.to(message));
    if (run.net.isCut(from, to)) still.push(message);
    else plan(run, run.net.release(from, to, run.now), EVENT.arrive, message);
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
