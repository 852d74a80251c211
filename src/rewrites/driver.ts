import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Fault } from "../program/evidence.ts";
import type { RuleId } from "../program/program.ts";
import { changedChoices, hasChoices } from "./changedChoices.ts";
import { inUsersNumbers } from "./candidate.ts";
import type { Candidate } from "./candidate.ts";
import { worst } from "./conditions.ts";
import type {
  Chain,
  Precondition,
  Rewrite,
  RewriteName,
  RuleOrigin,
  Selection,
  StepRequest,
  Suggestion,
  Verdict,
} from "./rewrite.ts";
import { REWRITES, rewriteNamed } from "./rewrites.ts";
import { stepFault } from "./validateStep.ts";

export const UNBOUND: Chain = { lockstep: false };

export type StepResult =
  | {
      readonly kind: "applied";
      readonly program: AnalyzedProgram;
      readonly origins: ReadonlyMap<RuleId, RuleOrigin>;
      readonly verdict: Exclude<Verdict, "violated">;
      readonly preconditions: readonly Precondition[];
      /** What the steps after this one are bound to. */
      readonly chain: Chain;
    }
  /** A precondition is violated, or holds only in lock-step and nobody waived tick counts. */
  | {
      readonly kind: "refused";
      readonly verdict: Verdict;
      readonly preconditions: readonly Precondition[];
    }
  /** The request itself is wrong: its rewrite, its target, or the program it is for. One sentence. */
  | { readonly kind: "fault"; readonly message: string };

/** Does one step, if its preconditions let it be done, and checks the result. Nobody else calls a rewrite's `apply`. */
export function applyStep(
  p: AnalyzedProgram,
  request: StepRequest,
  chain: Chain = UNBOUND,
): StepResult {
  const judged = judge(p, request, chain);
  if (judged.kind === "fault") return judged;
  const { rewrite, target, preconditions } = judged;
  const verdict = worst(preconditions);
  const waived = verdict === "lockstep" && request.waiver === "tick-counts";
  if (verdict === "violated" || (verdict === "lockstep" && !waived)) {
    return { kind: "refused", verdict, preconditions };
  }
  const rewritten = rewrite.apply(p, target);
  const program = analyze(rewritten.program, rewritten.deployment);
  const fault = stepFault(p, rewritten, program);
  if (fault !== undefined) return { kind: "fault", message: `A fault of Clew's: ${fault}` };
  return {
    kind: "applied",
    program,
    origins: rewritten.origins,
    verdict,
    preconditions,
    chain: { lockstep: chain.lockstep || verdict === "lockstep" },
  };
}

interface Judged {
  readonly kind: "judged";
  readonly rewrite: Rewrite;
  readonly target: unknown;
  readonly preconditions: readonly Precondition[];
}

function judge(
  p: AnalyzedProgram,
  request: StepRequest,
  chain: Chain,
): Judged | { readonly kind: "fault"; readonly message: string } {
  const rewrite = rewriteNamed(request.rewrite);
  if (rewrite === undefined) {
    return { kind: "fault", message: `There is no rewrite “${request.rewrite}”.` };
  }
  const error = unmended(p, rewrite);
  if (error !== undefined) {
    return { kind: "fault", message: `The program has to be mended first: ${error.message}` };
  }
  const target = rewrite.readTarget(request.target);
  if (typeof target === "string") return { kind: "fault", message: target };
  const misfit = rewrite.misfit(p, target);
  if (misfit !== undefined) return { kind: "fault", message: misfit };
  return {
    kind: "judged",
    rewrite,
    target,
    preconditions: conditionsOf(p, rewrite, target, chain),
  };
}

/** What the rewrite asks for, and that rules which choose among their rows stay as they are. */
function conditionsOf(
  p: AnalyzedProgram,
  rewrite: Rewrite,
  target: unknown,
  chain: Chain,
): readonly Precondition[] {
  const own = rewrite.preconditions(p, target, chain);
  const chooses = rewrite.name !== "splitHead" && hasChoices(p);
  if (!chooses || worst(own) === "violated") return own;
  return [...own, ...changedChoices(p, rewrite.apply(p, target))];
}

/** An error that stands in the rewrite's way. */
function unmended(p: AnalyzedProgram, rewrite: Rewrite): Fault | undefined {
  return p.faults.find((f) => f.severity === "error" && !rewrite.mends?.includes(f.code));
}

/** One way to read the selection for one rewrite. */
export interface Offer {
  readonly rewrite: RewriteName;
  readonly title: string;
  /** Inserted normalisations first, the rewrite itself last. The user's waiver is not in them. */
  readonly steps: readonly StepRequest[];
  readonly verdict: Verdict;
  /** Of the last step, on the program as the inserted steps leave it. */
  readonly preconditions: readonly Precondition[];
  /** A sentence about each inserted step. */
  readonly inserted: readonly string[];
  /** What may help a refused target; what does, is found out by `remedies` when it is asked for. */
  readonly suggestion?: Suggestion;
  readonly defaultName: string;
}

/** More inserted steps than this before one rewrite are no help any more. */
const MAX_REPAIRS = 3;

/**
 * Everything that may be meant by the selection: every rewrite of the list with every target, each with its verdict. A
 * target that only normalisations stand in the way of is offered with them.
 */
