import { create } from "zustand";
import type { Deployment } from "../../program/deployment.ts";
import { selectedMessage } from "../../simulator/faults.ts";
import type { Fault } from "../../simulator/faults.ts";
import { factText, timeText } from "./factText.ts";
import {
  inheritedFaults,
  MAIN_RUN,
  NO_FAULTS,
  ownFaults,
  runDifferences,
  violationDifference,
} from "./keptRuns.ts";
import type { KeptRun, Left, RunDifference, SideFaults } from "./keptRuns.ts";
import type { RunningSimulation, DeployedProgram } from "../../workers/simulationApi.ts";
import { useClew } from "../store/clewStore.ts";
import { viewAt } from "../store/selectors.ts";
import { isToldOtherwise, wasCancelled } from "./simulatedRun.ts";
import type { CheckedPrograms, Settings, Side, SimulatedRun, Violation } from "./simulatedRun.ts";
import { FIRST_SETTINGS, toldSimulation } from "./simulationTold.ts";
import { simulationWorker } from "./simulationWorker.ts";
import { momentsOf } from "./timeline.ts";

export type ArmedFault = "delay" | "lose" | "duplicate" | "cut" | "crash" | "pause";

/** How wide a millisecond is drawn: a factor on what fits the whole run, or on what can be read. */
export interface Zoom {
  readonly from: "readable" | "whole";
  readonly factor: number;
}

interface SimulateState {
  readonly settings: Settings;
  readonly faults: SideFaults;
  /** Of the run that is shown; undefined for the main run. */
  readonly left: Left | undefined;
  /** Every run that is kept, the shown one as it was when it was last put away. */
  readonly kept: readonly KeptRun[];
  /** Which of them is shown. */
  readonly shown: number;
  /** What the shown run is of, when it is not the base and the shown step. */
  readonly of: CheckedPrograms | undefined;
  /** What the shown run is known to show, as long as nothing of it is changed. */
  readonly violation: Violation | undefined;
  readonly run: SimulatedRun | undefined;
  readonly running: (RunningSimulation & { readonly side: Side }) | undefined;
  readonly problem: string | undefined;
  /** Simulated milliseconds: what is drawn full, right of it faint. */
  readonly cursor: number;
  readonly side: Side;
  /** Address of the node whose facts are shown. */
  readonly node: string | undefined;
  readonly armed: ArmedFault | undefined;
  readonly zoom: Zoom;
  zoomBy(factor: number | "fit"): void;
  change(settings: Partial<Settings>): void;
  /** Runs what is shown; the cursor goes to the end of the run, or stays where one looks. */
  start(then?: "end" | "stay"): Promise<void>;
  cancel(): void;
  moveTo(cursor: number): void;
  /** To the next or the last moment at which something happens on either side. */
  step(direction: -1 | 1): void;
  /** To the next difference in the order of answers, from the last one back to the first. */
  showDifference(): void;
  /** A new branch at the cursor: everything up to there stays, and what is changed from now on is the branch's. */
  branch(): void;
  show(id: number): void;
  rename(id: number, name: string): void;
  remove(id: number): void;
  /** A run that a check asks for is kept beside the others and shown. */
  showCounterexample(run: Pick<KeptRun, "name" | "settings" | "faults" | "of" | "violation">): void;
  look(side: Side, node: string): void;
  arm(fault: ArmedFault | undefined): void;
  addFault(side: Side, fault: Fault): void;
  removeFault(side: Side, index: number): void;
}

let asked: AbortController | undefined;

/** A message, node or moment of this run would be another one of the next. */
const RUN_FIRST =
  "The program or the settings have changed since this run. Run again, then choose what goes wrong.";

/** All that is about a document. */
const NOTHING_RUN = {
  settings: FIRST_SETTINGS,
  faults: NO_FAULTS,
  left: undefined,
  kept: [],
  shown: MAIN_RUN,
  of: undefined,
  violation: undefined,
  run: undefined,
  running: undefined,
  problem: undefined,
  cursor: 0,
  side: "original",
  node: undefined,
  armed: undefined,
} satisfies Partial<SimulateState>;

