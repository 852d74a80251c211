import type { Aggregation } from "./aggregates.ts";
import { FAILED_ID } from "./interner.ts";
import { RowList } from "./rowList.ts";
import { Table, type Field } from "./table.ts";

/** Where a rule with aggregates puts its rows. */
export interface GroupTarget {
  /** Where the row stands that `contribute` is about. */
  readonly scratch: Int32Array;
  contribute(by: number): void;
  /** An aggregate of the group whose row stands in `scratch` cannot be computed. */
  suspect(): void;
}

const DIRTY = 1;
const DERIVED = 2;

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
  /** How many valuations a group has, its flags, and for each aggregate what was derived. */
  readonly #sizes: Field;
  readonly #flags: Field;
  readonly #derived: readonly Field[];
  readonly #dirty = new RowList();

  constructor(
    layout: readonly number[],
    aggregations: readonly Aggregation[],
    target: GroupTarget,
  ) {
    const groups = new Table("groups", layout.filter((n) => n >= 0).length);
    this.#groups = groups;
    this.key = groups.scratch;
    this.values = new Int32Array(aggregations.length);
    this.#aggregations = aggregations;
    this.#layout = layout;
    this.#target = target;
    this.#sizes = groups.field();
    this.#flags = groups.field();
    this.#derived = aggregations.map(() => groups.field());
  }

  /** A valuation with `key` and `values` begins (+1) or ceases (-1) to hold. */
  change(by: number): void {
    const group = this.#groups.upsert();
    if (this.#groups.view[group] === 0) {
      this.#groups.insert(group);
      this.#sizes.numbers[group] = 0;
      this.#flags.numbers[group] = 0;
    }
    this.#sizes.numbers[group]! += by;
    for (let i = 0; i < this.#aggregations.length; i++) {
      this.#aggregations[i]!.change(group, this.values[i]!, by);
    }
    if ((this.#flags.numbers[group]! & DIRTY) !== 0) return;
    this.#flags.numbers[group]! |= DIRTY;
    this.#dirty.push(group);
  }

  /** Replaces the derived rows of the groups that changed. */
  flush(): void {
    for (let i = 0; i < this.#dirty.length; i++) {
      const group = this.#dirty.at(i);
      this.#flags.numbers[group]! &= ~DIRTY;
      if (this.#sizes.numbers[group] === 0) this.#remove(group);
      else this.#renew(group);
    }
    this.#dirty.clear();
    if (this.#groups.isSparse) this.#closeUp();
  }

  /** Starts anew, without taking anything back: for rules that are evaluated afresh each tick. */
  clear(): void {
    this.#groups.empty();
    for (const a of this.#aggregations) a.clear();
  }

  visitLive(mark: (id: number) => void): void {
    const { view, cells, arity, top } = this.#groups;
    for (let row = 0; row < top; row++) {
      if (view[row] === 0) continue;
      for (let at = row * arity; at < (row + 1) * arity; at++) mark(cells[at]!);
      if (!this.#isDerived(row)) continue;
      for (const { numbers } of this.#derived) mark(numbers[row]!);
    }
    for (const a of this.#aggregations) a.visitLive(mark);
  }

  /** What aggregations know goes by the group's row: where that is more than became free, moving it would cost too much. */
  #closeUp(): void {
    for (const a of this.#aggregations) if (a.weight > this.#groups.unused) return;
    const places = this.#groups.closeUp();
    for (const a of this.#aggregations) a.relocate(places);
  }

  #isDerived(group: number): boolean {
    return (this.#flags.numbers[group]! & DERIVED) !== 0;
  }

  #renew(group: number): void {
    const was = this.#isDerived(group);
    let same = was;
    const results = this.values;
    for (let i = 0; i < results.length; i++) {
      results[i] = this.#aggregations[i]!.result(group);
      same &&= results[i] === this.#derived[i]!.numbers[group];
    }
    if (same) return;
    if (was) this.#contribute(group, -1);
    if (results.includes(FAILED_ID)) {
      this.#flags.numbers[group] = 0;
      this.#place(group);
      this.#target.suspect();
      return;
    }
    this.#flags.numbers[group] = DERIVED;
    for (let i = 0; i < results.length; i++) this.#derived[i]!.numbers[group] = results[i]!;
    this.#contribute(group, 1);
  }

  #remove(group: number): void {
    if (this.#isDerived(group)) this.#contribute(group, -1);
    for (const a of this.#aggregations) a.forget(group);
    this.#groups.free(group);
  }

  #contribute(group: number, by: number): void {
    this.#place(group);
    this.#target.contribute(by);
  }

  #place(group: number): void {
    const { scratch } = this.#target;
    for (let c = 0; c < this.#layout.length; c++) {
      const from = this.#layout[c]!;
      scratch[c] =
        from >= 0
          ? this.#groups.cells[group * this.#groups.arity + from]!
          : this.#derived[~from]!.numbers[group]!;
    }
  }
}
