import type { ComponentName, RelationName } from "./program.ts";
import type { Row, Value } from "./value.ts";

/** Where a program's components run, what its EDB holds, and what its clients do (files.md, Deployment). */
export interface Deployment {
  /** Addresses of each component's instances. */
  readonly instances: Readonly<Record<ComponentName, readonly string[]>>;
  /** The same rows at every node. */
  readonly edb: Readonly<Record<RelationName, readonly Row[]>>;
  /** Rows of `node` relations, by address and relation. */
  readonly node: Readonly<Record<string, Readonly<Record<RelationName, readonly Row[]>>>>;
  /**
   * Which original node an address belongs to, for addresses made by a rewrite; every other address is its own original.
   * Siblings share the original's keys and its fault domain.
   */
  readonly originals: Readonly<Record<string, string>>;
  /**
   * For each component, the addresses whose signatures `verify(m,sig)` accepts there (the contents of `trusted`); all
   * originals when absent. The secret key in `mykey` is always that of the node's own original.
   */
  readonly trusted: Readonly<Record<ComponentName, readonly string[]>>;
  readonly clients: Clients;
  /** How many partitions each partitioned component has: what is shown, kept in step by the rewrites. */
  readonly partitions: Readonly<Record<ComponentName, number>>;
  readonly seed: number;
}

/** The load generator: one address, any number of closed loops. Attributes go by the names analysis knows them by. */
export interface Clients {
  /** Where answers are sent; what an EDB such as `client(c)` holds. */
  readonly address: string;
  /** The relation that clients send, to every instance of each component that reads it. */
  readonly input: RelationName;
  readonly answers: readonly RelationName[];
  /** For each answer relation: answer attribute to the input attribute it must equal. */
  readonly match: Readonly<Record<RelationName, Readonly<Record<string, string>>>>;
  /** One generator for each attribute of `input`. */
  readonly template: Readonly<Record<string, Generator>>;
  readonly payloadBytes: number;
  /** Simulated requests, 20 when absent. */
  readonly requests?: number;
  /** Milliseconds between an answer and the loop's next request, 0 when absent. */
  readonly think?: number;
}

export type Generator =
  /** An integer, unique over all requests of a run. */
  | { readonly kind: "unique" }
  /** 0, 1, 2, … from `from`. */
  | { readonly kind: "counter"; readonly from: number }
  /** Random bytes, `payloadBytes` of the clients unless given here. */
  | { readonly kind: "payload"; readonly bytes?: number }
  | { readonly kind: "choice"; readonly of: readonly Value[] };
