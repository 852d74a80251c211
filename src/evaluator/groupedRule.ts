import type { Aggregation } from "./aggregates.ts";
import { FAILED_ID } from "./interner.ts";
import { RowList } from "./rowList.ts";
import { Table } from "./table.ts";

/** Where a rule with aggregates puts its rows. */
export interface GroupTarget {
  /** Where the row stands that `contribute` is about. */
  readonly scratch: Int32Array;
  contribute(by: number): void;
  /** A group's aggregate cannot be computed. */
  suspect(): void;
}

/** A rule with aggregates: its groups, and for each what was derived from it. Only groups that changed are visited. */
export class GroupedRule {
  /** The key of the group that `change` is about. */
  readonly key: Int32Array;
  /** The value for each aggregate. */
  readonly values: Int32Array;
  readonly #groups: Table;
  readonly #aggregations: readonly Aggregation[];
  /** For each head column: n ≥ 0 the n-th key column, ~n the n-th aggregate. */
  readonly #layout: readonly number[];
  readonly #target: GroupTarget;
  #valuations: number[] = [];
  readonly #dirty = new RowList();
  #isDirty: boolean[] = [];
  #isDerived: boolean[] = [];
  readonly #derived: number[][];

  constructor(
    layout: readonly number[],
    aggregations: readonly Aggregation[],
    target: GroupTarget,
  ) {
    this.#groups = new Table("groups", layout.filter((n) => n >= 0).length);
    this.key = this.#groups.scratch;
    this.values = new Int32Array(aggregations.length);
    this.#aggregations = aggregations;
    this.#layout = layout;
    this.#target = target;
    this.#derived = aggregations.map(() => []);
  }

  /** A valuation with `key` and `values` begins (+1) or ceases (-1) to hold. */
  change(by: number): void {
    const group = this.#groups.upsert();
    if (this.#groups.view[group] === 0) {
      this.#groups.insert(group);
      this.#valuations[group] = 0;
      this.#isDirty[group] = false;
      this.#isDerived[group] = false;
    }
    this.#valuations[group]! += by;
    for (let i = 0; i < this.#aggregations.length; i++) {
      this.#aggregations[i]!.change(group, this.values[i]!, by);
    }
    if (this.#isDirty[group]) return;
    this.#isDirty[group] = true;
    this.#dirty.push(group);
  }

  /** Replaces the derived rows of the groups that changed. */
  flush(): void {
    for (let i = 0; i < this.#dirty.length; i++) {
      const group = this.#dirty.at(i);
      this.#isDirty[group] = false;
      if (this.#valuations[group] === 0) this.#remove(group);
      else this.#renew(group);
    }
    this.#dirty.clear();
  }

  /** Starts anew, without taking anything back: for rules that are evaluated afresh each tick. */
  clear(): void {
    this.#groups.clear();
    for (const a of this.#aggregations) a.clear();
  }

  visitLive(mark: (id: number) => void): void {
    const { view, cells, arity, top } = this.#groups;
    for (let row = 0; row < top; row++) {
      if (view[row] === 0) continue;
      for (let at = row * arity; at < (row + 1) * arity; at++) mark(cells[at]!);
      if (this.#isDerived[row]) for (const ids of this.#derived) mark(ids[row]!);
    }
    for (const a of this.#aggregations) a.visitLive(mark);
  }

  #renew(group: number): void {
    let same = this.#isDerived[group]!;
    const results = this.values;
    for (let i = 0; i < results.length; i++) {
      results[i] = this.#aggregations[i]!.result(group);
      same &&= results[i] === this.#derived[i]![group];
    }
    if (same) return;
    if (this.#isDerived[group]) this.#contribute(group, -1);
    this.#isDerived[group] = !results.includes(FAILED_ID);
    if (!this.#isDerived[group]) {
      this.#target.suspect();
      return;
    }
    for (let i = 0; i < results.length; i++) this.#derived[i]![group] = results[i]!;
    this.#contribute(group, 1);
  }

  #remove(group: number): void {
    if (this.#isDerived[group]) this.#contribute(group, -1);
    for (const a of this.#aggregations) a.forget(group);
    this.#groups.free(group);
  }

  #contribute(group: number, by: number): void {
    const { scratch } = this.#target;
    for (let c = 0; c < this.#layout.length; c++) {
      const from = this.#layout[c]!;
      scratch[c] =
        from >= 0
          ? this.#groups.cells[group * this.#groups.arity + from]!
          : this.#derived[~from]![group]!;
    }
    this.#target.contribute(by);
  }
}
