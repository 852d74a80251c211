import { expect, test } from "vitest";
import { afterSteps, applied, caseProgram, cohash, outcome, split } from "./cases.testing.ts";
import type { CaseText } from "./cases.testing.ts";
import { applyStep, offers } from "./driver.ts";
import { printed } from "./examples.testing.ts";
import { offerTitles } from "./offerTitles.ts";

/** Cases of spec/cases.md: C1, which stays, before the bar and C2, which moves, behind it. */
const CASES: readonly (CaseText & { readonly number: string; readonly expected: string })[] = [
  {
    number: "47",
    rules:
      "k(x)<-k2(x); k@next(x)<-k(x); p@async(c)(x)<-q(),k(x) | k2(x)<-b(x); o@async(c)(x)<-b(x)",
    expected: "holds",
  },
  {
    number: "50",
    rules: "k(x)<-k2(x); k@next(x)<-k(x) | k2(x)<-b(x); o@async(c)(x,y)<-b(x),g(y)",
    expected: "two-relations",
  },
  {
    number: "51",
    rules:
      "k(x)<-k2(x); k@next(x)<-k(x); t@next(1)<-boot(),!t(_); t@next(n+1)<-t(n); p@async(c)(x,n)<-q(),k(x),t(n) | k2(x)<-b(x); o@async(c)(x)<-b(x)",
    expected: "lockstep",
  },
  {
    number: "121",
    rules:
      "k(x)<-xx(x); k@next(x)<-k(x); o1@async(c)(x)<-q(),k(x); o1@async(c)(0)<-q(),!k(_) | p@next(x)<-b(x); xx(x)<-p(x); o2@async(c)(x)<-b(x)",
    expected: "idle-change not-input-derived",
  },
  {
    number: "122",
    rules: "k(x)<-r(x); k@next(x)<-k(x); o@async(c)(x)<-q(),k(x) | r(x)<-b(x); kz@async(c)(1)<-z()",
    expected: "holds",
  },
  {
    number: "47, the half that moves keeps what it joins",
    rules:
      "k(x)<-k2(x); k@next(x)<-k(x); p@async(c)(x)<-q(),k(x) | k2(x)<-b(x); l(x)<-b(x); l@next(x)<-l(x); o@async(c)(x)<-b(x)",
    expected: "holds",
  },
  {
    number: "47, clients send what moves",
    rules:
      "k(x)<-k2(x); k@next(x)<-k(x); p@async(c)(x)<-q(),k(x) | k2(x)<-b(x); o@async(c)(x)<-b(x)",
    env: ["b"],
    expected: "client-input",
  },
  {
    number: "the half that moves reads what stays",
    rules: "k(x)<-k2(x); g(x)<-k2(x) | k2(x)<-b(x); o@async(c)(x)<-g(x)",
    expected: "direction",
  },
  {
    number: "both read one message",
    rules: "k(x)<-k2(x); e@async(c)(x)<-b(x) | k2(x)<-b(x)",
    expected: "shared-read",
  },
  {
    number: "the tick's number, in what stays",
    rules: "k(x)<-k2(x); p@async(c)(x,t)<-q(x),tick(t) | k2(x)<-b(x)",
    expected: "tick-as-data",
  },
  {
    number: "S-15, by analogy",
    rules: "k(x)<-k2(x); k@next(x)<-k(x) | k2(x)<-b(x); o@async(c)(x)<-b(x)",
    declarations: "durable k",
    expected: "durable-copy",
  },
  {
    number: "137 with roles swapped",
    rules: "k(x)<-k2(x); o@async(K)(x)<-k(x) | k2(x)<-b(x); o@async(K)(x)<-b(x)",
    counted: ["o"],
    expected: "sends-counted",
  },
];

test.each(CASES)("asymmetric, case $number: $expected", (text) => {
  const given = caseProgram(text);
  const found = outcome(applyStep(given.program, split("decoupleAsymmetric", given)));
  expect(found).toBe(text.expected);
});