/** Outlives a change of mode, so that a run is still there when one comes back. */
export const useSimulate = create<SimulateState>()((set, get) => ({
  ...NOTHING_RUN,
  zoom: { from: "readable", factor: 1 },

  zoomBy: (factor) => {
    const { zoom } = get();
    const next: Zoom =
      factor === "fit" ? { from: "whole", factor: 1 } : { ...zoom, factor: zoom.factor * factor };
    set({ zoom: { ...next, factor: Math.min(60, Math.max(1 / 60, next.factor)) } });
  },
  change: (change) => {
    const { settings, left } = get();
    set({ settings: { ...settings, ...change }, violation: undefined });
    if (left !== undefined) void get().start("stay");
  },
  cancel: () => asked?.abort(),
  moveTo: (cursor) => set({ cursor: Math.max(0, cursor) }),
  step: (direction) => {
    const { run, cursor } = get();
    if (run === undefined) return;
    const moments = runMoments(run);
    const to =
      direction > 0 ? moments.find((at) => at > cursor) : moments.findLast((at) => at < cursor);
    if (to !== undefined) set({ cursor: to });
  },
  showDifference: () => {
    const { cursor } = get();
    const all = shownDifferences();
    const next = all.find((difference) => difference.at > cursor) ?? all[0];
    if (next !== undefined) set({ cursor: next.at });
  },
  branch: () => {
    const { run, running, cursor, faults, settings, left, shown, of } = get();
    if (run === undefined || running !== undefined) return;
    const kept = putAway();
    const number = Math.max(...kept.map((each) => each.id)) + 1;
    const told = { left, settings, faults };
    const before = {
      original: ownFaults(told, "original"),
      rewritten: ownFaults(told, "rewritten"),
    };
    const own: KeptRun = {
      id: number,
      name: `Branch ${number}`,
      left: { id: shown, at: cursor, run, before },
      settings: { ...settings, seedAfter: undefined },
      faults: NO_FAULTS,
      run,
      cursor,
      unfinished: false,
      of,
      violation: undefined,
    };
    set({ kept: [...kept, own], ...takenOut(own) });
  },
  showCounterexample: (wanted) => {
    const same = get().kept.find(({ violation }) => violation === wanted.violation);
    if (same !== undefined) return get().show(same.id);
    const kept = putAway();
    const id = Math.max(...kept.map((each) => each.id)) + 1;
    const rest = { id, left: undefined, run: undefined, cursor: 0, unfinished: true };
    const own: KeptRun = { ...wanted, ...rest };
    // Steps of a schedule are far apart, and there are few of them.
    set({ kept: [...kept, own], ...takenOut(own), zoom: { from: "whole", factor: 1 } });
    void get()
      .start("end")
      .then(() => {
        const { violation, moveTo, shown } = get();
        if (violation !== undefined && shown === id) moveTo(violationDifference(violation).at);
      });
  },
  show: (id) => {
    if (id === get().shown) return;
    const kept = putAway();
    asked?.abort();
    const target = kept.find((each) => each.id === id);
    if (target === undefined) return;
    set({ kept, ...takenOut(target), ...nodeStillThere(target.run, get()) });
    if (target.unfinished) void get().start("stay");
  },
  rename: (id, name) =>
    set({ kept: get().kept.map((each) => (each.id === id ? { ...each, name } : each)) }),
  remove: (id) => {
    if (id === MAIN_RUN) return;
    const { kept, shown, left } = get();
    if (id === shown) {
      get().show(kept.some((each) => each.id === left?.id) ? left!.id : MAIN_RUN);
    }
    set({ kept: get().kept.filter((each) => each.id !== id) });
  },
  look: (side, node) => set({ side, node }),
  arm: (armed) => set({ armed }),
  addFault: (side, fault) => {
    const { faults, left, run } = get();
    const late = left && tooLate(side, fault, left);
    const problem = run !== undefined && isOutOfDate(run) ? RUN_FIRST : late;
    if (problem !== undefined) {
      set({ problem, armed: undefined });
      return;
    }
    const own = left && "at" in fault ? { ...fault, at: Math.max(fault.at, left.at) } : fault;
    const added = { ...faults, [side]: [...faults[side], own] };
    set({ faults: added, armed: undefined, violation: undefined });
    void get().start("stay");
  },
  removeFault: (side, index) => {
    const faults = get().faults;
    const left = { ...faults, [side]: faults[side].toSpliced(index, 1) };
    set({ faults: left, violation: undefined });
    void get().start("stay");
  },

  start: async (then = "end") => {
    asked?.abort();
    const { original, rewritten, from, step } = programsToRun();
    if (original === undefined) {
      set({
        problem:
          "There is nothing to run: the program has errors, or no deployment says where it runs.",
      });
      return;
    }
    const own = new AbortController();
    asked = own;
    const { run: before, settings, shown, of } = get();
    if (before === undefined && of === undefined) {
      const told = deploymentSettings(original.deployment);
      set({ settings: { ...settings, ...told } });
    }
    set({ problem: undefined, running: { ...NOTHING_YET, side: "original" } });
    try {
      const run = await simulate(original, rewritten, { from, step }, own.signal, (running) => {
        if (asked === own) set({ running });
      });
      if (asked !== own) return;
      const end = Math.max(run.original.end.at, run.rewritten?.end.at ?? 0);
      if (get().shown !== shown) return;
      const cursor = then === "end" || before === undefined ? end : Math.min(get().cursor, end);
      set({ run, cursor, ...nodeStillThere(run, get()) });
    } catch (error) {
      if (asked === own && (error as Error).name !== "AbortError") {
        set({ problem: (error as Error).message });
      }
    } finally {
      if (asked === own) set({ running: undefined });
    }
  },
}));

