import type { RuleId } from "../program/program.ts";

/** What a rule cost, over all nodes and ticks of what was compiled with the same `RuleCosts`. */
export interface RuleCost {
  readonly rule: RuleId;
  /** Facts that made it look for valuations. */
  readonly factsIn: number;
  /** Valuations it found, those that ceased to hold included. */
  readonly factsOut: number;
  readonly milliseconds: number;
}

/** Places of a rule's counters. */
export const FACTS_IN = 0;
export const FACTS_OUT = 1;
export const MILLISECONDS = 2;

/** The cost profile: counts only for what is compiled with it, so that nothing else pays for it. */
export class RuleCosts {
  /** A clock in milliseconds. */
  readonly now: () => number;
  readonly #counters = new Map<RuleId, Float64Array>();

  constructor(now: () => number) {
    this.now = now;
  }

  of(rule: RuleId): Float64Array {
    let counters = this.#counters.get(rule);
    if (counters === undefined) this.#counters.set(rule, (counters = new Float64Array(3)));
    return counters;
  }

  /** Every rule, the most expensive first. */
  list(): readonly RuleCost[] {
    return [...this.#counters]
      .map(([rule, c]) => ({
        rule,
        factsIn: c[FACTS_IN]!,
        factsOut: c[FACTS_OUT]!,
        milliseconds: c[MILLISECONDS]!,
      }))
      .sort((a, b) => b.milliseconds - a.milliseconds);
  }
}
