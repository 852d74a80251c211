import type { RelationName } from "../program/program.ts";
import type { Row } from "../program/value.ts";
import { messageFaults } from "./faults.ts";
import type { Fault, LinkSelector } from "./faults.ts";
import { random } from "./random.ts";
import type { Random } from "./random.ts";
import type { NetworkSettings } from "./simulationOptions.ts";
import type { TraceMessage } from "./trace.ts";

/** Simulated time is counted in whole microseconds, so that no rounding can differ. */
export type Micros = number;

export function micros(milliseconds: number): Micros {
  return Math.round(milliseconds * 1_000);
}

/** What becomes of one copy of a message. */
export interface Fate {
  /** Absent when it is lost, or waits at a cut link. */
  readonly arrivesAt?: Micros;
  readonly waits?: boolean;
  readonly fault?: NonNullable<TraceMessage["fault"]>;
}

export interface Network {
  /** The fates of a message sent now: its own, and one for each duplicate. */
  send(message: Sent): readonly Fate[];
  /** Sends again what waited at a cut link. */
  release(from: string, to: string, at: Micros): Micros;
  isCut(from: string, to: string): boolean;
  setCut(link: LinkSelector, cut: boolean): void;
}

export interface Sent {
  readonly from: string;
  readonly to: string;
  readonly relation: RelationName;
  readonly row: Row;
  readonly at: Micros;
  /** A standing send repeated: whether a run repeats them must not shift what other messages draw. */
  readonly again: boolean;
}

/** A lost message between siblings is sent again after so long. */
const RETRANSMIT: Micros = 100_000;

interface Link {
  readonly draw: Random;
  /** For standing sends repeated. */
  readonly drawAgain: Random;
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
  faults: readonly Fault[],
  siblings: (a: string, b: string) => boolean,
): Network {
  const links = new Map<string, Map<string, Link>>();
  const faultsOf = messageFaults(faults);
  const shortest = micros(settings.delay.min);
  const spread = Math.max(0, micros(settings.delay.max) - shortest) + 1;

  const link = (from: string, to: string): Link => {
    let out = links.get(from);
    if (out === undefined) links.set(from, (out = new Map()));
    let found = out.get(to);
    if (found === undefined) {
      const draw = random(seed, "link", from, to);
      const drawAgain = random(seed, "link again", from, to);
      found = { draw, drawAgain, reliable: siblings(from, to), lastArrival: 0, cut: false };
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
      const chosen = faultsOf(message);
      if (on.cut) return [on.reliable ? { waits: true, fault: "delayed" } : { fault: "lost" }];

      const lost = chosen.some((fault) => fault.kind === "lose");
      if (!on.reliable && (lost || drawnLost)) return [{ fault: "lost" }];
      let late = lost ? RETRANSMIT : 0;
      for (const fault of chosen) if (fault.kind === "delay") late += micros(fault.by);
      const arrivesAt = arrives + late;
      const fates: Fate[] = [late > 0 ? { arrivesAt, fault: "delayed" } : { arrivesAt }];
      if (drawnTwice) fates.push({ arrivesAt: arrival(on, draw, message.at), fault: "duplicate" });
      for (const fault of chosen) {
        if (fault.kind !== "duplicate") continue;
        fates.push({ arrivesAt: arrivesAt + micros(fault.after), fault: "duplicate" });
      }
      return fates;
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
