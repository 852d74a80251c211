import { BoundReached, MOST_CHOICES } from "./boundReached.ts";
import { afterDelivery, COPIES, distinct, subsets, withoutSome, withSent } from "./flight.ts";
import { IntLists } from "./intLists.ts";
import type { Machine, MachineTick } from "./machine.ts";
import { PairTable } from "./pairTable.ts";

/**
 * One way in which a node may tick. Numbers of lists are those of `Places.lists`; a node's place is its state together
 * with the messages under way to it.
 */
export interface LocalMove {
  /** The messages that enter. */
  readonly arrived: readonly number[];
  /** One bit for each input sent for this tick: something of it enters. */
  readonly covers: number;
  /** The node's place afterwards, what it sends to itself included. */
  readonly after: number;
  /** Node, list of messages, node, list of messages, and so on: what goes to other nodes. */
  readonly sends: readonly number[];
  /** What goes to itself. */
  readonly own: number;
  /** Outputs, ascending. */
  readonly outputs: number;
  /** The node's state is another one. */
  readonly changes: boolean;
  /** It stops with a run-time error; nothing else of the move counts then. */
  readonly failed: boolean;
}

/** What a node may say while, whatever arrives, its state stays the same: node, list of messages, and so on. */
export interface Standing {
  readonly sends: readonly number[];
  readonly outputs: number;
}

export interface PlacesOptions {
  /** At most so many messages enter one tick. */
  readonly together: number;
  /** Messages between siblings, and to oneself, may arrive twice. */
  readonly duplicates: boolean;
}

/** A machine seen node by node: what a node may do depends on its own place only, and is found out once. */
export class Places {
  readonly machine: Machine;
  readonly lists: IntLists;
  readonly #together: number;
  readonly #duplicates: boolean;
  readonly #tables: readonly PlaceTable[];
  readonly #effects = new Map<MachineTick, Effect>();
  #leftOut = false;

  constructor(machine: Machine, lists: IntLists, { together, duplicates }: PlacesOptions) {
    this.machine = machine;
    this.lists = lists;
    this.#together = together;
    this.#duplicates = duplicates;
    this.#tables = machine.nodes.map((_, node) => this.#table(node));
  }

