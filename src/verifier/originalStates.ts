import type { Original } from "./exploration.ts";
import { distinct } from "./flight.ts";
import { IntLists } from "./intLists.ts";
import type { Observer } from "./observer.ts";
import type { Places } from "./places.ts";
import { isQuiescent } from "./quiescence.ts";

/** More states than this, and the answer is not known. */
export class BoundReached extends Error {
  override readonly name = "BoundReached";
}

/**
 * Sets of states that the original may be in after what the environment has seen, by number; closed under whatever it
 * may do by itself. It is explored with all delays: any subset of what is under way to a node may enter a tick, and an
 * output may be seen at any later time. A state is the places of all nodes and the outputs that are still to be seen.
 */
export class OriginalStates implements Original {
  readonly initial: number;
  readonly #places: Places;
  readonly #observer: Observer;
  readonly #limit: number;
  readonly #width: number;
  readonly #states = new IntLists();
  readonly #sets = new IntLists();
  /** Successors of a state, by what has been seen. */
  readonly #successors = new Map<number, (Int32Array | undefined)[]>();
  readonly #questions = new IntLists();
  readonly #answers: (number | undefined)[] = [];
  readonly #resting = new Map<number, (boolean | undefined)[]>();
  /** States that the closure under way has reached have its number. */
  #marks = new Int32Array(1 << 10);
  #closures = 0;

  constructor(places: Places, observer: Observer, limit: number) {
    this.#places = places;
    this.#observer = observer;
    this.#limit = limit;
    this.#width = places.machine.nodes.length;
    this.initial = this.#closed([this.#states.id([...places.initial(), 0])], 0);
  }

  /** How many states have been met so far. */
  get size(): number {
    return this.#states.size - 1;
  }

  after(set: number, seen: number, inputs: number, fresh: number): number | undefined {
    if (inputs === 0 && fresh === 0) return set;
    const question = this.#questions.id([set, seen, inputs, fresh]);
    const known = this.#answers[question];
    if (known !== undefined) return known === NONE ? undefined : known;
    const sent = inputs === 0 ? set : this.#closed(this.#withInputs(set, inputs), seen);
    const result = fresh === 0 ? sent : this.#showing(sent, seen, fresh);
    this.#answers[question] = result ?? NONE;
    return result;
  }

  mayRest(set: number, seen: number): boolean {
    let known = this.#resting.get(seen);
    if (known === undefined) this.#resting.set(seen, (known = []));
    return (known[set] ??= this.#sets.array(set).some((state) => this.#rests(state, seen)));
  }

  #rests(state: number, seen: number): boolean {
    const places = this.#states.array(state);
    if (places.pop() !== 0) return false;
    return isQuiescent(this.#places, places, (outs) => this.#observer.fresh(seen, outs) !== 0);
  }

  #withInputs(set: number, inputs: number): readonly number[] {
    const { lists, machine } = this.#places;
    const sent = lists.array(inputs).flatMap((input) => machine.inputMessages[input]!);
    const arriving = machine.nodes.map((_, node) =>
      lists.id(sent.filter((m) => machine.destination(m) === node).sort((a, b) => a - b)),
    );
    return this.#sets.array(set).map((id) => {
      const state = this.#states.array(id);
      for (let node = 0; node < this.#width; node++) {
        const messages = arriving[node]!;
        if (messages !== 0) state[node] = this.#places.with(node, state[node]!, messages);
      }
      return this.#states.id(state);
    });
  }

  /** Several copies of an output that are under way may arrive as one. */
  #showing(set: number, seen: number, fresh: number): number | undefined {
    const { lists } = this.#places;
    let left: readonly number[][] = this.#sets.array(set).map((id) => this.#states.array(id));
    let now = seen;
    for (const output of lists.array(fresh)) {
      now = this.#observer.after(now, lists.id([output]));
      const soon = now;
      left = left.flatMap((state) => {
        const owed = lists.array(state[this.#width]!);
        const copies = owed.filter((o) => o === output).length;
        return Array.from({ length: copies }, (_, taken) => {
          const at = owed.indexOf(output);
          const rest = lists.id(owed.toSpliced(at, taken + 1));
          return [...state.slice(0, this.#width), this.#observer.owed(soon, rest, 0)];
        });
      });
    }
    if (left.length === 0) return undefined;
    const ids = left.map((state) => this.#states.id(state)).sort((a, b) => a - b);
    return this.#sets.id(distinct(ids));
  }

  #closed(from: readonly number[], seen: number): number {
    let successors = this.#successors.get(seen);
    if (successors === undefined) this.#successors.set(seen, (successors = []));
    const mark = ++this.#closures;
    const reached: number[] = [];
    const reach = (state: number): void => {
      if (state >= this.#marks.length) this.#growMarks(state);
      if (this.#marks[state] === mark) return;
      this.#marks[state] = mark;
      reached.push(state);
    };
    for (const state of from) reach(state);
    for (const state of reached) {
      const next = (successors[state] ??= this.#successorsOf(state, seen));
      for (let i = 0; i < next.length; i++) reach(next[i]!);
    }
    return this.#sets.id(Int32Array.from(reached).sort());
  }

  #growMarks(state: number): void {
    const larger = new Int32Array(2 * state);
    larger.set(this.#marks);
    this.#marks = larger;
  }

  #successorsOf(id: number, seen: number): Int32Array {
    const places = this.#places;
    const state = this.#states.array(id);
    const width = this.#width;
    const found = new Set<number>();
    for (let node = 0; node < width; node++) {
      for (const move of places.moves(node, state[node]!)) {
        // A run that stops with an error gives no histories to compare with.
        if (move.failed) continue;
        const after = [...state];
        after[node] = move.after;
        const { sends } = move;
        for (let i = 0; i < sends.length; i += 2) {
          after[sends[i]!] = places.with(sends[i]!, after[sends[i]!]!, sends[i + 1]!);
        }
        if (move.outputs !== 0) {
          after[width] = this.#observer.owed(seen, state[width]!, move.outputs);
        }
        found.add(this.#states.id(after));
      }
    }
    if (this.size > this.#limit) throw new BoundReached();
    found.delete(id);
    return Int32Array.from(found);
  }
}

const NONE = -1;
