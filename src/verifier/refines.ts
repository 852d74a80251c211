import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { CryptoProvider } from "../evaluator/cryptoProvider.ts";
import type { FunctionTable } from "../evaluator/functions.ts";
import type { Fact, Send } from "../evaluator/nodeEngine.ts";
import type { ComponentName } from "../program/program.ts";
import {
  afterDelivery,
  isQuiescent,
  subsets,
  waitingFor,
  withOutputs,
  withSent,
} from "./flight.ts";
import { interned } from "./interned.ts";
import { machine, sendText } from "./machine.ts";
import type { Input, Machine, MachineState } from "./machine.ts";
import { BoundReached, originalStates } from "./originalStates.ts";
import type { OriginalStates } from "./originalStates.ts";

export interface RefinementOptions {
  readonly inputs: readonly Input[];
  /** free: every node ticks by itself; lockstep: siblings of one original node tick together. */
  readonly clocks: "free" | "lockstep";
  /** The environment notices the first arrival of each different output. */
  readonly observer: "first";
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
  /** How many messages enter one tick of the rewritten program together at most. */
  readonly together: number;
}

const DEFAULT_BOUND: RefinementBound = { states: 20_000, originalStates: 100_000, together: 3 };

export type Refinement =
  /** Every schedule within the bound of messages that enter together was explored. */
  | { readonly kind: "refines"; readonly explored: number }
  /** Too many states: what was explored shows no difference, which says little. */
  | { readonly kind: "not-known"; readonly explored: number }
  | {
      readonly kind: "counterexample";
      /**
       * safety: the environment sees outputs in an order that the original cannot give; quiescence: the rewritten
       * program comes to rest with other outputs than the original ever would; error: it stops with a run-time error.
       */
      readonly violation: "safety" | "quiescence" | "error";
      /** A shortest one. */
      readonly schedule: readonly ScheduleStep[];
      readonly explored: number;
    };

/** One tick, or in lockstep one tick of each sibling. */
export interface ScheduleStep {
  readonly ticks: readonly { readonly address: string; readonly arrived: readonly Fact[] }[];
  /** Numbers of the inputs that the environment sends for this tick. */
  readonly inputs: readonly number[];
  /** Outputs that the environment sees for the first time. */
  readonly outputs: readonly Send[];
}

/** A state of the rewritten program beside the set of states that the original may be in. */
interface Pair extends MachineState {
  readonly unsent: readonly number[];
  readonly emitted: bigint;
  readonly original: number;
  readonly before?: { readonly pair: Pair; readonly step: ScheduleStep };
}

/**
 * Whether every history of the rewritten program is one of the original, for these inputs, sent each once at any
 * moment (rewrites.md section 10): the subset construction, breadth first. The rewritten program is explored with
 * eager outputs and lazy inputs, which loses no difference.
 */
export function refines(
  original: AnalyzedProgram,
  rewritten: AnalyzedProgram,
  options: RefinementOptions,
): Refinement {
  const outputs = interned<Send>(sendText);
  const { inputs, environment = [], functions, crypto } = options;
  const told = { inputs, environment, functions, crypto, outputs };
  const bound = { ...DEFAULT_BOUND, ...options.bound };
  const rewrittenMachine = machine(rewritten, told);
  const search: Search = {
    machine: rewrittenMachine,
    groups: tickingTogether(rewrittenMachine, options.clocks),
    together: bound.together,
    output: (id) => outputs.value(id),
  };
  try {
    const states = originalStates(machine(original, told), bound.originalStates);
    return explore(search, states, inputs, bound.states);
  } catch (error) {
    if (error instanceof BoundReached) return { kind: "not-known", explored: 0 };
    throw error;
  }
}

