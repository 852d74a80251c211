import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Declaration, RuleId } from "../program/program.ts";
import { applyStep, offerOf } from "./driver.ts";
import type { Chain, Precondition, Rewrite, StepRequest, Verdict } from "./rewrite.ts";

/** A way to have what was refused accepted. Each has been tried: its steps were taken, and the last was accepted. */
export interface Remedy {
  readonly kind: RemedyKind;
  /** What to do, as a whole sentence. */
  readonly sentence: string;
  /** To be taken before, each accepted in its turn. */
  readonly first: readonly StepRequest[];
  /** The rewrite that is accepted then. */
  readonly step: StepRequest;
  readonly verdict: Exclude<Verdict, "violated">;
  /** The rules to choose in place of those chosen. */
  readonly rules?: readonly RuleId[];
  /** To be written into the text before all that: only its author knows whether it is true. */
  readonly declare?: readonly Declaration[];
}

/** In the order in which they are told: what keeps most of what was asked for stands first. */
export type RemedyKind =
  | "prepare"
  | "other-key"
  | "move-along"
  | "fold"
  | "leave-behind"
  | "decouple-first"
  | "declare"
  | "other-rewrite";

/** What was refused, and what stands against it. */
export interface Refused {
  readonly p: AnalyzedProgram;
  readonly rewrite: Rewrite;
  readonly target: unknown;
  readonly chain: Chain;
  readonly violated: readonly Extract<Precondition, { readonly verdict: "violated" }>[];
}

/** Looks for remedies of one kind; yields after each judgement. */
export type Search = (refused: Refused) => Generator<void, readonly Remedy[]>;

type Accepted = Pick<Remedy, "first" | "step" | "verdict">;

/**
 * The steps that lead to an accepted rewrite with this target, inserted ones first: judged, taken, and judged again on what
 * they made. Undefined where it is refused all the same.
 */
export function accepted(
  p: AnalyzedProgram,
  rewrite: Rewrite,
  target: unknown,
  chain: Chain,
  before: readonly StepRequest[] = [],
): Accepted | undefined {
  const prepared = programAfter(p, before, chain);
  if (prepared === undefined || rewrite.misfit(prepared, target) !== undefined) return undefined;
  const { verdict, steps } = offerOf(prepared, rewrite, target, chain);
  return verdict === "violated" ? undefined : taken(p, [...before, ...steps], chain);
}

/** Steps that are all accepted, the last perhaps in lock-step only. */
export function taken(
  p: AnalyzedProgram,
  steps: readonly StepRequest[],
  chain: Chain,
): Accepted | undefined {
  const step = steps.at(-1);
  const first = steps.slice(0, -1);
  const prepared = programAfter(p, first, chain);
  if (step === undefined || prepared === undefined) return undefined;
  const result = applyStep(prepared, { ...step, waiver: "tick-counts" }, chain);
  return result.kind === "applied" ? { first, step, verdict: result.verdict } : undefined;
}

/** The program after steps that nobody has to waive anything for; undefined where one is not accepted. */
export function programAfter(
  p: AnalyzedProgram,
  steps: readonly StepRequest[],
  chain: Chain,
): AnalyzedProgram | undefined {
  let program = p;
  for (const step of steps) {
    const result = applyStep(program, step, chain);
    if (result.kind !== "applied") return undefined;
    program = result.program;
  }
  return program;
}
