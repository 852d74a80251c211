import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { compile } from "../evaluator/compile.ts";
import type { CryptoProvider } from "../evaluator/cryptoProvider.ts";
import type { FunctionTable } from "../evaluator/functions.ts";
import type { Fact } from "../evaluator/nodeEngine.ts";
import { createSimulation } from "../simulator/simulation.ts";
import type { SimulationSettings } from "../simulator/simulationOptions.ts";
import type { Trace } from "../simulator/trace.ts";
import { BoundReached } from "./boundReached.ts";
import { closestSchedule } from "./closestSchedule.ts";
import { sendText } from "./machine.ts";
import type { Input } from "./machine.ts";
import type { Counterexample, RefinementOptions } from "./refines.ts";
import type { ScheduleStep } from "./schedule.ts";
import { simulatedSchedule } from "./simulatedSchedule.ts";

/** A counterexample as two simulated runs on the same requests. */
export interface Replay {
  /** The original does what the environment sees of the rewritten program for as long as it can. */
  readonly original: SimulationSettings;
  readonly rewritten: SimulationSettings;
  readonly difference: ReplayedDifference;
}

/** Where what the environment sees of the two runs first differs. */
export interface ReplayedDifference {
  /** Counts what it sees from 0: with the observer `first` each fact once. */
  readonly index: number;
  readonly original: SeenPlace;
  readonly rewritten: SeenPlace;
}

/** What is seen there, and when; of a run that shows nothing more, when it ends. */
export interface SeenPlace {
  readonly at: number;
  readonly fact?: Fact;
}

/**
 * Both runs, simulated once to see that they show the history of the counterexample and not another; undefined when a
 * simulation cannot run like that. `requests` are all that clients were said to send.
 */
export function replayedCounterexample(
  original: AnalyzedProgram,
  rewritten: AnalyzedProgram,
  { schedule, violation }: Counterexample,
  requests: readonly (readonly Input[])[],
  told: {
    readonly observer: RefinementOptions["observer"];
    readonly duplicates?: boolean;
    /** The requests, and behind them what else may happen. */
    readonly inputs: readonly Input[];
    readonly functions: FunctionTable;
    readonly crypto: CryptoProvider;
  },
): Replay | undefined {
  const sent = withoutRest(requests, schedule);
  const closest = withinBounds(() => closestSchedule(original, schedule, told));
  if (closest === undefined) return undefined;
  const plans = [
    [original, closest],
    [rewritten, schedule],
  ] as const;
  const settings = plans.map(([p, plan]) => simulatedSchedule(p, plan, sent, told));
  const [ofOriginal, ofRewritten] = settings;
  if (ofOriginal === undefined || ofRewritten === undefined) return undefined;
  const counted = told.observer === "first" ? 1 : told.observer.multi;
  const traces = [ofOriginal, ofRewritten].map((own, i) => simulated(plans[i]![0], own, told));
  const [left, right] = traces.map((trace) => seen(trace, counted)) as [Seen, Seen];
  const showsPlan =
    begins(left, closest) &&
    begins(right, schedule) &&
    ends(traces[1]!, right, violation, schedule);
  if (!showsPlan) return undefined;
  const index = firstDifference(left, right);
  if (index !== outputsOf(closest).length) return undefined;
  const patience = Math.max(ofOriginal.patience!, ofRewritten.patience!);
  return {
    original: { ...ofOriginal, patience },
    rewritten: { ...ofRewritten, patience },
    difference: {
      index,
      original: left[index] ?? { at: traces[0]!.end.at },
      rewritten: right[index] ?? { at: traces[1]!.end.at },
    },
  };
}

/** Up to the last request of which the schedule sends anything. */
function withoutRest(
  requests: readonly (readonly Input[])[],
  schedule: readonly ScheduleStep[],
): readonly (readonly Input[])[] {
  const total = requests.flat().length;
  const used = schedule.flatMap(({ inputs }) => inputs).filter((input) => input < total);
  const last = Math.max(-1, ...used);
  let before = 0;
  return requests.filter((inputs) => {
    const isSent = before <= last;
    before += inputs.length;
    return isSent;
  });
}

/** Far more than a schedule of a few requests takes. */
const MOST_TICKS = 20_000;

function simulated(
  p: AnalyzedProgram,
  settings: SimulationSettings,
  told: { readonly functions: FunctionTable; readonly crypto: CryptoProvider },
): Trace {
  const { functions, crypto } = told;
  const all = { ...settings, maxTicks: MOST_TICKS, engine: compile, functions, crypto };
  const simulation = createSimulation(p, all);
  while (simulation.advance(1_000) === "running");
  return simulation.trace();
}

type Seen = readonly (SeenPlace & { readonly text: string; readonly fact: Fact })[];

/** What arrives at no node, in order of time: of each different fact so many arrivals. */
function seen({ messages, nodes }: Trace, counted: number): Seen {
  const addresses = new Set(nodes.map(({ address }) => address));
  const arrived = messages
    .flatMap(({ to, relation, row, arrivedAt: at }) =>
      at === undefined || addresses.has(to)
        ? []
        : [{ at, fact: { relation, row }, text: sendText({ to, relation, row }) }],
    )
    .sort((a, b) => a.at - b.at);
  const counts = new Map<string, number>();
  return arrived.filter(({ text }) => {
    const count = (counts.get(text) ?? 0) + 1;
    counts.set(text, count);
    return count <= counted;
  });
}

function outputsOf(schedule: readonly ScheduleStep[]): readonly string[] {
  return schedule.flatMap(({ outputs }) => outputs.map(sendText));
}

function begins(all: Seen, schedule: readonly ScheduleStep[]): boolean {
  return outputsOf(schedule).every((text, i) => all[i]?.text === text);
}

function ends(
  { end }: Trace,
  all: Seen,
  violation: Counterexample["violation"],
  schedule: readonly ScheduleStep[],
): boolean {
  switch (violation) {
    case "safety":
      return true;
    case "quiescence":
      return end.kind !== "limit" && all.length === outputsOf(schedule).length;
    case "error":
      return end.kind === "error";
  }
}

function firstDifference(left: Seen, right: Seen): number {
  let index = 0;
  while (index < Math.max(left.length, right.length)) {
    if (left[index]?.text !== right[index]?.text) break;
    index++;
  }
  return index;
}

function withinBounds<T>(search: () => T): T | undefined {
  try {
    return search();
  } catch (error) {
    if (error instanceof BoundReached) return undefined;
    throw error;
  }
}
