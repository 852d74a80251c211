import type { AggregateOperator } from "../program/program.ts";
import { compareValues } from "../program/value.ts";
import { orderOf } from "./closures.ts";
import { FAILED_ID, type Interner } from "./interner.ts";
import { Table } from "./table.ts";

/** The values that one aggregate of a rule ranges over, group by group, kept up to date as valuations come and go. */
export interface Aggregation {
  /** A valuation with this value joins (+1) or leaves (-1) the group. */
  change(group: number, value: number, by: number): void;
  /** The aggregate of a group that is not empty; `FAILED_ID` when it cannot be computed. */
  result(group: number): number;
  /** The group is empty now; its number may be used again. */
  forget(group: number): void;
  /** All groups are empty now. */
  clear(): void;
  /** Ids that must survive a sweep. */
  visitLive(mark: (id: number) => void): void;
  /** How much `relocate` looks at besides the groups. */
  readonly weight: number;
  /** Groups have other numbers now: what number n became stands at n, -1 for one that was forgotten. */
  relocate(places: Int32Array): void;
}

export function aggregation(
  operator: AggregateOperator,
  /** Each value occurs in one valuation of its group only. */
  distinct: boolean,
  interner: Interner,
): Aggregation {
  switch (operator) {
    case "count":
      return distinct
        ? new Tally()
        : new Members((members, group) => (members.size(group) << 1) | 1);
    case "sum":
      return new Sum(interner);
    case "min":
    // Which one it is, is left open; the least is the same in every run.
    case "choose":
      return new Extremum(interner, -1);
    case "max":
      return new Extremum(interner, 1);
    case "collect":
      return new Members((members, group) => collected(members, group, interner));
    case "seal":
      throw new Error("seal must be rewritten before evaluation.");
  }
}

/** What is known of each group, under its new number. */
function relocated<T>(known: readonly T[], places: Int32Array): T[] {
  const now: T[] = [];
  for (let from = 0; from < places.length; from++) {
    const to = places[from]!;
    if (to >= 0 && from in known) now[to] = known[from]!;
  }
  return now;
}

/** Counts valuations. */
class Tally implements Aggregation {
  readonly weight = 0;
  #counts: number[] = [];

  clear(): void {
    this.#counts = [];
  }

  change(group: number, _value: number, by: number): void {
    this.#counts[group] = (this.#counts[group] ?? 0) + by;
  }

  result(group: number): number {
    return (this.#counts[group]! << 1) | 1;
  }

  forget(group: number): void {
    this.#counts[group] = 0;
  }

  relocate(places: Int32Array): void {
    this.#counts = relocated(this.#counts, places);
  }

  visitLive(): void {}
}

/** Adds up exactly: as a number while that is safe, else as a bigint. */
class Sum implements Aggregation {
  readonly weight = 0;
  readonly #interner: Interner;
  #sums: (number | bigint)[] = [];
  /** Valuations whose value is no integer. */
  #unfit: number[] = [];

  constructor(interner: Interner) {
    this.#interner = interner;
  }

  change(group: number, id: number, by: number): void {
    const value = this.#interner.valueOf(id);
    if (typeof value !== "number" && typeof value !== "bigint") {
      this.#unfit[group] = (this.#unfit[group] ?? 0) + by;
      return;
    }
    const before = this.#sums[group] ?? 0;
    if (typeof value === "number" && typeof before === "number") {
      const sum = before + by * value;
      if (Number.isSafeInteger(sum)) {
        this.#sums[group] = sum;
        return;
      }
    }
    this.#sums[group] = BigInt(before) + BigInt(by) * BigInt(value);
  }

