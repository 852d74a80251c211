import type { ClusterRun } from "./clusterRun.ts";

const KEY = "clew/runs/1";
const KEPT = 30;

/** Ended runs stay in this browser, so that a reload or a crash loses no results. A sentence when they could not be kept. */
export function keepRuns(runs: readonly ClusterRun[]): string | undefined {
  const ended = runs.filter((run) => run.state !== "running").slice(0, KEPT);
  try {
    localStorage.setItem(KEY, JSON.stringify(ended));
    return undefined;
  } catch {
    return "This browser has no room left to keep the results: save them as JSON or CSV.";
  }
}

export function keptRuns(): readonly ClusterRun[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? (kept as readonly ClusterRun[]) : [];
  } catch {
    return [];
  }
}