interface Search {
  readonly machine: Machine;
  /** Nodes that tick together. */
  readonly groups: readonly (readonly number[])[];
  readonly together: number;
  readonly output: (id: number) => Send;
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

function explore(
  search: Search,
  original: OriginalStates,
  inputs: readonly Input[],
  limit: number,
): Refinement {
  const first: Pair = {
    ...search.machine.initial,
    unsent: inputs.map((_, i) => i),
    emitted: 0n,
    original: original.initial,
  };
  const seen = new Set([pairKey(first)]);
  const queue = [first];
  const counterexample = (
    violation: "safety" | "quiescence" | "error",
    last: Pair,
    step?: ScheduleStep,
  ): Refinement => ({
    kind: "counterexample",
    violation,
    schedule: [...scheduleTo(last), ...(step === undefined ? [] : [step])],
    explored: seen.size,
  });
  for (const pair of queue) {
    if (seen.size > limit) return { kind: "not-known", explored: seen.size };
    for (const move of moves(search, pair)) {
      const after = made(search, pair, move, original);
      if (after.kind !== "pair") return counterexample(after.kind, pair, after.step);
      const key = pairKey(after.pair);
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push(after.pair);
    }
    const rests = isQuiescent(search.machine, pair, pair.emitted, search.together);
    if (rests && !original.mayRestWith(pair.original, pair.emitted)) {
      return counterexample("quiescence", pair);
    }
  }
  return { kind: "refines", explored: seen.size };
}

/** One choice of what happens next: which nodes tick, which inputs are sent for that, which messages enter. */
interface Move {
  readonly group: readonly number[];
  readonly inputs: readonly number[];
  readonly arrived: readonly number[];
  /** What is under way beside that. */
  readonly left: readonly number[];
}

function* moves({ machine, groups, together }: Search, pair: Pair): Iterable<Move> {
  for (const inputs of subsets(pair.unsent, together)) {
    const sent = inputs.map((input) => machine.inputMessages[input]!);
    const flight = withSent(pair.flight, sent.flat());
    for (const group of groups) {
      const waiting = group.flatMap((node) => waitingFor(machine, flight, node));
      for (const arrived of subsets(waiting, together)) {
        // An input is sent as late as possible: when one of its messages arrives. One that becomes no message may go any time.
        const needed = sent.every(
          (own) => own.length === 0 || own.some((m) => arrived.includes(m)),
        );
        if (!needed) continue;
        for (const left of afterDelivery(flight, arrived)) yield { group, inputs, arrived, left };
      }
    }
  }
}

type Made =
  | { readonly kind: "pair"; readonly pair: Pair }
  | { readonly kind: "safety" | "error"; readonly step: ScheduleStep };

function made(search: Search, pair: Pair, move: Move, original: OriginalStates): Made {
  const { machine, output } = search;
  const { group, inputs, arrived } = move;
  const nodes = [...pair.nodes];
  let flight = move.left;
  let { emitted } = pair;
  const ticks: { address: string; arrived: readonly Fact[] }[] = [];
  const outputs: Send[] = [];
  for (const node of group) {
    const own = arrived.filter((message) => machine.destination(message) === node);
    ticks.push({
      address: machine.nodes[node]!.address,
      arrived: own.map((message) => machine.messages.value(message)),
    });
    const done = machine.tick(node, pair.nodes[node]!, own);
    if (done === undefined) return { kind: "error", step: { ticks, inputs, outputs } };
    nodes[node] = done.state;
    flight = withSent(flight, done.sends);
    for (const id of done.outputs) {
      const withIt = withOutputs(emitted, [id]);
      if (withIt !== emitted) outputs.push(output(id));
      emitted = withIt;
    }
  }
  const step: ScheduleStep = { ticks, inputs, outputs };
  const set = original.havingEmitted(original.afterInputs(pair.original, inputs), emitted);
  if (set === undefined) return { kind: "safety", step };
  const unsent = pair.unsent.filter((input) => !inputs.includes(input));
  return {
    kind: "pair",
    pair: { nodes, flight, unsent, emitted, original: set, before: { pair, step } },
  };
}

function pairKey({ nodes, flight, unsent, emitted, original }: Pair): string {
  return `${nodes.join()};${flight.join()};${unsent.join()};${emitted};${original}`;
}

function scheduleTo(pair: Pair): readonly ScheduleStep[] {
  const steps: ScheduleStep[] = [];
  for (let at = pair.before; at !== undefined; at = at.pair.before) steps.push(at.step);
  return steps.reverse();
}
