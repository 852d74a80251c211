import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { quoted, ruleNames } from "../analysis/wording.ts";
import { declaredRemedies } from "./declaredRemedies.ts";
import { applyStep, UNBOUND } from "./driver.ts";
import type { FoldTarget } from "./fold.ts";
import { decoupledFirst, otherKeys } from "./keyRemedies.ts";
import type { CopyTarget } from "./readThroughCopy.ts";
import { accepted } from "./remedy.ts";
import type { Refused, Remedy, Search } from "./remedy.ts";
import type { Chain, StepRequest } from "./rewrite.ts";
import { rewriteNamed } from "./rewrites.ts";
import { alongRemedies, behindRemedies, foldRemedies, otherSplits } from "./splitRemedies.ts";
import { rulesIn } from "./targets.ts";

/** More of them are no help any more. */
const MOST_TOLD = 3;

/** What keeps most of what was asked for stands first; another rewrite is named where nothing else helps. */
const SEARCHES: readonly Search[] = [
  prepared,
  ofTarget,
  otherKeys,
  alongRemedies,
  foldRemedies,
  behindRemedies,
  decoupledFirst,
  declaredRemedies,
];

/**
 * What would make a refused rewrite legal, as steps that the driver takes: each remedy has been tried, and the rewrite was
 * accepted after it. None for a step that is not refused, and none where nothing was found. Far more work than a verdict,
 * so it is asked for one target at a time; yields after each judgement.
 */
export function* remedies(
  p: AnalyzedProgram,
  request: StepRequest,
  chain: Chain = UNBOUND,
): Generator<void, readonly Remedy[]> {
  const refused = refusedBy(p, request, chain);
  if (refused === undefined) return [];
  yield;
  const found: Remedy[] = [];
  for (const search of SEARCHES) {
    const isEnough = found.length >= MOST_TOLD || found.some(({ kind }) => kind === "prepare");
    if (isEnough) break;
    for (const remedy of yield* search(refused)) {
      if (!found.some((other) => sameSteps(other, remedy))) found.push(remedy);
    }
  }
  const told = found.length > 0 ? found : yield* otherSplits(refused);
  return told.map((remedy) =>
    remedy.verdict === "holds"
      ? remedy
      : { ...remedy, sentence: remedy.sentence.replace(/\.$/, ", in lock-step only.") },
  );
}

/** All at once, where nothing waits meanwhile. */
export function remediesAtOnce(
  p: AnalyzedProgram,
  request: StepRequest,
  chain: Chain = UNBOUND,
): readonly Remedy[] {
  const work = remedies(p, request, chain);
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

function refusedBy(p: AnalyzedProgram, request: StepRequest, chain: Chain): Refused | undefined {
  const result = applyStep(p, request, chain);
  const rewrite = rewriteNamed(request.rewrite);
  if (result.kind !== "refused" || result.verdict !== "violated" || rewrite === undefined) {
    return undefined;
  }
  const violated = result.preconditions.filter((c) => c.verdict === "violated");
  return { p, rewrite, target: rewrite.readTarget(request.target), chain, violated };
}

/** The steps that conditions suggest, before the very rewrite that was asked for: one may mend what others complain of. */
function* prepared({
  p,
  rewrite,
  target,
  chain,
  violated,
}: Refused): Generator<void, readonly Remedy[]> {
  const suggestions = violated.flatMap(({ suggestion }) =>
    suggestion?.steps === undefined ? [] : [suggestion],
  );
  const steps = suggestions.flatMap((suggestion) => suggestion.steps ?? []);
  const found =
    accepted(p, rewrite, target, chain) ?? accepted(p, rewrite, target, chain, once(steps));
  yield;
  if (found === undefined || found.first.length === 0) return [];
  const sentence = [...new Set(suggestions.map((suggestion) => suggestion.sentence))].join(" ");
  return [{ kind: "prepare", sentence, ...found }];
}

function once(steps: readonly StepRequest[]): readonly StepRequest[] {
  return [...new Map(steps.map((step) => [JSON.stringify(step), step])).values()];
}

/** The same rewrite with its target put right, where that is plain. */
function* ofTarget(refused: Refused): Generator<void, readonly Remedy[]> {
  const { p, rewrite, chain } = refused;
  const better = betterTarget(refused);
  const found = better && accepted(p, rewrite, better.target, chain);
  yield;
  return better === undefined || found === undefined
    ? []
    : [{ kind: "prepare", sentence: better.sentence, ...found }];
}

function betterTarget({ p, rewrite, target, violated }: Refused) {
  switch (rewrite.name) {
    case "verifySenders": {
      const { component, signed } = target as {
        readonly component: string;
        readonly signed: Readonly<Record<string, readonly number[]>>;
      };
      const whole = Object.keys(signed).map((relation) => {
        const { attributes } = p.relations.get(relation)!;
        return [relation, attributes.map((_, i) => i)] as const;
      });
      return {
        target: { component, signed: Object.fromEntries(whole) },
        sentence: "Signing every field would work.",
      };
    }
    case "copySplit": {
      const { component, relation, rules } = target as CopyTarget;
      const deriving = rulesIn(p, component, rules).filter((r) => r.head.relation === relation);
      const ids = deriving.map(({ id }) => id);
      return {
        target: { component, relation, rules: rules.filter((rule) => !ids.includes(rule)) },
        sentence: `A copy of ${quoted(relation)} for the others, without ${ruleNames(p, ids)}, would work.`,
      };
    }
    case "fold": {
      const [step] = violated.flatMap(({ suggestion }) => suggestion?.steps ?? []);
      const carried = step?.target as FoldTarget | undefined;
      return carried === undefined
        ? undefined
        : { target: carried, sentence: violated[0]!.suggestion!.sentence };
    }
    default:
      return undefined;
  }
}

function sameSteps(a: Remedy, b: Remedy): boolean {
  const text = ({ first, step, declare }: Remedy): string => JSON.stringify([first, step, declare]);
  return text(a) === text(b);
}
