import { expect, test } from "vitest";
import { checked, program, verdictOf } from "./programs.testing.ts";
import type { Case } from "./programs.testing.ts";

type Facts = Parameters<typeof checked>[2];

/** A split of `L` into `L` and `L2`, written by hand, that some reading of the papers allows and that is wrong. */
interface Violation {
  readonly name: string;
  readonly original: Case;
  readonly rewritten: Case;
  readonly inputs: Facts;
  readonly free: string;
  readonly lockstep: string;
}

const split = { originals: { L2: "L" } };

const VIOLATIONS: readonly Violation[] = [
  {
    name: "S-01: what nobody keeps lives one tick of its own node only",
    original: {
      nodes: {
        L: "e@async(c)(x) <- a(x); p@next(x) <- b(x); k@async(c)(x) <- b(x); o@async(c)(x) <- q(), p(x)",
      },
      channels: { "a/1": "L", "b/1": "L", "q/0": "L" },
    },
    rewritten: {
      nodes: {
        L: "e@async(c)(x) <- a(x)",
        L2: "p@next(x) <- b(x); k@async(c)(x) <- b(x); o@async(c)(x) <- q(), p(x)",
      },
      channels: { "a/1": "L", "b/1": "L2", "q/0": "L2" },
      deployment: split,
    },
    inputs: [["a", 1], ["b", 1], ["q"]],
    free: "safety",
    lockstep: "refines",
  },
  {
    name: "H-02: two facts of one relation, forwarded one by one, miss each other",
    original: {
      nodes: { L: "r(x,1) <- in(x); r(x,2) <- in(x); o@async(c)(x) <- r(x,a), r(x,b), a != b" },
      channels: { "in/1": "L" },
    },
    rewritten: {
      nodes: {
        L: 'r(x,1) <- in(x); r(x,2) <- in(x); r_w@async(d)(x,y) <- r(x,y), d := addr("L2")',
        L2: "o@async(c)(x) <- r_w(x,a), r_w(x,b), a != b",
      },
      channels: { "in/1": "L" },
      deployment: split,
    },
    inputs: [["in", 1]],
    free: "quiescence",
    lockstep: "quiescence",
  },
  {
    name: "H-09: a counter of ticks moves away from the messages that tick it",
    original: {
      nodes: {
        L: "e@async(c)(x) <- a(x); k@next(1) <- boot(), !k(_); k@next(2) <- k(_); o@async(c)(n) <- b(), k(n); o@async(c)(0) <- b(), !k(_)",
      },
      channels: { "a/1": "L", "b/0": "L" },
    },
    rewritten: {
      nodes: {
        L: "e@async(c)(x) <- a(x)",
        L2: "k@next(1) <- boot(), !k(_); k@next(2) <- k(_); o@async(c)(n) <- b(), k(n); o@async(c)(0) <- b(), !k(_)",
      },
      channels: { "a/1": "L", "b/0": "L2" },
      deployment: split,
    },
    inputs: [["a", 1], ["a", 2], ["b"]],
    free: "safety",
    lockstep: "refines",
  },
  {
    name: "H-13: renaming only the references cuts a relation off from its persistence",
    original: {
      nodes: {
        L: "r(x) <- in(x); r@next(x) <- r(x); u(x) <- q(x); u@next(x) <- u(x); o@async(c)(x) <- r(x), u(x)",
      },
      channels: { "in/1": "L", "q/1": "L" },
    },
    rewritten: {
      nodes: {
        L: 'r(x) <- in(x); r_w@async(d)(x) <- r(x), d := addr("L2")',
        L2: "r@next(x) <- r_w(x); u(x) <- q(x); u@next(x) <- u(x); o@async(c)(x) <- r_w(x), u(x)",
      },
      channels: { "in/1": "L", "q/1": "L2" },
      deployment: split,
    },
    inputs: [
      ["in", 1],
      ["q", 1],
    ],
    free: "quiescence",
    lockstep: "quiescence",
  },
];

const repaired = (rules: string): Case => ({
  nodes: {
    L: 'r(x) <- in(x); r_w@async(d)(x) <- r(x), d := addr("L2")',
    L2: rules,
  },
  channels: { "in/1": "L", "q/1": "L2" },
  deployment: split,
});

test.each(VIOLATIONS)("$name", ({ original, rewritten, inputs, free, lockstep }) => {
  const [p, q] = [program(original), program(rewritten)];
  expect(verdictOf(checked(p, p, inputs))).toBe("refines");
  expect(verdictOf(checked(p, q, inputs))).toBe(free);
  expect(verdictOf(checked(p, q, inputs, { clocks: "lockstep" }))).toBe(lockstep);
});

test("H-13 repaired: heads and bodies renamed, the copy kept", () => {
  const p = program(VIOLATIONS[3]!.original);
  const good = repaired(
    "r_2(x) <- r_w(x); r_2@next(x) <- r_2(x); u(x) <- q(x); u@next(x) <- u(x); o@async(c)(x) <- r_2(x), u(x)",
  );
  expect(
    verdictOf(
      checked(p, program(good), [
        ["in", 1],
        ["q", 1],
      ]),
    ),
  ).toBe("refines");
});

