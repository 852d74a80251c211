import type { AnswerComparison } from "../../simulator/answers.ts";
import type { Trace } from "../../simulator/trace.ts";
import type { DeployedProgram } from "../../workers/simulationApi.ts";

export type Side = "original" | "rewritten";

/** A finished run of the base, and of the shown step beside it when there is one. */
export interface SimulatedRun {
  readonly original: Trace;
  readonly rewritten: Trace | undefined;
  readonly comparison: AnswerComparison | undefined;
  /** What was run: when it is no longer what is shown, the run is out of date. */
  readonly programs: readonly (DeployedProgram | undefined)[];
  readonly step: number;
  /** What it was told: when that has changed since, another run would come out. */
  readonly settings: Settings;
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
}
