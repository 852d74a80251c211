import type { Fact, Send } from "../evaluator/nodeEngine.ts";
import type { Exploration, Transition, Violation } from "./exploration.ts";
import type { Interned } from "./interned.ts";
import { sendText } from "./machine.ts";
import type { Input } from "./machine.ts";
import { crashOf, isForGood } from "./nodeCrashes.ts";
import type { Observer } from "./observer.ts";
import type { Places } from "./places.ts";
import type { Renaming } from "./renaming.ts";

/** One tick, or in lockstep one tick of each sibling; or a crash of all siblings. */
export interface ScheduleStep {
  readonly ticks: readonly { readonly address: string; readonly arrived: readonly Fact[] }[];
  /** These nodes do not tick: they crash, being all that this original node became; what arrived is lost. */
  readonly crashed?: string;
  /** They do not start again, and lose all that is under way to them. */
  readonly forGood?: true;
  /** Numbers of the inputs that the environment sends for this tick; a crash is one of them. */
  readonly inputs: readonly number[];
  /** Outputs that the environment sees for the first time. */
  readonly outputs: readonly Send[];
}

/** What numbers stand for. */
export interface Meaning {
  readonly places: Places;
  readonly observer: Observer;
  readonly inputs: readonly Input[];
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
  const end = { pair: exploration.pair(pair), by: last, image: undefined };
  const unsent = meaning.kinds.map((kind, input) => ({ kind, input }));
  // A representative's step is taken back to what it stands for: what was done last is undone first.
  let undone: readonly Renaming[] = [];
  const steps: ScheduleStep[] = [];
  for (const { pair: from, by, image } of [...path, end]) {
    if (by === undefined) break;
    const back = undone;
    const inputs = meaning.places.lists.array(by.inputs).map((kind) => {
      const sent = back.reduce((send, by) => by.send(send), meaning.inputs[kind]! as Send);
      const at = unsent.findIndex((one) => sameInput(meaning, one.kind, sent));
      return unsent.splice(at, 1)[0]!.input;
    });
    const crash = inputs.map((i) => meaning.inputs[i]!).find((one) => crashOf(one) !== undefined);
    const step = back.reduce(renamed, stepOf(from, by, inputs, meaning));
    steps.push(crash === undefined ? step : { ...step, ...crashStep(crash) });
    if (image !== undefined) undone = [image.renaming.inverse, ...undone];
  }
  return steps;
}

/** What a step says of its crash. */
export function crashStep(crash: Input): Pick<ScheduleStep, "crashed" | "forGood"> {
  return { crashed: crashOf(crash)!, ...(isForGood(crash) && { forGood: true }) };
}

function sameInput({ inputs }: Meaning, kind: number, send: Send): boolean {
  return sendText(inputs[kind]!) === sendText(send);
}

function renamed(step: ScheduleStep, by: Renaming): ScheduleStep {
  return {
    ticks: step.ticks.map(({ address, arrived }) => ({
      address: by.address(address),
      arrived: arrived.map((fact) => by.fact(fact)),
    })),
    inputs: step.inputs,
    outputs: step.outputs.map((output) => by.send(output)),
  };
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