/** Two partitions: `owner(key, address)` says whose a key is. */
const partitioned = (rules: string, channels: Record<string, string>): Case => ({
  nodes: { P0: rules, P1: rules },
  channels,
  deployment: {
    originals: { P0: "L", P1: "L" },
    edb: {
      owner: [0, 1].map((key) => [key, { kind: "address" as const, name: `P${key}` }]),
    },
  },
});

const KEPT =
  "s(y) <- r(x,y); s@next(y) <- s(y); u(y) <- q(y); u@next(y) <- u(y); o@async(c)(y) <- s(y), u(y)";

test("H-26: heads have keys too", () => {
  const p = program({ nodes: { L: KEPT }, channels: { "r/2": "L", "q/1": "L" } });
  const byFirst = partitioned(KEPT, { "r/2": "owner(x1, d)", "q/1": "owner(x1, d)" });
  const bySecond = partitioned(KEPT, { "r/2": "owner(x2, d)", "q/1": "owner(x1, d)" });
  const inputs: Facts = [
    ["r", 0, 1],
    ["q", 1],
  ];
  expect(verdictOf(checked(p, program(byFirst), inputs))).toBe("quiescence");
  expect(verdictOf(checked(p, program(bySecond), inputs))).toBe("refines");
});

test("a counterexample is a schedule that can be read", () => {
  const { original, rewritten, inputs } = VIOLATIONS[0]!;
  const found = checked(program(original), program(rewritten), inputs);
  if (found.kind !== "counterexample") throw new Error("no counterexample");
  expect(
    found.schedule.map((step) => ({
      ticks: step.ticks.map((t) => `${t.address}: ${t.arrived.map((f) => f.relation).join()}`),
      outputs: step.outputs.map((o) => o.relation),
    })),
  ).toMatchInlineSnapshot(`
    [
      {
        "outputs": [
          "k",
        ],
        "ticks": [
          "L2: b",
        ],
      },
      {
        "outputs": [
          "e",
        ],
        "ticks": [
          "L: a",
        ],
      },
      {
        "outputs": [
          "o",
        ],
        "ticks": [
          "L2: q",
        ],
      },
    ]
  `);
});

test("too many states are no verdict", () => {
  const { original, rewritten, inputs } = VIOLATIONS[2]!;
  const [p, q] = [program(original), program(rewritten)];
  expect(verdictOf(checked(p, q, inputs, { bound: { originalStates: 5 } }))).toBe("not-known");
  expect(verdictOf(checked(p, p, inputs, { bound: { states: 3 } }))).toBe("not-known");
});

test("a run-time error of the rewritten program alone is a counterexample", () => {
  const p = program({ nodes: { L: "o@async(c)(x) <- a(x)" }, channels: { "a/1": "L" } });
  const q = program({
    nodes: { L: "o@async(c)(y) <- a(x), y := 1 / x * x" },
    channels: { "a/1": "L" },
  });
  expect(verdictOf(checked(p, q, [["a", 1]]))).toBe("refines");
  expect(verdictOf(checked(p, q, [["a", 0]]))).toBe("error");
});

test("two equal messages that arrive at one tick are one fact there", () => {
  const counts = "s@next(x) <- m(x); s@next(x) <- s(x); twice@async(c)(x) <- m(x), s(x)";
  const answers = 'd := addr("R")';
  const original: Case = {
    nodes: { L: `m@async(d)(x) <- a(x), ${answers}`, R: counts },
    channels: { "a/1": "L" },
  };
  const once = `m@async(d)(x) <- a(x), !old(x), ${answers}; old@next(x) <- a(x); old@next(x) <- old(x)`;
  const rewritten: Case = { ...original, nodes: { L: once, R: counts } };
  const inputs: Facts = [
    ["a", 1],
    ["a", 1],
  ];
  expect(verdictOf(checked(program(original), program(rewritten), inputs))).toBe("refines");
  // Whoever has seen the first arrive before sending the second knows that they did not.
  const seen = (p: Case) =>
    program({ ...p, nodes: { ...p.nodes, R: `${counts}; k@async(c)(x) <- m(x)` } });
  expect(verdictOf(checked(seen(original), seen(rewritten), inputs))).toBe("quiescence");
});

test("the original is not at rest as long as what it sends again may show something", () => {
  const counts = "seen@next(x) <- m(x); seen@next(x) <- seen(x)";
  const original: Case = {
    nodes: {
      L: 's(x) <- a(x); s@next(x) <- s(x); m@async(d)(x) <- s(x), d := addr("R")',
      R: `${counts}; twice@async(c)(x) <- m(x), seen(x)`,
    },
    channels: { "a/1": "L" },
  };
  const silent = { ...original, nodes: { ...original.nodes, R: counts } };
  const verdict = (p: Case) => verdictOf(checked(program(original), program(p), [["a", 1]]));
  expect(verdict(original)).toBe("refines");
  expect(verdict(silent)).toBe("quiescence");
});
