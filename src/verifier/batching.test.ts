import { expect, test } from "vitest";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Row } from "../program/value.ts";
import { applyStep } from "../rewrites/driver.ts";
import { forceStep } from "../rewrites/force.ts";
import type { StepRequest } from "../rewrites/rewrite.ts";
import { checked, inputsOf, movedRules, program, verdictOf } from "./programs.testing.ts";
import { restOf } from "./restingState.testing.ts";

/** State-machine decoupling of rewrites.md section 3.4, under the numbers of spec/cases.md. */
interface Batching {
  readonly number: string;
  /** Before the bar what stays, behind it what moves. */
  readonly rules: string;
  readonly channels: string;
  readonly inputs: readonly (readonly [string, ...Row])[];
}

function originalOf({ rules, channels }: Batching): AnalyzedProgram {
  const all = channels.split(" ").map((channel) => [channel, "L"]);
  return program({ nodes: { L: rules }, channels: Object.fromEntries(all) });
}

function requestOf({ rules }: Batching): StepRequest {
  const target = { component: "L", rules: movedRules("L", rules), name: "M" };
  return { rewrite: "decoupleStateMachine", target, waiver: "tick-counts" };
}

function applied(batching: Batching, verdict: "holds" | "lockstep" = "holds") {
  const step = applyStep(originalOf(batching), requestOf(batching));
  if (step.kind !== "applied") throw new Error(JSON.stringify(step));
  expect(step.verdict).toBe(verdict);
  return step;
}

const E = "e@async(c)(x) <- in(x)";

const CASE41: Batching = {
  number: "41",
  rules: `s(x) <- in(x); ${E}
    | last@next(x) <- s(x); last@next(x) <- last(x), !any(); any() <- s(_); o@async(c)(x,y) <- s(x), last(y)`,
  channels: "in/1",
  inputs: [
    ["in", 1],
    ["in", 2],
    ["in", 1],
  ],
};

/** What is read in one tick of several relations, one of them straight from others. */
const TWO: Batching = {
  number: "41 with two relations",
  rules: `s(x) <- in(x); ${E}
    | l(x) <- s(x); l@next(x) <- l(x), !z(_); o@async(c)(x,y) <- z(y), l(x); n@async(c)(y) <- z(y), !l(_)`,
  channels: "in/1 z/1",
  inputs: [
    ["in", 1],
    ["z", 7],
    ["in", 2],
  ],
};

const ALLOWED: readonly Batching[] = [
  CASE41,
  TWO,
  {
    number: "41 with a count",
    rules: `s(x) <- in(x); ${E} | n(count<x>) <- s(x); o@async(c)(n) <- n(n)`,
    channels: "in/1",
    inputs: CASE41.inputs,
  },
  {
    number: "119 without a count of ticks",
    rules: "e@async(c)(x) <- b(x); r(x) <- a(x) | p@next(x) <- r(x); o2@async(c)(x) <- p(x)",
    channels: "a/1 b/1",
    inputs: [
      ["a", 1],
      ["b", 1],
      ["a", 2],
    ],
  },
  {
    number: "a relation without attributes, and a message to oneself",
    rules: `s() <- in(_); ${E} | m@async(self)(1) <- s(); t@next(x) <- m(x); t@next(x) <- t(x), !s(); o@async(c)(x) <- s(), t(x)`,
    channels: "in/1",
    inputs: [
      ["in", 1],
      ["in", 2],
    ],
  },
  {
    number: "a relation that both halves derive",
    rules: `s(x) <- in(x); ${E} | s@next(x) <- s(x); o@async(c)(x) <- z(), s(x)`,
    channels: "in/1 z/0",
    inputs: [["in", 1], ["z"], ["in", 2]],
  },
];

const bound = { states: 40_000 };

test.each(ALLOWED)("case $number: refines with free clocks, and comes to rest", (batching) => {
  const original = originalOf(batching);
  const { program: rewritten } = applied(batching);
  const found = checked(original, rewritten, batching.inputs, { bound });
  expect(verdictOf(found), JSON.stringify(found)).toBe("refines");
  const rest = restOf(rewritten, inputsOf(batching.inputs), original);
  expect(rest).toMatchObject({ kind: "rests", duplicatesShow: false });
});

