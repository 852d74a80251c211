import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Literal, Rule } from "../program/program.ts";
import { applyStep } from "../rewrites/driver.ts";
import { checked, program, verdictOf } from "./programs.testing.ts";

const TWICE = { observer: { multi: 2 } } as const;

/** Two partitions of L, `p` and `l` known to both. */
function partitioned(original: AnalyzedProgram, replicated: readonly string[]): AnalyzedProgram {
  const target = { component: "L", partitions: 2, replicated, keys: { w: [0] }, name: "proxy" };
  const step = applyStep(original, { rewrite: "partitionPartially", target });
  if (step.kind !== "applied") throw new Error(JSON.stringify(step));
  expect(step.verdict).toBe("holds");
  return step.program;
}

/** The program without the literals that `isGuard` picks; there has to be one. */
function without(
  { program: whole, deployment }: AnalyzedProgram,
  isGuard: (literal: Literal, rule: Rule) => boolean,
): AnalyzedProgram {
  let gone = 0;
  const components = whole.components.map((c) => ({
    ...c,
    rules: c.rules.map((rule) => {
      const body = rule.body.filter((literal) => !isGuard(literal, rule));
      gone += rule.body.length - body.length;
      return { ...rule, body };
    }),
  }));
  expect(gone).toBeGreaterThan(0);
  return analyze({ ...whole, components }, deployment);
}

const reads = (literal: Literal, relation: string): boolean =>
  literal.kind === "relation" && literal.relation === relation;

test("case 83: who counts two arrivals sees that every partition answers where one has to (H-22)", () => {
  const original = program({
    nodes: { L: "pong@async(c)(b) <- pb(b); q@async(c)(x) <- w(x)" },
    channels: { "pb/1": "L", "w/1": "L" },
  });
  const inputs = [
    ["pb", 1],
    ["w", 0],
  ] as const;
  const whole = partitioned(original, ["pb"]);
  const all = without(
    whole,
    (literal, { head }) => head.relation === "pong" && reads(literal, "first_L"),
  );
  expect(verdictOf(checked(original, whole, inputs, TWICE))).toBe("refines");
  expect(verdictOf(checked(original, all, inputs))).toBe("refines");
  expect(verdictOf(checked(original, all, inputs, TWICE))).toBe("safety");
});

const CASE131 = program({
  nodes: {
    L: "l(b) <- p(b); l@next(b) <- l(b); kp@async(c)(b) <- p(b); o@async(c)(x,b) <- w(x), l(b); o@async(c)(x,0) <- w(x), !l(_)",
  },
  channels: { "p/1": "L", "w/1": "L" },
});
const INPUTS131 = [
  ["p", 1],
  ["w", 0],
] as const;
const bound = { together: 2, states: 400_000 };

test.each([
  [
    "the watermarks (S-11)",
    ["pending_L", "header_L", "p_committed"],
    (l: Literal) => reads(l, "expected_L") || (l.kind === "comparison" && l.operator === ">="),
  ],
  [
    "`!ran` on the number of the next batch",
    ["expectedNext_L"],
    (l: Literal) => reads(l, "runs_L") && l.kind === "relation" && l.negated,
  ],
] as const)(
  "case 131 without %s: shows when messages between siblings arrive twice",
  (_, heads, isGuard) => {
    const whole = partitioned(CASE131, ["p", "l"]);
    const mutant = without(
      whole,
      (literal, { head }) =>
        (heads as readonly string[]).includes(head.relation) && isGuard(literal),
    );
    const twice = { bound, duplicates: true };
    expect(verdictOf(checked(CASE131, whole, INPUTS131, twice))).toBe("refines");
    expect(verdictOf(checked(CASE131, mutant, INPUTS131, { bound }))).toBe("refines");
    expect(checked(CASE131, mutant, INPUTS131, twice).kind).toBe("counterexample");
  },
);

test("an original that repeats itself lets the rewritten program do so, and not less", () => {
  const once = "old@next(x) <- a(x); old@next(x) <- old(x); o@async(c)(x) <- a(x), !old(x)";
  const twice = "old@next(x) <- a(x); old@next(x) <- old(x); o@async(c)(x) <- a(x)";
  const programs = [once, twice].map((rules) =>
    program({ nodes: { L: rules }, channels: { "a/1": "L" } }),
  );
  const [single, double] = programs as [AnalyzedProgram, AnalyzedProgram];
  const inputs = [
    ["a", 1],
    ["a", 1],
  ] as const;
  expect(verdictOf(checked(single, double, inputs))).toBe("refines");
  expect(verdictOf(checked(single, double, inputs, TWICE))).toBe("safety");
  // Who has seen the first answer and asks again waits for a second.
  expect(verdictOf(checked(double, single, inputs))).toBe("refines");
  expect(verdictOf(checked(double, single, inputs, TWICE))).toBe("quiescence");
  expect(verdictOf(checked(double, double, inputs, TWICE))).toBe("refines");
});

test("two answers under way together may arrive as one", () => {
  const again = "s(x) <- a(x); s@next(x) <- a(x); o@async(c)(x) <- s(x)";
  const answers = (rules: string) => program({ nodes: { L: rules }, channels: { "a/1": "L" } });
  const original = answers(again);
  expect(verdictOf(checked(original, answers("o@async(c)(x) <- a(x)"), [["a", 1]], TWICE))).toBe(
    "refines",
  );
});
