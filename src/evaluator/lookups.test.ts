import * as fc from "fast-check";
import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Value } from "../program/value.ts";
import { read } from "../syntax/read.ts";
import { caseText, differenceIn, failure, shrunk } from "./compareEngines.testing.ts";
import { compile } from "./compile.ts";
import { componentShape } from "./componentShape.ts";
import type { Plan } from "./plan.ts";
import { ENVIRONMENT, LOOKUPS, randomCase } from "./randomComponent.testing.ts";
import type { Fact } from "./nodeEngine.ts";
import { RuleCosts } from "./ruleCosts.ts";
import { rulePlans, type RulePlans } from "./rulePlans.ts";

/** `h`, `s` and `g` last; `m` and `n` arrive. */
const KEPT = `
  h(i, y)@next :- h(i, y)
  h(i, y)@next :- put(i, y)
  s(a)@next :- s(a), !gone(a)
  s(a)@next :- stay(a)
  g(t)@next :- give(t)`;

function analyzed(rules: string): AnalyzedProgram {
  const { program, diagnostics } = read(
    `function half(x -> y)\nfunction even(x)\ncomponent c {${KEPT}\n  ${rules}\n}`,
  );
  expect(diagnostics).toEqual([]);
  const p = analyze(program);
  expect(p.faults.filter((f) => f.severity === "error")).toEqual([]);
  return p;
}

function plansOf(plans: RulePlans): readonly Plan[] {
  return [
    ...plans.afresh.map((d) => d.plan),
    ...plans.deltas.flatMap((d) => [d.remove, d.add]),
    ...plans.recursive.flatMap((d) => [
      d.plan,
      ...(d.overdelete === undefined ? [] : [d.overdelete]),
    ]),
    ...(plans.rederive === undefined ? [] : [plans.rederive]),
  ];
}

/** Relations of which some plan looks at every row that is held (of `self` there is one). */
function scanned(p: AnalyzedProgram): readonly string[] {
  const shape = componentShape(p, "c");
  const steps = shape.rules.flatMap((r) => plansOf(rulePlans(shape, r)).flatMap((q) => q.steps));
  const joins = steps.flatMap((s) => (s.kind === "join" && s.key.length === 0 ? [s.relation] : []));
  return [...new Set(joins)].filter(
    (r) => !shape.passing.has(r) && r !== "self" && !r.endsWith(" failed"),
  );
}

const LOOKED_UP = [
  "r(i) :- m(x), h(i, y), y == x",
  "r(i) :- m(x), h(i, y), x == y",
  "r(i) :- m(x), h(i, y), y == x + 1",
  "r(i) :- m(x), h(i, y), y := x - 1",
  "r(i) :- m(x), h(i, x + 1)",
  "r(i) :- m(x), h(i, y), y == 3, i != x",
  "r(i) :- m(x), h(i, 3), i != x",
  "r(i) :- m(x), h(i, y), y == (x, x)",
  "r(i) :- m(x), h(i, y), h(x, z), y == z",
  "r(i) :- s(x), h(i, y), y == x",
  "r(i) :- m(a), h(i, (a, a))",
  "r(i) :- m(a), n(c), h(i, (a, (c, 1)))",
  "r(i) :- m(a), h(i, (a, _))",
  "r(i, (a, c)) :- m(a), h(i, (a, c))",
  "r(i, c) :- s(a), h(i, (a, c))",
  "r(i, count<c>) :- s(a), h(i, (a, c))",
  "r(i) :- s(a), h(i, ((a, b), c))",
  "r(i)@next :- m(c), h(i, (a, c)), !s(a)",
  "r(i) :- h(i, (a, c)), !s(a)",
  'r(i, c)@async(addr("x")) :- s(a), h(i, (a, c))',
  "r((b, a)) :- s(a), h(_, (a, b))\n  r((c, a)) :- r((b, a)), h(_, (b, c))",
  "r(i) :- m(x), h(i, y), n(y), i != x",
  "r(i) :- m(x), h(i, y), n(z), y == z + x",
  "r(i) :- m(x), h(i, y), tick(t), y == t - x",
  "r(i) :- m(x), h(i, y), s(c), n(z), y == z, c == i",
  "r(i) :- m(x), h(i, y), self(y)",
  "r(i) :- m(x), h(i, y), z := y, z == x",
  "r(i) :- m(x), h(i, y), z := y, x == z",
  "r(i, z) :- m(x), h(i, y), z := y, z == x + 1",
  "r(i) :- m(x), h(i, y), z := y, w := z, w == 6 / x",
  "r(i) :- m(x), h(i, y), x := y",
  "r(i) :- m(x), h(i, y), z := y, z := 6 / x",
  "r(i) :- m(x), h(i, y), z := 6 / x, z := y",
  "r(z) :- m(x), h(i, (y, _)), z := y, z == x",
  "g((a, b))@next :- g((a, b)), !m(a)",
  "g((a, b))@next :- g((a, b)), !s(b), a != b",
  "g((a, b))@next :- g((a, b)), !s(a), h(_, (b, _))",
  "g(t)@next :- g(t), s(x), t == x",
  "g(t)@next :- g(t), m(x), t == x + 1",
  "g(t)@next :- g(t), h(t, y), !n(y)",
  "g(t)@next :- g(t), h(t, y), s(y)",
  "g(t)@next :- g(t), h(t, y), h(y, z), s(z), !n(z)",
  "g(t)@next :- g(t), h(t, y), h(y, z), h(z, w), !m(w)",
  "g(t)@next :- g(t), s(y), h(t, y), !m(z), h(y, z)",
];

