import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { CryptoProvider } from "../evaluator/cryptoProvider.ts";
import type { FunctionTable } from "../evaluator/functions.ts";
import type { Send } from "../evaluator/nodeEngine.ts";
import type { ComponentName } from "../program/program.ts";
import { BoundReached } from "./boundReached.ts";
import type { Bound } from "./boundReached.ts";
import { Exploration } from "./exploration.ts";
import { imageOf } from "./imageOf.ts";
import { interned } from "./interned.ts";
import { IntLists } from "./intLists.ts";
import { machine, sendText } from "./machine.ts";
import type { Input, Machine, TickEvaluation } from "./machine.ts";
import { Observer } from "./observer.ts";
import { OriginalStates } from "./originalStates.ts";
import { Places } from "./places.ts";
import { scheduleOf } from "./schedule.ts";
import type { ScheduleStep } from "./schedule.ts";
import { symmetries } from "./symmetries.ts";

export interface RefinementOptions {
  readonly inputs: readonly Input[];
  /** free: every node ticks by itself; lockstep: siblings of one original node tick together. */
  readonly clocks: "free" | "lockstep";
  /** The environment notices the first arrival of each different output, or so many arrivals of each. */
  readonly observer: "first" | { readonly multi: number };
  /** Messages between siblings of one original node, and to oneself, may arrive twice; false when absent. */
  readonly duplicates?: boolean;
  /** Leave out schedules that cannot show anything new; true when absent. */
  readonly reduced?: boolean;
  /** Of schedules that differ in what is interchangeable look at one only; true when absent. */
  readonly symmetry?: boolean;
  /** Follow all states that the original may be in, not only the earliest; false when absent. */
  readonly closed?: boolean;
  /** How ticks are computed; `incremental` when absent. */
  readonly ticks?: TickEvaluation;
  readonly bound?: Partial<RefinementBound>;
  /** Components that are part of the environment: stateless, and what reaches them is seen. */
  readonly environment?: readonly ComponentName[];
  readonly functions: FunctionTable;
  readonly crypto: CryptoProvider;
}

export interface RefinementBound {
  /** Pairs of a state of the rewritten program and the states the original may be in. */
  readonly states: number;
  /** Different states of the original. */
  readonly originalStates: number;
  /** How many messages enter one tick of the rewritten program together at most; infinite for any number. */
  readonly together: number;
}

export const DEFAULT_BOUND: RefinementBound = {
  states: 20_000,
  originalStates: 100_000,
  together: 3,
};

export type Refinement =
  /**
   * Every schedule was explored; with `leftOut` every one in which no more messages enter a tick together than the bound
   * says, and there are others.
   */
  | { readonly kind: "refines"; readonly explored: number; readonly leftOut: boolean }
  /** What was explored shows no difference, which says little. No bound was reached by a check that was not finished. */
  | { readonly kind: "not-known"; readonly explored: number; readonly reached?: Bound }
  | Counterexample;

export interface Counterexample {
  readonly kind: "counterexample";
  /**
   * safety: the environment sees outputs in an order that the original cannot give; quiescence: the rewritten
   * program comes to rest with other outputs than the original ever would; error: it stops with a run-time error.
   */
  readonly violation: "safety" | "quiescence" | "error";
  /** A shortest one. */
  readonly schedule: readonly ScheduleStep[];
  readonly explored: number;
}

/**
 * Whether every history of the rewritten program is one of the original, for these inputs, sent each once at any
 * moment (rewrites.md section 10).
 */
export function refines(
  original: AnalyzedProgram,
  rewritten: AnalyzedProgram,
  options: RefinementOptions,
): Refinement {
  const check = startRefinement(original, rewritten, options);
  while (check.advance(PAIRS_A_TURN) === "running");
  return check.result();
}

const PAIRS_A_TURN = 10_000;

/** A check under way. */
export interface RefinementCheck {
  /** Looks at so many pairs more, so that a caller can report progress and be cancelled in between. */
  advance(pairs: number): "running" | "ended";
  progress(): RefinementProgress;
  /** `not-known` while it is running. */
  result(): Refinement;
}

export interface RefinementProgress {
  /** Pairs found so far. */
  readonly explored: number;
  /** Different states of the original. */
  readonly originalStates: number;
  /** Different facts that either program has sent to the environment: none, and the check is of nothing. */
  readonly outputs: number;
}

export function startRefinement(
  original: AnalyzedProgram,
  rewritten: AnalyzedProgram,
  options: RefinementOptions,
): RefinementCheck {
  const { inputs, environment = [], functions, crypto, observer, duplicates = false } = options;
  const bound = { ...DEFAULT_BOUND, ...options.bound };
  const outputs = interned<Send>(sendText);
  const { ticks = "incremental" } = options;
  const told = { inputs, environment, functions, crypto, outputs, ticks };
  const lists = new IntLists();
  const watcher = new Observer(lists, observer === "first" ? 1 : observer.multi);
  const after = machine(rewritten, told);
  const { together } = bound;
  const places = new Places(after, lists, { together, duplicates });
  let states: OriginalStates | undefined;
  let exploration: Exploration | undefined;
  let reached: Bound | undefined;
  const start = (): Exploration => {
    const all = { together: Infinity, duplicates };
    const before = new OriginalStates(new Places(machine(original, told), lists, all), watcher, {
      limit: bound.originalStates,
      closed: options.closed ?? false,
    });
    states = before;
    const found = options.symmetry === false ? [] : symmetries(original, rewritten, inputs);
    return new Exploration({
      places,
      original: before,
      observer: watcher,
      groups: tickingTogether(after, options.clocks),
      limit: bound.states,
      kinds: kindsOf(inputs),
      reduced: options.reduced ?? true,
      images: found.map((one) => imageOf(one, { places, original: before, inputs, outputs })),
    });
  };
  return {
    advance(pairs) {
      try {
        exploration ??= start();
        return exploration.advance(pairs);
      } catch (error) {
        if (!(error instanceof BoundReached)) throw error;
        reached = error.bound;
        return "ended";
      }
    },
    progress: () => ({
      explored: exploration?.size ?? 0,
      originalStates: states?.size ?? 0,
      outputs: outputs.size,
    }),
    result() {
      const explored = exploration?.size ?? 0;
      const violation = exploration?.violation;
      if (exploration !== undefined && violation !== undefined) {
        const schedule = scheduleOf(exploration, violation, {
          places,
          observer: watcher,
          inputs,
          kinds: kindsOf(inputs),
          outputs,
        });
        return { kind: "counterexample", violation: violation.kind, schedule, explored };
      }
      if (exploration !== undefined && reached === undefined && exploration.isWhole) {
        return { kind: "refines", explored, leftOut: places.leftOut };
      }
      const most = reached ?? (explored > bound.states ? "states" : undefined);
      return { kind: "not-known", explored, ...(most && { reached: most }) };
    },
  };
}

/** For each input the number of the first one that is equal to it: which of them is sent makes no difference. */
function kindsOf(inputs: readonly Input[]): readonly number[] {
  const texts = inputs.map(sendText);
  return texts.map((text) => texts.indexOf(text));
}

function tickingTogether(
  { nodes }: Machine,
  clocks: RefinementOptions["clocks"],
): readonly (readonly number[])[] {
  if (clocks === "free") return nodes.map((_, i) => [i]);
  const groups = new Map<string, number[]>();
  nodes.forEach(({ original }, i) => groups.set(original, [...(groups.get(original) ?? []), i]));
  return [...groups.values()];
}
