import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { KeyTerms } from "../analysis/keyTerm.ts";
import type { Rule } from "../program/program.ts";
import type { Row } from "../program/value.ts";
import { applyStep } from "../rewrites/driver.ts";
import { forceStep } from "../rewrites/force.ts";
import type { StepRequest } from "../rewrites/rewrite.ts";
import { mutants } from "./mutants.testing.ts";
import { checked, inputsOf, movedRules, program, verdictOf } from "./programs.testing.ts";
import { restOf } from "./restingState.testing.ts";

/** Asymmetric decoupling of rewrites.md section 3.5, under the numbers of spec/cases.md. */
interface Asymmetric {
  readonly number: string;
  /** C1, which stays, before the bar; C2, which moves and comes first, behind it. */
  readonly rules: string;
  readonly channels: string;
  readonly inputs: readonly (readonly [string, ...Row])[];
  /** What moves becomes several nodes. */
  readonly partitioned?: { readonly partitions: number; readonly keys: KeyTerms };
}

function originalOf({ rules, channels }: Asymmetric): AnalyzedProgram {
  const all = channels.split(" ").map((channel) => [channel, "L"]);
  return program({ nodes: { L: rules }, channels: Object.fromEntries(all) });
}

function requestOf({ rules, partitioned }: Asymmetric): StepRequest {
  const target = { component: "L", rules: movedRules("L", rules), name: "M", ...partitioned };
  return { rewrite: "decoupleAsymmetric", target, waiver: "tick-counts" };
}

function applied(asymmetric: Asymmetric, verdict: "holds" | "lockstep" = "holds") {
  const step = applyStep(originalOf(asymmetric), requestOf(asymmetric));
  if (step.kind !== "applied") throw new Error(JSON.stringify(step));
  expect(step.verdict).toBe(verdict);
  return step;
}

const KEEPS = "k(x) <- k2(x); k@next(x) <- k(x); p@async(c)(x) <- q(_), k(x)";

const CASE47: Asymmetric = {
  number: "47",
  rules: `${KEEPS} | k2(x) <- b(x); o@async(c)(x) <- b(x)`,
  channels: "b/1 q/1",
  inputs: [
    ["b", 1],
    ["q", 1],
    ["b", 2],
  ],
};

const CASE122: Asymmetric = {
  number: "122",
  rules: `${KEEPS} | k2(x) <- b(x); kz@async(c)(1) <- z()`,
  channels: "b/1 q/1 z/0",
  inputs: [["b", 1], ["q", 1], ["z"]],
};

const TWO: Asymmetric = {
  number: "47 with two relations",
  rules: `${KEEPS}; n@async(c)(y) <- g(y), k(_); n@async(c)(0) <- g(_), !k(_)
    | k2(x) <- b(x); o@async(c)(x) <- b(x); g(y) <- f(y); a@async(c)(y) <- f(y)`,
  channels: "b/1 f/1",
  inputs: [
    ["b", 1],
    ["f", 7],
  ],
};

const CASE93: Asymmetric = {
  ...CASE47,
  number: "93",
  partitioned: { partitions: 2, keys: { b: [0], k2: [0] } },
  // Keys 0 and 1 lie in different partitions.
  inputs: [
    ["b", 0],
    ["q", 1],
    ["b", 1],
  ],
};

/** One partition tells another one, which has no batch of its own to wait for. */
const TOLD: Asymmetric = {
  number: "93, a partition tells another one",
  rules: `k(x) <- r(x); k@next(x) <- k(x); p@async(c)(x) <- q(), k(x); p@async(c)(7) <- q(), !k(_)
    | r(x) <- b(x); m@async(self)(y) <- b(x), y := x + 1; o@async(c)(y) <- m(y)`,
  channels: "b/1 q/0",
  // Keys 0 and 1 lie in different partitions.
  inputs: [["b", 0], ["q"]],
  partitioned: { partitions: 2, keys: { b: [0], r: [0], m: [0] } },
};

