import { PairTable } from "./pairTable.ts";
import type { Places } from "./places.ts";

/**
 * Which schedules need not be tried (docs/adr/0014): where one group of nodes has something to do and nothing can reach
 * it but by its own doing, it may as well do it first. What others do meanwhile neither needs nor hinders it, and to
 * show its outputs early asks the most of the original.
 */
export class Reduction {
  readonly #places: Places;
  readonly #groups: readonly (readonly number[])[];
  /** For each group the nodes of other groups from which, perhaps by way of others, it may be sent something. */
  readonly #upstream: readonly (readonly number[])[];
  /** Whether an input of that list may yet reach the group. */
  readonly #awaits: PairTable<boolean>;

  constructor(
    places: Places,
    groups: readonly (readonly number[])[],
    goesTo: (input: number, nodes: readonly number[]) => boolean,
  ) {
    this.#places = places;
    this.#groups = groups;
    this.#upstream = groups.map((group) => upstream(places, groups, group));
    this.#awaits = new PairTable((unsent, group) => {
      const nodes = [...groups[group]!, ...this.#upstream[group]!];
      return places.lists.array(unsent).some((input) => goesTo(input, nodes));
    });
  }

  /** A group whose ticks are enough to try from that pair; undefined when all groups' have to be. */
  enough(pair: readonly number[]): number | undefined {
    const unsent = pair[this.#places.machine.nodes.length]!;
    for (let group = 0; group < this.#groups.length; group++) {
      if (this.#awaits.at(unsent, group)) continue;
      if (!this.#upstream[group]!.every((node) => this.#places.isDry(node, pair[node]!))) continue;
      if (this.#hasWork(this.#groups[group]!, pair)) return group;
    }
    return undefined;
  }

  /** There is something to do, and whatever it is, its messages can be told from those under way. */
  #hasWork(nodes: readonly number[], pair: readonly number[]): boolean {
    let works = false;
    for (const node of nodes) {
      const place = pair[node]!;
      for (const { after, sends, outputs, failed } of this.#places.moves(node, place)) {
        for (let i = 0; i < sends.length; i += 2) {
          const to = sends[i]!;
          if (this.#places.holdsAny(to, pair[to]!, sends[i + 1]!)) return false;
        }
        works ||= failed || after !== place || sends.length > 0 || outputs !== 0;
      }
    }
    return works;
  }
}

function upstream(
  { machine }: Places,
  groups: readonly (readonly number[])[],
  group: readonly number[],
): readonly number[] {
  const found = new Set<readonly number[]>();
  const look = (targets: readonly number[]): void => {
    for (const other of groups) {
      if (other === group || found.has(other)) continue;
      if (!other.some((from) => targets.some((to) => machine.maySend(from, to)))) continue;
      found.add(other);
      look(other);
    }
  };
  look(group);
  return [...found].flat();
}
