import { distinct } from "./flight.ts";
import type { Image } from "./image.ts";
import { IntLists } from "./intLists.ts";
import type { Observer } from "./observer.ts";
import { PairTable } from "./pairTable.ts";
import type { LocalMove, Places } from "./places.ts";
import { isQuiescent } from "./quiescence.ts";
import { Reduction } from "./reduction.ts";
import { Representatives } from "./representatives.ts";

/** Sets of states that the original may be in, by number (`OriginalStates`). */
export interface Original {
  readonly initial: number;
  /**
   * The set after the environment, which has seen `seen`, sends `inputs` and then sees `fresh`; undefined when no state
   * of the set may show all of that. All are numbers of lists.
   */
  after(set: number, seen: number, inputs: number, fresh: number): number | undefined;
  /** Some state of the set is quiet and owes nothing to an environment that has seen `seen`. */
  mayRest(set: number, seen: number): boolean;
}

/** What is explored, and beside what. */
export interface Question {
  readonly places: Places;
  readonly original: Original;
  readonly observer: Observer;
  /** Nodes that tick together. */
  readonly groups: readonly (readonly number[])[];
  /** For each input the number of the first one that is equal to it. */
  readonly kinds: readonly number[];
  /** More pairs than this are not looked at. */
  readonly limit: number;
  /** Leave out schedules that show nothing new (see `Reduction`). */
  readonly reduced: boolean;
  /** Ways to exchange what is interchangeable: of the pairs that these make of one another one is looked at. */
  readonly images?: readonly Image[];
}

/** What happens next: inputs are sent, and one group of nodes ticks, or crashes when one of the inputs is their crash. */
export interface Transition {
  /** Number of the list of kinds of inputs. */
  readonly inputs: number;
  /** Empty when the inputs become no message: then nobody ticks. */
  readonly group: readonly number[];
  /** One for each node of the group. */
  readonly moves: readonly LocalMove[];
}

/** The pair that a transition starts from, and what is made of the pair that it leads to before that is looked at. */
export interface PathStep {
  readonly pair: readonly number[];
  readonly by: Transition;
  readonly image: Image | undefined;
}

export interface Violation {
  readonly kind: "safety" | "quiescence" | "error";
  readonly pair: number;
  /** What happens next and shows it; absent of a program that comes to rest. */
  readonly last?: Transition;
}

/**
 * The subset construction (rewrites.md section 10), breadth first, over pairs of a state of the rewritten program and
 * the set of states that the original may be in. A pair is a list: the place of each node, what has not been sent, what
 * has been seen, the set. Outputs are seen at once and inputs sent as late as possible, which loses no difference.
 */
export class Exploration {
  readonly #question: Question;
  readonly #pairs = new IntLists();
  readonly #parents: number[] = [0, 0];
  readonly #inputChoices: PairTable<readonly number[]>;
  /** By what has not been sent and the crash: what may be sent before it and lost in it. */
  readonly #lostChoices: PairTable<readonly number[]>;
  readonly #left: PairTable<number>;
  readonly #inputsTo: readonly PairTable<number>[];
  /** What `#together` says of a node alone. */
  readonly #alone: readonly PairTable<readonly (readonly LocalMove[])[]>[];
  readonly #reduction: Reduction;
  readonly #representatives: Representatives;
  readonly #width: number;
  readonly #buffer: number[];
  #next = 1;
  #violation: Violation | undefined;
  /** What was made of the pair that the last transition led to. */
  #image: Image | undefined;

