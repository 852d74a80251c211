import { BoundReached } from "./boundReached.ts";
import type { Original } from "./exploration.ts";
import { COPIES, distinct, withoutSome } from "./flight.ts";
import type { Image } from "./image.ts";
import { IntLists } from "./intLists.ts";
import type { Observer } from "./observer.ts";
import { PairTable } from "./pairTable.ts";
import type { Places } from "./places.ts";
import { isQuiescent } from "./quiescence.ts";

export interface OriginalOptions {
  /** More states than this are not looked at. */
  readonly limit: number;
  /** Sets hold all that they stand for. */
  readonly closed: boolean;
}

/**
 * Sets of states that the original may be in after what the environment has seen, by number. A set stands for all that
 * the original may come to from its states by itself (docs/adr/0021). It is explored with all delays: any subset of what is
 * under way to a node may enter a tick, and an output may be seen at any later time. A state is the places of all nodes
 * and the outputs that are still to be seen.
 */
export class OriginalStates implements Original {
  readonly initial: number;
  readonly places: Places;
  readonly #observer: Observer;
  readonly #limit: number;
  readonly #closes: boolean;
  readonly #width: number;
  readonly #states = new IntLists();
  readonly #sets = new IntLists();
  /** Successors of a state, by what has been seen. */
  readonly #successors = new Map<number, (Int32Array | undefined)[]>();
  readonly #questions = new IntLists();
  readonly #answers: (number | undefined)[] = [];
  readonly #resting: PairTable<boolean>;
  readonly #copies: PairTable<number>;
  /** For each message of an input: no node ever sends the same. */
  readonly #foreign = new Map<number, boolean>();
  /** States that the search under way has reached have its number. */
  #marks = new Int32Array(1 << 10);
  #searches = 0;
  readonly #buffer: number[] = [];
  readonly #found: number[] = [];

