import type { RelationName } from "../program/program.ts";
import type { Row, Value } from "../program/value.ts";
import type { RowLog } from "./rowLog.ts";

/** One relation's rows in a running node, as ids. */
export interface NodeTable {
  readonly name: RelationName;
  readonly arity: number;
  /** Its rows outlive the tick. */
  readonly held: boolean;
  /** The row holds: in this tick, if the table is passing; else from now on, said before the first tick. */
  assert(row: Row): void;
  /** The same for a row whose ids begin there. */
  assertCells(cells: Int32Array, at: number): void;
  /** How many rows hold. */
  present(): number;
  eachHolding(visit: (row: number) => void): void;
  /**
   * How many of the columns that are known `rowsWith` looks for; 0 when it has to look at every row, infinite when the
   * whole row is known.
   */
  reach(known: readonly boolean[]): number;
  /** Rows that hold: all that have these ids where one is given, and as few others as its indexes allow. */
  rowsWith(ids: readonly (number | undefined)[]): Iterable<number>;
  /** Every id in its rows, also in those that do not hold but whose cells mean something. */
  eachId(visit: (id: number) => void): void;
  cell(row: number, column: number): number;
  /** The values in its columns from this one on. */
  values(row: number, from: 0 | 1): Value[];
  /** How many rows hold since this tick, and which, if the table is held. */
  appeared(): number;
  appearedAt(i: number): number;
  /** The same for rows that no longer hold. */
  disappeared(): number;
  disappearedAt(i: number): number;
  /**
   * Writes entries for what this tick changed: of a held table, those of the other two kinds; of a passing one, for all
   * that holds.
   */
  logChanges(log: RowLog, holds: number, appeared: number, disappeared: number): void;
  /** Writes entries for the rows of a held table that hold since this tick. */
  logAppeared(log: RowLog, tag: number): void;
}

/** The tables and rules of one node; the engine says when they run. */
export interface Machine {
  readonly tables: ReadonlyMap<RelationName, NodeTable>;
  /** Opens a tick: what arrives is then asserted. */
  begin(): void;
  /** Derives everything that holds in this tick, is sent, or is carried over. */
  run(): void;
  /** Closes the tick: how many rows the next one starts with that this one did not, or the other way round. */
  end(): number;
  /** Ids that rules hold besides tables. */
  visitLive(mark: (id: number) => void): void;
}

/** A row that does not fit its relation is our own fault: plans and clients are checked before. */
export function misfit(relation: RelationName, arity: number, row: Row): never {
  throw new Error(`${relation} has ${arity} columns, not ${row.length}.`);
}

/** Of the indexes all of whose columns are known, the one with most. */
export function bestIndex<I extends { readonly columns: readonly number[] }>(
  indexes: readonly I[],
  ids: readonly (number | boolean | undefined)[],
): I | undefined {
  let best: I | undefined;
  for (const index of indexes) {
    if (!index.columns.every((c) => ids[c] !== undefined && ids[c] !== false)) continue;
    if (best === undefined || index.columns.length > best.columns.length) best = index;
  }
  return best;
}

/** `NodeTable.reach` for a table with these indexes, which may also be able to find whole rows. */
export function reachOf(
  indexes: readonly { readonly columns: readonly number[] }[],
  known: readonly boolean[],
  findsRows: boolean,
): number {
  if (findsRows && !known.includes(false)) return Infinity;
  return bestIndex(indexes, known)?.columns.length ?? 0;
}
