import type { Change, Fact } from "../evaluator/nodeEngine.ts";
import { ENTRY, kindOfTag, relationOfTag } from "../evaluator/rowLog.ts";
import type { RowLog } from "../evaluator/rowLog.ts";
import { heldAfter, without } from "./durable.ts";
import { milliseconds } from "./network.ts";
import { inFactOrder } from "./order.ts";
import type { Recording, Restart } from "./recording.ts";
import type { TraceMessage, TraceTick } from "./trace.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The messages of a run so far, read out of its recording. */
export function recordedMessages(r: Recording): readonly TraceMessage[] {
  const messages: TraceMessage[] = [];
  for (let id = 0; id < r.messages; id++) {
    const entry = r.entry(id);
    const message: Writable<TraceMessage> = {
      id,
      from: r.placeName(r.from(id)),
      to: r.placeName(r.to(id)),
      relation: r.relation(entry),
      row: r.sentRow(entry),
      sentAt: milliseconds(r.sentAt(id)),
    };
    const sentBy = r.sentBy(id);
    const fault = r.fault(id);
    const arrivedAt = r.arrivedAt(id);
    if (sentBy !== undefined) message.sentBy = sentBy;
    if (fault !== undefined) message.fault = fault;
    if (arrivedAt !== undefined) message.arrivedAt = milliseconds(arrivedAt);
    messages.push(message);
  }
  return messages;
}

/** What is known of a node when its next tick is read. */
interface ReadNode {
  /** Entries of what held in its last tick of relations whose facts last one tick, by the relation's number. */
  passing: ReadonlyMap<number, readonly number[]>;
  /** The crash after which it runs now. */
  readonly restart: Restart | undefined;
  /** The first tick after it has been read. */
  restored: boolean;
}

/** The ticks of a run so far. */
export function recordedTicks(r: Recording): readonly TraceTick[] {
  const ticks: TraceTick[] = [];
  const nodes: ReadNode[] = [];
  let restarts = 0;
  for (let index = 0; index < r.ticks; index++) {
    for (; r.restarts[restarts]?.beforeTick === index; restarts++) {
      const restart = r.restarts[restarts]!;
      nodes[restart.node] = { passing: new Map(), restart, restored: false };
    }
    const node = r.tickNode(index);
    const known = (nodes[node] ??= { passing: new Map(), restart: undefined, restored: true });
    const { appeared, disappeared } = changes(r, index, known, ticks);
    const startedAfter = known.restart?.ticksBefore ?? 0;
    ticks.push({
      node,
      tick: r.tickNumber(index),
      ...(startedAfter > 0 ? { startedAfter } : {}),
      at: milliseconds(r.tickAt(index)),
      arrived: r.tickArrived(index),
      appeared: inFactOrder(appeared),
      disappeared: inFactOrder(disappeared),
    });
  }
  return ticks;
}

/** In the first tick after a restart, what the crash took away has disappeared, too. */
function changes(
  r: Recording,
  index: number,
  known: ReadNode,
  ticks: readonly TraceTick[],
): Change {
  const whole = engineChanges(r, index, known);
  const { restart } = known;
  if (restart === undefined || restart.ticksBefore === 0) return whole;
  const ofProgram = (fact: Fact): boolean => !restart.diskRelations.has(fact.relation);
  const appeared = whole.appeared.filter(ofProgram);
  if (known.restored) return { appeared, disappeared: whole.disappeared.filter(ofProgram) };
  known.restored = true;
  const held = heldAfter(ticks, restart.node);
  return { appeared: without(appeared, held), disappeared: without(held, appeared) };
}

/** What the engine changed: of relations whose facts last one tick it says only what holds. */
function engineChanges(r: Recording, index: number, known: ReadNode): Change {
  const appeared: Fact[] = [];
  const disappeared: Fact[] = [];
  const holding = new Map<number, number[]>();
  for (const entry of r.tickChanges(index)) {
    const tag = r.log.tag(entry);
    const kind = kindOfTag(tag);
    if (kind === ENTRY.appeared) appeared.push(factOf(r, entry));
    else if (kind === ENTRY.disappeared) disappeared.push(factOf(r, entry));
    else {
      const entries = holding.get(relationOfTag(tag));
      if (entries === undefined) holding.set(relationOfTag(tag), [entry]);
      else entries.push(entry);
    }
  }
  const before = known.passing;
  known.passing = holding;
  for (const [relation, entries] of holding) {
    for (const entry of missing(r.log, entries, before.get(relation) ?? [])) {
      appeared.push(factOf(r, entry));
    }
  }
  for (const [relation, entries] of before) {
    for (const entry of missing(r.log, entries, holding.get(relation) ?? [])) {
      disappeared.push(factOf(r, entry));
    }
  }
  return { appeared, disappeared };
}

function factOf(r: Recording, entry: number): Fact {
  return { relation: r.relation(entry), row: r.log.row(entry, r.ids.interner) };
}

/** The entries whose cells are not among the others', all being of one relation. */
function missing(
  { cells }: RowLog,
  entries: readonly number[],
  others: readonly number[],
): readonly number[] {
  if (others.length === 0) return entries;
  if (entries.length * others.length <= FEW) {
    return entries.filter((entry) => !others.some((other) => isSameRow(cells, entry, other)));
  }
  const key = (entry: number): string =>
    cells.subarray(entry + 1, entry + 2 + cells[entry + 1]!).join();
  const keys = new Set(others.map(key));
  return entries.filter((entry) => !keys.has(key(entry)));
}

/** As many pairs are sooner compared than looked up. */
const FEW = 64;

function isSameRow(cells: Int32Array, entry: number, other: number): boolean {
  const columns = cells[entry + 1]!;
  for (let i = 2; i < columns + 2; i++) if (cells[entry + i] !== cells[other + i]) return false;
  return true;
}
