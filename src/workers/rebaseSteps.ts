import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { matchRules } from "../program/matchRules.ts";
import { renamedNames } from "../program/renamedNames.ts";
import { remapStep } from "../rewrites/remapStep.ts";
import { firstError, knotAfter } from "./replayDocument.ts";
import type { ReplayedKnot } from "./replayDocument.ts";
import type { DocumentStep } from "./workspaceApi.ts";

/** A step of a changed derivation, and which step it was before: undefined for one that is new. */
export interface MovedStep {
  readonly step: DocumentStep;
  readonly was: number | undefined;
}

/**
 * The steps of a derivation after an edit of its texts or its order, with targets in the new rule ids: an id counts rules
 * with one head in text order, so a rule added above others moves their ids (files.md, Rule ids). Undefined while a text
 * has an error: what is being typed is not in the program, and must not be taken for gone.
 */
export function rebaseSteps(
  before: readonly ReplayedKnot[],
  base: ReplayedKnot,
  steps: readonly MovedStep[],
): { readonly steps: readonly DocumentStep[]; readonly complete: boolean } | undefined {
  const rebased: DocumentStep[] = [];
  let knot = base;
  let program: AnalyzedProgram | undefined = base.program;
  for (const [index, { step, was }] of steps.entries()) {
    if (firstError(knot) !== undefined) return undefined;
    const old = was === undefined ? undefined : before[was]?.program;
    const mapped: DocumentStep =
      program === undefined || old === undefined
        ? step
        : remapStep(
            step,
            matchRules(old.program, program.program),
            renamedNames(old.program, program.program),
          );
    rebased.push(mapped);
    if (program === undefined) continue;
    knot = knotAfter(program, knot.chain, mapped, index + 1);
    program = knot.program;
  }
  return { steps: rebased, complete: program !== undefined };
}
