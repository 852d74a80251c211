import { entryTag, ENTRY, relationOfTag, RowLog, SharedIds } from "../evaluator/rowLog.ts";
import { grown } from "../evaluator/table.ts";
import { address } from "../program/value.ts";
import type { Address, Row } from "../program/value.ts";
import type { RelationName } from "../program/program.ts";
import type { Micros } from "./network.ts";
import type { TraceMessage } from "./trace.ts";

/** In the order of their codes, from 1; 0 is none. */
const FAULTS = ["lost", "delayed", "duplicate"] as const satisfies readonly TraceMessage["fault"][];

/** Numbers of one message: both places, its entry in the log, the tick that sent it or -1, its fault's code. */
const MESSAGE = { from: 0, to: 1, entry: 2, sentBy: 3, fault: 4, size: 5 } as const;
/** Numbers of one tick: its node, its number there, where in the log what arrived begins, what changed, and the end. */
const TICK = { node: 0, number: 1, arrived: 2, changes: 3, end: 4, size: 5 } as const;

const NOT_YET = -1;

/** A node that starts again after a crash: its ticks from that one on begin with what came from its disk. */
export interface Restart {
  readonly node: number;
  /** The run's tick before which it happened. */
  readonly beforeTick: number;
  /** How many ticks the node had run by then. */
  readonly ticksBefore: number;
  /** Relations of the engine's that are not the program's. */
  readonly diskRelations: ReadonlySet<RelationName>;
}

/**
 * What happens in a run, as numbers in a few growing arrays: recording makes no object that lasts. A trace is read out of
 * it when somebody asks (`recordedTrace`).
 */
export class Recording {
  readonly ids = new SharedIds();
  readonly log = new RowLog();
  readonly restarts: Restart[] = [];
  messages = 0;
  ticks = 0;
  readonly #places: string[] = [];
  readonly #placeOf = new Map<string, number>();
  /** By the id of the address. */
  readonly #placeOfId = new Map<number, number>();
  #message: Int32Array = new Int32Array(1 << 8);
  /** Two for each message: when it was sent, and when it arrived. */
  #messageTimes = new Float64Array(1 << 8);
  #tick: Int32Array = new Int32Array(1 << 8);
  #tickTimes = new Float64Array(1 << 8);

  /** The number of a place: of a node, of the clients, or of whatever a program sends to. */
  place(name: string): number {
    let place = this.#placeOf.get(name);
    if (place === undefined) {
      place = this.#places.push(name) - 1;
      this.#placeOf.set(name, place);
      this.#placeOfId.set(this.ids.interner.intern(address(name)), place);
    }
    return place;
  }

  placeName(place: number): string {
    return this.#places[place]!;
  }

  /** Where the sent fact of this entry goes. */
  destination(entry: number): number {
    const id = this.log.cells[entry + 2]!;
    return this.#placeOfId.get(id) ?? this.place((this.ids.interner.valueOf(id) as Address).name);
  }

  /** Writes an entry for a fact on its way. */
  sentEntry(to: string, relation: RelationName, row: Row): number {
    const tag = entryTag(this.ids.relation(relation), ENTRY.sent);
    return this.log.entry(tag, this.ids.interner, [address(to), ...row]);
  }

  relation(entry: number): RelationName {
    return this.ids.nameOf(relationOfTag(this.log.tag(entry)));
  }

  /** The row of the sent fact of this entry. */
  sentRow(entry: number): Row {
    return this.log.row(entry, this.ids.interner, 1);
  }