/** Rows are found by what is computed of them, in another relation. */
const COMPUTED = [
  "r(i) :- h(i, y), even(y), half(y, z), s(z)",
  "r(i) :- h(i, y), half(y, z), s(z)",
  "r(i) :- h(i, y), hash(y, z), m(z)",
  "r(i) :- m(x), h(i, y), x == y + 1",
  "r(i) :- m(x), h(i, y), y + 1 == x, i != 0",
  "r(i, z) :- m(z), h(i, y), z := 6 / y",
  "r(i) :- m(x), h(i, y), x == (y, 1)",
  "r(i) :- h(i, y), s(x), y == x + 1",
  "r(i, count<x>) :- h(i, y), s(x), y == 6 / x, x != 0",
  'r(i)@async(addr("x")) :- h(i, y), s(x), x == y - i',
  "r(i)@next :- m(x), h(i, y), x == 6 % y, !s(x)",
  "r(y) :- m(y)\n  r(i) :- r(x), h(i, y), x == y - 1",
  "r(i) :- h(i, y), s(x), x == y + 1, half(y, z), g(z)",
  "r(i, y) :- m(x), h(i, y), x == i + y, y == 6 / x",
];

/** What matters of some literal is only whether there is a row. */
const EXISTENCE = [
  "r(a) :- m(a), h(_, _)",
  "r(a) :- m(a), h(i, y)",
  "r(a) :- s(a), h(_, y)",
  "r(i) :- s(i), h(i, y), h(y, _)",
  "r(i) :- h(i, (y, _)), s(_), !s(i)",
  "r(a, z) :- s(a), h(3, _), z := 6 / a, a != 0",
  'r(i)@async(addr("x")) :- h(_, i), s(i), h(i, _)',
  "r(a) :- m(_), s(a)\n  r(y) :- r(i), h(i, y), h(_, i), s(_)",
  "g(t)@next :- g(t), h(_, t)",
  "g(t)@next :- g(t), h(_, _), s(_), !n(3)",
];

test.each([...LOOKED_UP, ...COMPUTED])(
  "held rows are looked up by what is known of them: %s",
  (rules) => {
    expect(scanned(analyzed(rules))).toEqual([]);
  },
);

