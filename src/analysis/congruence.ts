/** A class of terms that are known to be equal. */
export type TermClass = number;

/** A function applied to classes, as it stands in some class. */
export interface Application {
  readonly symbol: string;
  readonly of: readonly TermClass[];
}

/**
 * Congruence closure over ground terms: equal arguments give equal results, and of an injective function equal results
 * have equal arguments. Rules are small, so closing is a plain loop until nothing changes.
 */
export class Congruence {
  readonly #parent: number[] = [];
  readonly #leaves = new Map<string, number>();
  readonly #applications: (Application & { readonly result: number })[] = [];
  readonly #isInjective: (symbol: string) => boolean;
  #closed = true;

  constructor(isInjective: (symbol: string) => boolean) {
    this.#isInjective = isInjective;
  }

  /** The term of that name, the same one each time. */
  leaf(name: string): TermClass {
    const known = this.#leaves.get(name);
    if (known !== undefined) return known;
    const made = this.#fresh();
    this.#leaves.set(name, made);
    return made;
  }

  apply(symbol: string, of: readonly TermClass[]): TermClass {
    const known = this.#applications.find(
      (a) =>
        a.symbol === symbol && a.of.every((term, i) => this.#root(term) === this.#root(of[i]!)),
    );
    if (known !== undefined) return known.result;
    const result = this.#fresh();
    this.#applications.push({ symbol, of, result });
    this.#closed = false;
    return result;
  }

  merge(a: TermClass, b: TermClass): void {
    const [x, y] = [this.#root(a), this.#root(b)];
    if (x === y) return;
    this.#parent[y] = x;
    this.#closed = false;
  }

  same(a: TermClass, b: TermClass): boolean {
    this.#close();
    return this.#root(a) === this.#root(b);
  }

  /** The applications in a term's class. */
  applicationsIn(term: TermClass): readonly Application[] {
    this.#close();
    const root = this.#root(term);
    return this.#applications.filter((a) => this.#root(a.result) === root);
  }

  /** Everything that some function gives. */
  results(): readonly TermClass[] {
    return this.#applications.map(({ result }) => result);
  }

  /** The names of the leaves in a term's class. */
  leavesIn(term: TermClass): readonly string[] {
    this.#close();
    const root = this.#root(term);
    return [...this.#leaves].flatMap(([name, leaf]) => (this.#root(leaf) === root ? [name] : []));
  }

  #close(): void {
    while (!this.#closed) {
      this.#closed = true;
      for (const [i, a] of this.#applications.entries()) {
        for (const b of this.#applications.slice(i + 1)) this.#closePair(a, b);
      }
    }
  }

  #closePair(
    a: Application & { readonly result: number },
    b: Application & { readonly result: number },
  ): void {
    if (a.symbol !== b.symbol || a.of.length !== b.of.length) return;
    const sameArguments = a.of.every((term, i) => this.#root(term) === this.#root(b.of[i]!));
    const sameResult = this.#root(a.result) === this.#root(b.result);
    if (sameArguments) this.merge(a.result, b.result);
    else if (sameResult && this.#isInjective(a.symbol)) {
      a.of.forEach((term, i) => this.merge(term, b.of[i]!));
    }
  }

  #fresh(): number {
    return this.#parent.push(this.#parent.length) - 1;
  }

  #root(term: TermClass): number {
    let root = term;
    while (this.#parent[root] !== root) root = this.#parent[root]!;
    return root;
  }
}
