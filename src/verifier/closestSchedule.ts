import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Send } from "../evaluator/nodeEngine.ts";
import { interned } from "./interned.ts";
import { IntLists } from "./intLists.ts";
import { machine, sendText } from "./machine.ts";
import type { Input } from "./machine.ts";
import { crashOf } from "./nodeCrashes.ts";
import { Observer } from "./observer.ts";
import { Places } from "./places.ts";
import type { RefinementOptions } from "./refines.ts";
import { crashStep } from "./schedule.ts";
import type { ScheduleStep } from "./schedule.ts";

/** How many states of the original are looked at before what has been found so far must do. */
const MOST_STATES = 100_000;

/**
 * A schedule of the original in which the environment sends and sees what a counterexample says, for as long as the
 * original can: the run to look at beside the counterexample. It ends where the original must differ.
 */
export function closestSchedule(
  original: AnalyzedProgram,
  counterexample: readonly ScheduleStep[],
  options: Omit<RefinementOptions, "clocks" | "bound" | "reduced">,
): readonly ScheduleStep[] {
  const search = new Search(original, options);
  let layer: readonly number[] = [search.start];
  for (const event of eventsOf(counterexample)) {
    const next = search.take(search.closed(layer), event);
    if (next.length === 0) break;
    layer = next;
  }
  return search.pathTo(layer[0]!);
}

type Event =
  | { readonly kind: "input"; readonly input: number }
  | { readonly kind: "output"; readonly output: Send };

function eventsOf(schedule: readonly ScheduleStep[]): readonly Event[] {
  return schedule.flatMap(({ inputs, outputs }): readonly Event[] => [
    // A crash comes after what is sent before it, and has the greatest number.
    ...inputs.toSorted((a, b) => a - b).map((input): Event => ({ kind: "input", input })),
    ...outputs.map((output): Event => ({ kind: "output", output })),
  ]);
}

/** How a state comes from its parent. */
type By =
  | { readonly kind: "tick"; readonly node: number; readonly arrived: readonly number[] }
  | {
      readonly kind: "crash";
      readonly input: number;
      readonly lost: readonly { readonly node: number; readonly arrived: readonly number[] }[];
    }
  | { readonly kind: "event"; readonly event: Event };

/** States of the original, each with the way that leads to it: the places of all nodes, and the outputs still to be seen. */
class Search {
  readonly start: number;
  readonly #lists = new IntLists();
  readonly #outputs = interned<Send>(sendText);
  readonly #observer: Observer;
  readonly #places: Places;
  readonly #width: number;
  readonly #inputs: readonly Input[];
  /** A state behind the number of events it has followed. */
  readonly #states = new IntLists();
  readonly #parents: number[] = [0, 0];
  readonly #ways: (By | undefined)[] = [undefined, undefined];
  #events = 0;
  #seen = 0;

