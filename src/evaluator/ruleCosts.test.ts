import * as fc from "fast-check";
import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { RuleId } from "../program/program.ts";
import { rowKey } from "../program/value.ts";
import { read } from "../syntax/read.ts";
import { caseText } from "./compareEngines.testing.ts";
import { compile, type Code } from "./compile.ts";
import { componentShape, type ComponentShape } from "./componentShape.ts";
import { EvaluationError, factText } from "./evaluationError.ts";
import type { Fact } from "./nodeEngine.ts";
import { isAuxiliary } from "./normalRules.ts";
import { ENVIRONMENT, programOf, randomCase, SETTLED } from "./randomComponent.testing.ts";
import { INITIAL_STATE, referenceTick } from "./reference.ts";
import { RuleCosts, type RuleCost } from "./ruleCosts.ts";
import { groups, headRow } from "./ruleHeads.ts";
import { rulePlans, type RulePlans } from "./rulePlans.ts";
import { unreadVariables } from "./unreadVariables.ts";
import { valuations, type Database, type Valuation } from "./valuations.ts";

/** How much a rule derived and withdrew at least, and at most. */
interface Outcome {
  readonly rule: RuleId;
  readonly least: Pick<RuleCost, "factsOut" | "factsWithdrawn">;
  readonly most: Pick<RuleCost, "factsOut" | "factsWithdrawn">;
}

/** What `RuleCost` promises, from what the reference says holds: up to where there is an error or there are many facts. */
function expected(
  p: AnalyzedProgram,
  schedule: readonly (readonly Fact[])[],
): { readonly ticks: number; readonly outcomes: readonly Outcome[] } {
  const shape = componentShape(p, "c");
  const plans = shape.rules
    .map((rule) => rulePlans(shape, rule))
    .filter(({ rule }) => rule.timing !== "now" || !isAuxiliary(rule.head));
  const none = { factsOut: 0, factsWithdrawn: 0 };
  const counts = plans.map(() => ({ least: { ...none }, most: { ...none } }));
  const next = referenceTick(p, "c", ENVIRONMENT);
  let state = INITIAL_STATE;
  let before: Database | undefined;
  let ticks = 0;
  for (const arrived of schedule) {
    try {
      const now = next(state, arrived);
      const size = [...now.facts.values()].reduce((sum, rows) => sum + rows.length, 0);
      if (size > 80) break;
      const after = database(now.facts);
      plans.forEach((plan, i) => {
        for (const bound of ["least", "most"] as const) {
          const [began, ceased] = changed(p, shape, plan, { before, after }, bound);
          counts[i]![bound].factsOut += began;
          counts[i]![bound].factsWithdrawn += ceased;
        }
      });
      state = now.state;
      before = after;
      ticks++;
    } catch (error) {
      if (error instanceof EvaluationError) break;
      throw error;
    }
  }
  const outcomes = plans.map(({ rule }, i) => ({ rule: rule.source.id, ...counts[i]! }));
  return { ticks, outcomes };
}

function database(facts: ReadonlyMap<string, readonly Fact["row"][]>): Database {
  return { rows: (relation) => facts.get(relation) ?? [], functions: ENVIRONMENT.functions };
}

function changed(
  p: AnalyzedProgram,
  { passing }: ComponentShape,
  { kind, rule, recursive }: RulePlans,
  { before, after }: { readonly before: Database | undefined; readonly after: Database },
  bound: "least" | "most",
): readonly [number, number] {
  if (kind === "identity") return [0, 0];
  const { source } = rule;
  const isGathered = kind === "keep" || source.head.terms.some((t) => t.kind === "aggregate");
  const found = (held: Database | undefined): readonly Valuation[] =>
    held === undefined ? [] : valuations(p, source, held);
  const heads = (held: Database | undefined): ReadonlySet<string> =>
    new Set(
      groups(source, found(held)).map((group) =>
        rowKey([...headRow(source, group), group.destination ?? 0]),
      ),
    );
  const unread = unreadVariables(p, source);
  const way = ({ values, facts }: Valuation): string =>
    bound === "most"
      ? facts.map(factText).join()
      : rowKey([...values].flatMap(([name, value]) => (unread.has(name) ? [] : [name, value])));
  const ways = (held: Database | undefined): ReadonlySet<string> => new Set(found(held).map(way));
  if (recursive.length === 0) {
    const derived = isGathered ? heads : ways;
    const now = derived(after);
    if (rule.pulse) return [now.size, 0];
    const was = derived(before);
    return [count(now, (key) => !was.has(key)), count(was, (key) => !now.has(key))];
  }
  const rows = (held: Database | undefined): ReadonlySet<string> =>
    new Set([...(held?.rows(rule.head) ?? [])].map((row) => rowKey([...row, 0])));
  const [was, now] = [passing.has(rule.head) ? new Set<string>() : rows(before), rows(after)];
  return [
    count(heads(after), (key) => now.has(key) && !was.has(key)),
    rule.pulse ? 0 : count(heads(before), (key) => was.has(key) && !now.has(key)),
  ];
}

