import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { channelUse } from "../analysis/channels.ts";
import type { CryptoProvider } from "../evaluator/cryptoProvider.ts";
import { nodeEnvironment, originalOf } from "../evaluator/environment.ts";
import type { FunctionTable } from "../evaluator/functions.ts";
import type { Fact, NodeEngine, Runnable } from "../evaluator/nodeEngine.ts";
import type { SharedIds } from "../evaluator/rowLog.ts";
import type { Deployment } from "../program/deployment.ts";
import { flushed, restartable } from "./durable.ts";
import type { ComponentName, RelationName } from "../program/program.ts";
import type { Fault } from "./faults.ts";
import type { SimulationSettings } from "./simulationOptions.ts";
import { rowTick } from "./rowTick.ts";
import type { RowTick } from "./rowTick.ts";
import { standingSends } from "./standingSends.ts";
import type { StandingPolicy, StandingSends } from "./standingSends.ts";
import { timerOf } from "./timers.ts";
import type { Timer } from "./timers.ts";

/** How nodes are run. */
export interface SimulationEngines {
  /** The compiled evaluator or the reference. */
  readonly engine: (p: AnalyzedProgram, component: ComponentName) => Runnable;
  /** The standard functions and those of the embedding code. */
  readonly functions: FunctionTable;
  readonly crypto: CryptoProvider;
}

/** One node of the simulated cluster. */
export interface ClusterNode {
  readonly index: number;
  readonly address: string;
  readonly component: ComponentName;
  readonly original: string;
  engine: NodeEngine;
  tickRows: RowTick;
  standing: StandingSends;
  readonly timers: readonly Timer[];
  /** Ids of the messages that wait for the next tick. */
  arrived: number[];
  /** What enters the next tick beside them: of timers, or from the disk. */
  timerFacts: Fact[];
  /** An engine that begins with what a crash has left of the one before, and what it begins with. */
  readonly again: (crashed: NodeEngine) => Again;
  /** How many ticks it has run, and how many of them before the last restart. */
  ticks: number;
  ticksBefore: number;
  /** Microseconds at which the tick that runs now is over. */
  freeAt: number;
  /** Index into the trace of its last tick. */
  lastTick: number | undefined;
  unsettled: boolean;
  tickPlanned: boolean;
  resendPlanned: boolean;
  stopped: "paused" | "crashed" | undefined;
}

export interface Again {
  readonly engine: NodeEngine;
  readonly tickRows: RowTick;
  readonly standing: StandingSends;
  readonly fromDisk: readonly Fact[];
}

/** All nodes of the deployment, components in program order, each started but not ticked. */
export function startNodes(
  p: AnalyzedProgram,
  deployment: Deployment,
  engines: SimulationEngines,
  settings: SimulationSettings,
  observe: boolean,
  ids: SharedIds,
): readonly ClusterNode[] {
  const nodes: ClusterNode[] = [];
  const { functions, crypto } = engines;
  for (const { name: component } of p.program.components) {
    const runnable = engines.engine(p, component);
    const policies = standingPolicies(p, component, settings, settings.faults ?? []);
    const timers = [...p.relations.values()].filter(
      (relation) => relation.timerMs !== undefined && relation.readBy.includes(component),
    );
    const afterCrash = once(() => {
      const again = restartable(p, component);
      return { again, runnable: engines.engine(again.program, component) };
    });
    for (const address of deployment.instances[component] ?? []) {
      const told = nodeEnvironment(p, deployment, component, address, functions, crypto);
      const started = (of: Runnable): Pick<ClusterNode, "engine" | "tickRows"> => {
        const engine = of.start(told, { observe, ids });
        return { engine, tickRows: rowTick(engine, ids, observe) };
      };
      nodes.push({
        index: nodes.length,
        address,
        component,
        original: originalOf(deployment, address),
        ...started(runnable),
        standing: standingSends(policies),
        timers: timers.map((relation) => timerOf(settings.seed, address, relation)),
        arrived: [],
        timerFacts: [],
        again(crashed) {
          const { again, runnable } = afterCrash();
          return {
            ...started(runnable),
            standing: standingSends(policies),
            fromDisk: flushed(crashed, again),
          };
        },
        ticks: 0,
        ticksBefore: 0,
        freeAt: 0,
        lastTick: undefined,
        unsettled: true,
        tickPlanned: false,
        resendPlanned: false,
        stopped: undefined,
      });
    }
  }
  return nodes;
}

/** Makes it when it is first asked for. */
export function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** What may be lost must be repeated, so a run that can lose drops nothing (language.md section 3). */
export function standingPolicies(
  p: AnalyzedProgram,
  component: ComponentName,
  { literalSends, network }: SimulationSettings,
  faults: readonly Fault[],
): ReadonlyMap<RelationName, StandingPolicy> {
  const loses =
    (network?.loss ?? 0) > 0 ||
    faults.some((f) => f.kind === "lose" || f.kind === "cut" || f.kind === "crash");
  const policies = new Map<RelationName, StandingPolicy>();
  for (const rule of p.program.components.find((c) => c.name === component)?.rules ?? []) {
    if (rule.head.timing.kind !== "async") continue;
    const channel = rule.head.relation;
    const droppable = !loses && channelUse(p, channel).kind !== "counted";
    policies.set(channel, literalSends === true ? "literal" : droppable ? "dropped" : "coalesced");
  }
  return policies;
}