export function offers(
  p: AnalyzedProgram,
  selection: Selection,
  chain: Chain = UNBOUND,
  rewrites: readonly Rewrite[] = REWRITES,
): readonly Offer[] {
  return rewrites.flatMap((rewrite) => {
    if (unmended(p, rewrite) !== undefined) return [];
    const made = rewrite.targets(p, selection).map((target) => offerOf(p, rewrite, target, chain));
    const possible = made.filter((o) => o.verdict !== "violated");
    // Other readings of a selection are worth a card only when they lead somewhere.
    return possible.length > 0 ? possible : made.slice(0, 1);
  });
}

/** One target with its verdict, normalisations inserted where they alone are missing. */
export function offerOf(
  p: AnalyzedProgram,
  rewrite: Rewrite,
  target: unknown,
  chain: Chain,
): Offer {
  const request: StepRequest = { rewrite: rewrite.name, target };
  const preconditions = conditionsOf(p, rewrite, target, chain);
  const described = {
    rewrite: rewrite.name,
    title: rewrite.title,
    defaultName: rewrite.defaultName(p, target),
  };
  const repaired = repair(p, rewrite, target, chain, preconditions, MAX_REPAIRS);
  if (repaired !== undefined) {
    return {
      ...described,
      steps: [...repaired.steps, request],
      verdict: worst(repaired.preconditions),
      preconditions: repaired.preconditions,
      inserted: repaired.inserted,
    };
  }
  const suggestion = firstSuggestion(preconditions);
  return {
    ...described,
    steps: [request],
    verdict: worst(preconditions),
    preconditions,
    inserted: [],
    ...(suggestion && { suggestion }),
  };
}

interface Repair {
  readonly steps: readonly StepRequest[];
  readonly inserted: readonly string[];
  readonly preconditions: readonly Precondition[];
}

/** Takes the steps that the violated preconditions suggest until none is violated; undefined when that fails. */
function repair(
  p: AnalyzedProgram,
  rewrite: Rewrite,
  target: unknown,
  chain: Chain,
  preconditions: readonly Precondition[],
  left: number,
): Repair | undefined {
  if (worst(preconditions) !== "violated") return { steps: [], inserted: [], preconditions };
  const suggested = suggestedSteps(preconditions);
  if (suggested === undefined || suggested.length > left) return undefined;
  let program = p;
  const views: Candidate[] = [];
  const inserted: string[] = [];
  for (const step of suggested) {
    const result = applyStep(program, step, chain);
    if (result.kind !== "applied") return undefined;
    const view = inUsersNumbers(program, result.program, result.origins);
    views.unshift(view);
    program = view.program;
    inserted.push(...result.preconditions.map((c) => c.statement));
  }
  if (rewrite.misfit(program, target) !== undefined) return undefined;
  const next = conditionsOf(program, rewrite, target, chain);
  const rest = repair(program, rewrite, target, chain, next, left - suggested.length);
  return (
    rest && {
      steps: [...suggested, ...rest.steps],
      inserted: [...inserted, ...rest.inserted],
      preconditions: rest.preconditions.map((c) => views.reduce(conditionBefore, c)),
    }
  );
}

function conditionBefore(condition: Precondition, view: Candidate): Precondition {
  const [first, ...others] = condition.evidence.map((e) => view.evidenceBefore(e));
  if (condition.verdict === "holds") {
    return { ...condition, evidence: first === undefined ? [] : [first, ...others] };
  }
  return first === undefined ? condition : { ...condition, evidence: [first, ...others] };
}

/** The steps for all violated preconditions, each once; undefined when one of them has none. */
function suggestedSteps(
  preconditions: readonly Precondition[],
): readonly StepRequest[] | undefined {
  const steps = new Map<string, StepRequest>();
  for (const condition of preconditions) {
    if (condition.verdict !== "violated") continue;
    if (condition.suggestion?.steps === undefined) return undefined;
    for (const step of condition.suggestion.steps) steps.set(JSON.stringify(step), step);
  }
  return [...steps.values()];
}

/** Of a target that is refused: steps that were suggested were not enough, or they would be in the offer. */
function firstSuggestion(preconditions: readonly Precondition[]): Suggestion | undefined {
  for (const condition of preconditions) {
    if (condition.verdict !== "violated" || condition.suggestion === undefined) continue;
    if (condition.suggestion.steps === undefined) return condition.suggestion;
  }
  return undefined;
}

/** The offer's steps as the user wants them: another name, another number of partitions, the waiver given. */
export function chosenSteps(
  steps: readonly StepRequest[],
  choice: {
    readonly name?: string;
    readonly partitions?: number;
    readonly waiver?: "tick-counts";
  },
): readonly StepRequest[] {
  return steps.map((step, i) => {
    if (i < steps.length - 1) return step;
    const target = { ...(step.target as Readonly<Record<string, unknown>>) };
    if (choice.name !== undefined && "name" in target) target["name"] = choice.name;
    if (choice.partitions !== undefined && "partitions" in target) {
      target["partitions"] = choice.partitions;
    }
    return { ...step, target, ...(choice.waiver && { waiver: choice.waiver }) };
  });
}