/** The kept runs, the shown one as it is now. */
function putAway(): readonly KeptRun[] {
  const { kept, shown, left, settings, faults, run, running, cursor, of, violation } =
    useSimulate.getState();
  const before = kept.find((each) => each.id === shown);
  const now: KeptRun = {
    id: shown,
    name: before?.name ?? "Main run",
    left,
    settings,
    faults,
    run,
    cursor,
    unfinished: running !== undefined || run === undefined,
    of,
    violation,
  };
  return before === undefined ? [...kept, now] : kept.map((each) => (each === before ? now : each));
}

function takenOut(kept: KeptRun): Partial<SimulateState> {
  const { id: shown, left, settings, faults, run, cursor, of, violation } = kept;
  const own = { shown, left, settings, faults, run, cursor, of, violation };
  return { ...own, problem: undefined, armed: undefined };
}

// What was run, armed or told of one document means nothing in another.
useClew.subscribe((state, before) => {
  if (before.document === undefined || state.document?.id === before.document.id) return;
  asked?.abort();
  asked = undefined;
  useSimulate.setState(NOTHING_RUN);
});

/** Where answers differ in the run that is shown. */
export function shownDifferences(): readonly RunDifference[] {
  const { run, left, violation } = useSimulate.getState();
  if (run === undefined || wasCancelled(run)) return [];
  return violation === undefined ? runDifferences(run, left) : [violationDifference(violation)];
}

/** The faults of one side, those that a branch took over included. */
export function faultsInForce(side: Side): readonly Fault[] {
  const { left, faults } = useSimulate.getState();
  return [...inheritedFaults(left, side), ...faults[side]];
}

/** Why a branch cannot do that to a message: it is of the time before. */
function tooLate(side: Side, fault: Fault, left: Left): string | undefined {
  if (!("message" in fault)) return undefined;
  const { message } = fault;
  const trace = left.run[side];
  const arrived = trace && selectedMessage(trace, message);
  if (arrived === undefined || arrived.sentAt > left.at) return undefined;
  if (arrived.fault !== "lost" && (arrived.arrivedAt ?? Infinity) > left.at) return undefined;
  const text = factText(message.relation, message.row);
  return `${text} was no longer under way when this branch began, at ${timeText(left.at)} ms. Branch earlier to change what became of it.`;
}