  addMessage(
    from: number,
    entry: number,
    at: Micros,
    sentBy: number,
    fault: TraceMessage["fault"],
  ): number {
    const id = this.messages++;
    const base = id * MESSAGE.size;
    if (base + MESSAGE.size > this.#message.length) {
      this.#message = grown(this.#message, 2 * this.#message.length);
    }
    if (2 * id + 2 > this.#messageTimes.length) this.#messageTimes = doubled(this.#messageTimes);
    const numbers = this.#message;
    numbers[base + MESSAGE.from] = from;
    numbers[base + MESSAGE.to] = this.destination(entry);
    numbers[base + MESSAGE.entry] = entry;
    numbers[base + MESSAGE.sentBy] = sentBy;
    numbers[base + MESSAGE.fault] = fault === undefined ? 0 : FAULTS.indexOf(fault) + 1;
    this.#messageTimes[2 * id] = at;
    this.#messageTimes[2 * id + 1] = NOT_YET;
    return id;
  }

  from(message: number): number {
    return this.#message[message * MESSAGE.size + MESSAGE.from]!;
  }

  to(message: number): number {
    return this.#message[message * MESSAGE.size + MESSAGE.to]!;
  }

  entry(message: number): number {
    return this.#message[message * MESSAGE.size + MESSAGE.entry]!;
  }

  /** Absent for what clients send. */
  sentBy(message: number): number | undefined {
    const tick = this.#message[message * MESSAGE.size + MESSAGE.sentBy]!;
    return tick < 0 ? undefined : tick;
  }

  fault(message: number): TraceMessage["fault"] {
    const code = this.#message[message * MESSAGE.size + MESSAGE.fault]!;
    return code === 0 ? undefined : FAULTS[code - 1];
  }

  setFault(message: number, fault: (typeof FAULTS)[number]): void {
    this.#message[message * MESSAGE.size + MESSAGE.fault] = FAULTS.indexOf(fault) + 1;
  }

  sentAt(message: number): Micros {
    return this.#messageTimes[2 * message]!;
  }

  arrivedAt(message: number): Micros | undefined {
    const at = this.#messageTimes[2 * message + 1]!;
    return at === NOT_YET ? undefined : at;
  }

  setArrived(message: number, at: Micros): void {
    this.#messageTimes[2 * message + 1] = at;
  }

  /** Notes a tick whose part of the log ends here: from `arrived` on ids of messages, from `changes` on entries. */
  addTick(
    node: number,
    number: number,
    at: Micros,
    arrived: number,
    changes: number,
    end: number,
  ): number {
    const index = this.ticks++;
    const base = index * TICK.size;
    if (base + TICK.size > this.#tick.length) this.#tick = grown(this.#tick, 2 * this.#tick.length);
    if (index >= this.#tickTimes.length) this.#tickTimes = doubled(this.#tickTimes);
    const numbers = this.#tick;
    numbers[base + TICK.node] = node;
    numbers[base + TICK.number] = number;
    numbers[base + TICK.arrived] = arrived;
    numbers[base + TICK.changes] = changes;
    numbers[base + TICK.end] = end;
    this.#tickTimes[index] = at;
    return index;
  }

  tickNode(tick: number): number {
    return this.#tick[tick * TICK.size + TICK.node]!;
  }

  tickNumber(tick: number): number {
    return this.#tick[tick * TICK.size + TICK.number]!;
  }

  tickAt(tick: number): Micros {
    return this.#tickTimes[tick]!;
  }

  /** Ids of the messages that entered it. */
  tickArrived(tick: number): readonly number[] {
    const base = tick * TICK.size;
    const [from, to] = [this.#tick[base + TICK.arrived]!, this.#tick[base + TICK.changes]!];
    const arrived: number[] = [];
    for (let at = from; at < to; at++) arrived.push(this.log.cells[at]!);
    return arrived;
  }

  /** The entries of what changed in it. */
  tickChanges(tick: number): readonly number[] {
    const base = tick * TICK.size;
    const end = this.#tick[base + TICK.end]!;
    const entries: number[] = [];
    for (let at = this.#tick[base + TICK.changes]!; at < end; at = this.log.after(at))
      entries.push(at);
    return entries;
  }
}

function doubled(array: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const copy = new Float64Array(2 * array.length);
  copy.set(array);
  return copy;
}
