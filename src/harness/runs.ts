import { randomUUID } from "node:crypto";
import type { Plan } from "../plan/plan.ts";
import type { RunEvent, RunSummary } from "../plan/runApi.ts";
import { startLocalRun } from "./driver.ts";
import type { LocalRun } from "./driver.ts";
import type { RunSettings } from "./messages.ts";

/** One run of this process: what the API tells about it. */
export interface ServedRun {
  summary(): RunSummary;
  /** Calls back with every event so far, then with each new one; the answer unsubscribes. */
  follow(listener: (event: RunEvent) => void): () => void;
  readonly over: boolean;
  stop(): void;
  readonly done: Promise<unknown>;
}

/** The runs of this process, newest first; at most one is under way. */
export interface Runs {
  list(): readonly RunSummary[];
  find(id: string): ServedRun | undefined;
  underWay(): RunSummary | undefined;
  start(plan: Plan, settings: RunSettings): string;
  /** Ends the run under way and waits until its processes are gone. */
  close(): Promise<void>;
}

/** Older runs are forgotten; the app keeps its own copies. */
const RUNS_KEPT = 100;

export function createRuns(): Runs {
  const runs = new Map<string, ServedRun>();
  const newestFirst = (): ServedRun[] => [...runs.values()].reverse();
  const current = (): ServedRun | undefined => newestFirst().find((run) => !run.over);
  return {
    list: () => newestFirst().map((run) => run.summary()),
    find: (id) => runs.get(id),
    underWay: () => current()?.summary(),
    start(plan, settings) {
      const id = randomUUID();
      runs.set(id, serveRun(id, plan, settings));
      const oldest = runs.keys().next().value;
      if (runs.size > RUNS_KEPT && oldest !== undefined) runs.delete(oldest);
      return id;
    },
    async close() {
      const run = current();
      run?.stop();
      await run?.done;
    },
  };
}

function serveRun(id: string, plan: Plan, settings: RunSettings): ServedRun {
  const startedAt = new Date().toISOString();
  const events: RunEvent[] = [];
  const listeners = new Set<(event: RunEvent) => void>();
  const run: LocalRun = startLocalRun(plan, settings, (event) => {
    events.push(event);
    for (const listener of listeners) listener(event);
  });
  const state = (): RunSummary["state"] => stateAfter(events.at(-1));
  return {
    summary: () => ({
      id,
      planName: plan.file.name,
      startedAt,
      clients: settings.clients,
      state: state(),
      last: events.at(-1),
    }),
    follow(listener) {
      events.forEach(listener);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get over() {
      return state() !== "running";
    },
    stop: () => run.stop(),
    done: run.done,
  };
}

/** The kind of a run's last event is its state; anything else is on the way. */
function stateAfter(event: RunEvent | undefined): RunSummary["state"] {
  switch (event?.kind) {
    case "finished":
    case "failed":
    case "stopped":
      return event.kind;
    default:
      return "running";
  }
}
