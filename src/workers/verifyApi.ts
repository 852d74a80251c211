import type { Refinement, RefinementBound, RefinementOptions } from "../verifier/refines.ts";
import type { RefinementProgress } from "../verifier/refines.ts";
import type { Replay } from "../verifier/replayedCounterexample.ts";
import type { Step } from "../rewrites/derivation.ts";
import type { SmallerDerivation } from "../verifier/smallerDerivation.ts";
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
      /** How often each timer fires at each node that has it, at any moment; never when absent. */
      readonly firings?: number;
      /** How often each node of the original may crash and start again; never when absent. */
      readonly crashes?: number;
      /** Nodes of the original that may crash and stay down; none when absent. */
      readonly down?: readonly string[];
      /** Where the whole is not decided a smaller form of this derivation is asked of (ADR 42); not when absent. */
      readonly smaller?: SmallerRequest;
      readonly bound?: Partial<RefinementBound>;
    };
    response: Verified;
    /** `found` as soon as there is a counterexample, which is made small from then on: that cannot be cancelled. */
    progress: RefinementProgress & {
      readonly found?: Verified;
      /** The nodes of the smaller form that it is of. */
      readonly nodes?: readonly string[];
    };
  };
}

/** The two programs stand before and after these steps of a derivation from the base. */
export interface SmallerRequest {
  readonly base: DeployedProgram;
  readonly steps: readonly Step[];
  readonly from: number;
  readonly to: number;
}

export type SmallerForm = Pick<SmallerDerivation, "nodes" | "numbers" | "partitions">;

export interface Verified {
  /** A counterexample is one of the smallest. */
  readonly refinement: Refinement;
  /** Different facts that a program has sent to clients in any schedule. */
  readonly outputs: number;
  /** For each input that a counterexample may name, the request that it is part of, from 1; timers and crashes come behind. */
  readonly requestOf: readonly number[];
  /** Two simulated runs that show the counterexample, where a simulation can. */
  readonly replay?: Replay;
  /** Where the whole is not decided: the greatest smaller form that is, or the smallest. */
  readonly smaller?: Omit<Verified, "replay" | "smaller"> & { readonly form: SmallerForm };
}
