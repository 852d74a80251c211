/** Where a row stands in the current tick. A row without any of these is stored but does not hold. */
export const STABLE = 1;
export const INSERTED = 2;
export const DELETED = 4;

/** The states of the database that deltas are joined with: before the tick, without what it deletes, after it. */
export const OLD = STABLE | DELETED;
export const MID = STABLE;
export const NEW = STABLE | INSERTED;
export const ANY = STABLE | INSERTED | DELETED;

const INITIAL_ROWS = 16;

export function mix(hash: number, id: number): number {
  const h = Math.imul(hash ^ id, 0x9e3779b1);
  return h ^ (h >>> 15);
}

/** A copy with room for more. */
export function grown<A extends Int32Array | Uint8Array>(array: A, length: number): A {
  const copy = array instanceof Int32Array ? new Int32Array(length) : new Uint8Array(length);
  copy.set(array);
  return copy as A;
}

/** A set of rows of ids, `arity` cells each, hashed as a whole and by the column sets that joins need. */
export class Table {
  readonly name: string;
  readonly arity: number;
  /** The row that `find` and `upsert` are about. */
  readonly scratch: Int32Array;
  /** Row r's cells start at r * arity. */
  cells: Int32Array;
  readonly indexes: Index[] = [];
  view: Uint8Array = new Uint8Array(INITIAL_ROWS);
  hashes: Int32Array = new Int32Array(INITIAL_ROWS);
  /** Rows in use or free lie below this. */
  top = 0;
  /** Rows that hold after the tick so far. */
  present = 0;
  capacity = INITIAL_ROWS;
  readonly #free: number[] = [];
  #slots: Int32Array = new Int32Array(2 * INITIAL_ROWS);
  #mask = 2 * INITIAL_ROWS - 1;

  constructor(name: string, arity: number) {
    this.name = name;
    this.arity = arity;
    this.scratch = new Int32Array(arity);
    this.cells = new Int32Array(arity * INITIAL_ROWS);
  }

  /** The index on these columns (ascending), made when first asked for. */
  index(columns: readonly number[]): Index {
    const found = this.indexes.find((i) => i.columns.join() === columns.join());
    if (found !== undefined) return found;
    const index = new Index(this, columns);
    this.indexes.push(index);
    return index;
  }

  /** The stored row equal to `scratch`, or -1. */
  find(): number {
    return this.#find(this.#scratchHash());
  }

  /** The stored row equal to `scratch`, stored now if it was not. */
  upsert(): number {
    const hash = this.#scratchHash();
    const found = this.#find(hash);
    if (found >= 0) return found;
    const row = this.#free.pop() ?? this.top++;
    if (row >= this.capacity) this.grow();
    const { arity, cells, scratch } = this;
    for (let c = 0, at = row * arity; c < arity; c++, at++) cells[at] = scratch[c]!;
    this.hashes[row] = hash;
    this.view[row] = 0;
    let slot = hash & this.#mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask;
    this.#slots[slot] = row + 1;
    return row;
  }

  /** Makes a stored row hold from this tick on. */
  insert(row: number): void {
    this.view[row] = INSERTED;
    this.present++;
    const { indexes } = this;
    for (let i = 0; i < indexes.length; i++) indexes[i]!.insert(row);
  }

  /** Whether `scratch` was new; it holds now. For tables that are cleared after every tick. */
  add(): boolean {
    const row = this.upsert();
    if (this.view[row] !== 0) return false;
    this.insert(row);
    return true;
  }

  /** Forgets all rows, at a cost that grows with their number and not with the space they once took. */
  clear(): void {
    if (this.top === 0) return;
    for (const index of this.indexes) index.clear();
    clearSlots(this.#slots, this.#mask, this.top, this.hashes);
    this.top = 0;
    this.present = 0;
    this.#free.length = 0;
  }

  /** Gives the space of a row back; it must be in no index. */
  free(row: number): void {
    this.view[row] = 0;
    this.#free.push(row);
    const slots = this.#slots;
    let slot = this.hashes[row]! & this.#mask;
    while (slots[slot] !== row + 1) slot = (slot + 1) & this.#mask;
    closeGap(slots, this.#mask, slot, this.hashes);
  }

  protected grow(): void {
    const capacity = this.capacity * 2;
    this.capacity = capacity;
    this.cells = grown(this.cells, this.arity * capacity);
    this.hashes = grown(this.hashes, capacity);
    this.view = grown(this.view, capacity);
    for (const index of this.indexes) index.growLinks(capacity);
    const old = this.#slots;
    this.#slots = new Int32Array(capacity * 2);
    this.#mask = capacity * 2 - 1;
    for (const entry of old) {
      if (entry === 0) continue;
      let slot = this.hashes[entry - 1]! & this.#mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask;
      this.#slots[slot] = entry;
    }
  }

  #scratchHash(): number {
    const { arity, scratch } = this;
    let hash = 0;
    for (let c = 0; c < arity; c++) hash = mix(hash, scratch[c]!);
    return hash;
  }

  #find(hash: number): number {
    let slot = hash & this.#mask;
    for (;;) {
      const row = this.#slots[slot]! - 1;
      if (row < 0) return -1;
      if (this.hashes[row] === hash && this.#equalsScratch(row)) return row;
      slot = (slot + 1) & this.#mask;
    }
  }

  #equalsScratch(row: number): boolean {
    const { arity, cells, scratch } = this;
    for (let c = 0, at = row * arity; c < arity; c++, at++) {
      if (cells[at] !== scratch[c]) return false;
    }
    return true;
  }
}

