import type { Deployment } from "../program/deployment.ts";
import type { Program } from "../program/program.ts";
import type { AnswerComparison } from "../simulator/answers.ts";
import type { Fault } from "../simulator/faults.ts";
import type { BusiestNode } from "../simulator/messageCounts.ts";
import type { SimulationProgress, SimulationSettings } from "../simulator/simulationOptions.ts";
import type { Trace } from "../simulator/trace.ts";

/** A program that has no errors, with its deployment: plain data, as `ProgramView` holds them. */
export interface DeployedProgram {
  readonly program: Program;
  readonly deployment: Deployment;
}

/**
 * What the simulation worker does. A cancelled `simulate` or `compare` answers with the trace so far, its end
 * `cancelled`; a run-time error of the program's is an end too, not a rejected call. A call is rejected when the
 * program has errors or its deployment no clients that fit it.
 */
export interface SimulationApi {
  simulate: {
    request: DeployedProgram & { readonly settings: SimulationSettings };
    response: Trace;
    progress: SimulationProgress;
  };
  /** Both programs on the same requests. Faults in `settings` hit both sides, those of one side only that side. */
  compare: {
    request: {
      readonly original: DeployedProgram & { readonly faults?: readonly Fault[] };
      readonly rewritten: DeployedProgram & { readonly faults?: readonly Fault[] };
      readonly settings: SimulationSettings;
    };
    response: Compared;
    progress: SimulationProgress & { readonly side: "original" | "rewritten" };
  };
  /** Messages in and out per command of the busiest node, over 100 simulated requests with seed 1 (ui.md); undefined without nodes. */
  cost: {
    request: DeployedProgram;
    response: BusiestNode | undefined;
    progress: never;
  };
}

export interface Compared {
  readonly original: Trace;
  readonly rewritten: Trace;
  readonly comparison: AnswerComparison;
}
