import type { RelationName } from "../program/program.ts";
import type { Row } from "../program/value.ts";
import { Interner } from "./interner.ts";
import { grown } from "./table.ts";

/** How an entry of a log came into it. */
export const ENTRY = {
  /** A message: the first cell is its destination. */
  sent: 0,
  /** Holds in this tick, of a relation whose facts last one tick. */
  holds: 1,
  appeared: 2,
  disappeared: 3,
} as const;

export type EntryKind = (typeof ENTRY)[keyof typeof ENTRY];

/** Bits of an entry's first number that say its kind; the relation's number stands above them. */
const KIND_BITS = 2;

/**
 * What the nodes of one run have in common, so that facts pass between them as ids: values, which live as long as the
 * run, and relations.
 */
export class SharedIds {
  readonly interner = new Interner();
  readonly #names: RelationName[] = [];
  readonly #numbers = new Map<RelationName, number>();

  relation(name: RelationName): number {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = this.#names.push(name) - 1;
      this.#numbers.set(name, number);
    }
    return number;
  }

  nameOf(relation: number): RelationName {
    return this.#names[relation]!;
  }
}

/** The first number of an entry. */
export function entryTag(relation: number, kind: EntryKind): number {
  return (relation << KIND_BITS) | kind;
}

export function kindOfTag(tag: number): EntryKind {
  return (tag & ((1 << KIND_BITS) - 1)) as EntryKind;
}

export function relationOfTag(tag: number): number {
  return tag >> KIND_BITS;
}

/** Facts as numbers in one array that grows: the entry's tag, how many cells it has, then their ids. */
export class RowLog {
  cells: Int32Array = new Int32Array(1 << 10);
  /** Where the next entry begins. */
  top = 0;

  /** Makes room for so many numbers more. The array may be another one afterwards. */
  reserve(more: number): Int32Array {
    const needed = this.top + more;
    if (needed > this.cells.length) {
      this.cells = grown(this.cells, Math.max(needed, 2 * this.cells.length));
    }
    return this.cells;
  }

  push(number: number): void {
    this.reserve(1)[this.top++] = number;
  }

  /** Writes an entry of these values and says where it begins. */
  entry(tag: number, interner: Interner, row: Row): number {
    const at = this.top;
    this.reserve(2 + row.length);
    this.cells[this.top++] = tag;
    this.cells[this.top++] = row.length;
    for (const value of row) this.cells[this.top++] = interner.intern(value);
    return at;
  }

  tag(entry: number): number {
    return this.cells[entry]!;
  }

  /** Where the entry after this one begins. */
  after(entry: number): number {
    return entry + 2 + this.cells[entry + 1]!;
  }

  /** The values of an entry from that cell on. */
  row(entry: number, interner: Interner, from = 0): Row {
    const end = this.after(entry);
    const row = [];
    for (let at = entry + 2 + from; at < end; at++) row.push(interner.valueOf(this.cells[at]!));
    return row;
  }
}