/** The rows of a table that hold (in any state), grouped by some of its columns. */
export class Index {
  readonly table: Table;
  readonly columns: readonly number[];
  /** The key that `first` looks for. */
  readonly key: Int32Array;
  /** The next row of the same group, or -1. */
  next: Int32Array;
  #previous: Int32Array;
  /** Of the key columns of each row. */
  #hashes: Int32Array;
  #slots: Int32Array = new Int32Array(2 * INITIAL_ROWS);
  #mask = 2 * INITIAL_ROWS - 1;
  #groups = 0;

  constructor(table: Table, columns: readonly number[]) {
    this.table = table;
    this.columns = columns;
    this.key = new Int32Array(columns.length);
    this.next = new Int32Array(table.capacity);
    this.#previous = new Int32Array(table.capacity);
    this.#hashes = new Int32Array(table.capacity);
  }

  /** The first row of the group with this `key`, or -1. */
  first(): number {
    const { key } = this;
    let hash = 0;
    for (let k = 0; k < key.length; k++) hash = mix(hash, key[k]!);
    let slot = hash & this.#mask;
    for (;;) {
      const row = this.#slots[slot]! - 1;
      if (row < 0 || this.#hasKey(row)) return row;
      slot = (slot + 1) & this.#mask;
    }
  }

  insert(row: number): void {
    this.#hashes[row] = this.#rowHash(row);
    const slot = this.#slotOf(row);
    const head = this.#slots[slot]! - 1;
    this.next[row] = head;
    this.#previous[row] = -1;
    this.#slots[slot] = row + 1;
    if (head >= 0) this.#previous[head] = row;
    else if (++this.#groups * 2 > this.#mask) this.#growSlots();
  }

  remove(row: number): void {
    const next = this.next[row]!;
    const previous = this.#previous[row]!;
    if (next >= 0) this.#previous[next] = previous;
    if (previous >= 0) {
      this.next[previous] = next;
      return;
    }
    const slot = this.#slotOf(row);
    if (next >= 0) {
      this.#slots[slot] = next + 1;
      return;
    }
    this.#groups--;
    closeGap(this.#slots, this.#mask, slot, this.#hashes);
  }

  clear(): void {
    clearSlots(this.#slots, this.#mask, this.table.top, this.#hashes);
    this.#groups = 0;
  }

  growLinks(capacity: number): void {
    this.next = grown(this.next, capacity);
    this.#previous = grown(this.#previous, capacity);
    this.#hashes = grown(this.#hashes, capacity);
  }

  #growSlots(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2);
    this.#mask = this.#slots.length - 1;
    for (const entry of old) {
      if (entry !== 0) this.#slots[this.#slotOf(entry - 1)] = entry;
    }
  }

  /** The slot of the row's group, or the empty one where it belongs. */
  #slotOf(row: number): number {
    let slot = this.#hashes[row]! & this.#mask;
    for (;;) {
      const head = this.#slots[slot]! - 1;
      if (head < 0 || head === row || this.#sameGroup(head, row)) return slot;
      slot = (slot + 1) & this.#mask;
    }
  }

  #rowHash(row: number): number {
    const { arity, cells } = this.table;
    const { columns } = this;
    const at = row * arity;
    let hash = 0;
    for (let k = 0; k < columns.length; k++) hash = mix(hash, cells[at + columns[k]!]!);
    return hash;
  }

  #hasKey(row: number): boolean {
    const { arity, cells } = this.table;
    const { columns, key } = this;
    const at = row * arity;
    for (let k = 0; k < columns.length; k++) {
      if (cells[at + columns[k]!] !== key[k]) return false;
    }
    return true;
  }

  #sameGroup(a: number, b: number): boolean {
    const { arity, cells } = this.table;
    const { columns } = this;
    for (let k = 0; k < columns.length; k++) {
      if (cells[a * arity + columns[k]!] !== cells[b * arity + columns[k]!]) return false;
    }
    return true;
  }
}

/** Empties slot `gap` of an open-addressed table, moving later entries of its run so that all are still found. */
function closeGap(slots: Int32Array, mask: number, gap: number, hashes: Int32Array): void {
  let hole = gap;
  let slot = (gap + 1) & mask;
  for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
    const home = hashes[slots[slot]! - 1]! & mask;
    if (((slot - home) & mask) < ((slot - hole) & mask)) continue;
    slots[hole] = slots[slot]!;
    hole = slot;
  }
  slots[hole] = 0;
}

/** Empties all slots: row by row when they are few. Clearing a run from a row's home to its end loses no other run. */
function clearSlots(slots: Int32Array, mask: number, rows: number, hashes: Int32Array): void {
  if (rows * 8 > slots.length) {
    slots.fill(0);
    return;
  }
  for (let row = 0; row < rows; row++) {
    for (let slot = hashes[row]! & mask; slots[slot] !== 0; slot = (slot + 1) & mask)
      slots[slot] = 0;
  }
}
