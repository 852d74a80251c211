import { create } from "zustand";
import type { Health } from "../../plan/runApi.ts";
import { download } from "../shell/download.ts";
import { useClew } from "../store/clewStore.ts";
import { workspace } from "../store/workspaceClient.ts";
import {
  HarnessRefusal,
  health,
  NoHarness,
  runEvents,
  startRun,
  stopRun,
} from "./harnessClient.ts";
import { after } from "./clusterRun.ts";
import type { ClusterRun, ProgramSide } from "./clusterRun.ts";
import { keepRuns, keptRuns } from "./runStorage.ts";

export interface RunSettings {
  readonly clients: number;
  readonly warmupSeconds: number;
  readonly durationSeconds: number;
  readonly original: boolean;
  readonly rewritten: boolean;
}

interface ClusterState {
  readonly health: Health | undefined;
  /** Why there is no harness; undefined until asked, and while there is one. */
  readonly noHarness: string | undefined;
  readonly settings: RunSettings;
  /** Newest first. */
  readonly runs: readonly ClusterRun[];
  readonly selected: readonly string[];
  readonly problem: string | undefined;
  look(): Promise<void>;
  change(settings: Partial<RunSettings>): void;
  /** Original and rewritten in turn, as chosen. */
  start(): Promise<void>;
  stop(): Promise<void>;
  toggle(id: string): void;
  forget(id: string): void;
  exportPlan(side: ProgramSide): Promise<void>;
}

let stopping = false;

export const useCluster = create<ClusterState>()((set, get) => {
  const update = (id: string, change: (run: ClusterRun) => ClusterRun): void => {
    const runs = get().runs.map((run) => (run.id === id ? change(run) : run));
    set({ runs });
    if (runs.some((run) => run.id === id && run.state !== "running")) {
      const notKept = keepRuns(runs);
      if (notKept !== undefined) set({ problem: notKept });
    }
  };

  const follow = async (side: ProgramSide): Promise<void> => {
    const { settings } = get();
    const { file, nodes, title } = await planOf(side);
    const { clients, warmupSeconds, durationSeconds } = settings;
    const id = await startRun({
      plan: file,
      target: "local",
      clients,
      warmupSeconds,
      durationSeconds,
    });
    const run: ClusterRun = {
      id,
      side,
      title,
      nodes,
      clients,
      startedAt: new Date().toISOString(),
      state: "running",
      status: `starting ${nodes} processes`,
      seconds: [],
      lost: [],
    };
    set({ runs: [run, ...get().runs], selected: [...get().selected, id] });
    try {
      for await (const event of runEvents(id, new AbortController().signal))
        update(id, (r) => after(r, event));
    } finally {
      update(id, (r) =>
        r.state === "running" ? { ...r, state: "failed", status: "the local server went away" } : r,
      );
    }
  };

  return {
    health: undefined,
    noHarness: undefined,
    settings: {
      clients: 20,
      warmupSeconds: 2,
      durationSeconds: 10,
      original: true,
      rewritten: true,
    },
    runs: keptRuns(),
    selected: keptRuns()
      .slice(0, 2)
      .map((run) => run.id),
    problem: undefined,

    look: async () => {
      try {
        set({ health: await health(AbortSignal.timeout(3000)), noHarness: undefined });
      } catch (error) {
        set({ health: undefined, noHarness: (error as Error).message });
      }
    },
    change: (settings) => set({ settings: { ...get().settings, ...settings } }),
    start: async () => {
      if (get().runs.some((run) => run.state === "running")) return;
      stopping = false;
      set({ problem: undefined, selected: [] });
      const { settings } = get();
      const hasSteps = (useClew.getState().document?.at ?? 0) > 0;
      const sides: ProgramSide[] = [];
      if (settings.original || !hasSteps) sides.push("original");
      if (settings.rewritten && hasSteps) sides.push("rewritten");
      try {
        for (const side of sides) if (!stopping) await follow(side);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        set({ problem: message });
        if (error instanceof NoHarness) set({ noHarness: message, health: undefined });
      }
    },
    stop: async () => {
      stopping = true;
      const running = get().runs.find((run) => run.state === "running");
      if (running !== undefined) {
        await stopRun(running.id).catch((error: Error) => set({ problem: error.message }));
      }
    },
    toggle: (id) => {
      const { selected } = get();
      set({
        selected: selected.includes(id)
          ? selected.filter((other) => other !== id)
          : [...selected, id],
      });
    },
    forget: (id) => {
      const runs = get().runs.filter((run) => run.id !== id);
      set({ runs, selected: get().selected.filter((other) => other !== id) });
      keepRuns(runs);
    },
    exportPlan: async (side) => {
      try {
        const { file, title } = await planOf(side);
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

/** The plan of the base or of the shown step. Rejects with the sentence that says why there is none. */
async function planOf(
  side: ProgramSide,
): Promise<{ readonly file: unknown; readonly nodes: number; readonly title: string }> {
  const { document } = useClew.getState();
  if (document === undefined) throw new Error("No program is open.");
  const at = side === "original" ? 0 : document.at;
  const title = side === "original" ? `${document.name}, original` : `${document.name}, step ${at}`;
  const answer = await workspace().call("plan", { document: document.source, at, name: title });
  if (answer.kind === "refused") throw new HarnessRefusal(answer.message);
  return { file: answer.file, nodes: answer.nodes, title };
}