  constructor(
    original: AnalyzedProgram,
    options: Omit<RefinementOptions, "clocks" | "bound" | "reduced">,
  ) {
    const { inputs, environment = [], functions, crypto, observer, duplicates = false } = options;
    const told = { inputs, environment, functions, crypto, outputs: this.#outputs };
    this.#inputs = inputs;
    this.#observer = new Observer(this.#lists, observer === "first" ? 1 : observer.multi);
    const all = { together: Infinity, duplicates };
    this.#places = new Places(machine(original, told), this.#lists, all);
    this.#width = this.#places.machine.nodes.length;
    this.start = this.#states.id([0, ...this.#places.initial(), 0]);
  }

  /** These states and all that the original may come to by itself, the nearest first. */
  closed(from: readonly number[]): readonly number[] {
    const reached = [...from];
    const places = this.#places;
    for (const id of reached) {
      if (this.#states.size > MOST_STATES) break;
      const [events, ...state] = this.#states.array(id);
      for (let node = 0; node < this.#width; node++) {
        for (const { failed, after, sends, outputs, arrived } of places.moves(node, state[node]!)) {
          if (failed) continue;
          const next = state.with(node, after);
          for (let i = 0; i < sends.length; i += 2) {
            next[sends[i]!] = places.with(sends[i]!, next[sends[i]!]!, sends[i + 1]!);
          }
          next[this.#width] = this.#observer.owed(this.#seen, state[this.#width]!, outputs);
          const found = this.#found([events!, ...next], id, { kind: "tick", node, arrived });
          if (found !== undefined) reached.push(found);
        }
      }
    }
    return reached;
  }

  /** What becomes of those of the states in which the environment may do that next. */
  take(states: readonly number[], event: Event): readonly number[] {
    if (event.kind === "input" && crashOf(this.#inputs[event.input]!) !== undefined) {
      return this.#crashing(states, event.input);
    }
    const change = event.kind === "input" ? this.#sending(event.input) : this.#showing(event);
    this.#events++;
    return states.flatMap((id) => {
      const next = change(this.#states.array(id).slice(1));
      if (next === undefined) return [];
      const found = this.#found([this.#events, ...next], id, { kind: "event", event });
      return found === undefined ? [] : [found];
    });
  }

  /** The way there as a schedule. */
  pathTo(id: number): readonly ScheduleStep[] {
    const ways: By[] = [];
    for (let at = id; this.#ways[at] !== undefined; at = this.#parents[at]!) {
      ways.unshift(this.#ways[at]!);
    }
    const { machine: of } = this.#places;
    const ticking = (node: number, arrived: readonly number[]): ScheduleStep["ticks"][number] => ({
      address: of.nodes[node]!.address,
      arrived: arrived.map((message) => of.messages.value(message)),
    });
    const steps: (ScheduleStep & { readonly outputs: Send[] })[] = [];
    let inputs: number[] = [];
    for (const way of ways) {
      if (way.kind === "tick") {
        steps.push({ ticks: [ticking(way.node, way.arrived)], inputs, outputs: [] });
        inputs = [];
      } else if (way.kind === "crash") {
        const ticks = way.lost.map(({ node, arrived }) => ticking(node, arrived));
        const crash = crashStep(this.#inputs[way.input]!);
        steps.push({ ticks, ...crash, inputs: [...inputs, way.input], outputs: [] });
        inputs = [];
      } else if (way.event.kind === "input") inputs.push(way.event.input);
      else steps.at(-1)!.outputs.push(way.event.output);
    }
    return inputs.length === 0 ? steps : [...steps, { ticks: [], inputs, outputs: [] }];
  }

  /** Only what is under way to the nodes is lost here: a simulated crash takes nothing else. */
  #crashing(states: readonly number[], input: number): readonly number[] {
    const places = this.#places;
    this.#events++;
    return states.flatMap((id) => {
      const state = this.#states.array(id).slice(1);
      let all: readonly {
        state: readonly number[];
        lost: Extract<By, { kind: "crash" }>["lost"];
      }[];
      all = [{ state, lost: [] }];
      for (const node of places.machine.crashing[input]!) {
        const losses = places.machine.forGood[input]!
          ? [places.ending(node)]
          : places.lossesWith(node, state[node]!, 0);
        all = all.flatMap(({ state: before, lost }) =>
          losses.map(({ after, arrived }) => ({
            state: before.with(node, after),
            lost: [...lost, { node, arrived }],
          })),
        );
      }
      return all.flatMap(({ state: next, lost }) => {
        const by = { kind: "crash", input, lost } as const;
        return this.#found([this.#events, ...next], id, by) ?? [];
      });
    });
  }

  #sending(input: number): (state: readonly number[]) => readonly number[] {
    const { machine: of, lists, places } = this.#all();
    const messages = of.inputMessages[input]!;
    return (state) =>
      state.map((place, node) => {
        const here = messages.filter((message) => of.destination(message) === node);
        return node === this.#width || here.length === 0
          ? place
          : places.with(node, place, lists.id(here));
      });
  }

  #showing({
    output,
  }: Extract<Event, { readonly kind: "output" }>): (
    state: readonly number[],
  ) => readonly number[] | undefined {
    const { lists } = this.#all();
    const shown = this.#outputs.id(output);
    const seen = this.#observer.after(this.#seen, lists.id([shown]));
    this.#seen = seen;
    return (state) => {
      const owed = lists.array(state[this.#width]!);
      const at = owed.indexOf(shown);
      if (at < 0) return undefined;
      const left = this.#observer.owed(seen, lists.id(owed.toSpliced(at, 1)), 0);
      return state.with(this.#width, left);
    };
  }

  #all() {
    return { places: this.#places, machine: this.#places.machine, lists: this.#lists };
  }

  /** Its number when it is a new state. */
  #found(state: readonly number[], parent: number, by: By): number | undefined {
    const id = this.#states.id(state);
    if (id < this.#parents.length) return undefined;
    this.#parents.push(parent);
    this.#ways.push(by);
    return id;
  }
}
