import { grown, LARGE } from "./table.ts";

const ROOM = 16;

/** A list of row numbers that keeps its space when it is emptied, tick after tick, unless that is far too much. */
export class RowList {
  rows: Int32Array = new Int32Array(ROOM);
  length = 0;

  push(row: number): void {
    if (this.length === this.rows.length) this.rows = grown(this.rows, 2 * this.length);
    this.rows[this.length++] = row;
  }

  at(index: number): number {
    return this.rows[index]!;
  }

  clear(): void {
    const { length } = this.rows;
    if (length > LARGE && 16 * this.length < length) this.rows = new Int32Array(length / 2);
    this.length = 0;
  }

  /** Rows have moved: where row r went stands at r. */
  relocate(places: Int32Array): void {
    const rows = new Int32Array(this.length + ROOM);
    for (let i = 0; i < this.length; i++) rows[i] = places[this.rows[i]!]!;
    this.rows = rows;
  }

  toArray(): number[] {
    return [...this.rows.subarray(0, this.length)];
  }
}
