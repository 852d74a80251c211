import type { RuleId } from "../program/program.ts";

/** What a rule cost, over all nodes and ticks of what was compiled with the same `RuleCosts`. */
export interface RuleCost {
  readonly rule: RuleId;
  /** Facts that made it look for valuations. */
  readonly factsIn: number;
  /**
   * What it derived that it did not derive in the tick before, and in every tick anew where it reads what lasts one
   * tick: one for each way in which its body holds; facts that differ only in what the rule does not read need not be
   * different ways. Of a rule with aggregates: one for each group's value. Of one that
   * keeps facts under a condition: each fact that it begins to keep (one that keeps facts under none is never run). Of
   * a recursive rule: each fact that appeared and that it derives.
   */
  readonly factsOut: number;
  /** What it no longer derives, counted in the same way. */
  readonly factsWithdrawn: number;
  readonly milliseconds: number;
}

/** Places of a rule's counters. */
export const FACTS_IN = 0;
export const FACTS_OUT = 1;
export const FACTS_WITHDRAWN = 2;
export const MILLISECONDS = 3;

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
    if (counters === undefined) this.#counters.set(rule, (counters = new Float64Array(4)));
    return counters;
  }

  /** Every rule, the most expensive first. */
  list(): readonly RuleCost[] {
    return [...this.#counters]
      .map(([rule, c]) => ({
        rule,
        factsIn: c[FACTS_IN]!,
        factsOut: c[FACTS_OUT]!,
        factsWithdrawn: c[FACTS_WITHDRAWN]!,
        milliseconds: c[MILLISECONDS]!,
      }))
      .sort((a, b) => b.milliseconds - a.milliseconds);
  }
}
