import * as fc from "fast-check";
import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Value } from "../program/value.ts";
import { read } from "../syntax/read.ts";
import { caseText, differenceIn, failure, shrunk } from "./compareEngines.testing.ts";
import { componentShape } from "./componentShape.ts";
import type { Plan } from "./plan.ts";
import { ENVIRONMENT, LOOKUPS, randomCase } from "./randomComponent.testing.ts";
import { rulePlans, type RulePlans } from "./rulePlans.ts";

/** `h`, `s` and `g` last; `m` and `n` arrive. */
const KEPT = `
  h(i, y)@next :- h(i, y)
  h(i, y)@next :- put(i, y)
  s(a)@next :- s(a), !gone(a)
  s(a)@next :- stay(a)
  g(t)@next :- give(t)`;

function analyzed(rules: string): AnalyzedProgram {
  const { program, diagnostics } = read(`component c {${KEPT}\n  ${rules}\n}`);
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
  return [...new Set(joins)].filter((r) => !shape.passing.has(r) && r !== "self");
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
];

test.each(LOOKED_UP)("held rows are looked up by what is known of them: %s", (rules) => {
  expect(scanned(analyzed(rules))).toEqual([]);
});

test("what only an inequality says of a row needs a look at all of them", () => {
  expect(scanned(analyzed("r(i) :- m(x), h(i, y), y != x"))).toEqual(["h"]);
});

test.each(LOOKED_UP)("and they are the right ones: %s", (rules) => {
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
