import type { SimulationSettings } from "../simulator/simulationOptions.ts";
import type { Refinement, RefinementBound, RefinementOptions } from "../verifier/refines.ts";
import type { DeployedProgram } from "./simulationApi.ts";

/**
 * What the verification worker does. A cancelled `verify` answers `not-known` with what was explored; it is rejected when
 * a program has errors or its deployment no clients that fit it.
 */
export interface VerifyApi {
  verify: {
    request: Pick<RefinementOptions, "clocks" | "observer" | "duplicates"> & {
      readonly original: DeployedProgram;
      readonly rewritten: DeployedProgram;
      /** How many requests clients send. */
      readonly requests: number;
      readonly bound?: Partial<RefinementBound>;
    };
    response: Verified;
    progress: { readonly explored: number; readonly originalStates: number };
  };
}

export interface Verified {
  /** A counterexample is one of the smallest. */
  readonly refinement: Refinement;
  /** With these a simulation of the rewritten program runs like the counterexample, where it can. */
  readonly replay?: SimulationSettings;
}
