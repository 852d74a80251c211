import { ins, wholeComponent } from "../analysis/ruleSets.ts";
import { kindOfRelation } from "../analysis/componentRules.ts";
import { capitalized } from "../analysis/wording.ts";
import type { ComponentName } from "../program/program.ts";
import { offers } from "./driver.ts";
import type { Offer } from "./driver.ts";
import { movableGroups, movedBy, SPLITS } from "./movableGroups.ts";
import { programAfter, taken } from "./remedy.ts";
import type { Refused, Remedy } from "./remedy.ts";
import { rewriteNamed, REWRITES } from "./rewrites.ts";
import { componentOf } from "./targets.ts";
import { numbered } from "./words.ts";

const PARTITIONINGS = REWRITES.filter(({ name }) => name.startsWith("partition"));
/** Splits after which it is asked whether what moved can be partitioned. */
const MOST_SPLITS = 4;
/** Of larger components only single rules are tried: looking for groups takes many seconds there. */
const MOST_RULES_GROUPED = 30;

function partitioned({ rewrite, target }: Refused): ComponentName | undefined {
  if (!PARTITIONINGS.includes(rewrite)) return undefined;
  return (target as { readonly component: ComponentName }).component;
}

/** A key of which nothing is violated: of the same rewrite, or else of another. */
export function* otherKeys(refused: Refused): Generator<void, readonly Remedy[]> {
  const { p, rewrite, chain } = refused;
  const component = partitioned(refused);
  if (component === undefined) return [];
  for (const other of [rewrite, ...PARTITIONINGS.filter((each) => each !== rewrite)]) {
    const [offer] = offers(p, { component, rules: [] }, chain, [other]);
    yield;
    if (offer === undefined || offer.verdict === "violated") continue;
    const found = taken(p, offer.steps, chain);
    if (found === undefined) continue;
    const how = other === rewrite ? "" : ` by ${lowered(other.title)}`;
    const sentence = `${described(p, offer)} would work${how}.`;
    return [{ kind: "other-key", sentence, ...found }];
  }
  return [];
}

/** Where clients send to the component: rules that can move to a node of their own, which can be partitioned then. */
export function* decoupledFirst(refused: Refused): Generator<void, readonly Remedy[]> {
  const { p, chain } = refused;
  const component = partitioned(refused);
  if (component === undefined) return [];
  const fromClients = [...ins(p, wholeComponent(p, component)).keys()].some(
    (relation) => kindOfRelation(p, relation) === "env",
  );
  if (!fromClients) return [];
  const whole = offers(p, { component, rules: [] }, chain, SPLITS);
  yield;
  const splits = [...whole, ...(yield* splitsOf(refused, component))]
    .filter(({ verdict }) => verdict === "holds")
    .toSorted((a, b) => (movedBy(b)?.length ?? 0) - (movedBy(a)?.length ?? 0));
  for (const split of splits.slice(0, MOST_SPLITS)) {
    const after = programAfter(p, split.steps, chain);
    yield;
    if (after === undefined) continue;
    const { name } = split.steps.at(-1)!.target as { readonly name: ComponentName };
    const keys = offers(after, { component: name, rules: [] }, chain, PARTITIONINGS);
    yield;
    const key = keys.find(({ verdict }) => verdict !== "violated");
    const found = key && taken(p, [...split.steps, ...key.steps], chain);
    if (key === undefined || found === undefined) continue;
    const moved = capitalized(numbered(p, movedBy(split) ?? []));
    const sentence = `${moved} can move to ${name} first, by ${lowered(split.title)}; then ${described(after, key)} works.`;
    return [{ kind: "decouple-first", sentence, ...found }];
  }
  return [];
}

function* splitsOf(
  { p, chain }: Refused,
  component: ComponentName,
): Generator<void, readonly Offer[]> {
  const rules = componentOf(p, component)?.rules ?? [];
  if (rules.length <= MOST_RULES_GROUPED) {
    return (yield* movableGroups(p, component, chain)).map(({ offer }) => offer);
  }
  const found: Offer[] = [];
  for (const { id } of rules) {
    found.push(...offers(p, { component, rules: [id] }, chain, SPLITS));
    yield;
  }
  return found;
}

/** "storage → 3 partitions by id" */
function described(p: Refused["p"], { steps, defaultName }: Offer): string {
  const [step] = steps.slice(-1);
  const rewrite = rewriteNamed(step!.rewrite)!;
  const target = rewrite.readTarget(step!.target);
  return steps.length > 1 || typeof target === "string" ? defaultName : rewrite.describe(p, target);
}

function lowered(title: string): string {
  return title.charAt(0).toLowerCase() + title.slice(1);
}
