import { hashOf } from "./slots.ts";

/** How a generated table lays its rows out: `width` numbers each, the first ones its cells. */
export interface RowLayout {
  readonly width: number;
  readonly arity: number;
  /** A row is in use if this number of it has some of these bits. */
  readonly usedField: number;
  readonly usedBits: number;
  /** Rows that a new table has room for, and the length of its slots. */
  readonly rows: number;
  readonly slots: number;
}

export interface Compacted {
  readonly rows: Int32Array;
  readonly slots: Int32Array;
  readonly top: number;
}

/** The rows in use of a table side by side, in a new array. In the old one, where a row began stands where it went. */
export function compacted(
  layout: RowLayout,
  old: Int32Array,
  end: number,
  used: number,
): Compacted {
  const { width, arity, usedField, usedBits } = layout;
  let size = layout.rows;
  while (size < 2 * used + 2) size *= 2;
  const rows = new Int32Array(size * width);
  const slots = new Int32Array((size / layout.rows) * layout.slots);
  const mask = slots.length - 1;
  let top = width;
  for (let from = width; from < end; from += width) {
    if ((old[from + usedField]! & usedBits) === 0) continue;
    for (let i = 0; i < width; i++) rows[top + i] = old[from + i]!;
    const hash = hashOf(rows, top, arity);
    let slot = (hash << 1) & mask;
    while (slots[slot] !== 0) slot = (slot + 2) & mask;
    slots[slot] = top;
    slots[slot + 1] = hash;
    old[from] = top;
    top += width;
  }
  return { rows, slots, top };
}

/** The number (its place by the width) that each row will have after a compaction, or -1. */
export function newNumbers(layout: RowLayout, rows: Int32Array, end: number): Int32Array {
  const { width, usedField, usedBits } = layout;
  const numbers = new Int32Array(end / width).fill(-1);
  let next = 1;
  for (let row = width; row < end; row += width) {
    if ((rows[row + usedField]! & usedBits) !== 0) numbers[row / width] = next++;
  }
  return numbers;
}

/** A list of rows after a compaction, with room for more. */
export function moved(list: Int32Array, length: number, old: Int32Array, room: number): Int32Array {
  const now = new Int32Array(length + room);
  for (let i = 0; i < length; i++) now[i] = old[list[i]!]!;
  return now;
}
