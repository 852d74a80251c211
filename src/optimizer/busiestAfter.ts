import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { ComponentName } from "../program/program.ts";
import { applyStep, chosenSteps } from "../rewrites/driver.ts";
import type { Offer } from "../rewrites/driver.ts";
import type { Chain } from "../rewrites/rewrite.ts";
import type { SimulationEngines } from "../simulator/clusterNodes.ts";
import { busiestNode } from "../simulator/messageCounts.ts";
import type { BusiestNode } from "../simulator/messageCounts.ts";
import { simulationProblem } from "../simulator/simulation.ts";

export interface Busiest {
  readonly address: string;
  /** In and out, per answered command. */
  readonly messagesPerCommand: number;
}

/** The messages of every node of a program as it is; undefined where it cannot be simulated or answers nothing. */
export function measured(p: AnalyzedProgram, engines: SimulationEngines): BusiestNode | undefined {
  if (p.deployment === undefined || simulationProblem(p) !== undefined) return undefined;
  const found = busiestNode(p, engines);
  return found === undefined || found.answered === 0 ? undefined : found;
}

/** The program that an offer makes, a lock-step one with its waiver; undefined where a step does not apply. */
export function programAfter(
  p: AnalyzedProgram,
  { steps }: Pick<Offer, "steps">,
  chain: Chain,
): AnalyzedProgram | undefined {
  let state = { program: p, chain };
  for (const step of chosenSteps(steps, { waiver: "tick-counts" })) {
    const result = applyStep(state.program, step, state.chain);
    if (result.kind !== "applied") return undefined;
    state = result;
  }
  return state.program;
}

/** The busiest node of a program as it is. */
export function busiestOfProgram(
  p: AnalyzedProgram,
  engines: SimulationEngines,
): Busiest | undefined {
  const found = measured(p, engines);
  return found && shortened(found);
}

export function shortened({ address, messagesPerCommand }: BusiestNode): Busiest {
  return { address, messagesPerCommand };
}

/** Of the nodes of some components alone the busiest. */
export function busiestOf(
  { perNode, answered }: BusiestNode,
  components: ReadonlySet<ComponentName>,
): Busiest | undefined {
  const [first] = perNode
    .filter(({ component }) => components.has(component))
    .map((node) => ({
      address: node.address,
      messagesPerCommand: (node.in + node.out) / Math.max(1, answered),
    }))
    .toSorted((a, b) => b.messagesPerCommand - a.messagesPerCommand);
  return first;
}
