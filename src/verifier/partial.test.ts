import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { KeyTerms } from "../analysis/keyTerm.ts";
import type { Rule } from "../program/program.ts";
import { address } from "../program/value.ts";
import type { Row } from "../program/value.ts";
import { applyStep } from "../rewrites/driver.ts";
import { partitionPartially } from "../rewrites/partitionPartially.ts";
import type { PartialTarget } from "../rewrites/partialConditions.ts";
import { checked, program, verdictOf } from "./programs.testing.ts";

interface Partial {
  readonly number: string;
  readonly rules: string;
  readonly channels: string;
  readonly replicated: readonly string[];
  readonly keys: KeyTerms;
  readonly inputs: readonly (readonly [string, ...Row])[];
  /** A node R, at `to`. */
  readonly receiver?: string;
}

function originalOf({ rules, channels, receiver }: Partial): AnalyzedProgram {
  const all = channels.split(" ").map((channel) => [channel, "L"]);
  const nodes = { L: rules, ...(receiver === undefined ? {} : { R: receiver }) };
  const deployment = receiver === undefined ? {} : { edb: { to: [[address("R")]] } };
  return program({ nodes, channels: Object.fromEntries(all), deployment });
}

function targetOf({ replicated, keys }: Partial): PartialTarget {
  return { component: "L", partitions: 2, replicated, keys, name: "proxy" };
}

function applied(p: AnalyzedProgram, partial: Partial): AnalyzedProgram {
  const step = applyStep(p, { rewrite: "partitionPartially", target: targetOf(partial) });
  if (step.kind !== "applied") throw new Error(JSON.stringify(step));
  expect(step.verdict).toBe("holds");
  return step.program;
}

/** The program without the rules, or with the bodies, that a mutant has. */
function mutated(p: AnalyzedProgram, change: (rule: Rule) => Rule | undefined): AnalyzedProgram {
  const components = p.program.components.map((c) => ({
    ...c,
    rules: c.rules.map(change).filter((rule) => rule !== undefined),
  }));
  return analyze({ ...p.program, components }, p.deployment);
}

const CASE79: Partial = {
  number: "79",
  rules:
    "bal(b) <- pb(b); bal@next(b) <- bal(b); mx(max<b>) <- bal(b); r@async(c)(x,m) <- w(x), mx(m)",
  channels: "pb/1 w/1",
  replicated: ["pb", "bal", "mx"],
  keys: { w: [0] },
  inputs: [
    ["pb", 1],
    ["pb", 2],
    ["w", 0],
    ["w", 1],
  ],
};

const ALLOWED: readonly Partial[] = [
  { ...CASE79, inputs: CASE79.inputs.filter(([, x]) => x !== 2) },
  {
    ...CASE79,
    number: "85",
    inputs: [
      ["pb", 1],
      ["pb", 1],
      ["w", 0],
    ],
  },
  {
    number: "83",
    rules: "pong@async(c)(b) <- pb(b); q@async(c)(x) <- w(x)",
    channels: "pb/1 w/1",
    replicated: ["pb"],
    keys: { w: [0] },
    inputs: [
      ["pb", 1],
      ["w", 0],
    ],
  },
  {
    number: "123",
    rules:
      "k(x) <- p(x); k@next(x) <- k(x), !del(x); d@async(c)(x) <- del(x); o@async(c)(y,x) <- p(y), k(x)",
    channels: "p/1 del/1",
    replicated: ["p"],
    keys: { k: [0], del: [0] },
    inputs: [
      ["p", 0],
      ["del", 0],
      ["p", 1],
    ],
  },
  {
    number: "131",
    rules:
      "l(b) <- p(b); l@next(b) <- l(b); kp@async(c)(b) <- p(b); o@async(c)(x,b) <- w(x), l(b); o@async(c)(x,0) <- w(x), !l(_)",
    channels: "p/1 w/1",
    replicated: ["p", "l"],
    keys: { w: [0] },
    inputs: [
      ["p", 1],
      ["w", 0],
      ["w", 1],
    ],
  },
  {
    number: "134",
    rules: "k(x) <- w(x); k@next(x) <- k(x); miss@async(c)(x) <- p(x), !k(x)",
    channels: "p/1 w/1",
    replicated: ["p"],
    keys: { k: [0], w: [0] },
    inputs: [
      ["p", 0],
      ["w", 1],
    ],
  },
  {
    number: "102",
    rules:
      "a(x) <- p(x); a@next(x) <- a(x); b(x) <- q(x); b@next(x) <- b(x); o@async(c)(x,y,z) <- w(x), a(y), b(z); n@async(c)(x) <- w(x), !a(_); e@async(c)(x) <- w(x)",
    channels: "p/1 q/1 w/1",
    replicated: ["p", "a", "q", "b"],
    keys: { w: [0] },
    inputs: [
      ["p", 1],
      ["w", 0],
    ],
  },
];

