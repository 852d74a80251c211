import { withSent } from "./flight.ts";
import type { IntLists } from "./intLists.ts";
import { PairTable } from "./pairTable.ts";

/**
 * What the environment notices (rewrites.md section 10, Observer mode): of each different output the first `counted`
 * arrivals. What it has seen so far, and what it is going to see, are lists in which an output stands once for each arrival.
 */
export class Observer {
  readonly #left: (seen: number, output: number) => number;
  readonly #fresh: PairTable<number>;
  readonly #after: PairTable<number>;
  readonly #owed: PairTable<PairTable<number>>;

  constructor(lists: IntLists, counted: number) {
    const left = (seen: readonly number[]) => (output: number) =>
      counted - seen.filter((o) => o === output).length;
    this.#left = (seen, output) => left(lists.array(seen))(output);
    this.#fresh = new PairTable((seen, outputs) => {
      const may = left(lists.array(seen));
      return lists.id(lists.array(outputs).filter((output) => may(output) > 0));
    });
    this.#after = new PairTable((seen, fresh) =>
      lists.id(withSent(lists.array(seen), lists.array(fresh), () => counted)),
    );
    this.#owed = new PairTable(
      (seen) =>
        new PairTable((owed, outputs) => {
          const may = left(lists.array(seen));
          const all = [...lists.array(owed), ...lists.array(outputs)];
          return lists.id(withSent([], all, may).filter((output) => may(output) > 0));
        }),
    );
  }

  /** How many more arrivals of an output it notices. */
  left(seen: number, output: number): number {
    return this.#left(seen, output);
  }

  /** Of a tick's outputs those that it still notices. */
  fresh(seen: number, outputs: number): number {
    return outputs === 0 ? 0 : this.#fresh.at(seen, outputs);
  }

  /** What it has seen when it has seen those as well. */
  after(seen: number, fresh: number): number {
    return fresh === 0 ? seen : this.#after.at(seen, fresh);
  }

  /** What it is going to see, of what was under way to it and of a tick's outputs, if it has seen that much. */
  owed(seen: number, owed: number, outputs: number): number {
    return this.#owed.at(seen, 0).at(owed, outputs);
  }
}
