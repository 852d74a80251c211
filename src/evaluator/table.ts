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
/** What has room for fewer rows than this keeps its space. */
export const LARGE = 1 << 10;

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

/** A copy with room for so many. */
export function resized<A extends Int32Array | Uint8Array>(array: A, length: number): A {
  return length < array.length ? (array.slice(0, length) as A) : grown(array, length);
}

/** A further number of each row of a table. */
export class Field {
  numbers: Int32Array;

  constructor(capacity: number) {
    this.numbers = new Int32Array(capacity);
  }
}

/** Told how many cells of rows a table no longer has room for. */
export type CellsLost = (cells: number) => void;

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
  /** Of a free row: the next one, or -1. */
  hashes: Int32Array = new Int32Array(INITIAL_ROWS);
  /** Rows in use or free lie below this. */
  top = 0;
  /** Rows that hold after the tick so far. */
  present = 0;
  capacity = INITIAL_ROWS;
  readonly #fields: Field[] = [];
  readonly #lost: CellsLost | undefined;
  #free = -1;
  /** Rows below `top` that are not free. */
  #used = 0;
  #slots: Int32Array = new Int32Array(2 * INITIAL_ROWS);
  #mask = 2 * INITIAL_ROWS - 1;

  constructor(name: string, arity: number, lost?: CellsLost) {
    this.name = name;
    this.arity = arity;
    this.#lost = lost;
    this.scratch = new Int32Array(arity);
    this.cells = new Int32Array(arity * INITIAL_ROWS);
  }

  /** A further number of every row, which moves with it. Of a new row it is 0 or what a row that became free left. */
  field(): Field {
    const field = new Field(this.capacity);
    this.#fields.push(field);
    return field;
  }

  /** Whether its cells mean something, though it may not hold. */
  isUsed(row: number): boolean {
    return this.view[row] !== 0;
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
    let row = this.#free;
    if (row >= 0) this.#free = this.hashes[row]!;
    else {
      row = this.top;
      if (row === this.capacity) this.#resize(2 * this.capacity);
      this.top = row + 1;
    }
    this.#used++;
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

  /**
   * Forgets all rows, at a cost that grows with their number and not with the space they once took; gives half of that
   * space back while it is far too much.
   */
  clear(): void {
    const isVast = this.capacity > LARGE && 16 * this.top < this.capacity;
    if (this.top === 0 && !isVast) return;
    for (const index of this.indexes) index.clear();
    clearSlots(this.#slots, this.#mask, this.top, this.hashes);
    this.top = 0;
    this.present = 0;
    this.#free = -1;
    this.#used = 0;
    if (isVast) this.#shrink(this.capacity / 2);
  }

  /** Forgets all rows and gives large space back at once: nobody may call again soon. */
  empty(): void {
    this.clear();
    if (this.capacity > LARGE) this.#shrink(INITIAL_ROWS);
  }

  /** Gives the space of a row back; it must be in no index. */
  free(row: number): void {
    const slots = this.#slots;
    let slot = this.hashes[row]! & this.#mask;
    while (slots[slot] !== row + 1) slot = (slot + 1) & this.#mask;
    closeGap(slots, this.#mask, slot, this.hashes);
    this.view[row] = 0;
    this.hashes[row] = this.#free;
    this.#free = row;
    this.#used--;
  }

  /** Whether three quarters of the rows are free, so that closing up costs little for each row that became free. */
  get isSparse(): boolean {
    return this.top > LARGE && this.top > 4 * (this.#used + 1);
  }

  /** How many rows are free. */
  get unused(): number {
    return this.top - this.#used;
  }

  /**
   * Closes up the rows in use and gives the space of the others back. Answers where each row went, -1 for those that
   * were not in use. Those that hold must be in all indexes, no others.
   */
  closeUp(): Int32Array {
    const places = new Int32Array(this.top);
    const { arity, cells } = this;
    let top = 0;
    for (let row = 0; row < places.length; row++) {
      if (!this.isUsed(row)) {
        places[row] = -1;
        continue;
      }
      places[row] = top;
      for (let c = 0; c < arity; c++) cells[top * arity + c] = cells[row * arity + c]!;
      this.view[top] = this.view[row]!;
      this.hashes[top] = this.hashes[row]!;
      for (const { numbers } of this.#fields) numbers[top] = numbers[row]!;
      top++;
    }
    for (const { numbers } of this.#fields) numbers.fill(0, top);
    this.top = top;
    this.#used = top;
    this.#free = -1;
    let capacity = INITIAL_ROWS;
    while (capacity < 2 * top) capacity *= 2;
    this.#shrink(capacity);
    return places;
  }

  #shrink(capacity: number): void {
    this.#lost?.(this.arity * (this.capacity - capacity));
    this.#resize(capacity);
    for (const index of this.indexes) index.refill();
  }

  /** Room for that many rows. Those below `top`, none of which is free, stay. */
  #resize(capacity: number): void {
    this.capacity = capacity;
    this.cells = resized(this.cells, this.arity * capacity);
    this.hashes = resized(this.hashes, capacity);
    this.view = resized(this.view, capacity);
    for (const field of this.#fields) field.numbers = resized(field.numbers, capacity);
    for (const index of this.indexes) index.resizeLinks(capacity);
    this.#slots = new Int32Array(capacity * 2);
    this.#mask = capacity * 2 - 1;
    for (let row = 0; row < this.top; row++) {
      let slot = this.hashes[row]! & this.#mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask;
      this.#slots[slot] = row + 1;
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

  resizeLinks(capacity: number): void {
    this.next = resized(this.next, capacity);
    this.#previous = resized(this.#previous, capacity);
    this.#hashes = resized(this.#hashes, capacity);
  }

  /** Groups anew the rows of the table that hold. */
  refill(): void {
    this.#slots = new Int32Array(2 * INITIAL_ROWS);
    this.#mask = 2 * INITIAL_ROWS - 1;
    this.#groups = 0;
    const { view, top } = this.table;
    for (let row = 0; row < top; row++) if (view[row] !== 0) this.insert(row);
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