const ALLOWED: readonly Asymmetric[] = [
  CASE93,
  TOLD,
  CASE47,
  CASE122,
  TWO,
  {
    number: "47, what moves keeps what it joins",
    rules: `${KEEPS} | k2(x) <- b(x); l(x) <- b(x); l@next(x) <- l(x); m(x) <- f(x); m@next(x) <- m(x);
      h(x) <- l(x), m(x); o@async(c)(x) <- b(x)`,
    channels: "b/1 q/1 f/1",
    inputs: [
      ["b", 1],
      ["q", 1],
      ["f", 1],
    ],
  },
  {
    number: "a relation that the half that stays keeps",
    rules: "k@next(x) <- k(x); p@async(c)(x) <- q(_), k(x) | k(x) <- b(x); o@async(c)(x) <- b(x)",
    channels: "b/1 q/1",
    inputs: CASE47.inputs.slice(0, 2),
  },
  {
    number: "the half that moves tells itself, and the half that stays",
    rules: `${KEEPS}; r@async(c)(x) <- t(x), k(x); r@async(c)(0) <- t(_), !k(_)
      | k2(x) <- b(x); m@async(self)(x) <- b(x); t@async(self)(x) <- b(x); o@async(c)(x) <- m(x)`,
    channels: "b/1 q/1",
    inputs: [
      ["b", 1],
      ["q", 1],
    ],
  },
];

const bound = { states: 60_000 };

test.each([
  ["who counts two arrivals sees no difference", { observer: { multi: 2 } }],
  ["messages between siblings may arrive twice", { duplicates: true }],
] as const)("case 47: %s", (_, more) => {
  const inputs = CASE47.inputs.slice(0, 2);
  const found = checked(originalOf(CASE47), applied(CASE47).program, inputs, { bound, ...more });
  expect(verdictOf(found), JSON.stringify(found)).toBe("refines");
});

test.each(ALLOWED)("case $number: refines with free clocks, and comes to rest", (asymmetric) => {
  const original = originalOf(asymmetric);
  const { program: rewritten } = applied(asymmetric);
  const found = checked(original, rewritten, asymmetric.inputs, { bound });
  expect(verdictOf(found), JSON.stringify(found)).toBe("refines");
  const rest = restOf(rewritten, inputsOf(asymmetric.inputs), original);
  expect(rest).toMatchObject({ kind: "rests", duplicatesShow: false });
});

