import type { Machine, MachineState } from "./machine.ts";

/** A fact sent again and again is under way at most so often: the sender repeats it as long as it holds. */
const COPIES = 2;

/** The messages under way with `more` added, each at most twice; ascending. */
export function withSent(flight: readonly number[], more: readonly number[]): readonly number[] {
  if (more.length === 0) return flight;
  const all = [...flight, ...more].sort((a, b) => a - b);
  return all.filter((message, i) => all[i - COPIES] !== message);
}

/**
 * What may still be under way once those messages entered a tick. Two copies of one message that arrive at the same tick
 * are one fact there, so each delivered message takes one copy along or all of them.
 */
export function afterDelivery(
  flight: readonly number[],
  delivered: readonly number[],
): readonly (readonly number[])[] {
  if (delivered.length === 0) return [flight];
  const gone = new Set(delivered);
  const rest = flight.filter((message) => !gone.delete(message));
  const copied = delivered.filter((message) => rest.includes(message));
  return subsets(copied, copied.length).map((merged) =>
    merged.length === 0 ? rest : rest.filter((message) => !merged.includes(message)),
  );
}

/** Different messages under way to that node. */
export function waitingFor(machine: Machine, flight: readonly number[], node: number): number[] {
  return flight.filter(
    (message, i) => flight[i - 1] !== message && machine.destination(message) === node,
  );
}

/** All subsets of at most `limit` members, the empty one first. */
export function subsets<T>(items: readonly T[], limit: number): readonly (readonly T[])[] {
  let all: (readonly T[])[] = [[]];
  for (const item of items) {
    all = [...all, ...all.filter((s) => s.length < limit).map((s) => [...s, item])];
  }
  return all;
}

/**
 * Nothing that may still happen without a new input shows: idle ticks, what is under way and what such ticks send
 * again change no node's state and give no output that is not in `emitted` (rewrites.md section 10, Quiescent).
 */
export function isQuiescent(
  machine: Machine,
  { nodes, flight }: MachineState,
  emitted: bigint,
  together: number,
): boolean {
  let around = flight;
  for (;;) {
    const sent: number[] = [];
    for (let node = 0; node < nodes.length; node++) {
      for (const arrived of subsets(waitingFor(machine, around, node), together)) {
        const done = machine.tick(node, nodes[node]!, arrived);
        if (done === undefined || done.state !== nodes[node]) return false;
        if (!includesAll(emitted, done.outputs)) return false;
        sent.push(...done.sends);
      }
    }
    const known = new Set(around);
    const fresh = sent.filter((message) => !known.has(message));
    if (fresh.length === 0) return true;
    around = withSent(around, fresh);
  }
}

/** Sets of outputs are bit masks. */
export function withOutputs(emitted: bigint, outputs: readonly number[]): bigint {
  return outputs.reduce((mask, output) => mask | (1n << BigInt(output)), emitted);
}

function includesAll(emitted: bigint, outputs: readonly number[]): boolean {
  return withOutputs(emitted, outputs) === emitted;
}
