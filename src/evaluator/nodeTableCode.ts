import type { RelationName } from "../program/program.ts";
import type { Value } from "../program/value.ts";
import { names, type CodeText } from "./codeText.ts";
import { USED } from "./heldTable.ts";
import type { Interner } from "./interner.ts";
import { bestIndex, misfit, reachOf, type NodeTable } from "./machine.ts";
import type { RowLog } from "./rowLog.ts";
import { NEW, Table } from "./table.ts";
import type { TableCode } from "./tableCode.ts";

/** What a generated table shows of itself at a moment: its variables. */
interface TableState {
  rows: Int32Array;
  top: number;
  present: number;
  inserted: Int32Array;
  insertedCount: number;
  deleted: Int32Array;
  deletedCount: number;
}

/** What generated code hands out of each table; all that need not be fast is done by `GeneratedTable`. */
export interface TableHandle {
  readonly name: RelationName;
  readonly arity: number;
  readonly held: boolean;
  /** Equal rows may stand in it more than once. */
  readonly loose: boolean;
  readonly width: number;
  /** The field with the flags of a held table's row. */
  readonly state: number;
  /** Finds rows by some of their columns; only where somebody may ask. */
  readonly indexes: readonly IndexHandle[];
  /** The row of these ids, or 0. */
  readonly find: ((...ids: readonly number[]) => number) | undefined;
  read(into: TableState): void;
  /** Takes the ids of a row. */
  assert(...ids: readonly number[]): void;
  /** The same from an array, where it must be fast: of tables in which messages arrive. */
  readonly assertCells: ((cells: Int32Array, at: number) => void) | undefined;
}

/** What generated code hands out of an index: the first row with a key, or 0, and the field in which the next stands. */
interface IndexHandle {
  readonly columns: readonly number[];
  readonly next: number;
  first(...key: readonly number[]): number;
}

const NO_ROWS = new Int32Array(0);

/** The expression for a table's handle. */
export function handleCode(
  text: CodeText,
  relation: RelationName,
  table: TableCode,
  arrives: boolean,
): string {
  const { name: T, kind, arity, width } = table;
  const held = kind === "held";
  const name = text.datum(() => relation);
  const ids = names("a", arity).join();
  const assert = held
    ? `(${ids})=>{const row=${T}_up(${ids});${table.support("now", false, "1")}}`
    : `${T}_add`;
  const cells = names("a", arity).map((_, i) => `c[at+${i}]`);
  const assertCells = arrives && !held ? `(c,at)=>{${T}_add(${cells.join()});}` : "undefined";
  const lists = held
    ? `o.inserted=${T}_ins;o.insertedCount=${T}_ins_n;o.deleted=${T}_del;o.deletedCount=${T}_del_n;`
    : "";
  return `{name:${name},arity:${arity},held:${held},loose:${table.loose},width:${width},state:${table.stateField},
${table.lookups()},
read(o){o.rows=${T};o.top=${T}_top;o.present=${T}_n;${lists}},
assert:${assert},assertCells:${assertCells}}`;
}

