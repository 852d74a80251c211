import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { RuleId } from "../program/program.ts";
import { programSha256 } from "./derivation.ts";
import type { ByHandStep, Derivation, Step } from "./derivation.ts";
import { applyStep, UNBOUND } from "./driver.ts";
import type { Chain, Precondition, RuleOrigin, Verdict } from "./rewrite.ts";

export interface Replay {
  /** One for each step of the derivation. */
  readonly steps: readonly ReplayedStep[];
  /** The program after the last step that could be done; the base when none could. */
  readonly last: AnalyzedProgram;
  /** The base's rules are not the ones the derivation was made from. */
  readonly baseDiffers: boolean;
}

export type ReplayedStep =
  | {
      readonly kind: "done";
      readonly step: Step;
      readonly program: AnalyzedProgram;
      readonly verdict: Exclude<Verdict, "violated"> | "unverified";
      readonly preconditions: readonly Precondition[];
      readonly origins: ReadonlyMap<RuleId, RuleOrigin>;
      readonly chain: Chain;
    }
  /** This step or one before it does not apply any longer; it is kept. */
  | {
      readonly kind: "broken";
      readonly step: Step;
      readonly reason: string;
      readonly preconditions: readonly Precondition[];
    };

/** Reads and analyses a by-hand step's text, with the deployment before it; a sentence when it cannot be read. */
export type ReadProgram = (
  text: string,
  before: AnalyzedProgram,
) =>
  { readonly program: AnalyzedProgram; readonly origins: ReadonlyMap<RuleId, RuleOrigin> } | string;

/**
 * Does the steps of a derivation one after the other, every precondition checked again (files.md, Derivation). Another
 * base than the recorded one is no reason to stop; the first step that no longer applies is.
 */
export function replay(base: AnalyzedProgram, derivation: Derivation, read: ReadProgram): Replay {
  const steps: ReplayedStep[] = [];
  let last = base;
  let chain = UNBOUND;
  let stopped: string | undefined;
  derivation.steps.forEach((step, i) => {
    if (stopped !== undefined) {
      steps.push({ kind: "broken", step, reason: stopped, preconditions: [] });
      return;
    }
    const result = replayStep(last, step, chain, read);
    steps.push(result);
    if (result.kind === "broken") stopped = `Step ${i + 1} before it does not apply any longer.`;
    else ({ program: last, chain } = result);
  });
  return { steps, last, baseDiffers: programSha256(base.program) !== derivation.base.sha256 };
}

/** One step on a program, as a derivation records it. */
export function replayStep(
  p: AnalyzedProgram,
  step: Step,
  chain: Chain,
  read: ReadProgram,
): ReplayedStep {
  if (step.rewrite === "by-hand") return replayByHand(p, step, chain, read);
  const result = applyStep(p, step, chain);
  switch (result.kind) {
    case "applied": {
      const { program, verdict, preconditions, origins } = result;
      return { kind: "done", step, program, verdict, preconditions, origins, chain: result.chain };
    }
    case "refused":
      return {
        kind: "broken",
        step,
        reason: refusal(result.preconditions, result.verdict),
        preconditions: result.preconditions,
      };
    case "fault":
      return { kind: "broken", step, reason: result.message, preconditions: [] };
  }
}

function replayByHand(
  p: AnalyzedProgram,
  step: ByHandStep,
  chain: Chain,
  read: ReadProgram,
): ReplayedStep {
  const result = read(step.text, p);
  if (typeof result === "string")
    return { kind: "broken", step, reason: result, preconditions: [] };
  const { program, origins } = result;
  return { kind: "done", step, program, verdict: "unverified", preconditions: [], origins, chain };
}

/** Why a step is refused: its first violated condition, or that a waiver is missing. */
export function refusal(preconditions: readonly Precondition[], verdict: Verdict): string {
  const worstOne = preconditions.find((c) => c.verdict === verdict);
  const statement = worstOne?.statement ?? "";
  return verdict === "lockstep"
    ? `${statement} The step does not record a waiver for that.`
    : statement;
}
