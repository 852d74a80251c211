import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { ComponentName, RuleId } from "../program/program.ts";
import { offers, UNBOUND } from "./driver.ts";
import type { Offer } from "./driver.ts";
import type { Chain, Rewrite, RewriteName, Selection } from "./rewrite.ts";
import { REWRITES } from "./rewrites.ts";
import { componentOf } from "./targets.ts";

/** Rules that can get a node of their own together, and no more rules with them. */
export interface MovableGroup {
  readonly component: ComponentName;
  /** In the component's order. */
  readonly rules: readonly RuleId[];
  readonly offer: Offer;
}

/** Those that name the rules that move and cost nothing but messages; batches, which number and wait, are not proposed. */
const PROPOSED: readonly RewriteName[] = [
  "decoupleMutuallyIndependent",
  "decoupleFunctional",
  "decoupleMonotonic",
];
export const SPLITS = REWRITES.filter(({ name }) => PROPOSED.includes(name));
/** A group that is not legal after so many additions is given up. */
const MOST_ADDITIONS = 8;

/**
 * The maximal groups of a component's rules that a decoupling accepts, cheapest rewrite first where several accept the
 * same. Each rule is joined by those that the violated preconditions name until nothing is violated; then groups that a
 * rewrite accepts together become one. Groups that only a larger detour would make legal are not found. Yields after each
 * judgement, for long work in small parts.
 */
export function* movableGroups(
  p: AnalyzedProgram,
  component: ComponentName,
  chain: Chain = UNBOUND,
): Generator<void, readonly MovableGroup[]> {
  const all = componentOf(p, component)?.rules.map(({ id }) => id) ?? [];
  const found: MovableGroup[] = [];
  for (const rewrite of SPLITS) {
    const grow: Grow = (rules) => grown(p, rewrite, { component, rules }, chain);
    found.push(...(yield* maximal(all, grow)));
  }
  return withoutRepeats(found);
}

/** The selection with the rules that the rewrite's violated preconditions name, until it is legal; undefined when that fails. */
export function* grown(
  p: AnalyzedProgram,
  rewrite: Rewrite,
  { component, rules: seed }: Selection,
  chain: Chain,
): Generator<void, MovableGroup | undefined> {
  const all = componentOf(p, component)?.rules.map(({ id }) => id) ?? [];
  let rules = seed;
  for (let i = 0; i < MOST_ADDITIONS; i++) {
    const [offer] = offers(p, { component, rules }, chain, [rewrite]);
    yield;
    if (offer === undefined) return undefined;
    const moved = movedBy(offer) ?? rules;
    if (offer.verdict !== "violated") return { component, rules: moved, offer };
    const missing = culpritsOutside(offer, all, moved);
    if (missing.length === 0) return undefined;
    rules = ordered(all, [...moved, ...missing]);
  }
  return undefined;
}

type Grow = (seed: readonly RuleId[]) => Generator<void, MovableGroup | undefined>;

function* maximal(all: readonly RuleId[], grow: Grow): Generator<void, readonly MovableGroup[]> {
  const smallest: MovableGroup[] = [];
  for (const rule of all) {
    if (smallest.some(({ rules }) => rules.length === 1 && rules[0] === rule)) continue;
    const group = yield* grow([rule]);
    if (group !== undefined && !smallest.some((other) => sameRules(other, group))) {
      smallest.push(group);
    }
  }
  const largest: MovableGroup[] = [];
  for (const start of smallest) {
    let group = start;
    for (const other of smallest) {
      if (includes(group, other)) continue;
      const union = yield* grow(ordered(all, [...group.rules, ...other.rules]));
      if (union !== undefined) group = union;
    }
    if (!largest.some((other) => includes(other, group))) largest.push(group);
  }
  return largest.filter((group) => largest.every((o) => o === group || !includes(o, group)));
}

/** The rules of the target: those that only carry a relation over go with it. */
export function movedBy(offer: Offer): readonly RuleId[] | undefined {
  const target = offer.steps.at(-1)?.target as { readonly rules?: readonly RuleId[] } | undefined;
  return target?.rules;
}

function culpritsOutside(
  offer: Offer,
  all: readonly RuleId[],
  inside: readonly RuleId[],
): readonly RuleId[] {
  const named = offer.preconditions
    .filter((condition) => condition.verdict === "violated")
    .flatMap(({ evidence }) => evidence)
    .flatMap((place) => {
      if ("rule" in place) return [place.rule];
      return place.kind === "path" ? place.rules : [];
    });
  return all.filter((rule) => named.includes(rule) && !inside.includes(rule));
}

function ordered(all: readonly RuleId[], some: readonly RuleId[]): readonly RuleId[] {
  const chosen = new Set(some);
  return all.filter((rule) => chosen.has(rule));
}

function includes(group: MovableGroup, other: MovableGroup): boolean {
  return other.rules.every((rule) => group.rules.includes(rule));
}

function sameRules(group: MovableGroup, other: MovableGroup): boolean {
  return includes(group, other) && includes(other, group);
}

/** One offer a group: of the same rules, the one with the better verdict, then fewer inserted steps, then the first. */
function withoutRepeats(groups: readonly MovableGroup[]): readonly MovableGroup[] {
  const order = { holds: 0, lockstep: 1, violated: 2 } as const;
  const better = (a: MovableGroup, b: MovableGroup): boolean =>
    order[a.offer.verdict] < order[b.offer.verdict] ||
    (a.offer.verdict === b.offer.verdict && a.offer.steps.length < b.offer.steps.length);
  return groups.filter((group, i) =>
    groups.every(
      (other, j) =>
        i === j ||
        !sameRules(group, other) ||
        better(group, other) ||
        (!better(other, group) && i < j),
    ),
  );
}
