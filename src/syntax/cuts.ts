/** A token with which something begins, and how much there is before it: text can be cut up from there on. */
export interface Cut {
  readonly token: number;
  readonly statements: number;
  readonly blocks: number;
  readonly bars: number;
  readonly problems: number;
  /** 1 in a block that is open. */
  readonly inBlock: number;
}

const WIDTH = 6;

/** Cuts in the order of their tokens, as plain numbers: each edit moves all that follow. */
export class Cuts {
  readonly #numbers: number[] = [];

  get size(): number {
    return this.#numbers.length / WIDTH;
  }

  add({ token, statements, blocks, bars, problems, inBlock }: Cut): void {
    this.#numbers.push(token, statements, blocks, bars, problems, inBlock);
  }

  at(index: number): Cut {
    const at = (field: number): number => this.#numbers[index * WIDTH + field]!;
    return {
      token: at(0),
      statements: at(1),
      blocks: at(2),
      bars: at(3),
      problems: at(4),
      inBlock: at(5),
    };
  }

  /** How many have a token before this one. */
  countBefore(token: number): number {
    let [low, high] = [0, this.size];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#numbers[middle * WIDTH]! < token) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Adds those of others from `start` up to `end`, with so much more before each. */
  addAll(others: Cuts, start: number, end: number, by: Cut): void {
    const more = [by.token, by.statements, by.blocks, by.bars, by.problems, by.inBlock];
    const numbers = others.#numbers;
    for (let i = start * WIDTH; i < end * WIDTH; i++) {
      this.#numbers.push(numbers[i]! + more[i % WIDTH]!);
    }
  }
}

export const NO_CUT: Cut = {
  token: 0,
  statements: 0,
  blocks: 0,
  bars: 0,
  problems: 0,
  inBlock: 0,
};

/** How much more there is before one than before the other. */
export function difference(a: Cut, b: Cut): Cut {
  return {
    token: a.token - b.token,
    statements: a.statements - b.statements,
    blocks: a.blocks - b.blocks,
    bars: a.bars - b.bars,
    problems: a.problems - b.problems,
    inBlock: a.inBlock - b.inBlock,
  };
}
