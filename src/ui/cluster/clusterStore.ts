import { create } from "zustand";
import type { Health, RunSummary } from "../../plan/runApi.ts";
import { readClientCounts, sweepPoints } from "../../plan/sweepPoints.ts";
import type { PlannedPoint } from "../../plan/sweepPoints.ts";
import { download } from "../shell/download.ts";
import { useClew } from "../store/clewStore.ts";
import { amountText } from "./amounts.ts";
import { after } from "./clusterRun.ts";
import type { ClusterRun, ProgramSide } from "./clusterRun.ts";
import { failureOf, pointName } from "./clusterSweep.ts";
import type { ClusterSweep } from "./clusterSweep.ts";
import {
  HarnessRefusal,
  health,
  NoHarness,
  OtherHarness,
  runEvents,
  runUnderWay,
  startRun,
  stopRun,
  stopRunWhilePageCloses,
} from "./harnessClient.ts";
import { keepSweeps, keptSweeps } from "./runStorage.ts";
import { planOf } from "./sweptPlans.ts";
import type { SweptPlan } from "./sweptPlans.ts";

/** The local server takes no more closed loops than this. */
export const MAX_CLIENTS = 10_000;
/** More tell little more, and take long. */
export const MAX_REPEATS = 10;

export interface RunSettings {
  /** Numbers of clients as typed, such as "1, 4, 16". */
  readonly clients: string;
  readonly warmupSeconds: number;
  readonly durationSeconds: number;
  /** How often every point is measured. */
  readonly repeats: number;
  readonly original: boolean;
  readonly rewritten: boolean;
}

/** Why no runs are possible, in a sentence, and whether loading the page again helps. */
export interface MissingHarness {
  readonly sentence: string;
  readonly reload: boolean;
}

interface ClusterState {
  readonly health: Health | undefined;
  /** Why there is no harness; undefined until asked, and while there is one. */
  readonly noHarness: MissingHarness | undefined;
  /** A run on this machine that another page or a page before this one started. */
  readonly foreign: RunSummary | undefined;
  readonly settings: RunSettings;
  /** Newest first. */
  readonly sweeps: readonly ClusterSweep[];
  readonly selected: readonly string[];
  readonly problem: string | undefined;
  look(): Promise<void>;
  change(settings: Partial<RunSettings>): void;
  /** Original and rewritten in turn at each number of clients, as chosen. */
  start(): Promise<void>;
  stop(): Promise<void>;
  stopForeign(): Promise<void>;
  toggle(id: string): void;
  forget(id: string): void;
  exportPlan(side: ProgramSide): Promise<void>;
}

const WENT_AWAY = "The local server went away during the run.";
const STOPPED_ELSEWHERE = "The run was stopped from elsewhere, or the local server was.";

let stopping = false;

