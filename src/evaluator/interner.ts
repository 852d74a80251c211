import { integer, isTuple, type Address, type Value } from "../program/value.ts";
import { grown, mix } from "./table.ts";

/** What an expression that cannot be computed evaluates to; no value has this id. */
export const FAILED_ID = -2;

const SMALL = 2 ** 30;
const ADDRESS = 1;
const SWEEP_AT_LEAST = 1 << 14;

/**
 * Values as 32-bit ids: equal ids exactly when the values are equal. Odd ids are small integers themselves (their order
 * is the integers'), even ones index a table from which `sweep` drops what no fact holds any more.
 */
export class Interner {
  #values: (Value | undefined)[] = [];
  /** `ADDRESS` for an address. */
  #kinds = new Uint8Array(64);
  /** For tuples, the ids of their items. */
  #items: (readonly number[] | undefined)[] = [];
  #free: number[] = [];
  readonly #scalars = new Map<string | number | bigint | boolean, number>();
  readonly #addresses = new Map<string, number>();
  readonly #nearNames: (string | undefined)[] = Array.from({ length: 16 });
  readonly #nearIds = new Int32Array(16);
  readonly #bytes = new Map<string, number>();
  /** Open-addressed by the hash of a tuple's items: its index plus one. */
  #tupleSlots = new Int32Array(64);
  #tuples = 0;
  readonly #permanent: number[] = [];
  #sweepAt = SWEEP_AT_LEAST;

  intern(value: Value): number {
    switch (typeof value) {
      case "number":
        if (value === (value | 0) && value < SMALL && value >= -SMALL) return (value << 1) | 1;
        return this.#scalars.get(value) ?? this.#add(this.#scalars, value, value);
      case "bigint":
      case "string":
      case "boolean":
        return this.#scalars.get(value) ?? this.#add(this.#scalars, value, value);
      default:
        if (isTuple(value)) {
          const items: number[] = [];
          for (let i = 0; i < value.length; i++) items.push(this.intern(value[i]!));
          return this.#tuple(items, value);
        }
        return value.kind === "bytes"
          ? (this.#bytes.get(value.hex) ?? this.#add(this.#bytes, value.hex, value))
          : this.#address(value);
    }
  }

  /** Nearly every fact has an address that was seen just before; its last letter tells few of them apart, but cheaply. */
  #address(value: Address): number {
    const { name } = value;
    const near = name.charCodeAt(name.length - 1) & 15;
    if (this.#nearNames[near] === name) return this.#nearIds[near]!;
    const id = this.#addresses.get(name) ?? this.#add(this.#addresses, name, value);
    this.#nearNames[near] = name;
    this.#nearIds[near] = id;
    return id;
  }

  /** Interns a value that must outlive every sweep. */
  constant(value: Value): number {
    const id = this.intern(value);
    this.#permanent.push(id);
    return id;
  }

  tuple(items: readonly number[]): number {
    return this.#tuple(items, undefined);
  }

  #tuple(items: readonly number[], value: Value | undefined): number {
    const slots = this.#tupleSlots;
    const mask = slots.length - 1;
    let slot = hashOf(items) & mask;
    for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const index = slots[slot]! - 1;
      if (sameItems(this.#items[index]!, items)) return index << 1;
    }
    const index = this.#place(value ?? items.map((item) => this.valueOf(item)));
    this.#items[index] = items;
    slots[slot] = index + 1;
    if (++this.#tuples * 2 > mask) this.#placeTuples(2 * slots.length);
    return index << 1;
  }

  #placeTuples(length: number): void {
    const slots = new Int32Array(length);
    const mask = length - 1;
    for (const [index, items] of this.#items.entries()) {
      if (items === undefined) continue;
      let slot = hashOf(items) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = index + 1;
    }
    this.#tupleSlots = slots;
  }

  valueOf(id: number): Value {
    return (id & 1) === 1 ? id >> 1 : this.#values[id >> 1]!;
  }

  isAddress(id: number): boolean {
    return (id & 1) === 0 && this.#kinds[id >> 1] === ADDRESS;
  }

  /** The ids of a tuple's items; undefined for any other value. */
  itemsOf(id: number): readonly number[] | undefined {
    return (id & 1) === 1 ? undefined : this.#items[id >> 1];
  }

  integer(value: bigint): number | undefined {
    const canonical = integer(value);
    return canonical === undefined ? undefined : this.intern(canonical);
  }

  /** Whether as much was interned since the last sweep as survived it, so that sweeping costs little for each value. */
  needsSweep(): boolean {
    return this.#values.length - this.#free.length >= this.#sweepAt;
  }

  /** Forgets every value that neither `visitLive` reports nor a constant holds. */
  sweep(visitLive: (mark: (id: number) => void) => void): void {
    const marked = new Uint8Array(this.#values.length);
    const mark = (id: number): void => {
      if ((id & 1) === 1 || marked[id >> 1] === 1) return;
      marked[id >> 1] = 1;
      this.#items[id >> 1]?.forEach(mark);
    };
    this.#permanent.forEach(mark);
    visitLive(mark);
    this.#nearNames.fill(undefined);
    for (let i = 0; i < marked.length; i++) {
      if (marked[i] === 0 && this.#values[i] !== undefined) this.#forget(i);
    }
    let length = 64;
    while (length < 4 * this.#tuples) length *= 2;
    this.#placeTuples(length);
    this.#sweepAt = Math.max(SWEEP_AT_LEAST, 2 * (this.#values.length - this.#free.length));
  }

  #forget(index: number): void {
    const value = this.#values[index]!;
    if (typeof value !== "object") this.#scalars.delete(value);
    else if (isTuple(value)) this.#tuples--;
    else if (value.kind === "bytes") this.#bytes.delete(value.hex);
    else this.#addresses.delete(value.name);
    this.#values[index] = undefined;
    this.#items[index] = undefined;
    this.#free.push(index);
  }

  #add<K>(map: Map<K, number>, key: K, value: Value): number {
    const id = this.#place(value) << 1;
    map.set(key, id);
    return id;
  }

  #place(value: Value): number {
    const index = this.#free.pop() ?? this.#values.length;
    this.#values[index] = value;
    this.#items[index] = undefined;
    if (index >= this.#kinds.length) this.#kinds = grown(this.#kinds, 2 * index);
    this.#kinds[index] = isAddress(value) ? ADDRESS : 0;
    return index;
  }
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