/** What the deployment says of its simulated runs, until the user says otherwise. */
function deploymentSettings(deployment: Deployment): Partial<Settings> {
  const { requests } = deployment.clients;
  return { seed: deployment.seed, ...(requests !== undefined && { requests }) };
}

const moments = new WeakMap<SimulatedRun, readonly number[]>();

function runMoments(run: SimulatedRun): readonly number[] {
  const known = moments.get(run);
  if (known !== undefined) return known;
  const found = momentsOf(run.rewritten ? [run.original, run.rewritten] : [run.original]);
  moments.set(run, found);
  return found;
}

const NOTHING_YET: RunningSimulation = {
  interpreted: false,
  at: 0,
  ticks: 0,
  messages: 0,
  sent: 0,
  answered: 0,
  requests: 0,
};

/** The base and the shown step as they stand in the workspace; no rewritten program while the base is shown. */
export function shownPrograms(): {
  readonly original: DeployedProgram | undefined;
  readonly rewritten: DeployedProgram | undefined;
  readonly step: number;
} {
  const state = useClew.getState();
  const step = state.document?.at ?? 0;
  const deployed = (at: number): DeployedProgram | undefined => {
    const view = viewAt(state, at);
    if (view?.deployment === undefined || view.diagnostics.some((d) => d.severity === "error"))
      return undefined;
    return { program: view.program, deployment: view.deployment };
  };
  return { original: deployed(0), rewritten: step > 0 ? deployed(step) : undefined, step };
}

/** What the shown run is of. */
function programsToRun(): ReturnType<typeof shownPrograms> & { readonly from: number } {
  const { of } = useSimulate.getState();
  if (of === undefined) return { ...shownPrograms(), from: 0 };
  return { original: of.original, rewritten: of.rewritten, from: of.from, step: of.to };
}

/** The run is of other programs than it should be of, or was told something else. */
export function isOutOfDate(run: SimulatedRun): boolean {
  const { original, rewritten } = programsToRun();
  return (
    run.programs[0]?.program !== original?.program ||
    run.programs[1]?.program !== rewritten?.program ||
    isToldOtherwise(run, useSimulate.getState().settings)
  );
}

async function simulate(
  original: DeployedProgram,
  rewritten: DeployedProgram | undefined,
  steps: Pick<SimulatedRun, "from" | "step">,
  signal: AbortSignal,
  onProgress: (progress: RunningSimulation & { readonly side: Side }) => void,
): Promise<SimulatedRun> {
  const told = useSimulate.getState();
  const { settings } = told;
  const asSettings = toldSimulation(settings);
  const programs = [original, rewritten];
  if (rewritten === undefined) {
    const trace = await simulationWorker().call(
      "simulate",
      { ...original, settings: { ...asSettings, ...ownFaults(told, "original") } },
      { signal, onProgress: (progress) => onProgress({ ...progress, side: "original" }) },
    );
    return {
      original: trace,
      rewritten: undefined,
      comparison: undefined,
      programs,
      ...steps,
      settings,
    };
  }
  const compared = await simulationWorker().call(
    "compare",
    {
      original: { ...original, ...ownFaults(told, "original") },
      rewritten: { ...rewritten, ...ownFaults(told, "rewritten") },
      settings: asSettings,
    },
    { signal, onProgress },
  );
  return { ...compared, programs, ...steps, settings };
}

function nodeStillThere(
  run: SimulatedRun | undefined,
  state: SimulateState,
): { readonly side: Side; readonly node: string | undefined } {
  const trace = run?.[state.side];
  if (trace?.nodes.some((node) => node.address === state.node))
    return { side: state.side, node: state.node };
  return { side: "original", node: run?.original.nodes[0]?.address };
}
