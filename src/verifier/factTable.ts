import type { SharedIds } from "../evaluator/rowLog.ts";
import type { Fact } from "../evaluator/nodeEngine.ts";
import type { RelationName } from "../program/program.ts";
import { IntLists } from "./intLists.ts";

/** Numbers facts from 0, equal ones alike. */
export class FactTable {
  readonly #ids: SharedIds;
  /** The number of the relation, then the ids of the row's values. */
  readonly #lists = new IntLists();
  readonly #facts: Fact[] = [];
  readonly #buffer: number[] = [];

  constructor(ids: SharedIds) {
    this.#ids = ids;
  }

  id({ relation, row }: Fact): number {
    const { interner } = this.#ids;
    return this.idOf(
      relation,
      row.map((value) => interner.intern(value)),
      0,
      row.length,
    );
  }

  /** The number of the fact whose values have the ids that begin there. */
  idOf(relation: RelationName, cells: ArrayLike<number>, at: number, length: number): number {
    const buffer = this.#buffer;
    buffer[0] = this.#ids.relation(relation);
    for (let i = 0; i < length; i++) buffer[i + 1] = cells[at + i]!;
    // The empty list, which is no fact, has the number 0.
    return this.#lists.idOf(buffer, length + 1) - 1;
  }

  fact(id: number): Fact {
    return (this.#facts[id] ??= this.#read(id));
  }

  relation(id: number): RelationName {
    return this.#ids.nameOf(this.#lists.member(id + 1, 0));
  }

  /** The ids of its values from the second member on; good until the next fact is added. */
  cells(id: number): Int32Array {
    return this.#lists.list(id + 1);
  }

  #read(id: number): Fact {
    const [, ...cells] = this.#lists.array(id + 1);
    const { interner } = this.#ids;
    return { relation: this.relation(id), row: cells.map((cell) => interner.valueOf(cell)) };
  }
}
