import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { matchRules } from "../program/matchRules.ts";
import { remapStep } from "../rewrites/remapStep.ts";
import { knotAfter } from "./replayDocument.ts";
import type { ReplayedKnot } from "./replayDocument.ts";
import type { DocumentStep } from "./workspaceApi.ts";

/**
 * The steps of a derivation after an edit of its base, with targets in the new rule ids: an id counts rules with one
 * head in text order, so a rule added above others moves their ids (files.md, Rule ids).
 */
export function rebaseSteps(
  before: readonly ReplayedKnot[],
  base: AnalyzedProgram,
  steps: readonly DocumentStep[],
): readonly DocumentStep[] {
  const rebased: DocumentStep[] = [];
  let now: ReplayedKnot | undefined = undefined;
  let program: AnalyzedProgram | undefined = base;
  steps.forEach((step, index) => {
    const old = before[index]?.program;
    const mapped: DocumentStep =
      program === undefined || old === undefined
        ? step
        : remapStep(step, matchRules(old.program, program.program));
    rebased.push(mapped);
    if (program === undefined) return;
    now = knotAfter(program, now?.chain ?? before[0]!.chain, mapped, index + 1);
    program = now.program;
  });
  return rebased;
}
