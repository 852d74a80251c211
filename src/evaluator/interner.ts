import { integer, isTuple, scalarSize, type Address, type Value } from "../program/value.ts";
import { MAX_TUPLE_DEPTH, MAX_VALUE_SIZE } from "../program/limits.ts";
import { canonicalValue, noValue } from "./canonicalValue.ts";
import { mix, resized } from "./table.ts";

/** What an expression that cannot be computed evaluates to; no value has this id. */
export const FAILED_ID = -2;

const SMALL = 2 ** 30;
const ADDRESS = 1;
const ROOM = 64;
/** A sweep of fewer values than this is not worth its while, and space for so many is kept. */
const SWEEP_AT_LEAST = 1 << 9;
/** Numbers of values run up to this and then start again. */
const LAST_NUMBER = SMALL - 1;

/**
 * Values as 32-bit ids: equal ids exactly when the values are equal. Odd ids are small integers themselves (their order
 * is the integers'), even ones are twice the number that a value got when it came. Values lie side by side in the order
 * they came; `sweep` drops those that no fact holds any more and closes up the others, so that nothing here grows with
 * how many there once were.
 */
export class Interner {
  #values: (Value | undefined)[] = [];
  /** For tuples, the ids of their items. */
  #items: (readonly number[] | undefined)[] = [];
  /** `ADDRESS` for an address. */
  #kinds = new Uint8Array(ROOM);
  /** How deep tuples nest in it, and how large it is with all that is in it; beyond the limits, one more than they. */
  #depths = new Uint8Array(ROOM);
  #sizes = new Int32Array(ROOM);
  #numbers = new Int32Array(ROOM);
  #count = 0;
  /** Open-addressed by number: the value's place plus one. */
  #slots = new Int32Array(2 * ROOM);
  #shift = shiftFor(2 * ROOM);
  #nextNumber: number;
  /** How many values were given in another form than the canonical one. */
  #converted = 0;
  readonly #scalars = new Map<string | number | bigint | boolean, number>();
  readonly #addresses = new Map<string, number>();
  readonly #nearNames: (string | undefined)[] = Array.from({ length: 16 });
  readonly #nearIds = new Int32Array(16);
  readonly #bytes = new Map<string, number>();
  /** Open-addressed by the hash of a tuple's items: its place plus one. */
  #tupleSlots = new Int32Array(ROOM);
  #tuples = 0;
  readonly #permanent: number[] = [];
  #sweepAt = SWEEP_AT_LEAST;
  /** What the last sweep looked at, and how many cells tables have given back since. */
  #swept = 0;
  #lost = 0;

  constructor(firstNumber = 0) {
    this.#nextNumber = firstNumber;
  }

  /** Of what is no canonical value the canonical form is taken; that is looked at where a value comes for the first time. */
  intern(value: Value): number {
    switch (typeof value) {
      case "number":
        if (value === (value | 0) && value < SMALL && value >= -SMALL) return (value << 1) | 1;
        return this.#scalars.get(value) ?? this.#addCanonical(this.#scalars, value, value);
      case "bigint":
        return this.#scalars.get(value) ?? this.#addCanonical(this.#scalars, value, value);
      case "string":
      case "boolean":
        return this.#scalars.get(value) ?? this.#add(this.#scalars, value, value);
      case "object":
        if (value === null) return noValue(value);
        if (isTuple(value)) return this.#givenTuple(value);
        if (value.kind === "address") return this.#address(value);
        if (value.kind !== "bytes") return noValue(value);
        return this.#bytes.get(value.hex) ?? this.#addCanonical(this.#bytes, value.hex, value);
      default:
        return noValue(value);
    }
  }

