import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { ComponentName } from "../program/program.ts";
import { applyStep, chosenSteps, UNBOUND } from "../rewrites/driver.ts";
import { movableGroups } from "../rewrites/movableGroups.ts";
import type { MovableGroup } from "../rewrites/movableGroups.ts";
import type { Chain } from "../rewrites/rewrite.ts";
import type { SimulationEngines } from "../simulator/clusterNodes.ts";
import { busiestNode } from "../simulator/messageCounts.ts";
import { simulationProblem } from "../simulator/simulation.ts";

export interface RankedGroup extends MovableGroup {
  /** The busiest node once the group has moved; absent where the program cannot be simulated or answers nothing. */
  readonly busiest?: Busiest;
}

export interface Busiest {
  readonly address: string;
  /** In and out, per answered command. */
  readonly messagesPerCommand: number;
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
    const busiest = busiestAfter(p, group, engines, chain);
    ranked.push(busiest === undefined ? group : { ...group, busiest });
    yield;
  }
  return ranked.sort((a, b) => load(a) - load(b));
}

/** The busiest node of a program as it is. */
export function busiestOfProgram(
  p: AnalyzedProgram,
  engines: SimulationEngines,
): Busiest | undefined {
  if (p.deployment === undefined || simulationProblem(p) !== undefined) return undefined;
  const found = busiestNode(p, engines);
  if (found === undefined || found.answered === 0) return undefined;
  return { address: found.address, messagesPerCommand: found.messagesPerCommand };
}

function busiestAfter(
  p: AnalyzedProgram,
  { offer }: MovableGroup,
  engines: SimulationEngines,
  chain: Chain,
): Busiest | undefined {
  let state = { program: p, chain };
  for (const step of chosenSteps(offer.steps, { waiver: "tick-counts" })) {
    const result = applyStep(state.program, step, state.chain);
    if (result.kind !== "applied") return undefined;
    state = result;
  }
  return busiestOfProgram(state.program, engines);
}

function load({ busiest }: RankedGroup): number {
  return busiest?.messagesPerCommand ?? Infinity;
}
