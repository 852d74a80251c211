import { messageFaults } from "./faults.ts";
import type { BranchFault, LinkSelector, MessageFault, SentFact } from "./faults.ts";
import { random } from "./random.ts";
import type { Random } from "./random.ts";
import type { NetworkSettings } from "./simulationOptions.ts";
import type { TraceMessage } from "./trace.ts";

/** Simulated time is counted in whole microseconds, so that no rounding can differ. */
export type Micros = number;

export function micros(milliseconds: number): Micros {
  return Math.round(milliseconds * 1_000);
}

export function milliseconds(time: Micros): number {
  return time / 1_000;
}

/** What becomes of one copy of a message. */
export interface Fate {
  /** Absent when it is lost, or waits at a cut link. */
  readonly arrivesAt?: Micros;
  readonly waits?: boolean;
  readonly fault?: NonNullable<TraceMessage["fault"]>;
  /** Faults of branches that have not begun: what strikes it if it is under way then. */
  readonly later?: readonly BranchFault<MessageFault>[];
}

export interface Network {
  /** The fates of a message sent now: its own, and one for each duplicate. */
  send(message: Sent): readonly Fate[];
  /** Sends again what waited at a cut link. */
  release(from: string, to: string, at: Micros): Micros;
  isCut(from: string, to: string): boolean;
  setCut(link: LinkSelector, cut: boolean): void;
  /** From now on the faults of that branch count, and its seed if it has one. */
  enter(branch: number, seed: number | undefined): void;
  /** The fates of a message that would arrive then, when faults strike it on its way: its own, then its copies'. */
  strike(
    message: Pick<Sent, "from" | "to">,
    arrivesAt: Micros,
    by: readonly MessageFault[],
  ): readonly Fate[];
}

export interface Sent extends SentFact {
  readonly at: Micros;
  /** A standing send repeated: whether a run repeats them must not shift what other messages draw. */
  readonly again: boolean;
}

/** A lost message between siblings is sent again after so long. */
const RETRANSMIT: Micros = 100_000;

interface Link {
  draw: Random;
  /** For standing sends repeated. */
  drawAgain: Random;
  /** Between siblings of one original node, or a node and itself. */
  readonly reliable: boolean;
  lastArrival: Micros;
  cut: boolean;
}

/**
 * Seeded delay, loss, duplication and reordering. Every link draws from its own stream, and every message draws
 * equally often, so that a fault changes only what follows from it.
 */
export function network(
  seed: number,
  settings: NetworkSettings,
  faults: readonly BranchFault[],
  siblings: (a: string, b: string) => boolean,
): Network {
  const links = new Map<string, Map<string, Link>>();
  const faultsOf = messageFaults(faults);
  const shortest = micros(settings.delay.min);
  const spread = Math.max(0, micros(settings.delay.max) - shortest) + 1;
  let drawnFrom = seed;
  let begun = 0;

  const draws = (from: string, to: string): Pick<Link, "draw" | "drawAgain"> => ({
    draw: random(drawnFrom, "link", from, to),
    drawAgain: random(drawnFrom, "link again", from, to),
  });

  const link = (from: string, to: string): Link => {
    let out = links.get(from);
    if (out === undefined) links.set(from, (out = new Map()));
    let found = out.get(to);
    if (found === undefined) {
      found = { ...draws(from, to), reliable: siblings(from, to), lastArrival: 0, cut: false };
      out.set(to, found);
    }
    return found;
  };

  const arrival = (on: Link, draw: Random, at: Micros): Micros => {
    const delay = shortest + draw.below(spread);
    const mayOvertake = draw.chance(settings.reordering);
    const arrives = mayOvertake ? at + delay : Math.max(at + delay, on.lastArrival);
    on.lastArrival = Math.max(on.lastArrival, arrives);
    return arrives;
  };

  return {
    send(message) {
      const on = link(message.from, message.to);
      const draw = message.again ? on.drawAgain : on.draw;
      const arrives = arrival(on, draw, message.at);
      const drawnLost = draw.chance(settings.loss);
      const drawnTwice = draw.chance(settings.duplication);
      const all = faultsOf === undefined ? [] : faultsOf(message);
      if (on.cut) return [on.reliable ? { waits: true, fault: "delayed" } : { fault: "lost" }];
      if (!on.reliable && drawnLost) return [{ fault: "lost" }];
      if (all.length === 0 && !drawnTwice) return [{ arrivesAt: arrives }];

      const chosen = all.filter(({ branch }) => branch <= begun).map(({ fault }) => fault);
      const later = all.filter(({ branch }) => branch > begun);
      const [own, ...copies] = struck(on, arrives, chosen);
      if (own?.arrivesAt === undefined) return [{ fault: "lost" }];
      const drawn: readonly Fate[] = drawnTwice
        ? [{ arrivesAt: arrival(on, draw, message.at), fault: "duplicate" }]
        : [];
      return [later.length > 0 ? { ...own, later } : own, ...drawn, ...copies];
    },
    strike: ({ from, to }, arrivesAt, by) => struck(link(from, to), arrivesAt, by),
    enter(branch, newSeed) {
      begun = branch;
      if (newSeed === undefined) return;
      drawnFrom = newSeed;
      for (const [from, out] of links) {
        for (const [to, on] of out) Object.assign(on, draws(from, to));
      }
    },
    release(from, to, at) {
      const on = link(from, to);
      return arrival(on, on.drawAgain, at);
    },
    isCut: (from, to) => link(from, to).cut,
    setCut({ from, to, bothWays }, cut) {
      link(from, to).cut = cut;
      if (bothWays) link(to, from).cut = cut;
    },
  };
}

/** What faults make of a message that would arrive then: its own fate first, then those of its copies. */
function struck(on: Link, arrives: Micros, by: readonly MessageFault[]): readonly Fate[] {
  const lost = by.some((fault) => fault.kind === "lose");
  if (lost && !on.reliable) return [{ fault: "lost" }];
  let late = lost ? RETRANSMIT : 0;
  for (const fault of by) if (fault.kind === "delay") late += micros(fault.by);
  const arrivesAt = arrives + late;
  const fates: Fate[] = [late > 0 ? { arrivesAt, fault: "delayed" } : { arrivesAt }];
  for (const fault of by) {
    if (fault.kind !== "duplicate") continue;
    fates.push({ arrivesAt: arrivesAt + micros(fault.after), fault: "duplicate" });
  }
  return fates;
}
