import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { ComponentName } from "../program/program.ts";
import type { SimulationEngines } from "./clusterNodes.ts";
import { createSimulation } from "./simulation.ts";
import type { Trace } from "./trace.ts";

/** The cost of a program until there is a cost model (ui.md, Inspector). */
export interface BusiestNode {
  readonly address: string;
  readonly component: ComponentName;
  /** Messages in and out per answered command. */
  readonly messagesPerCommand: number;
  /** Every node of the deployment, in its order. */
  readonly perNode: readonly NodeMessages[];
  /** Requests answered, of those sent: fewer means that the figure says little. */
  readonly answered: number;
  readonly requests: number;
}

export interface NodeMessages {
  readonly address: string;
  readonly component: ComponentName;
  readonly in: number;
  readonly out: number;
}

const REQUESTS = 100;
const SEED = 1;

/** Runs 100 requests with seed 1 on the default network and counts. Undefined when the deployment has no nodes. */
export function busiestNode(
  p: AnalyzedProgram,
  engines: SimulationEngines,
): BusiestNode | undefined {
  const simulation = createSimulation(p, {
    ...engines,
    seed: SEED,
    requests: REQUESTS,
    observe: false,
  });
  while (simulation.advance(1_000) === "running");
  return busiestOf(simulation.trace());
}

/** The same of a run that is there already. */
export function busiestOf(trace: Trace): BusiestNode | undefined {
  const answered = trace.requests.filter((request) => request.answers.length > 0).length;
  const perNode = countMessages(trace);
  const busiest = perNode.reduce<NodeMessages | undefined>(
    (most, node) => (most === undefined || total(node) > total(most) ? node : most),
    undefined,
  );
  if (busiest === undefined) return undefined;
  return {
    address: busiest.address,
    component: busiest.component,
    messagesPerCommand: total(busiest) / Math.max(1, answered),
    perNode,
    answered,
    requests: trace.requests.length,
  };
}

export function countMessages(trace: Trace): readonly NodeMessages[] {
  const sent = new Map<string, number>();
  const received = new Map<string, number>();
  for (const message of trace.messages) {
    if (message.fault !== "duplicate") increment(sent, message.from);
    if (message.arrivedAt !== undefined) increment(received, message.to);
  }
  return trace.nodes.map(({ address, component }) => ({
    address,
    component,
    in: received.get(address) ?? 0,
    out: sent.get(address) ?? 0,
  }));
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function total(node: NodeMessages): number {
  return node.in + node.out;
}
