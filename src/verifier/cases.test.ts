import { expect, test } from "vitest";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { applyStep } from "../rewrites/driver.ts";
import type { StepRequest, Verdict } from "../rewrites/rewrite.ts";
import { E, FREE, KB, originalOf, PARTITIONS } from "./allowedCases.testing.ts";
import type { Split } from "./allowedCases.testing.ts";
import { checked, movedRules, verdictOf } from "./programs.testing.ts";

function applied(p: AnalyzedProgram, request: StepRequest, verdict: Verdict): AnalyzedProgram {
  const step = applyStep(p, request);
  if (step.kind !== "applied") throw new Error(JSON.stringify(step));
  expect(step.verdict).toBe(verdict);
  return step.program;
}

test.each(FREE)("case $number: $rewrite refines with free clocks", (split) => {
  const original = originalOf(split);
  const ready = split.first === undefined ? original : applied(original, split.first, "holds");
  const target = { component: "L", rules: movedRules("L", split.rules), name: "M" };
  const rewritten = applied(ready, { rewrite: split.rewrite, target }, "holds");
  const found = checked(original, rewritten, split.inputs);
  expect(verdictOf(found), JSON.stringify(found)).toBe("refines");
});

/** Cases that are right in lock-step only, with inputs that show what goes wrong with free clocks. */
const LOCKSTEP: readonly (Split & { readonly violation: string })[] = [
  {
    number: 5,
    rewrite: "decoupleMutuallyIndependent",
    // The counter of the case stops at 2, so that there are finitely many states.
    rules: `${E} | k@next(1) <- boot(), !k(_); k@next(n) <- k(m), m < 2, n := m + 1; k@next(2) <- k(2);
      o@async(c)(n) <- b(), k(n)`,
    channels: "a/1 b/0",
    inputs: [["a", 1], ["a", 2], ["a", 3], ["b"]],
    violation: "safety",
  },
  {
    number: 114,
    rewrite: "decoupleMutuallyIndependent",
    rules: `${E} | p@next(x) <- b(x); ${KB}; o@async(c)(x) <- q(), p(x)`,
    channels: "a/1 b/1 q/0",
    inputs: [["a", 1], ["b", 1], ["q"]],
    violation: "safety",
  },
  {
    number: 115,
    rewrite: "decoupleMutuallyIndependent",
    rules: `${E} | v@next(x) <- b(x); v@next(x) <- v(x), !g(x); g(x) <- v(x); ${KB}; o@async(c)(x) <- q(), v(x)`,
    channels: "a/1 b/1 q/0",
    inputs: [["a", 1], ["b", 1], ["q"]],
    violation: "safety",
  },
  {
    number: 116,
    rewrite: "decoupleMutuallyIndependent",
    rules: `${E} | p@next(x) <- b(x); s(x) <- p(x); ${KB}; o@async(c)(x) <- q(), s(x)`,
    channels: "a/1 b/1 q/0",
    inputs: [["a", 1], ["b", 1], ["q"]],
    violation: "safety",
  },
  {
    number: 135,
    rewrite: "decoupleMutuallyIndependent",
    rules: `${E} | q(x) <- b(x); q@next(x) <- q(x); o@async(c)(x) <- d(x), !q(x); ${KB}`,
    channels: "a/1 b/1",
    edb: { d: [[1]] },
    inputs: [
      ["a", 1],
      ["b", 1],
    ],
    violation: "quiescence",
  },
  {
    number: 118,
    rewrite: "decoupleFunctional",
    rules: `f@next(1) <- boot(); o1@async(c)(1) <- a(), f(_); o1@async(c)(0) <- a(), !f(_)
      | s(x) <- d(x); o2@async(c)(x) <- s(x)`,
    channels: "a/0",
    edb: { d: [[1]] },
    inputs: [["a"]],
    violation: "safety",
  },
  {
    number: 136,
    rewrite: "decoupleFunctional",
    rules: `p(x) <- a(x); p@next(x) <- p(x), !del(x); s(x) <- p(x), !e(x); ka@async(c)(x) <- a(x); kd@async(c)(x) <- del(x)
      | o@async(c)(x) <- s(x); kb@async(c)(x) <- b(x)`,
    channels: "a/1 del/1 e/1 b/1",
    inputs: [
      ["a", 1],
      ["e", 1],
      ["e", 1],
      ["b", 1],
      ["del", 1],
    ],
    violation: "quiescence",
  },
];

test.each(LOCKSTEP)("case $number: $rewrite refines in lock-step only", (split) => {
  const original = originalOf(split);
  const target = { component: "L", rules: movedRules("L", split.rules), name: "M" };
  expect(applyStep(original, { rewrite: split.rewrite, target }).kind).toBe("refused");
  const request: StepRequest = { rewrite: split.rewrite, target, waiver: "tick-counts" };
  const rewritten = applied(original, request, "lockstep");
  const free = checked(original, rewritten, split.inputs);
  expect(verdictOf(free), JSON.stringify(free)).toBe(split.violation);
  const locked = checked(original, rewritten, split.inputs, { clocks: "lockstep" });
  expect(verdictOf(locked), JSON.stringify(locked)).toBe("refines");
});

test.each(PARTITIONS)("case $number: two partitions refine with free clocks", (partition) => {
  const original = originalOf(partition);
  const target = { component: "L", partitions: 2, keys: partition.keys };
  const rewrite = "partitionByCohashing";
  const request: StepRequest = { rewrite, target, waiver: "tick-counts" };
  const rewritten = applied(original, request, partition.verdict ?? "holds");
  expect(rewritten.deployment?.instances["L"]).toHaveLength(2);
  const found = checked(original, rewritten, partition.inputs);
  expect(verdictOf(found), JSON.stringify(found)).toBe("refines");
});

test.each([
  ["r(k, choose<x>) <- a(k, x)", "r(k, max<x>) <- a(k, x)"],
  ["r(k, x) <- a(k, x), choose((k,), (x,))", "r(k, max<x>) <- a(k, x)"],
])("two partitions choose for their keys as one node does (W7): %s", (rule, other) => {
  const rules = `${rule}; o@async(c)(k, x) <- r(k, x)`;
  const original = originalOf({ rules, channels: "a/2" });
  const target = { component: "L", partitions: 2, keys: { a: [0], r: [0] } };
  const rewritten = applied(original, { rewrite: "partitionByCohashing", target }, "holds");
  const inputs = [
    ["a", 0, 1],
    ["a", 0, 2],
    ["a", 1, 1],
  ] as const;
  const found = checked(original, rewritten, inputs);
  expect(verdictOf(found), JSON.stringify(found)).toBe("refines");
  // A node that chose the greatest would not be seen to choose the least.
  const greatest = originalOf({ rules: rules.replace(rule, other), channels: "a/2" });
  expect(verdictOf(checked(greatest, rewritten, inputs))).not.toBe("refines");
});
