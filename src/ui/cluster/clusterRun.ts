import type { Results } from "../../plan/results.ts";
import type { RunEvent } from "../../plan/runApi.ts";

export type ProgramSide = "original" | "rewritten";

/** One second of a run as it was measured. */
export interface Second {
  readonly second: number;
  readonly answered: number;
  readonly p50: number;
  readonly p99: number;
}

/** A run of one program on this machine: what was asked, what came, how it ended. */
export interface ClusterRun {
  readonly id: string;
  readonly side: ProgramSide;
  readonly title: string;
  readonly nodes: number;
  readonly clients: number;
  /** Which measurement of this point it is, counted from 1. */
  readonly repeat: number;
  readonly startedAt: string;
  readonly state: "running" | "finished" | "failed" | "stopped";
  /** What it is doing, or how it ended. */
  readonly status: string;
  readonly seconds: readonly Second[];
  readonly lost: readonly {
    readonly address: string;
    readonly how: string;
    readonly output: string;
  }[];
  readonly results?: Results;
}

/** A run after one more event. */
export function after(run: ClusterRun, event: RunEvent): ClusterRun {
  switch (event.kind) {
    case "starting":
      return { ...run, nodes: event.nodes, status: `starting ${event.nodes} processes` };
    case "warming":
      return { ...run, status: `warming up, ${event.second} of ${event.of} s` };
    case "second":
      return {
        ...run,
        status: `second ${event.second} of ${event.of}`,
        seconds: [
          ...run.seconds,
          { second: event.second, answered: event.answered, p50: event.p50, p99: event.p99 },
        ],
      };
    case "node-lost":
      return {
        ...run,
        lost: [...run.lost, { address: event.address, how: event.how, output: event.output }],
      };
    case "finished":
      return { ...run, state: "finished", status: "finished", results: event.results };
    case "failed":
      return {
        ...run,
        state: "failed",
        status: event.message,
        ...(event.results && { results: event.results }),
      };
    case "stopped":
      return {
        ...run,
        state: "stopped",
        status: "stopped",
        ...(event.results && { results: event.results }),
      };
  }
}
