import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { joined, quoted } from "../analysis/wording.ts";
import { ringing, timerOf } from "../simulator/timers.ts";
import { eventInputs } from "./eventInputs.ts";
import type { Input } from "./machine.ts";

/** A timer and where it fires; at every node that has it when no address is given. */
export interface Firing {
  readonly timer: string;
  readonly at?: string;
  /** How often. */
  readonly times: number;
}

/** The timers of a program with the nodes that have them. */
export function timersOf(p: AnalyzedProgram): ReadonlyMap<string, readonly string[]> {
  const instances = p.deployment?.instances ?? {};
  return new Map(
    [...p.relations.values()]
      .filter((info) => info.timerMs !== undefined)
      .map((info) => [info.name, info.readBy.flatMap((component) => instances[component] ?? [])]),
  );
}

/** What enters when timers fire at any moment, each so often; a sentence when there is no such timer. */
export function timerFirings(
  p: AnalyzedProgram,
  firings: readonly Firing[],
): readonly Input[] | string {
  const timers = timersOf(p);
  return eventInputs(firings, ({ timer, at, times }) => {
    const nodes = timers.get(timer);
    if (nodes === undefined) {
      const known = [...timers.keys()].map(quoted);
      return `There is no timer ${quoted(timer)}; ${known.length === 0 ? "the program has none" : `there is ${joined(known)}`}.`;
    }
    if (at !== undefined && !nodes.includes(at)) {
      return `${quoted(timer)} does not fire at ${quoted(at)}, but at ${joined(nodes.map(quoted))}.`;
    }
    return (at === undefined ? nodes : [at]).flatMap((to) => {
      const own = timerOf(p.deployment!.seed, to, p.relations.get(timer)!);
      return Array.from({ length: times }, (_, i): Input => {
        const { relation, row } = ringing(own, own.phase + i * own.period);
        return { relation, row, to };
      });
    });
  });
}
