import type { Deployment } from "../program/deployment.ts";
import type { Program } from "../program/program.ts";
import type { AnswerComparison } from "../simulator/answers.ts";
import type { CauseAnswer, CauseQuestion } from "../simulator/causes.ts";
import type { Fault } from "../simulator/faults.ts";
import type { BusiestNode } from "../simulator/messageCounts.ts";
import type {
  Branch,
  SimulationProgress,
  SimulationSettings,
} from "../simulator/simulationOptions.ts";
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
    progress: RunningSimulation;
  };
  /** Both programs on the same requests. Faults in `settings` hit both sides, those of one side only that side. */
  compare: {
    request: {
      readonly original: DeployedProgram & OwnFaults;
      readonly rewritten: DeployedProgram & OwnFaults;
      readonly settings: SimulationSettings;
    };
    response: Compared;
    progress: RunningSimulation & { readonly side: "original" | "rewritten" };
  };
  /** One step back from each subject that is asked about, in a run of this program. */
  explain: {
    request: DeployedProgram & { readonly questions: readonly CauseQuestion[] };
    response: readonly CauseAnswer[];
    progress: never;
  };
  /** Messages in and out per command of the busiest node, over 100 simulated requests with seed 1 (ui.md); undefined without nodes. */
  cost: {
    request: DeployedProgram;
    response: BusiestNode | undefined;
    progress: never;
  };
}

export interface RunningSimulation extends SimulationProgress {
  /** No code may be generated here (a content security policy forbids it): evaluation is slower. */
  readonly interpreted: boolean;
}

/** What one side alone is told. */
export interface OwnFaults {
  readonly faults?: readonly Fault[];
  readonly branches?: readonly Branch[];
}

export interface Compared {
  readonly original: Trace;
  readonly rewritten: Trace;
  readonly comparison: AnswerComparison;
}
