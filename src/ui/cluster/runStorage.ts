import type { ClusterSweep } from "./clusterSweep.ts";

const KEY = "clew/sweeps/1";
const KEPT = 30;

/** Sweeps that this page has had: others in the storage are another page's, and stay. */
const known = new Set<string>();

/** Sweeps stay in this browser, so that a reload or a crash loses no results. A sentence when not all could be kept. */
export function keepSweeps(sweeps: readonly ClusterSweep[]): string | undefined {
  for (const sweep of sweeps) known.add(sweep.id);
  const others = storedSweeps().filter((sweep) => !known.has(sweep.id));
  const kept = [...sweeps, ...others].slice(0, KEPT);
  for (let count = kept.length; count > 0; count--) {
    try {
      localStorage.setItem(KEY, JSON.stringify(kept.slice(0, count)));
      return count === kept.length
        ? undefined
        : `This browser has room for the results of ${count} of ${kept.length} runs only: save the older ones as JSON, or forget some.`;
    } catch {
      continue;
    }
  }
  if (kept.length === 0) localStorage.removeItem(KEY);
  return kept.length === 0
    ? undefined
    : "This browser has no room left to keep the results: save them as JSON or CSV.";
}

/** What was kept; a sweep whose page was closed under way is one that was stopped. */
export function keptSweeps(): readonly ClusterSweep[] {
  const sweeps = storedSweeps().map(ended).map(withRepeats);
  for (const sweep of sweeps) known.add(sweep.id);
  return sweeps;
}

function storedSweeps(): readonly ClusterSweep[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isSweep) : [];
  } catch {
    return [];
  }
}

function isSweep(json: unknown): json is ClusterSweep {
  if (typeof json !== "object" || json === null) return false;
  const { runs, programs, clients } = json as Partial<ClusterSweep>;
  return [runs, programs, clients].every(Array.isArray);
}

/** Sweeps of before there were repeats are measured once. */
function withRepeats(sweep: ClusterSweep): ClusterSweep {
  const runs = sweep.runs.map((run) => ({ ...run, repeat: run.repeat ?? 1 }));
  return { ...sweep, repeats: sweep.repeats ?? 1, runs };
}

function ended(sweep: ClusterSweep): ClusterSweep {
  if (sweep.state !== "running") return sweep;
  return {
    ...sweep,
    state: "stopped",
    status: "the page was closed before the end",
    runs: sweep.runs.filter((run) => run.state !== "running"),
  };
}