  /** Of so many things none, some or all may enter one tick; what `together` forbids is noted as left out. */
  choices<T>(items: readonly T[]): readonly (readonly T[])[] {
    const most = Math.min(items.length, this.#together);
    if (most > MOST_CHOICES) throw new BoundReached("choices");
    if (most < items.length) this.#leftOut = true;
    return subsets(items, most);
  }

  /** Whether so many messages may enter one tick, or all the nodes that tick at once. */
  mayEnter(count: number): boolean {
    if (count <= this.#together) return true;
    this.#leftOut = true;
    return false;
  }

  /** Ticks were left out because too many messages would have entered them: without the bound there is more to explore. */
  get leftOut(): boolean {
    return this.#leftOut;
  }

  initial(): readonly number[] {
    return this.#tables.map(({ places }, node) => places.id([this.machine.initial(node)]));
  }

  /** The place with those messages under way too. */
  with(node: number, place: number, messages: number): number {
    return this.#tables[node]!.added.at(place, messages);
  }

  /** The place with one copy of each of those messages under way that is not under way there. */
  withFresh(node: number, place: number, messages: number): number {
    const flight = this.flight(node, place);
    const fresh = this.lists.array(messages).filter((message) => !flight.includes(message));
    return fresh.length === 0 ? place : this.with(node, place, this.lists.id(fresh));
  }

  /** One of those messages is under way there. */
  holdsAny(node: number, place: number, messages: number): boolean {
    const flight = this.flight(node, place);
    return this.lists.array(messages).some((message) => flight.includes(message));
  }

  /** A node's place with another state and other messages: a place of the node `image`. */
  renamed(
    node: number,
    place: number,
    image: number,
    by: { state(state: number): number; message(message: number): number },
  ): number {
    const [state, ...flight] = this.#tables[node]!.places.array(place);
    const messages = flight.map((message) => by.message(message)).sort((a, b) => a - b);
    return this.#tables[image]!.places.id([by.state(state!), ...messages]);
  }

  flight(node: number, place: number): readonly number[] {
    return this.#tables[node]!.places.array(place).slice(1);
  }

  /** Every way to tick, each different outcome once. */
  moves(node: number, place: number): readonly LocalMove[] {
    const { moves } = this.#tables[node]!;
    return (moves[place] ??= this.#movesOf(node, place, []));
  }

  /** Every way to tick once the environment has sent these inputs, which are numbers in `machine.inputMessages`. */
  movesWith(node: number, place: number, inputs: number): readonly LocalMove[] {
    return inputs === 0 ? this.moves(node, place) : this.#tables[node]!.movesWith.at(place, inputs);
  }

  /** The place of a node that is down: nothing is under way there. */
  down(node: number): number {
    return this.#tables[node]!.places.id([this.machine.down(node)]);
  }

  /** How a node goes down and stays down, with all that is under way to it. */
  ending(node: number): LocalMove {
    const silent = { sends: [], own: 0, outputs: 0, changes: true, failed: false };
    return { ...silent, arrived: [], covers: 0, after: this.down(node) };
  }

  /** Every way to crash, once these inputs are sent: what enters is lost. */
  lossesWith(node: number, place: number, inputs: number): readonly LocalMove[] {
    return this.#tables[node]!.lossesWith.at(place, inputs);
  }

  /** The place without any of those messages under way there that may be lost. */
  losing(node: number, place: number, mayGo: (message: number) => boolean): readonly number[] {
    const { places } = this.#tables[node]!;
    const [state, ...flight] = places.array(place);
    return withoutSome(flight, mayGo).map((left) => places.id([state!, ...left]));
  }

  /** Undefined when something may arrive there that changes the node's state. */
  standing(node: number, place: number): Standing | undefined {
    const { standing } = this.#tables[node]!;
    if (!(place in standing)) standing[place] = this.#standingOf(node, place);
    return standing[place];
  }

  /** Nothing is under way there, and a tick changes nothing and sends nothing to a node. */
  isDry(node: number, place: number): boolean {
    if (this.#tables[node]!.places.length(place) > 1) return false;
    return this.standing(node, place)?.sends.length === 0;
  }

  #table(node: number): PlaceTable {
    const places = new IntLists();
    const added = new PairTable((place, messages) => {
      const [state, ...flight] = places.array(place);
      if (state === this.machine.down(node)) return place;
      return places.id([state!, ...withSent(flight, this.lists.array(messages))]);
    });
    const once = (of: (place: number, sent: Sent) => readonly LocalMove[]) =>
      new PairTable((place: number, inputs: number) => {
        const sent = this.lists.array(inputs).map((input) => this.machine.inputMessages[input]!);
        const here = sent.flat().filter((message) => this.#goesTo(message, node));
        return of(added.at(place, this.lists.id(here)), sent);
      });
    const movesWith = once((place, sent) => this.#movesOf(node, place, sent));
    const lossesWith = once((place, sent) => this.#lossesOf(node, place, sent));
    return { places, added, movesWith, lossesWith, moves: [], standing: [] };
  }

  #goesTo(message: number, node: number): boolean {
    return this.machine.destination(message) === node;
  }

  #lossesOf(node: number, place: number, sent: Sent): readonly LocalMove[] {
    const { places } = this.#tables[node]!;
    const [state, ...flight] = places.array(place);
    const again = this.machine.afterCrash(node, state!);
    const silent = { sends: [], own: 0, outputs: 0, changes: again !== state, failed: false };
    return this.choices(distinct(flight)).flatMap((arrived) =>
      afterDelivery(flight, arrived).map((left): LocalMove => {
        const after = places.id([again, ...left]);
        return { ...silent, arrived, covers: covered(arrived, sent), after };
      }),
    );
  }

  #movesOf(node: number, place: number, sent: Sent): readonly LocalMove[] {
    const { places } = this.#tables[node]!;
    const [state, ...flight] = places.array(place);
    const seen = new Set<number>();
    const moves: LocalMove[] = [];
    // Of two ways to the same outcome the one with fewer messages is kept.
    const bySize = this.choices(distinct(flight)).toSorted((a, b) => a.length - b.length);
    for (const arrived of bySize) {
      for (const left of afterDelivery(flight, arrived)) {
        const move = this.#move(node, state!, arrived, left, covered(arrived, sent));
        const { after, outputs, covers, sends } = move;
        const outcome = this.lists.id([Number(move.failed), after, outputs, covers, ...sends]);
        if (seen.has(outcome)) continue;
        seen.add(outcome);
        moves.push(move);
      }
    }
    return moves;
  }

  #move(
    node: number,
    state: number,
    arrived: readonly number[],
    left: readonly number[],
    covers: number,
  ): LocalMove {
    const done = this.machine.tick(node, state, arrived);
    if (done === undefined) {
      const nothing = { after: 0, sends: [], own: 0, outputs: 0, changes: false };
      return { ...nothing, arrived, covers, failed: true };
    }
    const { sends, own, outputs } = this.#effectOf(node, done);
    const under = own === 0 ? left : withSent(left, this.lists.array(own));
    const after = this.#tables[node]!.places.id([done.state, ...under]);
    const changes = done.state !== state;
    return { arrived, covers, after, sends, own, outputs, changes, failed: false };
  }

  #effectOf(node: number, done: MachineTick): Effect {
    const known = this.#effects.get(done);
    if (known !== undefined) return known;
    const goes = this.#sent(node, done.sends);
    const own = this.lists.id(goes.get(node) ?? []);
    goes.delete(node);
    const sends = [...goes].flatMap(([to, messages]) => [to, this.lists.id(messages)]);
    const effect: Effect = { sends, own, outputs: this.lists.id(done.outputs) };
    this.#effects.set(done, effect);
    return effect;
  }

  /** What a node sends, by receiver, ascending: everything twice where the network may double it. */
  #sent(from: number, sends: readonly number[]): Map<number, number[]> {
    const { nodes } = this.machine;
    const goes = new Map<number, number[]>();
    for (const message of sends) {
      const to = this.machine.destination(message);
      const doubled = this.#duplicates && nodes[from]!.original === nodes[to]!.original;
      const list = goes.get(to) ?? [];
      list.push(...Array<number>(doubled ? COPIES : 1).fill(message));
      goes.set(to, list);
    }
    return goes;
  }

