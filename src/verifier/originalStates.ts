import type { Interned } from "./interned.ts";
import { interned } from "./interned.ts";
import {
  afterDelivery,
  isQuiescent,
  subsets,
  waitingFor,
  withOutputs,
  withSent,
} from "./flight.ts";
import type { Machine, MachineState } from "./machine.ts";

/** A state of the original program, and which outputs it has emitted by then, received or not. */
interface OriginalState extends MachineState {
  readonly emitted: bigint;
}

/** Sets of states that the original may be in after what the environment has seen, by number. */
export interface OriginalStates {
  readonly initial: number;
  /** Every state gets the inputs under way, then does whatever it may. */
  afterInputs(set: number, inputs: readonly number[]): number;
  /** Those states that have emitted all of `outputs`; undefined when none has. */
  havingEmitted(set: number, outputs: bigint): number | undefined;
  /** Some state of the set is quiet and has emitted exactly `outputs`. */
  mayRestWith(set: number, outputs: bigint): boolean;
  /** How many states have been met so far. */
  readonly size: number;
}

/** More states than this, and the answer is not known. */
export class BoundReached extends Error {
  override readonly name = "BoundReached";
}

/** The original is explored with all delays: any subset of what is under way to a node may enter a tick. */
export function originalStates(machine: Machine, bound: number): OriginalStates {
  const states = interned<OriginalState>(
    ({ nodes, flight, emitted }) => `${nodes.join()};${flight.join()};${emitted}`,
  );
  const sets: Interned<readonly number[]> = interned((members) => members.join());
  const successors = new Map<number, readonly number[]>();
  const quiet = new Map<number, boolean>();
  const afterInputs = new Map<string, number>();
  const filtered = new Map<string, number | undefined>();

  const next = (id: number): readonly number[] => {
    const known = successors.get(id);
    if (known !== undefined) return known;
    const found = step(machine, states.value(id)).map((state) => states.id(state));
    if (states.size > bound) throw new BoundReached();
    successors.set(id, found);
    return found;
  };
  const closed = (from: readonly number[]): number => {
    const reached = new Set(from);
    for (const id of reached) for (const successor of next(id)) reached.add(successor);
    return sets.id([...reached].sort((a, b) => a - b));
  };
  const rests = (id: number): boolean => {
    const known = quiet.get(id);
    if (known !== undefined) return known;
    const state = states.value(id);
    const is = isQuiescent(machine, state, state.emitted, state.flight.length);
    quiet.set(id, is);
    return is;
  };

  return {
    initial: closed([states.id({ ...machine.initial, emitted: 0n })]),
    afterInputs(set, inputs) {
      if (inputs.length === 0) return set;
      const key = `${set}:${inputs.join()}`;
      const known = afterInputs.get(key);
      if (known !== undefined) return known;
      const sent = inputs.flatMap((input) => machine.inputMessages[input]!);
      const started = sets.value(set).map((id) => {
        const state = states.value(id);
        return states.id({ ...state, flight: withSent(state.flight, sent) });
      });
      const result = closed(started);
      afterInputs.set(key, result);
      return result;
    },
    havingEmitted(set, outputs) {
      const key = `${set}:${outputs}`;
      if (filtered.has(key)) return filtered.get(key);
      const left = sets.value(set).filter((id) => (states.value(id).emitted & outputs) === outputs);
      const result = left.length === 0 ? undefined : sets.id(left);
      filtered.set(key, result);
      return result;
    },
    mayRestWith: (set, outputs) =>
      sets.value(set).some((id) => states.value(id).emitted === outputs && rests(id)),
    get size() {
      return states.size;
    },
  };
}

function step(machine: Machine, state: OriginalState): readonly OriginalState[] {
  const found: OriginalState[] = [];
  for (let node = 0; node < state.nodes.length; node++) {
    const waiting = waitingFor(machine, state.flight, node);
    for (const arrived of subsets(waiting, waiting.length)) {
      const done = machine.tick(node, state.nodes[node]!, arrived);
      // A run that stops with an error gives no histories to compare with.
      if (done === undefined) continue;
      const nodes = state.nodes.with(node, done.state);
      const emitted = withOutputs(state.emitted, done.outputs);
      for (const left of afterDelivery(state.flight, arrived)) {
        found.push({ nodes, flight: withSent(left, done.sends), emitted });
      }
    }
  }
  return found;
}