  #givenTuple(value: readonly Value[]): number {
    const items: number[] = [];
    const before = this.#converted;
    for (let i = 0; i < value.length; i++) {
      const item = value[i]!;
      if (Object.is(item, -0)) this.#converted++;
      items.push(this.intern(item));
    }
    return this.#idAt(this.#tuple(items, this.#converted === before ? value : undefined));
  }

  /** Nearly every fact has an address that was seen just before; its last letter tells few of them apart, but cheaply. */
  #address(value: Address): number {
    const { name } = value;
    if (typeof name !== "string") return noValue(value);
    const near = name.charCodeAt(name.length - 1) & 15;
    if (this.#nearNames[near] === name) return this.#nearIds[near]!;
    const id = this.#addresses.get(name) ?? this.#add(this.#addresses, name, value);
    this.#nearNames[near] = name;
    this.#nearIds[near] = id;
    return id;
  }

  #addCanonical<K>(map: Map<K, number>, key: K, value: Value): number {
    const canonical = canonicalValue(value);
    if (canonical === value) return this.#add(map, key, value);
    if (canonical === undefined) return noValue(value);
    this.#converted++;
    return this.intern(canonical);
  }

  /** Interns a value that must outlive every sweep. */
  constant(value: Value): number {
    const id = this.intern(value);
    this.#permanent.push(id);
    return id;
  }

  tuple(items: readonly number[]): number {
    return this.#idAt(this.#tuple(items, undefined));
  }

  /** `#numbers` may be another array than before its place was found. */
  #idAt(place: number): number {
    return this.#numbers[place]! << 1;
  }

  /** A tuple that a rule computes: `FAILED_ID` where it would be nested too deep or too large. */
  computedTuple(items: readonly number[]): number {
    const place = this.#tuple(items, undefined);
    const over = this.#depths[place]! > MAX_TUPLE_DEPTH || this.#sizes[place]! > MAX_VALUE_SIZE;
    return over ? FAILED_ID : this.#idAt(place);
  }

  /** The tuple of these items, if there is one: `FAILED_ID` where no row can hold it. */
  knownTuple(items: readonly number[]): number {
    const slots = this.#tupleSlots;
    const mask = slots.length - 1;
    for (let slot = hashOf(items) & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const place = slots[slot]! - 1;
      if (sameItems(this.#items[place]!, items)) return this.#numbers[place]! << 1;
    }
    return FAILED_ID;
  }

  /** Where the tuple lies. */
  #tuple(items: readonly number[], value: Value | undefined): number {
    const slots = this.#tupleSlots;
    const mask = slots.length - 1;
    let slot = hashOf(items) & mask;
    for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const place = slots[slot]! - 1;
      if (sameItems(this.#items[place]!, items)) return place;
    }
    const place = this.#place(value ?? items.map((item) => this.valueOf(item)));
    this.#items[place] = items;
    this.#measure(place, items);
    slots[slot] = place + 1;
    if (++this.#tuples * 2 > mask) this.#placeTuples(2 * slots.length);
    return place;
  }

  #measure(place: number, items: readonly number[]): void {
    let depth = 0;
    let size = 1;
    for (let i = 0; i < items.length; i++) {
      const item = items[i]!;
      const at = (item & 1) === 1 ? -1 : this.#placeOf(item >> 1);
      size += at < 0 ? 1 : this.#sizes[at]!;
      if (at >= 0 && this.#depths[at]! > depth) depth = this.#depths[at]!;
    }
    this.#depths[place] = Math.min(depth, MAX_TUPLE_DEPTH) + 1;
    this.#sizes[place] = Math.min(size, MAX_VALUE_SIZE + 1);
  }

  #placeTuples(length: number): void {
    const slots = new Int32Array(length);
    const mask = length - 1;
    for (let place = 0; place < this.#count; place++) {
      const items = this.#items[place];
      if (items === undefined) continue;
      let slot = hashOf(items) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = place + 1;
    }
    this.#tupleSlots = slots;
  }

  valueOf(id: number): Value {
    return (id & 1) === 1 ? id >> 1 : this.#values[this.#placeOf(id >> 1)]!;
  }

  isAddress(id: number): boolean {
    return (id & 1) === 0 && this.#kinds[this.#placeOf(id >> 1)] === ADDRESS;
  }

  /** The ids of a tuple's items; undefined for any other value. */
  itemsOf(id: number): readonly number[] | undefined {
    return (id & 1) === 1 ? undefined : this.#items[this.#placeOf(id >> 1)];
  }

  integer(value: bigint): number | undefined {
    const canonical = integer(value);
    return canonical === undefined ? undefined : this.intern(canonical);
  }

  /** Tables gave back the space of so many cells: of what they held, values may be left that nothing holds. */
  lost(cells: number): void {
    this.#lost += cells;
    if (4 * this.#lost >= this.#swept) this.#sweepAt = SWEEP_AT_LEAST;
  }

  /** Whether so much was interned since the last sweep, or given back by tables, that sweeping costs little for each. */
  needsSweep(): boolean {
    return this.#count >= this.#sweepAt;
  }

  /** Forgets every value that neither `visitLive` reports nor a constant holds. */
  sweep(visitLive: (mark: (id: number) => void) => void): void {
    const marked = new Uint8Array(this.#count);
    let seen = this.#count;
    const mark = (id: number): void => {
      seen++;
      if ((id & 1) === 1) return;
      const place = this.#placeOf(id >> 1);
      if (marked[place] !== 0) return;
      marked[place] = 1;
      this.#items[place]?.forEach(mark);
    };
    this.#permanent.forEach(mark);
    visitLive(mark);
    this.#nearNames.fill(undefined);
    this.#closeUp(marked);
    let length = ROOM;
    while (length < 4 * this.#tuples) length *= 2;
    this.#placeTuples(length);
    this.#swept = seen;
    this.#lost = 0;
    this.#sweepAt = Math.max(SWEEP_AT_LEAST, 2 * this.#count, this.#count + (seen >> 4));
  }

  #closeUp(marked: Uint8Array): void {
    let to = 0;
    for (let from = 0; from < marked.length; from++) {
      if (marked[from] === 0) {
        this.#forget(this.#values[from]!);
        continue;
      }
      this.#values[to] = this.#values[from];
      this.#items[to] = this.#items[from];
      this.#kinds[to] = this.#kinds[from]!;
      this.#depths[to] = this.#depths[from]!;
      this.#sizes[to] = this.#sizes[from]!;
      this.#numbers[to] = this.#numbers[from]!;
      to++;
    }
    this.#count = to;
    this.#values.fill(undefined, to);
    this.#items.fill(undefined, to);
    let room = this.#numbers.length;
    while (room > 2 * SWEEP_AT_LEAST && room > 4 * to) room /= 2;
    if (this.#values.length > room) this.#values.length = this.#items.length = room;
    this.#resize(room);
  }

  #forget(value: Value): void {
    if (typeof value !== "object") this.#scalars.delete(value);
    else if (isTuple(value)) this.#tuples--;
    else if (value.kind === "bytes") this.#bytes.delete(value.hex);
    else this.#addresses.delete(value.name);
  }

  #add<K>(map: Map<K, number>, key: K, value: Value): number {
    const place = this.#place(value);
    const id = this.#numbers[place]! << 1;
    map.set(key, id);
    return id;
  }

  /** Gives the value a number that no other has; answers where it lies. */
  #place(value: Value): number {
    if (this.#count === this.#numbers.length) this.#resize(2 * this.#count);
    while (this.#placeOf(this.#nextNumber) >= 0) this.#nextNumber = after(this.#nextNumber);
    const place = this.#count++;
    this.#values[place] = value;
    this.#items[place] = undefined;
    this.#kinds[place] = isAddress(value) ? ADDRESS : 0;
    this.#depths[place] = 0;
    this.#sizes[place] = isTuple(value) ? 0 : Math.min(scalarSize(value), MAX_VALUE_SIZE + 1);
    this.#numbers[place] = this.#nextNumber;
    this.#slots[this.#emptySlot(this.#nextNumber)] = place + 1;
    this.#nextNumber = after(this.#nextNumber);
    return place;
  }

  /** Where the value with this number lies, or -1. */
  #placeOf(number: number): number {
    const slots = this.#slots;
    let slot = home(number, this.#shift);
    for (;;) {
      const place = slots[slot]! - 1;
      if (place < 0 || this.#numbers[place] === number) return place;
      slot = (slot + 1) & (slots.length - 1);
    }
  }

  #emptySlot(number: number): number {
    const slots = this.#slots;
    let slot = home(number, this.#shift);
    while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
    return slot;
  }

  /** Room for so many values; numbers are found anew. */
  #resize(room: number): void {
    if (room === this.#numbers.length) this.#slots.fill(0);
    else {
      this.#numbers = resized(this.#numbers, room);
      this.#kinds = resized(this.#kinds, room);
      this.#depths = resized(this.#depths, room);
      this.#sizes = resized(this.#sizes, room);
      this.#slots = new Int32Array(2 * room);
      this.#shift = shiftFor(2 * room);
    }
    for (let place = 0; place < this.#count; place++) {
      this.#slots[this.#emptySlot(this.#numbers[place]!)] = place + 1;
    }
  }
}

function after(number: number): number {
  return number === LAST_NUMBER ? 0 : number + 1;
}

/** Numbers given one after the other come to lie apart. */
function home(number: number, shift: number): number {
  return Math.imul(number, 0x9e3779b1) >>> shift;
}

/** For that many slots, a power of two. */
function shiftFor(slots: number): number {
  return Math.clz32(slots) + 1;
}

function hashOf(items: readonly number[]): number {
  let hash = items.length;
  for (let i = 0; i < items.length; i++) hash = mix(hash, items[i]!);
  return hash;
}

function sameItems(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function isAddress(value: Value): boolean {
  return typeof value === "object" && !isTuple(value) && value.kind === "address";
}