  result(group: number): number {
    if ((this.#unfit[group] ?? 0) > 0) return FAILED_ID;
    return this.#interner.integer(BigInt(this.#sums[group] ?? 0)) ?? FAILED_ID;
  }

  clear(): void {
    this.#sums = [];
    this.#unfit = [];
  }

  forget(group: number): void {
    this.#sums[group] = 0;
    if (this.#unfit.length > 0) this.#unfit[group] = 0;
  }

  relocate(places: Int32Array): void {
    this.#sums = relocated(this.#sums, places);
    this.#unfit = relocated(this.#unfit, places);
  }

  visitLive(): void {}
}

/** Keeps the values of each group with how many valuations have them; `compute` runs only for groups that changed. */
class Members implements Aggregation {
  readonly #compute: (members: MemberTable, group: number) => number;
  readonly #members = new MemberTable();

  constructor(compute: (members: MemberTable, group: number) => number) {
    this.#compute = compute;
  }

  change(group: number, value: number, by: number): void {
    this.#members.change(group, value, by);
  }

  result(group: number): number {
    return this.#compute(this.#members, group);
  }

  /** Its members left one by one. */
  forget(): void {}

  clear(): void {
    this.#members.clear();
  }

  get weight(): number {
    return this.#members.total;
  }

  relocate(places: Int32Array): void {
    this.#members.relocate(places);
  }

  visitLive(mark: (id: number) => void): void {
    this.#members.visitLive(mark);
  }
}

/** The least or greatest value: a heap for each group, in which values that left stay until they come to the top. */
class Extremum implements Aggregation {
  readonly #interner: Interner;
  /** 1 for the greatest. */
  readonly #sign: number;
  readonly #members = new MemberTable();
  #heaps: (number[] | undefined)[] = [];

  constructor(interner: Interner, sign: number) {
    this.#interner = interner;
    this.#sign = sign;
  }

  change(group: number, value: number, by: number): void {
    if (!this.#members.change(group, value, by)) return;
    const heap = this.#heaps[group];
    if (heap === undefined) this.#heaps[group] = [value];
    else if (heap.length > 2 * this.#members.size(group) + 16) {
      heap.length = 0;
      for (const member of this.#members.values(group)) this.#push(heap, member);
    } else if (by > 0) this.#push(heap, value);
  }

  result(group: number): number {
    const heap = this.#heaps[group]!;
    while (!this.#members.has(group, heap[0]!)) this.#pop(heap);
    return heap[0]!;
  }

  forget(group: number): void {
    this.#heaps[group] = undefined;
  }

  get weight(): number {
    return this.#members.total;
  }

  relocate(places: Int32Array): void {
    this.#members.relocate(places);
    this.#heaps = relocated(this.#heaps, places);
  }

  clear(): void {
    this.#members.clear();
    this.#heaps = [];
  }

  /** Values that left are marked too: their ids must not come to mean something else. */
  visitLive(mark: (id: number) => void): void {
    for (const heap of this.#heaps) heap?.forEach(mark);
  }

  #before(a: number, b: number): boolean {
    return a !== b && this.#sign * orderOf(this.#interner, a, b) > 0;
  }

  #push(heap: number[], value: number): void {
    let at = heap.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(value, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = value;
  }

  #pop(heap: number[]): void {
    const value = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.#before(heap[child + 1]!, heap[child]!)) child++;
      if (!this.#before(heap[child]!, value)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = value;
  }
}

/** The distinct values of each group, with how many valuations have them. */
class MemberTable {
  readonly #table = new Table("members", 2);
  readonly #byGroup = this.#table.index([0]);
  readonly #valuations = this.#table.field();
  #sizes: number[] = [];

  /** Whether the value became or ceased to be a member. */
  change(group: number, value: number, by: number): boolean {
    const table = this.#table;
    table.scratch[0] = group;
    table.scratch[1] = value;
    const row = table.upsert();
    if (table.view[row] === 0) {
      table.insert(row);
      this.#valuations.numbers[row] = by;
      this.#sizes[group] = (this.#sizes[group] ?? 0) + 1;
      return true;
    }
    const left = (this.#valuations.numbers[row]! += by);
    if (left > 0) return false;
    this.#byGroup.remove(row);
    table.free(row);
    table.present--;
    this.#sizes[group]!--;
    if (table.isSparse) table.closeUp();
    return true;
  }

  has(group: number, value: number): boolean {
    this.#table.scratch[0] = group;
    this.#table.scratch[1] = value;
    return this.#table.find() >= 0;
  }

  size(group: number): number {
    return this.#sizes[group]!;
  }

  /** Members of all groups. */
  get total(): number {
    return this.#table.present;
  }

  clear(): void {
    this.#table.empty();
    this.#sizes = [];
  }

  relocate(places: Int32Array): void {
    const members: number[] = [];
    this.#each((row, group, value) => {
      members.push(places[group]!, value, this.#valuations.numbers[row]!);
    });
    this.clear();
    for (let i = 0; i < members.length; i += 3) {
      this.change(members[i]!, members[i + 1]!, members[i + 2]!);
    }
  }

  values(group: number): number[] {
    const values: number[] = [];
    this.#byGroup.key[0] = group;
    for (let row = this.#byGroup.first(); row >= 0; row = this.#byGroup.next[row]!) {
      values.push(this.#table.cells[2 * row + 1]!);
    }
    return values;
  }

  visitLive(mark: (id: number) => void): void {
    this.#each((_row, _group, value) => mark(value));
  }

  #each(visit: (row: number, group: number, value: number) => void): void {
    const { view, cells, top } = this.#table;
    for (let row = 0; row < top; row++) {
      if (view[row] !== 0) visit(row, cells[2 * row]!, cells[2 * row + 1]!);
    }
  }
}

function collected(members: MemberTable, group: number, interner: Interner): number {
  const values = members.values(group);
  values.sort((a, b) =>
    (a & b & 1) === 1 ? a - b : compareValues(interner.valueOf(a), interner.valueOf(b)),
  );
  return interner.computedTuple(values);
}
