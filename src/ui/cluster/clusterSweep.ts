import type { Results } from "../../plan/results.ts";
import type { Sweep, SweepPoint } from "../../plan/sweepFile.ts";
import type { ClusterRun, ProgramSide } from "./clusterRun.ts";

/** A program that a sweep runs. */
export interface SweptProgram {
  readonly side: ProgramSide;
  readonly title: string;
  readonly nodes: number;
  /** Sum over what is run, for telling whether the open program is still this one. */
  readonly planKey: string;
}

/** What one press of Run asked for: the programs in turn at each number of clients. */
export interface ClusterSweep {
  readonly id: string;
  readonly name: string;
  readonly startedAt: string;
  readonly clients: readonly number[];
  readonly warmupSeconds: number;
  readonly durationSeconds: number;
  readonly programs: readonly SweptProgram[];
  /** Those begun so far, in order. */
  readonly runs: readonly ClusterRun[];
  readonly state: "running" | "finished" | "failed" | "stopped";
  /** Why it ended early; empty otherwise. */
  readonly status: string;
}

/** Where a run stands in the throughput–latency picture. */
export interface CurvePoint {
  readonly run: ClusterRun;
  /** Answered commands per second. */
  readonly throughput: number;
  /** Median latency in milliseconds. */
  readonly latency: number;
  /** Still running, or stopped before its end. */
  readonly partial: boolean;
}

/** The points of one program, fewest clients first; runs that failed are not among them. */
export function curveOf(sweep: ClusterSweep, side: ProgramSide): readonly CurvePoint[] {
  return sweep.runs
    .filter((run) => run.side === side && failureOf(run) === undefined)
    .flatMap((run) => pointOf(run) ?? [])
    .sort((a, b) => a.run.clients - b.run.clients);
}

function pointOf(run: ClusterRun): CurvePoint | undefined {
  const partial = run.state !== "finished";
  if (run.results !== undefined) {
    const { throughput, latencyMs } = run.results;
    return { run, throughput: throughput.mean, latency: latencyMs.p50, partial };
  }
  if (run.seconds.length === 0) return undefined;
  const answered = run.seconds.reduce((sum, second) => sum + second.answered, 0);
  const latency = median(run.seconds.map((second) => second.p50));
  return { run, throughput: answered / run.seconds.length, latency, partial };
}

/** Why a run is no point of a curve; undefined when it is one or may become one. */
export function failureOf(run: ClusterRun): string | undefined {
  const lost = run.lost.map(({ address, how }) => `“${address}” ${how.replace(/\.$/, "")}.`);
  if (lost.length > 0) return lost.join(" ");
  return run.state === "failed" ? run.status : undefined;
}

/** The measured run that answered most commands per second. */
export function peakOf(sweep: ClusterSweep, side: ProgramSide): CurvePoint | undefined {
  return curveOf(sweep, side)
    .filter((point) => point.run.results !== undefined)
    .reduce<CurvePoint | undefined>(
      (best, point) => (best === undefined || point.throughput > best.throughput ? point : best),
      undefined,
    );
}

/** The greatest number of clients that both programs were measured with. */
export function commonPair(
  sweep: ClusterSweep,
):
  | { readonly clients: number; readonly original: Results; readonly rewritten: Results }
  | undefined {
  const at = (side: ProgramSide): ReadonlyMap<number, Results> =>
    new Map(
      curveOf(sweep, side).flatMap(({ run }) => (run.results ? [[run.clients, run.results]] : [])),
    );
  const [originals, rewrittens] = [at("original"), at("rewritten")];
  for (const clients of [...sweep.clients].reverse()) {
    const [original, rewritten] = [originals.get(clients), rewrittens.get(clients)];
    if (original !== undefined && rewritten !== undefined) return { clients, original, rewritten };
  }
  return undefined;
}

/** How far a sweep is: runs that have ended, and the share of the whole with the seconds of the one under way. */
export function progressOf(sweep: ClusterSweep): {
  readonly ended: number;
  readonly of: number;
  readonly share: number;
} {
  const of = sweep.clients.length * sweep.programs.length;
  const ended = sweep.runs.filter((run) => run.state !== "running").length;
  const under = sweep.runs.find((run) => run.state === "running");
  const part = (under?.seconds.length ?? 0) / Math.max(1, sweep.durationSeconds);
  return { ended, of, share: (ended + Math.min(1, part)) / of };
}

/** The sweep as the document that is kept and exchanged. */
export function sweepDocument(sweep: ClusterSweep): Sweep {
  const { clients, warmupSeconds, durationSeconds } = sweep;
  return {
    format: "clew/sweep",
    version: 1,
    programs: sweep.programs.map(({ title, nodes }) => ({ name: title, nodes })),
    clients,
    warmupSeconds,
    durationSeconds,
    points: sweep.runs.flatMap((run) => (run.state === "running" ? [] : documentPoint(sweep, run))),
  };
}

function documentPoint(sweep: ClusterSweep, run: ClusterRun): SweepPoint {
  const why = failureOf(run);
  return {
    program: sweep.programs.findIndex((p) => p.side === run.side),
    clients: run.clients,
    state: why !== undefined ? "failed" : run.state === "stopped" ? "stopped" : "finished",
    ...(why === undefined ? {} : { why }),
    ...(run.results === undefined ? {} : { results: run.results }),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