  constructor(question: Question) {
    this.#question = question;
    const { places, kinds, original, groups } = question;
    const { lists, machine } = places;
    const goesTo = (input: number, nodes: readonly number[]): boolean =>
      machine.inputMessages[input]!.some((m) => nodes.includes(machine.destination(m)));
    this.#width = machine.nodes.length;
    const choices = (unsent: number, nodes: readonly number[]): readonly number[] => {
      const near = lists.array(unsent).filter((input) => goesTo(input, nodes));
      return distinct(
        places
          .choices(near)
          .map((inputs) => lists.id(inputs))
          .sort((a, b) => a - b),
      );
    };
    this.#inputChoices = new PairTable((unsent, group) => choices(unsent, groups[group]!));
    this.#lostChoices = new PairTable((unsent, crash) => choices(unsent, machine.crashing[crash]!));
    this.#left = new PairTable((unsent, inputs) => {
      const left = lists.array(unsent);
      for (const input of lists.array(inputs)) left.splice(left.indexOf(input), 1);
      return lists.id(left);
    });
    this.#inputsTo = machine.nodes.map(
      (_, node) =>
        new PairTable((_none, inputs) => {
          const sent = lists.array(inputs).flatMap((input) => machine.inputMessages[input]!);
          const here = sent.filter((message) => machine.destination(message) === node);
          return lists.id(here.sort((a, b) => a - b));
        }),
    );
    this.#alone = machine.nodes.map(
      (_, node) =>
        new PairTable((place, inputs) => {
          const from: number[] = [];
          from[node] = place;
          const full = (1 << lists.length(inputs)) - 1;
          return places
            .movesWith(node, place, inputs)
            .filter((move) => move.covers === full)
            .map((move) => [move])
            .filter((moves) => inputs !== 0 || !isIdle(from, [node], moves));
        }),
    );
    this.#reduction = new Reduction(
      places,
      groups,
      (input, nodes) =>
        goesTo(input, nodes) || machine.crashing[input]!.some((node) => nodes.includes(node)),
    );
    this.#representatives = new Representatives(question.images ?? [], this.#width);
    const unsent = lists.id(kinds.toSorted((a, b) => a - b));
    this.#buffer = [...places.initial(), unsent, 0, original.initial];
    this.#pairs.id(this.#buffer);
  }

  /** How many pairs have been found. */
  get size(): number {
    return this.#pairs.size - 1;
  }

  /** Every pair that can be reached has been looked at. */
  get isWhole(): boolean {
    return this.#next > this.size;
  }

  get violation(): Violation | undefined {
    return this.#violation;
  }

  /** Looks at that many pairs more. */
  advance(count: number): "running" | "ended" {
    for (let done = 0; done < count; done++) {
      if (this.#violation !== undefined || this.isWhole) return "ended";
      if (this.size > this.#question.limit) return "ended";
      this.#expand(this.#next++);
    }
    return "running";
  }

  /** The pairs from the first one to that one, and how each comes from the one before. */
  path(pair: number): readonly PathStep[] {
    const parent = this.#parents[pair]!;
    if (parent === 0) return [];
    const from = this.#pairs.array(parent);
    let step: PathStep | undefined;
    this.#everyTransition(from, (by) => {
      if (step !== undefined || this.#follow(from, by) !== pair) return;
      step = { pair: from, by, image: this.#image };
    });
    return [...this.path(parent), step!];
  }

  pair(id: number): readonly number[] {
    return this.#pairs.array(id);
  }

  #expand(id: number): void {
    const from = this.#pairs.array(id);
    const { reduced, observer, original, places } = this.#question;
    const group = reduced ? this.#reduction.enough(from) : undefined;
    const visit = (transition: Transition): boolean => this.#visit(id, from, transition);
    if (group === undefined || !this.#transitions(from, group, visit)) {
      this.#everyTransition(from, visit);
    }
    if (this.#violation !== undefined) return;
    const seen = from[this.#width + 1]!;
    const at = from.slice(0, this.#width);
    const rests = isQuiescent(places, at, (outs) => observer.fresh(seen, outs) !== 0);
    if (rests && !original.mayRest(from[this.#width + 2]!, seen)) {
      this.#violation = { kind: "quiescence", pair: id };
    }
  }

  /** Whether the transition leads to a pair that has not been looked at. */
  #visit(id: number, from: readonly number[], transition: Transition): boolean {
    if (this.#violation !== undefined) return false;
    const found = this.#follow(from, transition);
    if (typeof found === "string") {
      this.#violation = { kind: found, pair: id, last: transition };
      return false;
    }
    if (found === this.#parents.length) this.#parents.push(id);
    return found > id;
  }

  #everyTransition(from: readonly number[], visit: (transition: Transition) => void): void {
    const { groups, places } = this.#question;
    for (let group = 0; group < groups.length; group++) this.#transitions(from, group, visit);
    const { lists, machine } = places;
    for (const input of distinct(lists.array(from[this.#width]!))) {
      if (machine.inputMessages[input]!.length > 0) continue;
      if (machine.crashing[input]!.length > 0) this.#crashes(from, input, visit);
      else visit({ inputs: lists.id([input]), group: [], moves: [] });
    }
  }

  /** Every way in which the nodes of a crash may lose what is under way to them. */
  #crashes(from: readonly number[], crash: number, visit: (transition: Transition) => void): void {
    const { lists, machine } = this.#question.places;
    const group = machine.crashing[crash]!;
    if (machine.forGood[crash]!) {
      const moves = group.map((node) => this.#question.places.ending(node));
      return visit({ inputs: lists.id([crash]), group, moves });
    }
    for (const lost of this.#lostChoices.at(from[this.#width]!, crash)) {
      const inputs = lists.id([...lists.array(lost), crash].sort((a, b) => a - b));
      const full = (1 << lists.length(lost)) - 1;
      for (const { moves, covers } of this.#joint(from, group, lost, "losses")) {
        if (covers === full) visit({ inputs, group, moves });
      }
    }
  }

  /** Every way in which that group may tick; whether `visit` was true of one. */
  #transitions(
    from: readonly number[],
    group: number,
    visit: (transition: Transition) => unknown,
  ): boolean {
    const nodes = this.#question.groups[group]!;
    const [only] = nodes;
    let any = false;
    for (const inputs of this.#inputChoices.at(from[this.#width]!, group)) {
      const choices =
        nodes.length === 1
          ? this.#alone[only!]!.at(from[only!]!, inputs)
          : this.#together(from, nodes, inputs);
      for (const moves of choices) {
        if (visit({ inputs, group: nodes, moves }) === true) any = true;
      }
    }
    return any;
  }

  /** Ways for these nodes to tick at once, so that something of every input enters and something happens. */
  #together(
    from: readonly number[],
    nodes: readonly number[],
    inputs: number,
  ): readonly (readonly LocalMove[])[] {
    const full = (1 << this.#question.places.lists.length(inputs)) - 1;
    return this.#joint(from, nodes, inputs, "moves")
      .filter(({ covers }) => covers === full)
      .map(({ moves }) => moves)
      .filter((moves) => inputs !== 0 || !isIdle(from, nodes, moves));
  }

  /** One move for each of the nodes; not more messages enter all of them than may enter one tick. */
  #joint(
    from: readonly number[],
    nodes: readonly number[],
    inputs: number,
    of: "moves" | "losses",
  ): readonly Joint[] {
    const { places } = this.#question;
    let all: readonly Joint[] = [{ moves: [], arrived: 0, covers: 0 }];
    for (const node of nodes) {
      const own =
        of === "moves"
          ? places.movesWith(node, from[node]!, inputs)
          : places.lossesWith(node, from[node]!, inputs);
      all = all.flatMap((joint) =>
        own
          .filter((move) => places.mayEnter(joint.arrived + move.arrived.length))
          .map((move) => ({
            moves: [...joint.moves, move],
            arrived: joint.arrived + move.arrived.length,
            covers: joint.covers | move.covers,
          })),
      );
    }
    return all;
  }

  /** The number of the pair that a transition leads to, or what is wrong with it. */
  #follow(
    from: readonly number[],
    { inputs, group, moves }: Transition,
  ): number | "safety" | "error" {
    const { places, observer } = this.#question;
    const [width, to] = [this.#width, this.#buffer];
    for (let i = 0; i < to.length; i++) to[i] = from[i]!;
    if (inputs !== 0) {
      to[width] = this.#left.at(from[width]!, inputs);
      for (let node = 0; node < width; node++) {
        const messages = this.#inputsTo[node]!.at(0, inputs);
        if (messages !== 0) to[node] = places.with(node, to[node]!, messages);
      }
    }
    for (let i = 0; i < group.length; i++) {
      if (moves[i]!.failed) return "error";
      to[group[i]!] = moves[i]!.after;
    }
    const seen = from[width + 1]!;
    let fresh = 0;
    for (const { sends, outputs } of moves) {
      for (let i = 0; i < sends.length; i += 2) {
        to[sends[i]!] = places.with(sends[i]!, to[sends[i]!]!, sends[i + 1]!);
      }
      const noticed = observer.fresh(observer.after(seen, fresh), outputs);
      fresh = fresh === 0 ? noticed : this.#joined(fresh, noticed);
    }
    to[width + 1] = observer.after(seen, fresh);
    const set = this.#setAfter(from, inputs, fresh);
    if (set === undefined) return "safety";
    to[width + 2] = set;
    return this.#pairs.id(to);
  }

  /**
   * The original's states beside the pair in the buffer, of which one image is made that stands for all of them. What
   * leads to the image is asked, and what other images make of the pair follows from the answer.
   */
  #setAfter(from: readonly number[], inputs: number, fresh: number): number | undefined {
    const { original } = this.#question;
    const [seen, set] = [from[this.#width + 1]!, from[this.#width + 2]!];
    const [first, ...others] = this.#representatives.of(this.#buffer);
    this.#image = first;
    let least =
      first === undefined
        ? original.after(set, seen, inputs, fresh)
        : original.after(
            first.set(set),
            first.outputs(seen),
            first.inputs(inputs),
            first.outputs(fresh),
          );
    if (least === undefined || others.length === 0) return least;
    const before = first === undefined ? least : first.setBefore(least);
    for (const image of others) {
      const found = image === undefined ? before : image.set(before);
      if (found >= least) continue;
      least = found;
      this.#image = image;
    }
    return least;
  }

  #joined(some: number, more: number): number {
    const { lists } = this.#question.places;
    return lists.id([...lists.array(some), ...lists.array(more)].sort((a, b) => a - b));
  }
}

interface Joint {
  readonly moves: readonly LocalMove[];
  readonly arrived: number;
  readonly covers: number;
}

/** Ticks that change nothing and say nothing. */
function isIdle(
  from: readonly number[],
  nodes: readonly number[],
  moves: readonly LocalMove[],
): boolean {
  return moves.every(
    (move, i) =>
      !move.failed &&
      move.after === from[nodes[i]!] &&
      move.sends.length === 0 &&
      move.outputs === 0,
  );
}
