import { create } from "zustand";
import type { Deployment } from "../../program/deployment.ts";
import type { AnswerComparison } from "../../simulator/answers.ts";
import type { Fault } from "../../simulator/faults.ts";
import { DEFAULT_LOOPS, DEFAULT_NETWORK } from "../../simulator/simulationOptions.ts";
import type { SimulationProgress, SimulationSettings } from "../../simulator/simulationOptions.ts";
import type { Trace } from "../../simulator/trace.ts";
import type { DeployedProgram } from "../../workers/simulationApi.ts";
import { useClew } from "../store/clewStore.ts";
import { viewAt } from "../store/selectors.ts";
import { simulationWorker } from "./simulationWorker.ts";
import { momentsOf } from "./timeline.ts";

export type Side = "original" | "rewritten";

/** A finished run of the base, and of the shown step beside it when there is one. */
export interface SimulatedRun {
  readonly original: Trace;
  readonly rewritten: Trace | undefined;
  readonly comparison: AnswerComparison | undefined;
  /** What was run: when it is no longer what is shown, the run is out of date. */
  readonly programs: readonly (DeployedProgram | undefined)[];
  readonly step: number;
}

export type ArmedFault = "delay" | "lose" | "duplicate" | "cut" | "crash" | "pause";

export interface Settings {
  readonly seed: number;
  readonly requests: number;
  readonly loops: number;
  readonly delayMin: number;
  readonly delayMax: number;
  /** Percentages. */
  readonly loss: number;
  readonly duplication: number;
  readonly reordering: boolean;
}

/** How wide a millisecond is drawn: a factor on what fits the whole run, or on what can be read. */
export interface Zoom {
  readonly from: "readable" | "whole";
  readonly factor: number;
}

interface SimulateState {
  readonly settings: Settings;
  readonly faults: Readonly<Record<Side, readonly Fault[]>>;
  readonly run: SimulatedRun | undefined;
  readonly running: (SimulationProgress & { readonly side: Side }) | undefined;
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
  start(): Promise<void>;
  cancel(): void;
  moveTo(cursor: number): void;
  /** To the next or the last moment at which something happens on either side. */
  step(direction: -1 | 1): void;
  /** To the first difference in the order of answers, when there is one. */
  showDifference(): void;
  look(side: Side, node: string): void;
  arm(fault: ArmedFault | undefined): void;
  addFault(side: Side, fault: Fault): void;
  removeFault(side: Side, index: number): void;
}

let asked: AbortController | undefined;

/** Outlives a change of mode, so that a run is still there when one comes back. */
export const useSimulate = create<SimulateState>()((set, get) => ({
  settings: {
    seed: 1,
    requests: 20,
    loops: DEFAULT_LOOPS,
    delayMin: DEFAULT_NETWORK.delay.min,
    delayMax: DEFAULT_NETWORK.delay.max,
    loss: 0,
    duplication: 0,
    reordering: true,
  },
  faults: { original: [], rewritten: [] },
  run: undefined,
  running: undefined,
  problem: undefined,
  cursor: 0,
  side: "original",
  node: undefined,
  armed: undefined,
  zoom: { from: "readable", factor: 1 },

  zoomBy: (factor) => {
    const { zoom } = get();
    const next: Zoom =
      factor === "fit" ? { from: "whole", factor: 1 } : { ...zoom, factor: zoom.factor * factor };
    set({ zoom: { ...next, factor: Math.min(60, Math.max(1 / 60, next.factor)) } });
  },
  change: (settings) => set({ settings: { ...get().settings, ...settings } }),
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
    const difference = get().run?.comparison?.firstDifference;
    if (difference === undefined) return;
    set({ cursor: Math.max(difference.original?.at ?? 0, difference.rewritten?.at ?? 0) });
  },
  look: (side, node) => set({ side, node }),
  arm: (armed) => set({ armed }),
  addFault: (side, fault) => {
    const faults = get().faults;
    set({ faults: { ...faults, [side]: [...faults[side], fault] }, armed: undefined });
    void get().start();
  },
  removeFault: (side, index) => {
    const faults = get().faults;
    set({ faults: { ...faults, [side]: faults[side].toSpliced(index, 1) } });
    void get().start();
  },

  start: async () => {
    asked?.abort();
    const { original, rewritten, step } = shownPrograms();
    if (original === undefined) {
      set({
        problem:
          "There is nothing to run: the program has errors, or no deployment says where it runs.",
      });
      return;
    }
    const own = new AbortController();
    asked = own;
    if (get().run === undefined) get().change(deploymentSettings(original.deployment));
    set({ problem: undefined, running: { ...NOTHING_YET, side: "original" } });
    try {
      const run = await simulate(original, rewritten, step, own.signal, (running) => {
        if (asked === own) set({ running });
      });
      if (asked !== own) return;
      const end = Math.max(run.original.end.at, run.rewritten?.end.at ?? 0);
      set({ run, cursor: end, ...nodeStillThere(run, get()) });
    } catch (error) {
      if (asked === own && (error as Error).name !== "AbortError") {
        set({ problem: (error as Error).message });
      }
    } finally {
      if (asked === own) set({ running: undefined });
    }
  },
}));

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

const NOTHING_YET: SimulationProgress = {
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

async function simulate(
  original: DeployedProgram,
  rewritten: DeployedProgram | undefined,
  step: number,
  signal: AbortSignal,
  onProgress: (progress: SimulationProgress & { readonly side: Side }) => void,
): Promise<SimulatedRun> {
  const { settings, faults } = useSimulate.getState();
  const asSettings: SimulationSettings = {
    seed: settings.seed,
    requests: settings.requests,
    loops: settings.loops,
    network: {
      delay: { min: settings.delayMin, max: Math.max(settings.delayMin, settings.delayMax) },
      loss: settings.loss / 100,
      duplication: settings.duplication / 100,
      reordering: settings.reordering ? 1 : 0,
    },
  };
  const programs = [original, rewritten];
  if (rewritten === undefined) {
    const trace = await simulationWorker().call(
      "simulate",
      { ...original, settings: { ...asSettings, faults: faults.original } },
      { signal, onProgress: (progress) => onProgress({ ...progress, side: "original" }) },
    );
    return { original: trace, rewritten: undefined, comparison: undefined, programs, step };
  }
  const compared = await simulationWorker().call(
    "compare",
    {
      original: { ...original, faults: faults.original },
      rewritten: { ...rewritten, faults: faults.rewritten },
      settings: asSettings,
    },
    { signal, onProgress },
  );
  return { ...compared, programs, step };
}

function nodeStillThere(
  run: SimulatedRun,
  state: SimulateState,
): { readonly side: Side; readonly node: string | undefined } {
  const trace = state.side === "rewritten" ? run.rewritten : run.original;
  if (trace?.nodes.some((node) => node.address === state.node))
    return { side: state.side, node: state.node };
  return { side: "original", node: run.original.nodes[0]?.address };
}
