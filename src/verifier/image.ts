import type { Renaming } from "./renaming.ts";

/** What a renaming makes of the numbers of a check: the same, with addresses and values exchanged. */
export interface Image {
  readonly renaming: Renaming;
  /** The node that takes each node's place. */
  readonly nodes: readonly number[];
  /** The place, of that node, that takes the place of a node's. */
  place(node: number, place: number): number;
  inputs(list: number): number;
  outputs(list: number): number;
  /** Of a set of states of the original. */
  set(set: number): number;
  /** The set that this one is made of. */
  setBefore(set: number): number;
}
