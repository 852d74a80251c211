import { grown } from "./table.ts";

/** A list of row numbers that keeps its space when it is emptied, tick after tick. */
export class RowList {
  rows: Int32Array = new Int32Array(16);
  length = 0;

  push(row: number): void {
    if (this.length === this.rows.length) this.rows = grown(this.rows, 2 * this.length);
    this.rows[this.length++] = row;
  }

  at(index: number): number {
    return this.rows[index]!;
  }

  clear(): void {
    this.length = 0;
  }

  toArray(): number[] {
    return [...this.rows.subarray(0, this.length)];
  }
}
