import type { ComponentName, RelationName, RuleId } from "../../program/program.ts";
import type { RuleOrigin } from "../../rewrites/rewrite.ts";
import type { ProgramView, RelationView, StepView } from "../../workers/workspaceApi.ts";
import { rulesAfter, rulesBefore } from "../store/followRules.ts";

/** What a step moved, added or changed, as far as the program that is shown has it. */
export interface Touched {
  readonly rules: ReadonlySet<RuleId>;
  readonly relations: ReadonlySet<RelationName>;
  readonly components: ReadonlySet<ComponentName>;
  /** The same in words. */
  readonly sentence: string;
}

/** Nothing for the base, which no step made. */
export function touchedBy(
  steps: readonly StepView[],
  index: number,
  shown: number,
): Touched | undefined {
  const after = steps[index]?.view;
  const before = steps[index - 1]?.view;
  const view = steps[shown]?.view;
  if (index === 0 || view === undefined) return undefined;
  if (after === undefined || before === undefined) {
    return { ...NOTHING, sentence: `Step ${index} does not apply, so it touches nothing.` };
  }
  const { made, gone } = touchedRules(steps[index]!, before, after);
  const rules = new Set([
    ...(shown < index
      ? rulesBefore(made, originsOf(steps, shown + 1, index))
      : rulesAfter(made, originsOf(steps, index + 1, shown))),
    ...(shown < index ? rulesBefore(gone, originsOf(steps, shown + 1, index - 1)) : []),
  ]);
  const relations = stillThere(
    differing(flowing(before), flowing(after), relationKey),
    view.relations,
  );
  const components = stillThere(
    differing(before.components, after.components, ({ by, nodes, partitions }) =>
      JSON.stringify([by, nodes, partitions]),
    ),
    view.components,
  );
  const touched = { rules, relations, components };
  return { ...touched, sentence: sentence(index, touched, view) };
}

const NOTHING = {
  rules: new Set<RuleId>(),
  relations: new Set<RelationName>(),
  components: new Set<ComponentName>(),
};

/** The rules that the step left otherwise than it found them, and those it took away. */
function touchedRules(
  { origins }: StepView,
  before: ProgramView,
  after: ProgramView,
): { readonly made: readonly RuleId[]; readonly gone: readonly RuleId[] } {
  const homeBefore = new Map(before.rules.map(({ id, component }) => [id, component]));
  const home = new Map(after.rules.map(({ id, component }) => [id, component]));
  const isTouched = (id: RuleId, origin: RuleOrigin): boolean =>
    origin.kind !== "kept" || homeBefore.get(origin.from) !== home.get(id);
  const made = origins.flatMap(([id, origin]) => (isTouched(id, origin) ? [id] : []));
  const used = new Set(
    origins.flatMap(([, origin]) => {
      if (origin.kind === "added") return [];
      return origin.kind === "kept" ? [origin.from] : origin.from;
    }),
  );
  return { made, gone: before.rules.flatMap(({ id }) => (used.has(id) ? [] : [id])) };
}

/** Of the steps `first` to `last`. */
function originsOf(
  steps: readonly StepView[],
  first: number,
  last: number,
): readonly StepView["origins"][] {
  return steps.slice(first, last + 1).map(({ origins }) => origins);
}

/** Relations that facts come and go in: a constant is no different for being read elsewhere. */
function flowing({ relations }: ProgramView): readonly RelationView[] {
  return relations.filter(({ kind }) => kind === "env" || kind === "chan" || kind === "local");
}

function relationKey({ kind, arity, readBy, derivedBy }: RelationView): string {
  return JSON.stringify([kind, arity, readBy, derivedBy]);
}

/** Names of what is there only once, or is not the same twice. */
function differing<T extends { readonly name: string }>(
  before: readonly T[],
  after: readonly T[],
  key: (each: T) => string,
): readonly string[] {
  const keys = new Map(before.map((each) => [each.name, key(each)]));
  const names = new Set(after.map(({ name }) => name));
  return [
    ...after.filter((each) => keys.get(each.name) !== key(each)).map(({ name }) => name),
    ...before.filter(({ name }) => !names.has(name)).map(({ name }) => name),
  ];
}

function stillThere(
  names: readonly string[],
  shown: readonly { readonly name: string }[],
): ReadonlySet<string> {
  const there = new Set(shown.map(({ name }) => name));
  return new Set(names.filter((name) => there.has(name)));
}

/** More would not be listened to. */
const NAMED = 8;

function sentence(index: number, touched: Omit<Touched, "sentence">, view: ProgramView): string {
  const numbers = view.rules.flatMap(({ id, number }) => (touched.rules.has(id) ? [number] : []));
  const rules = ranges(numbers);
  const parts = [
    ...(rules.length === 0 ? [] : [`${numbers.length === 1 ? "rule" : "rules"} ${list(rules)}`]),
    ...(touched.relations.size === 0 ? [] : [list([...touched.relations])]),
    ...(touched.components.size === 0
      ? []
      : [
          `${touched.components.size === 1 ? "component" : "components"} ${list([...touched.components])}`,
        ]),
  ];
  if (parts.length === 0) return `Nothing that step ${index} touched is in the program shown.`;
  return `Step ${index} touched ${parts.join("; ")}.`;
}

/** "3", "5 to 8" */
function ranges(numbers: readonly number[]): readonly string[] {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last !== undefined && number === last[1] + 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.flatMap(([from, to]) => {
    if (to - from > 1) return [`${from} to ${to}`];
    return from === to ? [`${from}`] : [`${from}`, `${to}`];
  });
}

/** "a, b and c" */
function list(names: readonly string[]): string {
  const more = names.length - NAMED;
  if (more > 1) return `${names.slice(0, NAMED).join(", ")} and ${more} more`;
  return names.length < 2
    ? names.join("")
    : `${names.slice(0, -1).join(", ")} and ${names.at(-1)!}`;
}
