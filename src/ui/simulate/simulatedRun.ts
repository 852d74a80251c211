import type { AnswerComparison } from "../../simulator/answers.ts";
import type { Trace } from "../../simulator/trace.ts";
import type { ReplayedDifference } from "../../verifier/replayedCounterexample.ts";
import type { DeployedProgram } from "../../workers/simulationApi.ts";

export type Side = "original" | "rewritten";

/** Programs that a run is of, when they are not the base and the shown step: what a check compared. */
export interface CheckedPrograms {
  readonly original: DeployedProgram;
  readonly rewritten: DeployedProgram;
  /** Their steps; 0 is the base. */
  readonly from: number;
  readonly to: number;
}

/** What the two runs of a counterexample show. */
export interface Violation {
  readonly kind: "safety" | "quiescence" | "error";
  readonly difference: ReplayedDifference;
}

/** A finished run of the base, and of the shown step beside it when there is one. */
export interface SimulatedRun {
  readonly original: Trace;
  readonly rewritten: Trace | undefined;
  readonly comparison: AnswerComparison | undefined;
  /** What was run: when it is no longer what is shown, the run is out of date. */
  readonly programs: readonly (DeployedProgram | undefined)[];
  /** Which steps they are of: 0 is the base. */
  readonly from: number;
  readonly step: number;
  /** What it was told: when that has changed since, another run would come out. */
  readonly settings: Settings;
}

/** Whether one side was stopped on the way: then what it did not answer says nothing. */
export function wasCancelled({ original, rewritten }: SimulatedRun): boolean {
  return original.end.kind === "cancelled" || rewritten?.end.kind === "cancelled";
}

/** Whether another run would come out with these settings; a branch that has changed nothing yet shows the run it left. */
export function isToldOtherwise(run: SimulatedRun, settings: Settings): boolean {
  const told = Object.entries(settings) as [keyof Settings, unknown][];
  return told.some(([name, value]) => name !== "seedAfter" && run.settings[name] !== value);
}

export interface Settings {
  readonly seed: number;
  /** In a branch: what the network draws from after its moment; undefined when it goes on as in the run it left. */
  readonly seedAfter: number | undefined;
  readonly requests: number;
  readonly loops: number;
  readonly delayMin: number;
  readonly delayMax: number;
  /** Percentages. */
  readonly loss: number;
  readonly duplication: number;
  readonly reordering: boolean;
  /** Of a counterexample's run; the simulator's own where undefined. */
  readonly patience: number | undefined;
  readonly literalSends: boolean;
}
