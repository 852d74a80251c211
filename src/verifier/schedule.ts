import type { Fact, Send } from "../evaluator/nodeEngine.ts";
import type { Exploration, Transition, Violation } from "./exploration.ts";
import type { Interned } from "./interned.ts";
import type { Observer } from "./observer.ts";
import type { Places } from "./places.ts";

/** One tick, or in lockstep one tick of each sibling. */
export interface ScheduleStep {
  readonly ticks: readonly { readonly address: string; readonly arrived: readonly Fact[] }[];
  /** Numbers of the inputs that the environment sends for this tick. */
  readonly inputs: readonly number[];
  /** Outputs that the environment sees for the first time. */
  readonly outputs: readonly Send[];
}

/** What numbers stand for. */
export interface Meaning {
  readonly places: Places;
  readonly observer: Observer;
  /** For each input the number of the first one that is equal to it. */
  readonly kinds: readonly number[];
  readonly outputs: Interned<Send>;
}

/** The steps that lead to a violation, in terms of messages, inputs and outputs. */
export function scheduleOf(
  exploration: Exploration,
  { pair, last }: Violation,
  meaning: Meaning,
): readonly ScheduleStep[] {
  const path = exploration.path(pair);
  const all = last === undefined ? path : [...path, { pair: exploration.pair(pair), by: last }];
  const unsent = meaning.kinds.map((kind, input) => ({ kind, input }));
  return all.map((step) => {
    const inputs = meaning.places.lists.array(step.by.inputs).map((kind) => {
      const at = unsent.findIndex((one) => one.kind === kind);
      return unsent.splice(at, 1)[0]!.input;
    });
    return stepOf(step.pair, step.by, inputs, meaning);
  });
}

function stepOf(
  from: readonly number[],
  { group, moves }: Transition,
  inputs: readonly number[],
  { places, observer, outputs }: Meaning,
): ScheduleStep {
  const { machine, lists } = places;
  const ticks = group.map((node, i) => ({
    address: machine.nodes[node]!.address,
    arrived: moves[i]!.arrived.map((message) => machine.messages.value(message)),
  }));
  let seen = from[machine.nodes.length + 1]!;
  const shown: Send[] = [];
  for (const move of moves) {
    if (move.failed) break;
    const fresh = observer.fresh(seen, move.outputs);
    shown.push(...lists.array(fresh).map((output) => outputs.value(output)));
    seen = observer.after(seen, fresh);
  }
  return { ticks, inputs, outputs: shown };
}