test.each([
  [
    "47: an answer goes before its cause is known",
    CASE47,
    /^o\(.*!awaited_M\(_\) without !awaited_M$/,
    "quiescence",
  ],
  [
    "122, S-07: after an idle tick every answer waits for ever",
    CASE122,
    / without >$/,
    "quiescence",
  ],
] as const)("case %s", (_, asymmetric, guard, violation) => {
  const original = originalOf(asymmetric);
  const step = applied(asymmetric);
  const [mutant, ...others] = mutants({ before: original, ...step }).filter(({ name }) =>
    guard.test(name),
  );
  expect(others).toEqual([]);
  const found = checked(original, mutant!.program, asymmetric.inputs, { bound });
  expect(verdictOf(found), mutant!.name).toBe(violation);
});

test("case 93: where the streams of two partitions have one number, batches are lost", () => {
  const original = originalOf(CASE93);
  const { program: rewritten } = applied(CASE93);
  const zero = { kind: "constant", value: 0 } as const;
  const merged = (rule: Rule): Rule =>
    rule.body.some((l) => l.kind === "relation" && l.relation === "part_M")
      ? { ...rule, head: { ...rule.head, terms: rule.head.terms.with(0, zero) } }
      : rule;
  const components = rewritten.program.components.map((c) => ({
    ...c,
    rules: c.rules.map(merged),
  }));
  const mutant = analyze({ ...rewritten.program, components }, rewritten.deployment);
  const found = checked(original, mutant, CASE93.inputs, { bound });
  expect(verdictOf(found), JSON.stringify(found)).toBe("quiescence");
});

/** Case 51 counts ticks where it stays. Its own messages all make batches, so `z` tells of ticks that make none. */
const COUNTING: Asymmetric = {
  number: "51",
  rules: `k(x) <- k2(x); k@next(x) <- k(x); t@next(1) <- boot(), !t(_); t@next(n) <- t(m), m < 2, n := m + 1; t@next(2) <- t(2);
      p@async(c)(x,n) <- q(_), k(x), t(n) | k2(x) <- b(x); o@async(c)(x) <- b(x); o@async(c)(x) <- z(x)`,
  channels: "b/1 q/1 z/1",
  inputs: [
    ["z", 5],
    ["z", 6],
    ["b", 1],
    ["q", 1],
  ],
};

test("case 51: right in lock-step only, because what stays counts ticks", () => {
  const original = originalOf(COUNTING);
  const { program: rewritten } = applied(COUNTING, "lockstep");
  const free = checked(original, rewritten, COUNTING.inputs, { bound });
  expect(verdictOf(free), JSON.stringify(free)).toBe("safety");
  const locked = checked(original, rewritten, COUNTING.inputs, { bound, clocks: "lockstep" });
  expect(verdictOf(locked), JSON.stringify(locked)).toBe("refines");
});

test("case 51 as it stands shows no difference: each tick with messages of what moves makes a batch", () => {
  const own = { ...COUNTING, rules: COUNTING.rules.replace("; o@async(c)(x) <- z(x)", "") };
  const asItStands = { ...own, channels: "b/1 q/1", inputs: CASE47.inputs };
  const original = originalOf(asItStands);
  const { program: rewritten } = applied(asItStands, "lockstep");
  expect(verdictOf(checked(original, rewritten, asItStands.inputs, { bound }))).toBe("refines");
});

/** What the conditions refuse, forced. */
const REFUSED: readonly (Asymmetric & { readonly code: string; readonly violation: string })[] = [
  {
    number: "50",
    code: "two-relations",
    // Too strict: where what stays does not count ticks, each tick of what moves can have been a tick of its own.
    violation: "refines",
    rules: `${KEEPS} | k2(x) <- b(x); o@async(c)(x,y) <- b(x), g(y); h@async(c)(y) <- g(y)`,
    channels: "b/1 g/1 q/1",
    inputs: [
      ["b", 1],
      ["g", 1],
    ],
  },
  {
    number: "121",
    code: "not-input-derived",
    violation: "safety",
    rules: `k(x) <- xx(x); k@next(x) <- k(x); o1@async(c)(x) <- q(), k(x); o1@async(c)(0) <- q(), !k(_)
      | p@next(x) <- b(x); xx(x) <- p(x); o2@async(c)(x) <- b(x)`,
    channels: "b/1 q/0",
    inputs: [["b", 1], ["q"], ["b", 2]],
  },
];

test.each(REFUSED)("case $number, forced, $violation", (asymmetric) => {
  const original = originalOf(asymmetric);
  const step = applyStep(original, requestOf(asymmetric));
  if (step.kind !== "refused") throw new Error("the step is not refused");
  expect(step.preconditions.filter((c) => c.verdict === "violated").map((c) => c.code)).toContain(
    asymmetric.code,
  );
  const forced = forceStep(original, requestOf(asymmetric));
  if (typeof forced === "string") throw new Error(forced);
  const found = checked(original, forced, asymmetric.inputs, { bound });
  expect(verdictOf(found), JSON.stringify(found)).toBe(asymmetric.violation);
});

/** What moves is a state machine that joins: neither functional nor monotone. */
const JOINING = `k2(x) <- b(x); e(x) <- b(x); e(x) <- z(x); last@next(x) <- e(x); last@next(x) <- last(x), !any(); any() <- e(_);
  o@async(c)(x,y) <- e(x), last(y)`;

test.each([
  ["free", "refines", "g@async(c)(x) <- k2(x)"],
  [
    "lockstep",
    "safety",
    `t@next(1) <- boot(), !t(_); t@next(n) <- t(m), m < 5, n := m + 1; t@next(5) <- t(5); g@async(c)(n) <- k2(_), t(n)`,
  ],
] as const)(
  "case 50, a state machine that joins, forced, %s clocks: %s",
  (clocks, verdict, stays) => {
    // In lock-step batches that run in neighbouring ticks leave no tick for what happened between them.
    const joining: Asymmetric = {
      number: "50",
      rules: `${stays} | ${JOINING}`,
      channels: "b/1 z/1",
      inputs: [
        ["b", 1],
        ["z", 2],
        ["b", 3],
      ],
    };
    const original = originalOf(joining);
    expect(applyStep(original, requestOf(joining)).kind).toBe("refused");
    const forced = forceStep(original, requestOf(joining));
    if (typeof forced === "string") throw new Error(forced);
    const found = checked(original, forced, joining.inputs, { bound, clocks });
    expect(verdictOf(found), JSON.stringify(found)).toBe(verdict);
  },
);
