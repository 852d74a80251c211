import type { Fault } from "./faults.ts";

/** What one run is told, all of it plain data. Times are simulated milliseconds. */
export interface SimulationSettings {
  readonly seed: number;
  readonly network?: Partial<NetworkSettings>;
  /** How many requests clients send in all; the deployment's number when absent, 20 when that is absent too. */
  readonly requests?: number;
  /** Closed loops: how many requests may be waiting for an answer at once. */
  readonly loops?: number;
  /** After so long without an answer a loop gives the request up and goes on. */
  readonly patience?: number;
  /** So long a run of a program with timers goes on at least when nobody waits for an answer any more; 0 when absent. */
  readonly linger?: number;
  readonly maxTime?: number;
  readonly maxTicks?: number;
  readonly faults?: readonly Fault[];
  /** Where the run leaves what it would have been, earliest first. */
  readonly branches?: readonly Branch[];
  /** Standing sends go out in every tick, as the language says, instead of at the latest every 100 ms. */
  readonly literalSends?: boolean;
}

/**
 * Everything through `at` stays as it would be without the branch, to the byte; only later do its faults and its seed
 * count. A fault of a message that is under way at that moment strikes it there.
 */
export interface Branch {
  readonly at: number;
  readonly faults: readonly Fault[];
  /** What the network draws from in place of the run's own seed; clients ask the same requests. */
  readonly seed?: number;
}

export interface NetworkSettings {
  /** Chosen for every message alone, evenly between the two. */
  readonly delay: { readonly min: number; readonly max: number };
  /** Probability from 0 to 1 that a message is lost; links between siblings of one original node never lose. */
  readonly loss: number;
  /** Probability that a message arrives twice. */
  readonly duplication: number;
  /** Probability that a message may overtake those sent before it on its link: 0 is a first-in-first-out link. */
  readonly reordering: number;
}

export const DEFAULT_NETWORK: NetworkSettings = {
  delay: { min: 1, max: 10 },
  loss: 0,
  duplication: 0,
  reordering: 1,
};

export const DEFAULT_REQUESTS = 20;
export const DEFAULT_LOOPS = 4;
export const DEFAULT_PATIENCE = 1_000;
export const DEFAULT_MAX_TIME = 600_000;
export const DEFAULT_MAX_TICKS = 200_000;

/** What a run has done so far. */
export interface SimulationProgress {
  /** Simulated milliseconds. */
  readonly at: number;
  readonly ticks: number;
  readonly messages: number;
  readonly sent: number;
  readonly answered: number;
  /** How many requests clients will send in all. */
  readonly requests: number;
}