test("what moves numbers its batches and waits with its own answers until they ran", () => {
  const given = caseProgram(CASES[0]!);
  const { program } = applied(applyStep(given.program, split("decoupleAsymmetric", given)));
  expect(printed(program)).toMatchInlineSnapshot(`
    "L
      k(x) :- k2_run(x)
      k(x)@next :- k(x)
      p(x)@async(addr("c")) :- q(), k(x)
      ran_M(i)@async(d) :- runs_M(i), my_M(d)
      header_M(i, n1) :- batch_M(i, n1), expected_M(j), i >= j
      header_M(i, n1)@next :- header_M(i, n1), !runs_M(i)
      k2_waiting(i, x) :- k2_batched(i, x), expected_M(j), i >= j
      k2_waiting(i, x)@next :- k2_waiting(i, x), !runs_M(i)
      k2_arrived(count<x>, i) :- k2_waiting(i, x)
      k2_complete(i) :- header_M(i, n1), k2_arrived(n1, i)
      k2_run(x) :- k2_waiting(i, x), runs_M(i)
      expected_M(0) :- boot(), !nextExpected_M(_)
      expected_M(i) :- nextExpected_M(i)
      runs_M(i) :- expected_M(i), k2_complete(i)
      nextExpected_M(j)@next :- runs_M(i), j := i + 1
      nextExpected_M(i)@next :- expected_M(i), !runs_M(i)
    M
      k2(x) :- b(x)
      o_ready(addr("c"), x) :- b(x)
      awaited_M(i) :- filled_M(), number_M(i)
      awaited_M(j) :- nextNumber_M(i), !filled_M(), i > 0, j := i - 1
      confirmed_M(k) :- ran_M(k)
      confirmed_M(m)@next :- latest_M(m)
      latest_M(max<k>) :- confirmed_M(k)
      o(x)@async(d) :- o_ready(d, x), !awaited_M(_)
      o_held(d, x, k) :- o_ready(d, x), awaited_M(k)
      o_held(d, x, k)@next :- o_held(d, x, k), !released_M(k)
      released_M(k) :- o_held(_, _, k), latest_M(m), k <= m
      o(x)@async(d) :- o_held(d, x, k), released_M(k)
      filled_M() :- k2(_)
      number_M(0) :- boot(), !nextNumber_M(_)
      number_M(i) :- nextNumber_M(i)
      nextNumber_M(j)@next :- number_M(i), filled_M(), j := i + 1
      nextNumber_M(i)@next :- number_M(i), !filled_M()
      k2_batched(i, x)@async(d) :- k2(x), number_M(i), my_L(d)
      k2_size(count<x>) :- k2(x)
      batch_M(i, n1)@async(d) :- number_M(i), k2_size(n1), my_L(d)
    K
      q()@async(addr("L")) :- to_q()
      b(x)@async(d) :- to_b(x), fwd_M(addr("L"), d)"
  `);
});

test("a half that sends nothing else waits for nothing", () => {
  const given = caseProgram({
    rules: "k(x)<-k2(x); k@next(x)<-k(x) | k2(x)<-b(x); b@async(self)(x)<-f(x)",
  });
  const { program } = applied(applyStep(given.program, split("decoupleAsymmetric", given)));
  expect([...program.relations.keys()].filter((r) => /ran|held|ready/.test(r))).toEqual([]);
  expect(printed(program)).toContain("b(x)@async(l) :- f(x), self(l)");
});

const CASE93 = caseProgram(CASES[0]!);
const keyed = (keys: object, more: object = {}) => {
  const step = split("decoupleAsymmetric", CASE93);
  return { ...step, target: { ...(step.target as object), partitions: 2, keys, ...more } };
};

test("case 93: partitioned after the step is refused, because counters have no key", () => {
  const after = afterSteps(CASE93.program, [split("decoupleAsymmetric", CASE93)]);
  const second = cohash({ b: [0], k2: [0] });
  const found = outcome(
    applyStep(after, { ...second, target: { ...(second.target as object), component: "M" } }),
  );
  expect(found).toContain("group-split");
});

