import type { Row } from "../program/value.ts";
import type { NodeTable } from "./machine.ts";

/**
 * Which sends of one channel cease to stand: rows that cease to hold, but for those that had only appeared in the tick
 * before. So a tick costs what it and the one before changed, whatever stands.
 */
export class StandingWatch {
  /** What stood in the tick before and did not hold in the last one; the first value is where it was sent. */
  ceased: readonly Row[] = [];
  readonly #table: NodeTable;
  /** Whether anything stood in the tick before. */
  #stood = false;
  /** The ids of the rows that appeared in it, if anything stood beside them. */
  #fresh: number[] = [];

  constructor(table: NodeTable) {
    this.#table = table;
  }

  /** A tick begins: the table shows what the one before it changed, still. */
  begins(): void {
    const table = this.#table;
    const appeared = table.appeared();
    this.#stood = table.present() > appeared;
    this.#fresh = [];
    if (!this.#stood) return;
    for (let i = 0; i < appeared; i++) {
      for (let c = 0; c < table.arity; c++) this.#fresh.push(table.cell(table.appearedAt(i), c));
    }
  }

  /** All rules have run, and the rows that ceased to hold are there, still. */
  ran(): void {
    const table = this.#table;
    const gone = table.disappeared();
    this.ceased = [];
    if (!this.#stood || gone === 0) return;
    const fresh = new Set<string>();
    const { arity } = table;
    for (let at = 0; at < this.#fresh.length; at += arity) {
      fresh.add(this.#fresh.slice(at, at + arity).join());
    }
    const ceased: Row[] = [];
    for (let i = 0; i < gone; i++) {
      const row = table.disappearedAt(i);
      const ids = Array.from({ length: arity }, (_, c) => table.cell(row, c));
      if (!fresh.has(ids.join())) ceased.push(table.values(row, 0));
    }
    this.ceased = ceased;
  }
}
