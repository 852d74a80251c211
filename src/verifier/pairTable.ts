/** A function of two small integers, each value computed when first asked for. */
export class PairTable<T> {
  readonly #rows: (Map<number, T> | undefined)[] = [];
  readonly #compute: (a: number, b: number) => T;

  constructor(compute: (a: number, b: number) => T) {
    this.#compute = compute;
  }

  at(a: number, b: number): T {
    const row = (this.#rows[a] ??= new Map<number, T>());
    const known = row.get(b);
    if (known !== undefined) return known;
    const value = this.#compute(a, b);
    row.set(b, value);
    return value;
  }
}