export const useCluster = create<ClusterState>()((set, get) => {
  const kept = keptSweeps();

  const update = (id: string, change: (sweep: ClusterSweep) => ClusterSweep): void => {
    set({ sweeps: get().sweeps.map((sweep) => (sweep.id === id ? change(sweep) : sweep)) });
  };

  const updateRun = (sweep: string, id: string, change: (run: ClusterRun) => ClusterRun): void =>
    update(sweep, (s) => ({ ...s, runs: s.runs.map((r) => (r.id === id ? change(r) : r)) }));

  const keep = (): void => {
    const notKept = keepSweeps(get().sweeps);
    if (notKept !== undefined) set({ problem: notKept });
  };

  const runOf = (sweep: string, id: string): ClusterRun | undefined =>
    get()
      .sweeps.find((s) => s.id === sweep)
      ?.runs.find((r) => r.id === id);

  /** One run of a sweep, to its end. */
  const follow = async (
    sweep: ClusterSweep,
    plan: SweptPlan,
    { clients, repeat }: PlannedPoint,
  ): Promise<void> => {
    const { warmupSeconds, durationSeconds } = sweep;
    const { file, side, title, nodes } = plan;
    const load = { clients, warmupSeconds, durationSeconds };
    const id = await startRun({ plan: file, target: "local", ...load });
    const run: ClusterRun = {
      id,
      side,
      title,
      nodes,
      clients,
      repeat,
      startedAt: new Date().toISOString(),
      state: "running",
      status: `starting ${nodes} processes`,
      seconds: [],
      lost: [],
    };
    update(sweep.id, (s) => ({ ...s, runs: [...s.runs, run] }));
    if (stopping) await stopRun(id);
    let problem: unknown;
    try {
      for await (const event of runEvents(id)) updateRun(sweep.id, id, (r) => after(r, event));
    } catch (error) {
      problem = error;
    }
    const ended = runOf(sweep.id, id);
    if (ended?.state === "running") {
      updateRun(sweep.id, id, (r) => ({ ...r, state: "failed", status: WENT_AWAY }));
      throw problem ?? new NoHarness(WENT_AWAY);
    }
    keep();
    if (ended?.state === "stopped" && !stopping) throw new HarnessRefusal(STOPPED_ELSEWHERE);
    if (ended !== undefined) useClew.getState().announce(endSentence(sweep, ended));
  };

  const runAll = async (sweep: ClusterSweep, plans: readonly SweptPlan[]): Promise<void> => {
    for (const point of sweepPoints(plans.length, sweep.clients, sweep.repeats)) {
      if (stopping) break;
      await follow(sweep, plans[point.program]!, point);
    }
  };

  const fail = async (error: unknown): Promise<void> => {
    set({ problem: error instanceof Error ? error.message : String(error) });
    // Whether the server is there, and whether another run is in the way.
    await get().look();
  };

  return {
    health: undefined,
    noHarness: undefined,
    foreign: undefined,
    settings: {
      clients: "1, 4, 16, 64",
      warmupSeconds: 1,
      durationSeconds: 5,
      repeats: 1,
      original: true,
      rewritten: true,
    },
    sweeps: kept,
    selected: kept.slice(0, 1).map((sweep) => sweep.id),
    problem: undefined,

    look: async () => {
      try {
        const found = await health(AbortSignal.timeout(3000));
        const other = await runUnderWay(AbortSignal.timeout(3000));
        const own = get().sweeps.some((s) => s.runs.some((r) => r.id === other?.id));
        set({ health: found, noHarness: undefined, foreign: own ? undefined : other });
      } catch (error) {
        const sentence = (error as Error).message;
        const reload = error instanceof OtherHarness;
        set({ health: undefined, noHarness: { sentence, reload } });
      }
    },
    change: (settings) => set({ settings: { ...get().settings, ...settings } }),
    start: async () => {
      const { settings } = get();
      const counts = readClientCounts(settings.clients, MAX_CLIENTS);
      if (counts.kind === "problem" || get().sweeps.some((s) => s.state === "running")) return;
      stopping = false;
      set({ problem: undefined });
      let sweep: ClusterSweep | undefined;
      const selectedBefore = get().selected;
      try {
        const plans = await Promise.all(
          sidesOf(settings).map((side) => planOf(side, useClew.getState().document)),
        );
        sweep = newSweep(settings, counts.counts, plans);
        set({ sweeps: [sweep, ...get().sweeps], selected: [sweep.id] });
        await runAll(sweep, plans);
        const state = stopping ? "stopped" : "finished";
        update(sweep.id, (s) => ({ ...s, state, status: stopping ? "stopped" : "" }));
      } catch (error) {
        const status = error instanceof Error ? error.message : String(error);
        if (sweep !== undefined) update(sweep.id, (s) => ({ ...s, state: "failed", status }));
        await fail(error);
      }
      const id = sweep?.id;
      // What never began is no result: its reason stands beside the Run button.
      const sweeps = get().sweeps.filter((s) => s.id !== id || s.runs.length > 0);
      if (sweeps.length < get().sweeps.length) set({ sweeps, selected: selectedBefore });
      keep();
    },
    stop: async () => {
      stopping = true;
      const running = get()
        .sweeps.flatMap((sweep) => sweep.runs)
        .find((run) => run.state === "running");
      if (running !== undefined) await stopRun(running.id).catch(fail);
    },
    stopForeign: async () => {
      const { foreign } = get();
      if (foreign === undefined) return;
      set({ problem: undefined });
      await stopRun(foreign.id).catch(fail);
      await get().look();
    },
    toggle: (id) => {
      const { selected } = get();
      const without = selected.filter((other) => other !== id);
      set({ selected: without.length < selected.length ? without : [...selected, id] });
    },
    forget: (id) => {
      set({
        sweeps: get().sweeps.filter((sweep) => sweep.id !== id),
        selected: get().selected.filter((other) => other !== id),
      });
      keep();
    },
    exportPlan: async (side) => {
      try {
        const { file, title } = await planOf(side, useClew.getState().document);
        download(
          `${title.replace(/\W+/g, "-").toLowerCase()}.plan.json`,
          `${JSON.stringify(file, undefined, 2)}\n`,
        );
      } catch (error) {
        set({ problem: (error as Error).message });
      }
    },
  };
});

// A closed page can follow no run: what is under way would only keep the machine busy.
window.addEventListener("pagehide", () => {
  const running = useCluster
    .getState()
    .sweeps.flatMap((sweep) => sweep.runs)
    .find((run) => run.state === "running");
  if (running !== undefined) stopRunWhilePageCloses(running.id);
});

/** What will be run: without steps there is only the original. */
export function sidesOf(settings: RunSettings): readonly ProgramSide[] {
  const hasSteps = (useClew.getState().document?.at ?? 0) > 0;
  if (!hasSteps) return ["original"];
  return [
    ...(settings.original || !settings.rewritten ? (["original"] as const) : []),
    ...(settings.rewritten ? (["rewritten"] as const) : []),
  ];
}

function newSweep(
  { warmupSeconds, durationSeconds, repeats }: RunSettings,
  clients: readonly number[],
  plans: readonly SweptPlan[],
): ClusterSweep {
  return {
    id: crypto.randomUUID(),
    name: useClew.getState().document?.name ?? "",
    startedAt: new Date().toISOString(),
    clients,
    repeats,
    warmupSeconds,
    durationSeconds,
    programs: plans.map(({ side, title, nodes, planKey }) => ({ side, title, nodes, planKey })),
    runs: [],
    state: "running",
    status: "",
  };
}

function endSentence(sweep: ClusterSweep, run: ClusterRun): string {
  const what = `${run.side === "original" ? "Original" : "Rewritten"} at ${pointName(sweep, run)}`;
  const failure = failureOf(run);
  if (failure !== undefined) return `${what} failed: ${failure}`;
  const mean = run.results?.throughput.mean;
  return mean === undefined ? `${what}: ${run.status}` : `${what}: ${amountText(mean)} per second`;
}
