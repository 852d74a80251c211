import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { ComponentName } from "../program/program.ts";
import { UNBOUND } from "../rewrites/driver.ts";
import { movableGroups } from "../rewrites/movableGroups.ts";
import type { MovableGroup } from "../rewrites/movableGroups.ts";
import type { Chain } from "../rewrites/rewrite.ts";
import type { SimulationEngines } from "../simulator/clusterNodes.ts";
import { busiestOfProgram, programAfter } from "./busiestAfter.ts";
import type { Busiest } from "./busiestAfter.ts";

export interface RankedGroup extends MovableGroup {
  /** The busiest node once the group has moved; absent where the program cannot be simulated or answers nothing. */
  readonly busiest?: Busiest;
}

/**
 * A component's movable groups, those first that leave the busiest node with the fewest messages; a lock-step one is taken
 * with its waiver to be measured. Yields after each judgement and each measurement.
 */
export function* rankedGroups(
  p: AnalyzedProgram,
  component: ComponentName,
  engines: SimulationEngines,
  chain: Chain = UNBOUND,
): Generator<void, readonly RankedGroup[]> {
  const groups = yield* movableGroups(p, component, chain);
  const ranked: RankedGroup[] = [];
  for (const group of groups) {
    const after = programAfter(p, group.offer, chain);
    const busiest = after && busiestOfProgram(after, engines);
    ranked.push(busiest === undefined ? group : { ...group, busiest });
    yield;
  }
  return ranked.sort((a, b) => load(a) - load(b));
}

function load({ busiest }: RankedGroup): number {
  return busiest?.messagesPerCommand ?? Infinity;
}
