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

/** What one press of Run asked for: the programs in turn at each number of clients, each so often. */
export interface ClusterSweep {
  readonly id: string;
  readonly name: string;
  readonly startedAt: string;
  readonly clients: readonly number[];
  readonly repeats: number;
  readonly warmupSeconds: number;
  readonly durationSeconds: number;
  readonly programs: readonly SweptProgram[];
  /** Those begun so far, in order. */
  readonly runs: readonly ClusterRun[];
  readonly state: "running" | "finished" | "failed" | "stopped";
  /** Why it ended early; empty otherwise. */
  readonly status: string;
}

/** "4 clients", and which repeat where there are several. */
export function pointName(sweep: Pick<ClusterSweep, "repeats">, run: ClusterRun): string {
  const clients = clientsText(run.clients);
  return sweep.repeats > 1 ? `${clients}, repeat ${run.repeat}` : clients;
}

export function clientsText(clients: number): string {
  return clients === 1 ? "1 client" : `${clients} clients`;
}

/** Why a run is no point of a curve; undefined when it is one or may become one. */
export function failureOf(run: ClusterRun): string | undefined {
  const lost = run.lost.map(({ address, how }) => `“${address}” ${how.replace(/\.$/, "")}.`);
  if (lost.length > 0) return lost.join(" ");
  return run.state === "failed" ? run.status : undefined;
}

/** How far a sweep is: runs that have ended, and the share of the whole with the seconds of the one under way. */
export function progressOf(sweep: ClusterSweep): {
  readonly ended: number;
  readonly of: number;
  readonly share: number;
} {
  const of = sweep.clients.length * sweep.programs.length * sweep.repeats;
  const ended = sweep.runs.filter((run) => run.state !== "running").length;
  const under = sweep.runs.find((run) => run.state === "running");
  const part = (under?.seconds.length ?? 0) / Math.max(1, sweep.durationSeconds);
  return { ended, of, share: (ended + Math.min(1, part)) / of };
}

/** The sweep as the document that is kept and exchanged. */
export function sweepDocument(sweep: ClusterSweep): Sweep {
  const { clients, repeats, warmupSeconds, durationSeconds } = sweep;
  return {
    format: "clew/sweep",
    version: 2,
    programs: sweep.programs.map(({ title, nodes }) => ({ name: title, nodes })),
    clients,
    repeats,
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
    repeat: run.repeat,
    state: why !== undefined ? "failed" : run.state === "stopped" ? "stopped" : "finished",
    ...(why === undefined ? {} : { why }),
    ...(run.results === undefined ? {} : { results: run.results }),
  };
}
