/** Numbers lists of integers from 0, equal ones alike. The empty list is 0. */
export class IntLists {
  #cells = new Int32Array(1 << 12);
  /** Where each list begins, and behind them where the last one ends. */
  #starts = new Int32Array(1 << 10);
  /** Open addressing: a list's number plus one, or 0. */
  #slots = new Int32Array(1 << 11);
  #size = 0;

  constructor() {
    this.id([]);
  }

  get size(): number {
    return this.#size;
  }

  id(list: ArrayLike<number>): number {
    return this.idOf(list, list.length);
  }

  /** The number of the list that the first `length` members of `buffer` are. */
  idOf(buffer: ArrayLike<number>, length: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash(buffer, length) & mask;
    for (let known = this.#slots[slot]!; known !== 0; known = this.#slots[slot]!) {
      if (this.#equals(known - 1, buffer, length)) return known - 1;
      slot = (slot + 1) & mask;
    }
    return this.#append(buffer, length, slot);
  }

  length(id: number): number {
    return this.#starts[id + 1]! - this.#starts[id]!;
  }

  member(id: number, index: number): number {
    return this.#cells[this.#starts[id]! + index]!;
  }

  /** A view, good until the next list is added. */
  list(id: number): Int32Array {
    return this.#cells.subarray(this.#starts[id], this.#starts[id + 1]);
  }

  array(id: number): number[] {
    const [start, end] = [this.#starts[id]!, this.#starts[id + 1]!];
    const members: number[] = [];
    for (let at = start; at < end; at++) members.push(this.#cells[at]!);
    return members;
  }

  #equals(id: number, buffer: ArrayLike<number>, length: number): boolean {
    const start = this.#starts[id]!;
    if (this.#starts[id + 1]! - start !== length) return false;
    for (let i = 0; i < length; i++) if (this.#cells[start + i] !== buffer[i]) return false;
    return true;
  }

  #append(buffer: ArrayLike<number>, length: number, slot: number): number {
    const id = this.#size++;
    const start = this.#starts[id]!;
    if (start + length > this.#cells.length) this.#cells = grown(this.#cells, start + length);
    if (id + 2 > this.#starts.length) this.#starts = grown(this.#starts, id + 2);
    for (let i = 0; i < length; i++) this.#cells[start + i] = buffer[i]!;
    this.#starts[id + 1] = start + length;
    this.#slots[slot] = id + 1;
    if (2 * this.#size > this.#slots.length) this.#rehash();
    return id;
  }

  #rehash(): void {
    const slots = new Int32Array(2 * this.#slots.length);
    const mask = slots.length - 1;
    for (let id = 0; id < this.#size; id++) {
      const list = this.list(id);
      let slot = hash(list, list.length) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id + 1;
    }
    this.#slots = slots;
  }
}

function grown(cells: Int32Array, atLeast: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(2 * cells.length, atLeast));
  larger.set(cells);
  return larger;
}

function hash(list: ArrayLike<number>, length: number): number {
  let h = length;
  for (let i = 0; i < length; i++) {
    h = Math.imul(h ^ list[i]!, 0x9e3779b1);
    h ^= h >>> 15;
  }
  return h;
}
