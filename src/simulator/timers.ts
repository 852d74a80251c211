import type { RelationName } from "../program/program.ts";
import type { Fact } from "../evaluator/nodeEngine.ts";
import { micros } from "./network.ts";
import type { Micros } from "./network.ts";
import { random } from "./random.ts";

/** A relation that the environment makes hold at one node once in every period (language.md section 1). */
export interface Timer {
  readonly relation: RelationName;
  readonly arity: number;
  readonly period: Micros;
  /** When it rings first, at most one period after the start: no two clocks go alike. */
  readonly phase: Micros;
}

export interface TimerRelation {
  readonly name: RelationName;
  readonly arity: number;
  readonly timerMs?: number;
}

/** The node's own timer: its phase depends on the seed, the node and the relation and on nothing else. */
export function timerOf(seed: number, address: string, relation: TimerRelation): Timer {
  const period = Math.max(1, micros(relation.timerMs ?? 0));
  const phase = 1 + random(seed, "timer", address, relation.name).below(period);
  return { relation: relation.name, arity: relation.arity, period, phase };
}

/** What holds when it rings at that time: a timer with attributes counts its ringings from 1. */
export function ringing({ relation, arity, period, phase }: Timer, now: Micros): Fact {
  const count = Math.round((now - phase) / period) + 1;
  return { relation, row: Array<number>(arity).fill(count) };
}

/** Timers never end, so a run with timers does not wait longer than this for a quiet moment. */
const REST: Micros = micros(100);

/**
 * Whether a run with timers is over once nobody waits for an answer any more: in the first quiet moment after it
 * lingered, or, since timers may keep sending for ever, a while later.
 */
export function timersEnd(
  answeredAt: Micros,
  linger: Micros,
  now: Micros,
  next: Micros,
  live: number,
): "quiet" | "timers" | undefined {
  const until = answeredAt + linger;
  if (live === 0 && next > until) return "quiet";
  return now >= until + REST || next > until + REST ? "timers" : undefined;
}