test("case 93: partitioned in the same step, each partition has its own stream", () => {
  const { program } = applied(applyStep(CASE93.program, keyed({ b: [0], k2: [0] })));
  const text = printed(program);
  expect(text).toContain("k2_batched(k, i, x)@async(d) :- k2(x), number_M(i), part_M(k), my_L(d)");
  expect(text).toContain("runs_M(k, i) :- expected_M(k, i), k2_complete(k, i)");
  expect(text).toContain("ran_M(i)@async(d) :- runs_M(k, i), base_M(a), route_M(a, k, d)");
  expect(program.program.components.find((c) => c.name === "M")?.by).toHaveLength(1);
});

test("case 93: keys that the rules that move do not agree on are refused, strange ones are no target", () => {
  const judged = (keys: object, more: object = {}) =>
    outcome(applyStep(CASE93.program, keyed(keys, more)));
  expect(judged({ b: [0] })).toBe("keys-differ");
  expect(judged({ b: [1], k2: [0] })).toMatch(/^fault: `b` has no attribute at position 1/);
  expect(judged({ k: [0] })).toMatch(/^fault: The rules that move neither read nor derive `k`/);
  expect(judged({ b: [0], k2: [0] }, { partitions: 1 })).toMatch(/^fault: \/partitions/);
});

test("what partitions tell each other waits too, and stays the node's own", () => {
  const text = {
    rules: "k(x)<-r(x); k@next(x)<-k(x) | r(x)<-b(x); m@async(self)(y)<-b(y); o(y)<-m(y)",
  };
  const given = caseProgram(text);
  const step = split("decoupleAsymmetric", given);
  const keys = { b: [0], r: [0], m: [0], o: [0] };
  const target = { ...(step.target as object), partitions: 2, keys };
  const { program } = applied(applyStep(given.program, { ...step, target }));
  const lines = printed(program);
  expect(lines).toContain("m_ready(y) :- b(y)");
  expect(lines).toMatch(/m\(\w+\)@async\(d2?\) :- m_held\(.*released_M\(k\), .*my_M\(/);
});

test("in lock-step, who counts may be in the half that stays", () => {
  const counting = caseProgram({
    rules: `k(x)<-r(x); k@next(x)<-k(x); twice@async(c)(x)<-m(x),k(x) | r(x)<-b(x); m@async(self)(7)<-b(_)`,
  });
  const step = split("decoupleAsymmetric", counting);
  const target = { ...(step.target as object), partitions: 2, keys: { b: [0], r: [0] } };
  const judged = (lockstep: boolean) =>
    outcome(applyStep(counting.program, { ...step, target }, { lockstep }));
  expect(judged(false)).toBe("holds");
  expect(judged(true)).toBe("sends-counted");
});

test("the tables of two splits one after the other have names of their own", () => {
  const given = caseProgram({
    rules: `t(x)<-r(x); t@next(x)<-t(x); o@async(c)(x)<-p(x),t(x)
      | r(x)<-s(x); s(x)<-b(x); kb@async(c)(x)<-a(x); r(x)<-a(x)`,
  });
  const after = afterSteps(given.program, [split("decoupleAsymmetric", given)]);
  const rules = [...after.rules.values()].flatMap(({ rule, component }) =>
    component === "M" && rule.head.relation === "s" ? [rule.id] : [],
  );
  const target = { component: "M", rules, name: "M_2", partitions: 2, keys: { b: [0], s: [0] } };
  const step = { rewrite: "decoupleAsymmetric", target, waiver: "tick-counts" } as const;
  const { program } = applied(applyStep(after, step));
  const tables = program.program.declarations.flatMap((d) =>
    d.kind === "relation" ? [d.relation] : [],
  );
  expect(new Set(tables).size).toBe(tables.length);
});

test("what can be split by a key is offered whole and split", () => {
  const found = offers(CASE93.program, { component: "L", rules: CASE93.moves }).filter(
    (o) => o.rewrite === "decoupleAsymmetric",
  );
  expect(found.map(({ steps }) => steps.at(-1)!.target)).toMatchObject([
    { name: "responder" },
    { name: "responder", partitions: 3, keys: { b: [0], k2: [0] } },
  ]);
  expect(offerTitles(CASE93.program, found)).toEqual([
    expect.stringMatching(/^Asymmetric decoupling: L, rules .* → responder$/),
    expect.stringMatching(/^Asymmetric decoupling: L, rules .* → responder, 3 partitions$/),
  ]);
});