test.each(ALLOWED)("case $number: refines with free clocks", (partial) => {
  const original = originalOf(partial);
  const rewritten = applied(original, partial);
  const found = checked(original, rewritten, partial.inputs, {
    bound: { together: 2, states: 200_000 },
  });
  expect(verdictOf(found), JSON.stringify(found)).toBe("refines");
});

const caseOf = (number: string): Partial => ALLOWED.find((one) => one.number === number)!;

test.each([
  ["80: nobody stands still", CASE79, "thawed_L", "pending_L"],
  ["102 without zero in the header", caseOf("102"), "q_size", "done_L"],
  ["123 without the owner's guard", caseOf("123"), "k", "part_L"],
])("case %s: caught", (_, partial, head, guard) => {
  const inputs = partial === CASE79 ? CASE79.inputs.filter(([, x]) => x !== 2) : partial.inputs;
  const original = originalOf(partial);
  const whole = applied(original, partial);
  let changes = 0;
  const mutant = mutated(whole, (rule) => {
    const has = rule.body.some((l) => l.kind === "relation" && l.relation === guard);
    if (rule.head.relation !== head || !has) return rule;
    changes++;
    if (head === "q_size") return undefined;
    return {
      ...rule,
      body: rule.body.filter((l) => l.kind !== "relation" || l.relation !== guard),
    };
  });
  expect(changes).toBe(1);
  const found = checked(original, mutant, inputs, { bound: { together: 2 } });
  expect(["safety", "quiescence"]).toContain(verdictOf(found));
});

test("where the proxy goes on after one vote, partitions answer by different states", () => {
  const inputs = CASE79.inputs.filter(([, x]) => x !== 2);
  const original = originalOf(CASE79);
  const hasty = mutated(applied(original, CASE79), (rule) => {
    if (rule.head.relation !== "done_L") return rule;
    const body = rule.body.map((l) =>
      l.kind === "relation"
        ? { ...l, terms: l.terms.with(0, { kind: "constant", value: 1 } as const) }
        : l,
    );
    return { ...rule, body };
  });
  const found = checked(original, hasty, inputs, { bound: { together: 2 } });
  expect(["safety", "quiescence"]).toContain(verdictOf(found));
});

test("case 134: where one partition answers for keys that another owns, an answer is lost", () => {
  const partial = {
    ...caseOf("134"),
    inputs: [
      ["p", 0],
      ["p", 1],
    ] as const,
  };
  const original = originalOf(partial);
  const mutant = mutated(applied(original, partial), (rule) => {
    if (rule.head.relation !== "miss") return rule;
    const first = { kind: "constant", value: 0 } as const;
    const primary = {
      kind: "relation",
      negated: false,
      relation: "part_L",
      terms: [first],
    } as const;
    return { ...rule, body: [...rule.body, primary] };
  });
  expect(verdictOf(checked(original, mutant, partial.inputs))).toBe("quiescence");
});

const REFUSED: readonly Partial[] = [
  {
    ...CASE79,
    number: "81",
    rules: `${CASE79.rules}; bal(x) <- w(x)`,
    inputs: [
      ["w", 0],
      ["w", 1],
    ],
  },
  {
    number: "86",
    rules:
      "l(x) <- lg(x); l@next(x) <- l(x); a@async(c)(x) <- lg(x); sz(count<x>) <- p(_), l(x); d@async(c)(n) <- sz(n)",
    channels: "p/1 lg/1",
    replicated: ["p", "sz"],
    keys: { lg: [0], l: [0] },
    inputs: [
      ["lg", 0],
      ["lg", 1],
      ["p", 1],
    ],
  },
  {
    number: "130",
    rules:
      "k(x) <- w(x); k@next(x) <- k(x); e@async(c)(x) <- w(x); o@async(d)(b) <- p(b), k(x), to(d)",
    receiver: "s@next(b) <- o(b); s@next(b) <- s(b); twice@async(c)(b) <- o(b), s(b)",
    channels: "p/1 w/1",
    replicated: ["p"],
    keys: { w: [0], k: [0] },
    inputs: [
      ["w", 0],
      ["w", 1],
      ["p", 7],
    ],
  },
];

test.each(REFUSED)("case $number, forced, differs", (partial) => {
  const original = originalOf(partial);
  const step = applyStep(original, { rewrite: "partitionPartially", target: targetOf(partial) });
  expect(step.kind).toBe("refused");
  const { program: rules, deployment } = partitionPartially.apply(original, targetOf(partial));
  const found = checked(original, analyze(rules, deployment), partial.inputs, {
    bound: { together: 2 },
  });
  expect(["safety", "quiescence"]).toContain(verdictOf(found));
});
