import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { ComponentName } from "../program/program.ts";
import type { NodeFigures, Results } from "../plan/results.ts";

/** What the driver and its processes say to each other over the IPC channel (structured clone). */
export type ToProcess =
  | { readonly kind: "assign"; readonly assignment: Assignment }
  /** Where everybody listens: the run begins. */
  | { readonly kind: "connect"; readonly ports: Readonly<Record<string, number>> }
  /** A node died: nothing more goes to it. */
  | { readonly kind: "forget"; readonly address: string }
  | { readonly kind: "sample" }
  /** To the load client: warm up, then measure. */
  | { readonly kind: "load"; readonly warmupSeconds: number; readonly durationSeconds: number }
  /** To the load client: finish now with what was measured. */
  | { readonly kind: "stop" };

export type Assignment = NodeAssignment | LoadAssignment;

interface AnyAssignment {
  readonly address: string;
  /** With its deployment. */
  readonly analyzed: AnalyzedProgram;
  readonly secret: string;
}
export interface NodeAssignment extends AnyAssignment {
  readonly role: "node";
  /** 0: the operating system chooses. */
  readonly port: number;
  readonly component: ComponentName;
}
export interface LoadAssignment extends AnyAssignment {
  readonly role: "load";
  /** Closed loops. */
  readonly clients: number;
}

export type FromProcess =
  | { readonly kind: "ready"; readonly port: number }
  | { readonly kind: "sample"; readonly figures: NodeFigures }
  /** The process ends after this: a run-time error of the program's or a bug of ours, in a sentence. */
  | { readonly kind: "fault"; readonly message: string }
  /** Something odd that does not end the run. */
  | { readonly kind: "note"; readonly message: string }
  /** One a second; the first second of each phase is 1. */
  | {
      readonly kind: "second";
      readonly phase: "warmup" | "measured";
      readonly second: number;
      readonly answered: number;
      readonly p50: number;
      readonly p99: number;
    }
  /** The measured part begins or ends now. */
  | { readonly kind: "measuring" }
  | { readonly kind: "measured" }
  | { readonly kind: "loaded"; readonly figures: LoadFigures };

/** What the load client counted in the measured part (files.md, Results). */
export interface LoadFigures {
  readonly seconds: number;
  /** Within the measured seconds; `answered` also holds those that came just after. */
  readonly answeredInTime: number;
  readonly perSecond: readonly number[];
  readonly latencyMs: Results["latencyMs"];
  readonly sent: number;
  readonly answered: number;
  readonly unanswered: number;
  readonly duplicates: number;
  readonly errors: readonly string[];
  readonly histogram: string;
}

/** How hard and how long a run drives its plan. */
export interface RunSettings {
  readonly clients: number;
  readonly warmupSeconds: number;
  readonly durationSeconds: number;
}