  constructor(places: Places, observer: Observer, { limit, closed }: OriginalOptions) {
    this.#closes = closed;
    this.places = places;
    this.#observer = observer;
    this.#limit = limit;
    this.#width = places.machine.nodes.length;
    this.#resting = new PairTable((state, seen) => this.#comesToRest(state, seen));
    this.#copies = new PairTable(
      (owed, output) => places.lists.array(owed).filter((o) => o === output).length,
    );
    this.initial = this.#setOf([this.#states.id([...places.initial(), 0])], 0);
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
    const sent =
      inputs === 0 ? set : this.#crashed(this.#withInputs(set, seen, inputs), seen, inputs);
    const result = fresh === 0 ? sent : this.#showing(sent, seen, fresh);
    this.#answers[question] = result ?? NONE;
    return result;
  }

  mayRest(set: number, seen: number): boolean {
    return this.#sets.array(set).some((state) => this.#resting.at(state, seen));
  }

  /** The set of what a renaming makes of the states of a set. */
  renamed(set: number, image: Pick<Image, "nodes" | "place" | "outputs">): number {
    const states = this.#sets.array(set).map((id) => {
      const state = this.#states.array(id);
      const after = [...state];
      image.nodes.forEach((to, node) => (after[to] = image.place(node, state[node]!)));
      after[this.#width] = image.outputs(state[this.#width]!);
      return this.#states.id(after);
    });
    return this.#sets.id(ascending(states));
  }

  /** Outputs that are under way are never taken back, so a run that owes one does not come to rest without it. */
  #comesToRest(from: number, seen: number): boolean {
    const reached: number[] = [];
    const reach = this.#newSearch(reached);
    reach(from);
    // What was found last goes on first: of a node's ticks the last one takes in most.
    for (let state = reached.pop(); state !== undefined; state = reached.pop()) {
      const places = this.#states.array(state);
      if (places.pop() !== 0) continue;
      const isNoticed = (outs: number): boolean => this.#observer.fresh(seen, outs) !== 0;
      if (isQuiescent(this.places, places, isNoticed)) return true;
      this.#next(state, seen).forEach(reach);
    }
    return false;
  }

  #withInputs(set: number, seen: number, inputs: number): number {
    const { lists, machine } = this.places;
    const sent = lists.array(inputs).flatMap((input) => machine.inputMessages[input]!);
    const arriving = machine.nodes.map((_, node) =>
      lists.id(sent.filter((m) => machine.destination(m) === node).sort((a, b) => a - b)),
    );
    const states = this.#sets.array(set);
    const withSent = (id: number): number => {
      const state = this.#states.array(id);
      for (let node = 0; node < this.#width; node++) {
        const messages = arriving[node]!;
        if (messages !== 0) state[node] = this.places.with(node, state[node]!, messages);
      }
      return this.#states.id(state);
    };
    const early = states.every((state) => this.#mayAdd(state, sent));
    if (early && !this.#closes) return this.#setOf(states.map(withSent), seen);
    const all = this.#closed(states, seen).map(withSent);
    return this.#setOf(this.#needed(all, seen), seen);
  }

  /** Where nodes crash: what a node does before its crash it cannot do after, so all that it may do is looked at first. */
  #crashed(set: number, seen: number, inputs: number): number {
    let left = set;
    for (const input of this.places.lists.array(inputs)) {
      const nodes = this.places.machine.crashing[input]!;
      if (nodes.length === 0) continue;
      const all = this.#closed(this.#sets.array(left), seen);
      const forGood = this.places.machine.forGood[input]!;
      const after = new Set(all.flatMap((state) => this.#afterCrash(state, nodes, forGood)));
      left = this.#setOf(this.#needed([...after], seen), seen);
    }
    return left;
  }

  /**
   * A crash takes what a node keeps but for durable relations, whatever is under way to it, and whatever of it is under way
   * to others and to the environment: it may come when a tick's durable facts are written and its messages are not sent.
   */
  #afterCrash(id: number, nodes: readonly number[], forGood: boolean): readonly number[] {
    const { places } = this;
    const { machine, lists } = places;
    let all: readonly (readonly number[])[] = [this.#states.array(id)];
    const choose = (at: number, of: (member: number) => readonly number[]): void => {
      all = all.flatMap((state) => of(state[at]!).map((member) => state.with(at, member)));
    };
    for (let node = 0; node < this.#width; node++) {
      if (nodes.includes(node)) {
        choose(node, (place) =>
          forGood
            ? [places.down(node)]
            : places.lossesWith(node, place, 0).map(({ after }) => after),
        );
      } else {
        const isTheirs = (message: number): boolean =>
          nodes.some((from) => machine.mayRepeat(from, message));
        choose(node, (place) => places.losing(node, place, isTheirs));
      }
    }
    const isTheirs = (output: number): boolean =>
      nodes.some((from) => machine.mayShow(from, output));
    choose(this.#width, (owed) =>
      withoutSome(lists.array(owed), isTheirs).map((left) => lists.id(left)),
    );
    const found = all.map((state) => this.#states.id(state));
    if (this.size > this.#limit) throw new BoundReached("originalStates");
    return found;
  }

  /**
   * Whatever the original may do before these messages are sent, it may do after: they can be told from all that will be
   * under way, or are not more than there may be.
   */
  #mayAdd(state: number, sent: readonly number[]): boolean {
    const { machine } = this.places;
    return distinct(sent.toSorted((a, b) => a - b)).every((message) => {
      const node = machine.destination(message);
      const flight = this.places.flight(node, this.#states.member(state, node));
      const count = (list: readonly number[]): number => list.filter((m) => m === message).length;
      if (count(flight) + count(sent) > COPIES) return false;
      let foreign = this.#foreign.get(message);
      if (foreign === undefined) {
        foreign = machine.nodes.every((_, from) => !machine.mayRepeat(from, message));
        this.#foreign.set(message, foreign);
      }
      return foreign;
    });
  }

  /**
   * Where the environment sees these outputs next, as early as it can. Several copies of an output that are under way may
   * arrive as one.
   */
  #showing(set: number, seen: number, fresh: number): number | undefined {
    const { lists } = this.places;
    let left: readonly number[] = this.#sets.array(set);
    let now = seen;
    for (const output of lists.array(fresh)) {
      const before = now;
      now = this.#observer.after(now, lists.id([output]));
      const most = this.#observer.left(before, output);
      const shown: number[] = [];
      for (let copies = 1; copies <= most; copies++) {
        // Where no more are told apart, whatever is sent later may arrive as the same one, too.
        const later = this.#closes || (copies === most && most > 1);
        for (const state of this.#owing(left, before, output, copies, later)) {
          shown.push(this.#without(state, output, copies));
        }
      }
      left = this.#needed(shown, now);
    }
    return left.length === 0 ? undefined : this.#setOf(left, now);
  }

  #without(id: number, output: number, copies: number): number {
    const { lists } = this.places;
    const state = this.#states.array(id);
    const owed = lists.array(state[this.#width]!);
    owed.splice(owed.indexOf(output), copies);
    state[this.#width] = lists.id(owed);
    return this.#states.id(state);
  }

  /** The states to which the original may come from these and that owe so many copies of an output; with later ones, or not. */
  #owing(
    from: readonly number[],
    seen: number,
    output: number,
    copies: number,
    later: boolean,
  ): readonly number[] {
    const reached: number[] = [];
    const found: number[] = [];
    const reach = this.#newSearch(reached);
    from.forEach(reach);
    for (const state of reached) {
      const owed = this.#states.member(state, this.#width);
      const owes = this.#copies.at(owed, output) >= copies;
      if (owes) found.push(state);
      if (!owes || later) this.#next(state, seen).forEach(reach);
    }
    return found;
  }

  /** Without those to which the original may come from others by way of some. */
  #needed(states: readonly number[], seen: number): readonly number[] {
    const among = new Set(states);
    const reached = new Set<number>();
    const kept = new Set<number>();
    for (const start of among) {
      if (reached.has(start)) continue;
      kept.add(start);
      const open = [start];
      for (let state = open.pop(); state !== undefined; state = open.pop()) {
        for (const next of this.#next(state, seen)) {
          if (next === start || !among.has(next)) continue;
          kept.delete(next);
          if (reached.has(next)) continue;
          reached.add(next);
          open.push(next);
        }
      }
      reached.add(start);
    }
    return [...kept];
  }

  /** All that the original may come to from there by itself. */
  #closed(from: readonly number[], seen: number): readonly number[] {
    const reached: number[] = [];
    const reach = this.#newSearch(reached);
    from.forEach(reach);
    for (const state of reached) this.#next(state, seen).forEach(reach);
    return reached;
  }

  /** Adds a state to the list unless the search has reached it before. */
  #newSearch(reached: number[]): (state: number) => void {
    const mark = ++this.#searches;
    return (state) => {
      if (state >= this.#marks.length) this.#growMarks(state);
      if (this.#marks[state] === mark) return;
      this.#marks[state] = mark;
      reached.push(state);
    };
  }

  #growMarks(state: number): void {
    const larger = new Int32Array(2 * state);
    larger.set(this.#marks);
    this.#marks = larger;
  }

  #setOf(states: readonly number[], seen: number): number {
    return this.#sets.id(ascending(this.#closes ? this.#closed(states, seen) : states));
  }

  #next(state: number, seen: number): Int32Array {
    let known = this.#successors.get(seen);
    if (known === undefined) this.#successors.set(seen, (known = []));
    return (known[state] ??= this.#successorsOf(state, seen));
  }

  #successorsOf(id: number, seen: number): Int32Array {
    const { places } = this;
    const width = this.#width;
    const [after, found] = [this.#buffer, this.#found];
    found.length = 0;
    for (let i = 0; i <= width; i++) after[i] = this.#states.member(id, i);
    const owed = after[width]!;
    for (let node = 0; node < width; node++) {
      const place = after[node]!;
      for (const move of places.moves(node, place)) {
        // A run that stops with an error gives no histories to compare with.
        if (move.failed) continue;
        const { sends } = move;
        after[node] = move.after;
        for (let i = 0; i < sends.length; i += 2) {
          const to = sends[i]!;
          after[to] = places.with(to, after[to]!, sends[i + 1]!);
        }
        if (move.outputs !== 0) after[width] = this.#observer.owed(seen, owed, move.outputs);
        const next = this.#states.idOf(after, width + 1);
        if (next !== id) found.push(next);
        for (let i = 0; i < sends.length; i += 2) {
          after[sends[i]!] = this.#states.member(id, sends[i]!);
        }
        after[width] = owed;
      }
      after[node] = place;
    }
    if (this.size > this.#limit) throw new BoundReached("originalStates");
    return Int32Array.from(found);
  }
}

const NONE = -1;

function ascending(states: readonly number[]): readonly number[] {
  return distinct(states.toSorted((a, b) => a - b));
}
