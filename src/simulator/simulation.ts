import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { resolveClients } from "../analysis/resolveClients.ts";
import { originalOf } from "../evaluator/environment.ts";
import { clientShape, requestLog } from "./clients.ts";
import { once, standingPolicies, startNodes } from "./clusterNodes.ts";
import type { SimulationEngines } from "./clusterNodes.ts";
import { eventQueue } from "./eventQueue.ts";
import type { BranchFault, TimedFault } from "./faults.ts";
import { invariantOutcomes, saysWhatComes, statedInvariants } from "./invariants.ts";
import { micros, milliseconds, network } from "./network.ts";
import type { Micros } from "./network.ts";
import * as defaults from "./simulationOptions.ts";
import type { SimulationProgress, SimulationSettings } from "./simulationOptions.ts";
import { Recording } from "./recording.ts";
import { recordedMessages, recordedTicks } from "./recordedTrace.ts";
import { ended, EVENT, outcome, plan, planTick } from "./run.ts";
import type { BranchPoint, Run } from "./run.ts";
import { step } from "./simulationRun.ts";
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
  const states = options.observe !== false && statedInvariants(p).length > 0;
  const outcomes = states
    ? (whole: Trace) => invariantOutcomes(p, whole, options, run.outages)
    : undefined;
  const maxTime = micros(options.maxTime ?? defaults.DEFAULT_MAX_TIME);
  const maxTicks = options.maxTicks ?? defaults.DEFAULT_MAX_TICKS;
  return {
    advance(maxEvents) {
      for (let handled = 0; handled < maxEvents && run.end === undefined; handled++) {
        const next = run.queue.nextAt();
        const over = next === undefined ? "quiet" : outcome(run, next);
        if (next === undefined || over !== undefined) run.end = ended(run, over ?? "quiet");
        else if (next > maxTime || run.recording.ticks >= maxTicks) run.end = ended(run, "limit");
        else step(run);
      }
      return run.end === undefined ? "running" : "ended";
    },
    progress: () => ({
      at: milliseconds(run.now),
      ticks: run.recording.ticks,
      messages: run.recording.messages,
      sent: run.sent,
      answered: run.log.answered,
      requests: run.wanted,
    }),
    trace: () => trace(run, outcomes),
  };
}

/**
 * A run that goes on is read out at once, since it goes on recording; of one that has ended each part when somebody looks
 * at it. Either way it is plain data to whatever copies it.
 */
function trace(
  run: Run,
  outcomes: ((trace: Trace) => NonNullable<Trace["invariants"]>) | undefined,
): Trace {
  const { recording, log } = run;
  const nodes = run.nodes.map(({ address, component, original }) => {
    return { address, component, original };
  });
  const messages = once(() => recordedMessages(recording));
  const ticks = once(() => recordedTicks(recording));
  const requests = once(() => log.requests);
  const read: Trace = {
    seed: run.seed,
    nodes,
    get messages() {
      return messages();
    },
    get ticks() {
      return ticks();
    },
    get requests() {
      return requests();
    },
    ...(log.strays.length > 0 ? { strays: log.strays } : {}),
    end: run.end ?? ended(run, "cancelled"),
  };
  if (outcomes !== undefined) {
    const get = once(() => outcomes(read));
    Object.defineProperty(read, "invariants", { get, enumerable: true });
  }
  return run.end === undefined ? { ...read } : read;
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
  const recording = new Recording();
  const nodes = startNodes(p, deployment, options, options, observe, recording.ids);
  // The number of a node's place is its index.
  for (const node of nodes) recording.place(node.address);
  const branches = branchPoints(p, options);
  const timed = timedFaults(faults, branches);
  const run: Run = {
    seed,
    shape,
    wanted: options.requests ?? shape.clients.requests ?? defaults.DEFAULT_REQUESTS,
    patience: micros(options.patience ?? defaults.DEFAULT_PATIENCE),
    linger: micros(options.linger ?? settlingTime(p, faults.length > 0 || loses(options))),
    think: micros(shape.clients.think ?? 0),
    nodes,
    byAddress: new Map(nodes.map((node) => [node.address, node])),
    clients: recording.place(shape.clients.address),
    timers: nodes.flatMap((node) => node.timers.map((timer) => ({ node, timer }))),
    faults: timed.map(({ fault }) => fault),
    branches,
    net: network(seed, { ...defaults.DEFAULT_NETWORK, ...options.network }, faults, siblings),
    queue: eventQueue(),
    recording,
    outages: [],
    log: requestLog(shape, recording),
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
  branches.forEach(({ at }, index) => plan(run, at, EVENT.branch, index));
  run.futureFaults += branches.length;
  planStart(run, timed, options.loops ?? defaults.DEFAULT_LOOPS);
  return run;
}

/**
 * What a program says of the end is about a run that has settled: where something goes wrong, everything that is repeated
 * now and then gets the chance to mend it.
 */
function settlingTime(p: AnalyzedProgram, somethingGoesWrong: boolean): number {
  if (!somethingGoesWrong || !saysWhatComes(p)) return 0;
  const periods = [...p.relations.values()].map(({ timerMs = 0 }) => timerMs);
  return ROUNDS_TO_SETTLE * Math.max(0, ...periods);
}

function loses({ network }: SimulationSettings): boolean {
  return (network?.loss ?? 0) > 0;
}

/** Of the slowest timer: enough that one message in four may be lost. */
const ROUNDS_TO_SETTLE = 10;

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
  faults.forEach(({ at }, index) => {
    run.futureFaults++;
    plan(run, at, EVENT.fault, index);
  });
  for (const node of run.nodes) {
    planTick(run, node);
    run.timers.forEach(({ node: of, timer }, index) => {
      if (of === node) plan(run, timer.phase, EVENT.ring, index);
    });
  }
  for (let i = 0; i < Math.min(loops, run.wanted); i++) plan(run, 0, EVENT.ask);
}
