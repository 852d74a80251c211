import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { resolveClients } from "../analysis/resolveClients.ts";
import { originalOf } from "../evaluator/environment.ts";
import { clientShape, requestLog } from "./clients.ts";
import { standingPolicies, startNodes } from "./clusterNodes.ts";
import type { SimulationEngines } from "./clusterNodes.ts";
import { eventQueue } from "./eventQueue.ts";
import type { BranchFault, TimedFault } from "./faults.ts";
import { micros, network } from "./network.ts";
import type { Micros } from "./network.ts";
import * as defaults from "./simulationOptions.ts";
import type { SimulationProgress, SimulationSettings } from "./simulationOptions.ts";
import { ended, milliseconds, outcome, plan, planTick, step } from "./simulationRun.ts";
import type { BranchPoint, Run } from "./simulationRun.ts";
import type { Trace } from "./trace.ts";

export interface SimulationOptions extends SimulationSettings, SimulationEngines {
  /** Record what every tick changes; true when absent. */
  readonly observe?: boolean;
}

/** A whole cluster in one thread, in virtual time: same program, deployment and options, same trace to the byte. */
export interface Simulation {
  /** Handles at most so many events, so that a caller can report progress and be cancelled in between. */
  advance(maxEvents: number): "running" | "ended";
  progress(): SimulationProgress;
  /** The trace so far; its end is `cancelled` while the simulation is running. */
  trace(): Trace;
}

/** Why this program cannot be simulated, in a sentence; undefined when it can. */
export function simulationProblem(p: AnalyzedProgram): string | undefined {
  const fault = p.faults.find((f) => f.severity === "error");
  if (fault !== undefined) return `The program has an error: ${fault.message}`;
  if (p.deployment === undefined) return "The program has no deployment, so there are no nodes.";
  const resolution = resolveClients(p);
  if (resolution.kind === "faults") return resolution.faults[0].message;
  if (clientShape(p.deployment, resolution.clients).destinations.length > 0) return undefined;
  return `No node reads \`${resolution.clients.input}\`, which the clients send.`;
}

/** `p` must have no `simulationProblem`. */
export function createSimulation(p: AnalyzedProgram, options: SimulationOptions): Simulation {
  const run = start(p, options);
  const maxTime = micros(options.maxTime ?? defaults.DEFAULT_MAX_TIME);
  const maxTicks = options.maxTicks ?? defaults.DEFAULT_MAX_TICKS;
  return {
    advance(maxEvents) {
      for (let handled = 0; handled < maxEvents && run.end === undefined; handled++) {
        const next = run.queue.nextAt();
        const over = next === undefined ? "quiet" : outcome(run, next);
        if (next === undefined || over !== undefined) run.end = ended(run, over ?? "quiet");
        else if (next > maxTime || run.ticks.length >= maxTicks) run.end = ended(run, "limit");
        else step(run);
      }
      return run.end === undefined ? "running" : "ended";
    },
    progress: () => ({
      at: milliseconds(run.now),
      ticks: run.ticks.length,
      messages: run.messages.length,
      sent: run.sent,
      answered: run.log.answered,
      requests: run.wanted,
    }),
    trace: () => ({
      seed: run.seed,
      nodes: run.nodes.map(({ address, component, original }) => ({
        address,
        component,
        original,
      })),
      messages: run.messages.map((message) => ({ ...message })),
      ticks: [...run.ticks],
      requests: run.log.requests,
      ...(run.log.strays.length > 0 ? { strays: [...run.log.strays] } : {}),
      end: run.end ?? ended(run, "cancelled"),
    }),
  };
}

function start(p: AnalyzedProgram, options: SimulationOptions): Run {
  const { deployment } = p;
  const resolution = resolveClients(p);
  if (deployment === undefined || resolution.kind === "faults") {
    throw new Error(`Not to be simulated: ${simulationProblem(p)}`);
  }
  const { seed, observe = true } = options;
  const faults = allFaults(options);
  const shape = clientShape(deployment, resolution.clients);
  const siblings = (a: string, b: string): boolean =>
    originalOf(deployment, a) === originalOf(deployment, b);
  const nodes = startNodes(p, deployment, options, options, observe);
  const run: Run = {
    seed,
    shape,
    wanted: options.requests ?? shape.clients.requests ?? defaults.DEFAULT_REQUESTS,
    patience: micros(options.patience ?? defaults.DEFAULT_PATIENCE),
    linger: micros(options.linger ?? 0),
    think: micros(shape.clients.think ?? 0),
    observe,
    nodes,
    byAddress: new Map(nodes.map((node) => [node.address, node])),
    net: network(seed, { ...defaults.DEFAULT_NETWORK, ...options.network }, faults, siblings),
    queue: eventQueue(),
    log: requestLog(shape),
    messages: [],
    ticks: [],
    awaited: new Set(),
    waiting: [],
    marked: new Map(),
    now: 0,
    answeredAt: undefined,
    live: 0,
    futureFaults: 0,
    sent: 0,
    end: undefined,
  };
  const branches = branchPoints(p, options);
  for (const branch of branches) plan(run, branch.at, { kind: "branch", branch });
  run.futureFaults += branches.length;
  planStart(run, timedFaults(faults, branches), options.loops ?? defaults.DEFAULT_LOOPS);
  return run;
}

function allFaults({ faults = [], branches = [] }: SimulationSettings): readonly BranchFault[] {
  const lists = [faults, ...branches.map((branch) => branch.faults)];
  return lists.flatMap((list, branch) => list.map((fault) => ({ fault, branch })));
}

function branchPoints(p: AnalyzedProgram, settings: SimulationSettings): readonly BranchPoint[] {
  const { faults = [], branches = [] } = settings;
  const soFar = [...faults];
  return branches.map((branch, index) => {
    soFar.push(...branch.faults);
    const known = [...soFar];
    return {
      at: microsAfter(branch.at),
      number: index + 1,
      seed: branch.seed,
      policies: ({ component }) => standingPolicies(p, component, settings, known),
    };
  });
}

/** The first microsecond after that time, however its milliseconds are rounded. */
function microsAfter(at: number): Micros {
  return Math.floor(at * 1_000 + 0.001) + 1;
}

/** A branch's faults never strike before it begins. */
function timedFaults(
  faults: readonly BranchFault[],
  branches: readonly BranchPoint[],
): readonly { readonly at: Micros; readonly fault: TimedFault }[] {
  return faults.flatMap(({ fault, branch }) =>
    "at" in fault ? [{ at: Math.max(micros(fault.at), branches[branch - 1]?.at ?? 0), fault }] : [],
  );
}

/** Every node ticks once by itself: constant relations alone may give it something to do. */
function planStart(run: Run, faults: ReturnType<typeof timedFaults>, loops: number): void {
  for (const { at, fault } of faults) {
    run.futureFaults++;
    plan(run, at, { kind: "fault", fault });
  }
  for (const node of run.nodes) {
    planTick(run, node);
    for (const timer of node.timers) plan(run, timer.phase, { kind: "timer", node, timer });
  }
  for (let i = 0; i < Math.min(loops, run.wanted); i++) plan(run, 0, { kind: "ask" });
}