  #standingOf(node: number, place: number): Standing | undefined {
    const moves = this.moves(node, place);
    if (moves.some((move) => move.failed || move.changes)) return undefined;
    const all = (of: (move: LocalMove) => number): number =>
      this.lists.id(unionOf(moves.map((move) => this.lists.array(of(move)))));
    const sends = this.machine.nodes.flatMap((_, to) => {
      const sent = all((move) => (to === node ? move.own : sentTo(move, to)));
      return sent === 0 ? [] : [to, sent];
    });
    return { sends, outputs: all((move) => move.outputs) };
  }
}

/** For each input that is sent for a tick, its messages. */
type Sent = readonly (readonly number[])[];

/** What a tick says, as numbers of lists. */
type Effect = Pick<LocalMove, "sends" | "own" | "outputs">;

interface PlaceTable {
  /** A place is a list: the node's state, then the messages under way, ascending. */
  readonly places: IntLists;
  readonly added: PairTable<number>;
  readonly movesWith: PairTable<readonly LocalMove[]>;
  readonly lossesWith: PairTable<readonly LocalMove[]>;
  readonly moves: (readonly LocalMove[] | undefined)[];
  readonly standing: (Standing | undefined)[];
}

function sentTo({ sends }: LocalMove, node: number): number {
  for (let i = 0; i < sends.length; i += 2) if (sends[i] === node) return sends[i + 1]!;
  return 0;
}

/** One bit for each input of which something is among the messages. */
function covered(arrived: readonly number[], sent: Sent): number {
  return sent.reduce(
    (bits, messages, i) =>
      messages.some((message) => arrived.includes(message)) ? bits | (1 << i) : bits,
    0,
  );
}

function unionOf(lists: readonly (readonly number[])[]): readonly number[] {
  return distinct(lists.flat().sort((a, b) => a - b));
}