/** A rule, and what changes for the tick in which its work is counted. */
const EXISTING: readonly (readonly [rule: string, changes: readonly Fact[]])[] = [
  ["r(a) :- m(a), h(_, _)", [{ relation: "m", row: [1] }]],
  ["r(a) :- m(a), h(7, y)", [{ relation: "m", row: [1] }]],
  ["r(i) :- m(i), h(i, _), !n(i)", [{ relation: "m", row: [7] }]],
  ["r(a) :- m(a), n(_), h(7, y)", [1, 2, 3].map((x) => ({ relation: "n", row: [x] }))],
  ["r(a) :- s(a), h(_, _)", [{ relation: "stay", row: [9_999] }]],
  ["r(i) :- s(i), h(i, _)", [{ relation: "stay", row: [7] }]],
  ["r(i) :- h(i, _), !s(i)", [{ relation: "stay", row: [7] }]],
  ["r(a) :- s(a), h(_, _)", [{ relation: "put", row: [3, 3] }]],
  ["r(a, i) :- s(a), h(i, _)", [{ relation: "put", row: [7, 9_999] }]],
  ["g(t)@next :- g(t), h(_, _)", [{ relation: "put", row: [3, 3] }]],
  ['o(a)@async(addr("x")) :- s(a), h(_, _)', [{ relation: "gone", row: [0] }]],
];

test.each(
  EXISTING.flatMap(([rule, changes]) =>
    (["generated", "interpreted"] as const).map((code) => ({ rule, changes, code })),
  ),
)("rows that differ in what no one reads are one: $rule for $changes.0 ($code)", (one) => {
  const work = (held: number): number => {
    const costs = new RuleCosts(() => 0);
    const p = analyzed(one.rule);
    const engine = compile(p, "c", { code: one.code, costs }).start(ENVIRONMENT);
    const numbers = Array.from({ length: held }, (_, i) => i);
    engine.tick([
      ...numbers.map((i) => ({ relation: "put", row: [7, i] })),
      ...(one.changes[0]!.row[0] === 7 ? [] : numbers).map((i) => ({ relation: "stay", row: [i] })),
      ...numbers.map((i) => ({ relation: "give", row: [i] })),
    ]);
    for (let i = 0; i < 3; i++) engine.tick([]);
    const done = (): number =>
      costs.list().reduce((sum, c) => sum + c.factsIn + c.factsOut + c.factsWithdrawn, 0);
    const before = done();
    engine.tick(one.changes);
    for (let i = 0; i < 3; i++) engine.tick([]);
    return done() - before;
  };
  expect(work(10)).toBeLessThan(30);
  expect(work(100)).toBe(work(10));
});

test("what only an inequality says of a row needs a look at all of them", () => {
  expect(scanned(analyzed("r(i) :- m(x), h(i, y), y != x"))).toEqual(["h"]);
});

test.each([...LOOKED_UP, ...COMPUTED, ...EXISTENCE])("and they are the right ones: %s", (rules) => {
  const { program } = analyzed(rules);
  const small = fc.integer({ min: 0, max: 3 });
  const pair = fc.tuple(small, small);
  const part: fc.Arbitrary<Value> = fc.oneof(small, pair, fc.tuple(pair, small));
  const fact = fc.oneof(
    fc.record({ relation: fc.constant("put"), row: fc.tuple(small, part) }),
    fc.record({ relation: fc.constant("give"), row: fc.tuple(part) }),
    fc.record({ relation: fc.constantFrom("m", "n", "stay", "gone"), row: fc.tuple(small) }),
  );
  const schedule = fc.array(fc.array(fact, { maxLength: 8 }), { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(schedule, fc.constantFrom("generated", "interpreted"), (arrived, code) => {
      expect(differenceIn(program, ENVIRONMENT, { schedule: arrived }, code)).toBeUndefined();
    }),
    { numRuns: 12 },
  );
});

test.each(["generated", "interpreted"] as const)(
  "random components with equalities, parts of tuples and what fails and is excluded (%s)",
  (code) => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const found = randomCase(seed, LOOKUPS);
        if (failure(found, code) === undefined) return;
        const small = shrunk(found, code);
        expect.fail(`${caseText(small)}\n${failure(small, code)}`);
      }),
      { numRuns: 150, endOnFailure: true },
    );
  },
);
