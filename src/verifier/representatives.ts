import type { Image } from "./image.ts";
import { IntLists } from "./intLists.ts";

/**
 * Of the pairs that images make of one another, the one that is looked at: the least, number by number, as far as it is
 * the rewritten program's and what the environment sent and saw.
 */
export class Representatives {
  /** The first stands for the pair itself. */
  readonly #images: readonly (Image | undefined)[];
  /** For each image, the node whose place it puts there. */
  readonly #sources: readonly (readonly number[])[];
  readonly #width: number;
  readonly #asked = new IntLists();
  readonly #answers: (readonly (Image | undefined)[])[] = [];
  readonly #found = new IntLists();
  readonly #least: number[] = [];

  constructor(images: readonly Image[], width: number) {
    this.#images = [undefined, ...images];
    this.#width = width;
    this.#sources = this.#images.map((image) => {
      const sources: number[] = [];
      for (let node = 0; node < width; node++) sources[image?.nodes[node] ?? node] = node;
      return sources;
    });
  }

  /** Puts the representative into the buffer, which begins with a pair, and says which images make it of that pair. */
  of(buffer: number[]): readonly (Image | undefined)[] {
    if (this.#images.length === 1) return this.#images;
    const length = this.#width + 2;
    const question = this.#asked.idOf(buffer, length);
    const answer = (this.#answers[question] ??= this.#find(buffer));
    const found = this.#least[question]!;
    for (let i = 0; i < length; i++) buffer[i] = this.#found.member(found, i);
    return answer;
  }

  #find(pair: readonly number[]): readonly (Image | undefined)[] {
    const length = this.#width + 2;
    let least = pair.slice(0, length);
    let images: (Image | undefined)[] = [];
    this.#images.forEach((image, i) => {
      const made = Array.from({ length }, (_, at) => this.#member(pair, i, at));
      const at = made.findIndex((number, k) => number !== least[k]);
      if (at >= 0 && made[at]! > least[at]!) return;
      if (at >= 0) [least, images] = [made, []];
      images.push(image);
    });
    this.#least[this.#asked.id(pair.slice(0, length))] = this.#found.id(least);
    return images;
  }

  #member(pair: readonly number[], i: number, at: number): number {
    const image = this.#images[i];
    const number = pair[at < this.#width ? this.#sources[i]![at]! : at]!;
    if (image === undefined) return number;
    if (at === this.#width) return image.inputs(number);
    if (at > this.#width) return image.outputs(number);
    return image.place(this.#sources[i]![at]!, number);
  }
}