test.each([
  ["who counts two arrivals sees no difference", { observer: { multi: 2 } }],
  ["messages between siblings may arrive twice", { duplicates: true }],
] as const)("case 41: %s", (_, more) => {
  const inputs = CASE41.inputs.slice(0, 2);
  const found = checked(originalOf(CASE41), applied(CASE41).program, inputs, { bound, ...more });
  expect(verdictOf(found), JSON.stringify(found)).toBe("refines");
});

test("a batch is forgotten when it has run: nothing is kept but the state and two numbers", () => {
  const rest = restOf(applied(CASE41).program, inputsOf(CASE41.inputs), originalOf(CASE41));
  expect(rest).toEqual({ kind: "rests", kept: 3, duplicatesShow: false });
});

const COUNTING: Batching = {
  number: "119",
  rules: `f@next(1) <- a(_); f@next(2) <- f(_); o1@async(c)(n) <- b(), f(n); r(x) <- a(x)
    | p@next(x) <- r(x); o2@async(c)(x) <- p(x)`,
  channels: "a/1 b/0",
  inputs: [["a", 1], ["b"]],
};

test("case 119: right in lock-step only, because what moves answers one tick later (S-03)", () => {
  const original = originalOf(COUNTING);
  const { program: rewritten } = applied(COUNTING, "lockstep");
  const free = checked(original, rewritten, COUNTING.inputs);
  expect(verdictOf(free), JSON.stringify(free)).toBe("safety");
  const locked = checked(original, rewritten, COUNTING.inputs, { clocks: "lockstep" });
  expect(verdictOf(locked), JSON.stringify(locked)).toBe("refines");
});

/** What the conditions refuse, forced: the referee finds what each is there for. */
const REFUSED: readonly (Batching & { readonly code: string; readonly violation: string })[] = [
  {
    number: "42",
    code: "idle-change",
    violation: "safety",
    // The counter of the case stops at 3, so that there are finitely many states; z tells of ticks that make no batch.
    rules: `s(x) <- in(x); ${E}; f@async(c)(x) <- z(x)
      | k@next(1) <- boot(), !k(_); k@next(n) <- k(m), m < 3, n := m + 1; k@next(3) <- k(3); o@async(c)(x,n) <- s(x), k(n)`,
    channels: "in/1 z/1",
    inputs: [
      ["z", 1],
      ["z", 2],
      ["in", 1],
    ],
  },
  {
    number: "44",
    code: "idle-output",
    violation: "nothing, as monotonic decoupling says",
    rules: `s(x) <- in(x); ${E} | p@next(x) <- s(x); p@next(x) <- p(x); o@async(c)(x) <- p(x)`,
    channels: "in/1",
    inputs: CASE41.inputs,
  },
  {
    number: "H-14",
    code: "idle-derivation",
    violation: "safety",
    rules: `in2(x) <- in(x); ${E}; f@async(c)(x) <- z(x)
      | r(x) <- s(x), !e1(); r@next(x) <- r(x); s@next(x) <- in2(x); s@next(x) <- s(x); e1() <- in2(_);
      o@async(c)(x,1) <- in2(x), r(_); o@async(c)(x,0) <- in2(x), !r(_)`,
    channels: "in/1 z/1",
    inputs: [
      ["in", 1],
      ["z", 1],
      ["in", 2],
    ],
  },
];

test.each(REFUSED)("case $number, forced: $violation", (batching) => {
  const original = originalOf(batching);
  const step = applyStep(original, requestOf(batching));
  if (step.kind !== "refused") throw new Error("the step is not refused");
  expect(step.preconditions.filter((c) => c.verdict === "violated").map((c) => c.code)).toContain(
    batching.code,
  );
  const forced = forceStep(original, requestOf(batching));
  if (typeof forced === "string") throw new Error(forced);
  const found = checked(original, forced, batching.inputs, { bound });
  const expected = batching.violation.startsWith("nothing") ? "refines" : batching.violation;
  expect(verdictOf(found), JSON.stringify(found)).toBe(expected);
});

test("what is kept makes a batch on every tick, for ever", () => {
  const kept: Batching = {
    number: "not-input-derived",
    rules: "t(x) <- in(x); t@next(x) <- t(x); s(x) <- t(x) | o@async(c)(x) <- s(x), b(x)",
    channels: "in/1 b/1",
    inputs: [["in", 1]],
  };
  const original = originalOf(kept);
  const forced = forceStep(original, requestOf(kept));
  if (typeof forced === "string") throw new Error(forced);
  expect(restOf(forced, inputsOf(kept.inputs), original).kind).toBe("restless");
});