/** A generated table as the engine sees it. */
export class GeneratedTable implements NodeTable {
  readonly name: RelationName;
  readonly arity: number;
  readonly held: boolean;
  readonly #handle: TableHandle;
  readonly #interner: Interner;
  readonly #now: TableState = {
    rows: NO_ROWS,
    top: 0,
    present: 0,
    inserted: NO_ROWS,
    insertedCount: 0,
    deleted: NO_ROWS,
    deletedCount: 0,
  };
  readonly #given: Int32Array;

  constructor(handle: TableHandle, interner: Interner) {
    this.name = handle.name;
    this.arity = handle.arity;
    this.held = handle.held;
    this.#handle = handle;
    this.#interner = interner;
    this.#given = new Int32Array(handle.arity);
  }

  assert(row: readonly Value[]): void {
    const { arity } = this;
    if (row.length !== arity) misfit(this.name, arity, row);
    const given = this.#given;
    for (let i = 0; i < arity; i++) {
      const value = row[i]!;
      given[i] =
        typeof value === "number" && (value << 1) >> 1 === value
          ? (value << 1) | 1
          : this.#interner.intern(value);
    }
    this.assertCells(given, 0);
  }

  assertCells(cells: Int32Array, at: number): void {
    const { assertCells } = this.#handle;
    if (assertCells === undefined) this.#handle.assert(...cells.subarray(at, at + this.arity));
    else assertCells(cells, at);
  }

  present(): number {
    if (!this.#handle.loose) return this.#read().present;
    let present = 0;
    this.eachHolding(() => present++);
    return present;
  }

  eachHolding(visit: (row: number) => void): void {
    this.#each(visit);
  }

  reach(known: readonly boolean[]): number {
    return reachOf(this.#handle.indexes, known, this.#handle.find !== undefined);
  }

  *rowsWith(ids: readonly (number | undefined)[]): Iterable<number> {
    const { find, indexes, state, width, loose } = this.#handle;
    const { rows, top } = this.#read();
    const holds = (row: number): boolean => !this.held || (rows[row + state]! & NEW) !== 0;
    const index = bestIndex(indexes, ids);
    if (find !== undefined && ids.every((id) => id !== undefined)) {
      const row = find(...ids);
      if (row !== 0 && holds(row)) yield row;
    } else if (index !== undefined) {
      const key = index.columns.map((column) => ids[column]!);
      for (let row = index.first(...key); row !== 0; row = rows[row + index.next]!)
        if (holds(row)) yield row;
    } else if (loose) {
      const found: number[] = [];
      this.#each((row) => void found.push(row));
      yield* found;
    } else for (let row = width; row < top; row += width) if (holds(row)) yield row;
  }

  eachId(visit: (id: number) => void): void {
    const { rows, top } = this.#read();
    const { width, state } = this.#handle;
    for (let row = width; row < top; row += width) {
      if (this.held && (rows[row + state]! & USED) === 0) continue;
      for (let at = row; at < row + this.arity; at++) visit(rows[at]!);
    }
  }

  cell(row: number, column: number): number {
    return this.#read().rows[row + column]!;
  }

  values(row: number, from: 0 | 1): Value[] {
    const { rows } = this.#read();
    const values: Value[] = [];
    const end = row + this.arity;
    for (let at = row + from; at < end; at++) values.push(this.#interner.valueOf(rows[at]!));
    return values;
  }

  appeared(): number {
    return this.#read().insertedCount;
  }

  appearedAt(i: number): number {
    return this.#read().inserted[i]!;
  }

  disappeared(): number {
    return this.#read().deletedCount;
  }

  disappearedAt(i: number): number {
    return this.#read().deleted[i]!;
  }

  logChanges(log: RowLog, holds: number, appeared: number, disappeared: number): void {
    const now = this.#read();
    if (this.held) {
      this.#log(log, appeared, now.inserted, now.insertedCount);
      this.#log(log, disappeared, now.deleted, now.deletedCount);
    } else if (now.present > 0) this.#each((row) => this.#logRow(log, holds, row));
  }

  logAppeared(log: RowLog, tag: number): void {
    const { inserted, insertedCount } = this.#read();
    this.#log(log, tag, inserted, insertedCount);
  }

  #read(): TableState {
    this.#handle.read(this.#now);
    return this.#now;
  }

  /** Rows that hold, each once. */
  #each(visit: (row: number) => void): void {
    const { rows, top, present } = this.#read();
    const { width, state, loose } = this.#handle;
    const seen = loose && present > 1 ? new Table(this.name, this.arity) : undefined;
    for (let row = width; row < top; row += width) {
      if (this.held && (rows[row + state]! & NEW) === 0) continue;
      if (seen !== undefined) {
        seen.scratch.set(rows.subarray(row, row + this.arity));
        if (!seen.add()) continue;
      }
      visit(row);
    }
  }

  #log(log: RowLog, tag: number, list: Int32Array, length: number): void {
    for (let i = 0; i < length; i++) this.#logRow(log, tag, list[i]!);
  }

  #logRow(log: RowLog, tag: number, row: number): void {
    const { rows } = this.#now;
    const { arity } = this;
    const cells = log.reserve(arity + 2);
    let at = log.top;
    cells[at++] = tag;
    cells[at++] = arity;
    for (let i = 0; i < arity; i++) cells[at++] = rows[row + i]!;
    log.top = at;
  }
}
