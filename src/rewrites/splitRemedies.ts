import { capitalized, quoted } from "../analysis/wording.ts";
import type { RuleId } from "../program/program.ts";
import { offers } from "./driver.ts";
import type { Offer } from "./driver.ts";
import { foldTarget } from "./fold.ts";
import { grown, movedBy } from "./movableGroups.ts";
import type { MovableGroup } from "./movableGroups.ts";
import { accepted, taken } from "./remedy.ts";
import type { Refused, Remedy } from "./remedy.ts";
import type { Precondition, StepRequest } from "./rewrite.ts";
import { REWRITES } from "./rewrites.ts";
import type { SplitTarget } from "./splitOff.ts";
import { rulesIn } from "./targets.ts";
import { numbered } from "./words.ts";

/** The splits, whose targets are rules that move. */
export const DECOUPLINGS = REWRITES.filter(({ name }) => name.startsWith("decouple"));

/** More rules than these are not left behind one after the other. */
const MOST_LEFT = 8;

export function splitTargetOf({ rewrite, target }: Refused): SplitTarget | undefined {
  return DECOUPLINGS.includes(rewrite) ? (target as SplitTarget) : undefined;
}

/** The rules that the violated conditions name come along, and those that these name, until nothing is violated. */
export function* alongRemedies(refused: Refused): Generator<void, readonly Remedy[]> {
  const { p, rewrite, chain } = refused;
  const target = splitTargetOf(refused);
  if (target === undefined) return [];
  const { component, rules } = target;
  const group = yield* grown(p, rewrite, { component, rules }, chain);
  return group === undefined ? [] : otherRules(refused, group.offer, rules, "move-along");
}

/** The rules that the violated conditions name stay, and so on; where that leaves none, what can move of it by itself. */
export function* behindRemedies(refused: Refused): Generator<void, readonly Remedy[]> {
  const target = splitTargetOf(refused);
  if (target === undefined || target.rules.length < 2) return [];
  const offer = (yield* withoutCulprits(refused, target)) ?? (yield* oneByOne(refused, target));
  return offer === undefined ? [] : otherRules(refused, offer, target.rules, "leave-behind");
}

function* withoutCulprits(
  { p, rewrite, chain, violated }: Refused,
  { component, rules: chosen }: SplitTarget,
): Generator<void, Offer | undefined> {
  let rules = chosen;
  let [against]: readonly Precondition[] = violated;
  for (let i = 0; i < MOST_LEFT && against !== undefined; i++) {
    const culprits = rulesNamed(against);
    const fewer = rules.filter((rule) => !culprits.includes(rule));
    if (fewer.length === 0 || fewer.length === rules.length) return undefined;
    const [offer] = offers(p, { component, rules: fewer }, chain, [rewrite]);
    yield;
    if (offer === undefined || offer.verdict !== "violated") return offer;
    rules = fewer;
    against = offer.preconditions.find(({ verdict }) => verdict === "violated");
  }
  return undefined;
}

/** Groups that start from one rule and stay within those chosen: all of them together, or the largest. */
function* oneByOne(
  { p, rewrite, chain }: Refused,
  { component, rules }: SplitTarget,
): Generator<void, Offer | undefined> {
  const groups: MovableGroup[] = [];
  for (const rule of rules.slice(0, MOST_LEFT)) {
    if (groups.some((group) => group.rules.includes(rule))) continue;
    const group = yield* grown(p, rewrite, { component, rules: [rule] }, chain);
    if (group?.rules.every((each) => rules.includes(each))) groups.push(group);
  }
  const [largest] = groups.toSorted((a, b) => b.rules.length - a.rules.length);
  if (groups.length < 2) return largest?.offer;
  const all = [...new Set(groups.flatMap((group) => group.rules))];
  const [together] = offers(p, { component, rules: all }, chain, [rewrite]);
  yield;
  return together === undefined || together.verdict === "violated" ? largest!.offer : together;
}

function otherRules(
  { p, chain }: Refused,
  offer: Offer,
  chosen: readonly RuleId[],
  kind: "move-along" | "leave-behind",
): readonly Remedy[] {
  const rules = movedBy(offer) ?? [];
  const isSame = rules.length === chosen.length && rules.every((rule) => chosen.includes(rule));
  const found = isSame ? undefined : taken(p, offer.steps, chain);
  if (found === undefined) return [];
  const who = capitalized(numbered(p, rules));
  const how = kind === "move-along" ? "together" : "without the others";
  const sentence = `${who} can move ${rules.length > 1 || kind === "leave-behind" ? how : "alone"}.`;
  return [{ kind, sentence, rules, ...found }];
}

/** What a moved rule needs together, or takes from chance or the tick, becomes one relation of the half that stays. */
export function* foldRemedies(refused: Refused): Generator<void, readonly Remedy[]> {
  const { p, rewrite, target, chain, violated } = refused;
  const split = splitTargetOf(refused);
  if (split === undefined) return [];
  const { component } = split;
  const named = new Set(violated.flatMap(rulesNamed));
  const folded = rulesIn(p, component, split.rules).flatMap((rule) => {
    const wanted = violated.flatMap(({ evidence }) =>
      evidence.flatMap((e) => (e.kind === "literal" && e.rule === rule.id ? [e.index] : [])),
    );
    const found = named.has(rule.id) ? foldTarget(p, component, rule, wanted) : undefined;
    return found === undefined ? [] : [found];
  });
  if (folded.length === 0) return [];
  const steps = folded.map((one): StepRequest => ({ rewrite: "fold", target: one }));
  const found = accepted(p, rewrite, target, chain, steps);
  yield;
  if (found === undefined) return [];
  const rules = numbered(
    p,
    folded.map(({ rule }) => rule),
  );
  const what = folded.length > 1 ? "relations" : "one relation";
  const sentence = `Folding what ${rules} read${folded.length > 1 ? "" : "s"} into ${what} that ${quoted(component)} derives would work.`;
  return [{ kind: "fold", sentence, ...found }];
}

/** Other rewrites that accept the same rules as they are. */
export function* otherSplits(refused: Refused): Generator<void, readonly Remedy[]> {
  const { p, rewrite, chain } = refused;
  const target = splitTargetOf(refused);
  if (target === undefined) return [];
  const { component, rules } = target;
  for (const other of DECOUPLINGS) {
    if (other === rewrite) continue;
    const [offer] = offers(p, { component, rules }, chain, [other]);
    yield;
    if (offer === undefined || offer.verdict === "violated") continue;
    const found = taken(p, offer.steps, chain);
    if (found === undefined) continue;
    const sentence = `${other.title} applies to the same rules.`;
    return [{ kind: "other-rewrite", sentence, ...found }];
  }
  return [];
}

function rulesNamed({ evidence }: Precondition): readonly RuleId[] {
  return evidence.flatMap((place): readonly RuleId[] => {
    if ("rule" in place) return [place.rule];
    return place.kind === "path" ? place.rules : [];
  });
}