function count(keys: ReadonlySet<string>, counts: (key: string) => boolean): number {
  return [...keys].filter(counts).length;
}

function recorded(
  p: AnalyzedProgram,
  schedule: readonly (readonly Fact[])[],
  code: Code,
): ReadonlyMap<RuleId, RuleCost> {
  const costs = new RuleCosts(() => 0);
  const engine = compile(p, "c", { code, costs }).start(ENVIRONMENT);
  for (const arrived of schedule) engine.tick(arrived);
  return new Map(costs.list().map((cost) => [cost.rule, cost]));
}

test("random components: what rules derived and withdrew is what the reference says, in both ways to run", () => {
  const seen = { out: 0, withdrawn: 0 };
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      // A rule that chooses is several, of which only the last one counts.
      const test = randomCase(seed, SETTLED);
      const p = analyze(programOf(test.rules));
      const { ticks, outcomes } = expected(p, test.schedule);
      const schedule = test.schedule.slice(0, ticks);
      const [generated, interpreted] = [
        recorded(p, schedule, "generated"),
        recorded(p, schedule, "interpreted"),
      ];
      const shown = `seed ${seed}\n${caseText({ ...test, schedule })}`;
      for (const { rule, least, most } of outcomes) {
        const found = generated.get(rule)!;
        for (const facts of ["factsOut", "factsWithdrawn"] as const) {
          expect(found[facts], `${rule} ${shown}`).toBeGreaterThanOrEqual(least[facts]);
          expect(found[facts], `${rule} ${shown}`).toBeLessThanOrEqual(most[facts]);
        }
        seen.out += least.factsOut;
        seen.withdrawn += least.factsWithdrawn;
      }
      expect(interpreted, shown).toEqual(generated);
    }),
    { numRuns: 60, endOnFailure: true },
  );
  expect(seen.out).toBeGreaterThan(300);
  expect(seen.withdrawn).toBeGreaterThan(30);
});

test.each(["generated", "interpreted"] as const)(
  "the cost of rules is counted when asked for (%s)",
  (code) => {
    let clock = 0;
    const costs = new RuleCosts(() => clock++);
    const { program } = read(`component c {
      kept(x)@next :- in(x), x > 1
      kept(x)@next :- kept(x), !gone(x)
      n(count<x>) :- kept(x)
      reach(x, y) :- in(x), in(y)
      reach(x, z) :- reach(x, y), reach(y, z)
    }`);
    const engine = compile(analyze(program), "c", { code, costs }).start(ENVIRONMENT);
    const of = (rule: RuleId): readonly number[] => {
      const { factsIn, factsOut, factsWithdrawn } = costs.list().find((c) => c.rule === rule)!;
      return [factsIn, factsOut, factsWithdrawn];
    };
    engine.tick([1, 2, 3].map((x) => ({ relation: "in", row: [x] })));
    engine.tick([]);
    // Three arrive, two of them are kept and counted; what arrives reaches what arrives.
    expect(of("c/kept/1")).toEqual([3, 2, 0]);
    expect(of("c/kept/2")).toEqual([2, 2, 0]);
    expect(of("c/n/1")).toEqual([2, 1, 0]);
    expect(of("c/reach/1").slice(1)).toEqual([9, 0]);
    expect(of("c/reach/2")).toEqual([18, 9, 0]);
    engine.tick([{ relation: "gone", row: [2] }]);
    engine.tick([]);
    expect(of("c/kept/2").slice(1)).toEqual([2, 1]);
    // Two, then one.
    expect(of("c/n/1").slice(1)).toEqual([2, 1]);
    expect(costs.list().find((c) => c.rule === "c/reach/2")!.milliseconds).toBeGreaterThan(0);
  },
);
