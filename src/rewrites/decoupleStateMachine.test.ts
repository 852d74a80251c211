import { expect, test } from "vitest";
import { applied, caseProgram, outcome, split } from "./cases.testing.ts";
import type { CaseText } from "./cases.testing.ts";
import { applyStep, offers } from "./driver.ts";
import { printed } from "./examples.testing.ts";

/** Cases of spec/cases.md; what moves stands behind the bar. */
const CASES: readonly (CaseText & { readonly number: string; readonly expected: string })[] = [
  {
    number: "41",
    rules:
      "s(x)<-in(x) | last@next(x)<-s(x); last@next(x)<-last(x),!any(); any()<-s(_); o@async(c)(x,y)<-s(x),last(y)",
    expected: "holds",
  },
  {
    number: "42",
    rules: "s(x)<-in(x) | k@next(1)<-boot(),!k(_); k@next(n+1)<-k(n); o@async(c)(x,n)<-s(x),k(n)",
    expected: "idle-change",
  },
  {
    number: "44",
    rules: "s(x)<-in(x) | p@next(x)<-s(x); p@next(x)<-p(x); o@async(c)(x)<-p(x)",
    expected: "idle-output",
  },
  {
    number: "44 with p(x)<-s(x)",
    rules: "s(x)<-in(x) | p(x)<-s(x); p@next(x)<-p(x); o@async(c)(x)<-p(x)",
    expected: "idle-output",
  },
  {
    number: "46",
    rules:
      "s(x)<-in(x) | last@next(x)<-s(x); last@next(x)<-last(x),!any(); any()<-s(_); o@async(c)(x,y)<-s(x),last(y)",
    env: ["in"],
    expected: "holds",
  },
  {
    number: "46, clients send what moves",
    rules:
      "e@async(c)(x)<-a(x) | last@next(x)<-s(x); last@next(x)<-last(x),!any(); any()<-s(_); o@async(c)(x,y)<-s(x),last(y)",
    env: ["s"],
    expected: "holds",
  },
  {
    number: "119",
    rules:
      "f@next(1)<-a(_); f@next(2)<-f(_); o1@async(c)(n)<-b(),f(n); r(x)<-a(x) | p@next(x)<-r(x); o2@async(c)(x)<-p(x)",
    expected: "lockstep",
  },
  {
    number: "119 without a count of ticks",
    rules: "e@async(c)(x)<-b(x); r(x)<-a(x) | p@next(x)<-r(x); o2@async(c)(x)<-p(x)",
    expected: "holds",
  },
  {
    number: "H-14",
    rules:
      "s(x)<-in(x) | t@next(x)<-s(x); t@next(x)<-t(x); e()<-s(_); r(x)<-t(x),!e(); r@next(x)<-r(x); o@async(c)(x)<-s(_),r(x)",
    expected: "idle-derivation",
  },
  {
    number: "S-01",
    rules: "s(x)<-in(x); q(x)<-b(x) | p@next(x)<-s(x); o@async(c)(x)<-q(_),p(x)",
    expected: "idle-change",
  },
  {
    number: "S-06: a relation that both halves derive",
    rules:
      "s(x)<-in(x) | s(x)<-t(x),!e(); t@next(x)<-d(x); t@next(x)<-t(x); e()<-b(); s@next(x)<-s(x); o@async(c)(x)<-b(),s(x)",
    expected: "idle-derivation",
  },
  {
    number: "what is kept is no input",
    rules: "t(x)<-in(x); t@next(x)<-t(x); s(x)<-t(x) | o@async(c)(x)<-s(x),b()",
    expected: "not-input-derived",
  },
  {
    number: "the tick's number, read by what stays",
    rules: "s(x)<-in(x); e@async(c)(x,t)<-in(x),tick(t) | o@async(c)(x)<-s(x)",
    expected: "holds",
  },
  {
    number: "the tick's number, read by what moves",
    rules: "s(x)<-in(x) | o@async(c)(x,t)<-s(x),tick(t)",
    expected: "tick-as-data",
  },
  {
    number: "S-15, by analogy",
    rules: "s(x)<-in(x); l(x)<-in(x); l@next(x)<-l(x) | o@async(c)(x)<-s(x)",
    declarations: "durable l",
    expected: "durable-copy",
  },
  {
    number: "137",
    rules: "o@async(K)(x)<-a(x); r(x)<-a(x) | o@async(K)(x)<-r(x)",
    counted: ["o"],
    expected: "sends-counted",
  },
  {
    number: "137 with o2",
    rules: "o@async(K)(x)<-a(x); r(x)<-a(x) | o2@async(K)(x)<-r(x)",
    counted: ["o", "o2"],
    expected: "holds",
  },
  { number: "27", rules: "s(x)<-in(x),y(x) | y(x)<-b(x)", expected: "direction" },
  {
    number: "both read one message",
    rules: "e@async(c)(x)<-in(x) | o@async(c)(x)<-in(x)",
    expected: "shared-read",
  },
];

test.each(CASES)("state machine, case $number: $expected", (text) => {
  const given = caseProgram(text);
  const found = outcome(applyStep(given.program, split("decoupleStateMachine", given)));
  expect(found).toBe(text.expected);
});

test("one relation in a batch needs no word about what is missing", () => {
  const given = caseProgram({
    rules: "s(x)<-in(x) | last@next(x)<-s(x); last@next(x)<-last(x),!any(); any()<-s(_)",
  });
  const { program, origins } = applied(
    applyStep(given.program, split("decoupleStateMachine", given)),
  );
  expect(printed(program)).toMatchInlineSnapshot(`
    "L
      s(x) :- in(x)
      filled_M() :- s(_)
      number_M(0) :- boot(), !nextNumber_M(_)
      number_M(i) :- nextNumber_M(i)
      nextNumber_M(j)@next :- number_M(i), filled_M(), j := i + 1
      nextNumber_M(i)@next :- number_M(i), !filled_M()
      s_batched(i, x)@async(d) :- s(x), number_M(i), my_M(d)
      s_size(count<x>) :- s(x)
      batch_M(i, n1)@async(d) :- number_M(i), s_size(n1), my_M(d)
    M
      last(x)@next :- s_run(x)
      last(x)@next :- last(x), !any()
      any() :- s_run(_)
      header_M(i, n1) :- batch_M(i, n1), expected_M(j), i >= j
      header_M(i, n1)@next :- header_M(i, n1), !runs_M(i)
      s_waiting(i, x) :- s_batched(i, x), expected_M(j), i >= j
      s_waiting(i, x)@next :- s_waiting(i, x), !runs_M(i)
      s_arrived(count<x>, i) :- s_waiting(i, x)
      s_complete(i) :- header_M(i, n1), s_arrived(n1, i)
      s_run(x) :- s_waiting(i, x), runs_M(i)
      expected_M(0) :- boot(), !nextExpected_M(_)
      expected_M(i) :- nextExpected_M(i)
      runs_M(i) :- expected_M(i), s_complete(i)
      nextExpected_M(j)@next :- runs_M(i), j := i + 1
      nextExpected_M(i)@next :- expected_M(i), !runs_M(i)
    K
      in(x)@async(addr("L")) :- to_in(x)"
  `);
  expect(origins.get("M/last/1")).toMatchObject({ kind: "changed", from: ["L/last/1"] });
  expect(origins.get("M/runs_M/1")).toMatchObject({ kind: "added" });
});

test("several relations: the header names the size of each, none included", () => {
  const given = caseProgram({
    rules: "s(x)<-in(x) | o@async(c)(x)<-s(x),!z(); m@async(self)(x)<-b(x); t(x)<-m(x)",
    env: ["b"],
  });
  const { program } = applied(applyStep(given.program, split("decoupleStateMachine", given)));
  expect(printed(program)).toMatchInlineSnapshot(`
    "L
      s(x) :- in(x)
      filled_M() :- s(_)
      filled_M() :- z()
      filled_M() :- b(_)
      filled_M() :- m(_)
      number_M(0) :- boot(), !nextNumber_M(_)
      number_M(i) :- nextNumber_M(i)
      nextNumber_M(j)@next :- number_M(i), filled_M(), j := i + 1
      nextNumber_M(i)@next :- number_M(i), !filled_M()
      s_batched(i, x)@async(d) :- s(x), number_M(i), my_M(d)
      s_size(count<x>) :- s(x)
      s_announced(n) :- s_size(n)
      s_announced(0) :- boot(), !s_size(_)
      z_batched(i)@async(d) :- z(), number_M(i), my_M(d)
      z_size(1) :- z()
      z_announced(n) :- z_size(n)
      z_announced(0) :- boot(), !z_size(_)
      b_batched(i, x)@async(d) :- b(x), number_M(i), my_M(d)
      b_size(count<x>) :- b(x)
      b_announced(n) :- b_size(n)
      b_announced(0) :- boot(), !b_size(_)
      m_batched(i, x)@async(d) :- m(x), number_M(i), my_M(d)
      m_size(count<x>) :- m(x)
      m_announced(n) :- m_size(n)
      m_announced(0) :- boot(), !m_size(_)
      batch_M(i, n1, n2, n3, n4)@async(d) :- filled_M(), number_M(i), s_announced(n1), z_announced(n2), b_announced(n3), m_announced(n4), my_M(d)
    M
      o(x)@async(addr("c")) :- s_run(x), !z_run()
      m(x)@async(d) :- b_run(x), my_L(d)
      t(x) :- m_run(x)
      header_M(i, n1, n2, n3, n4) :- batch_M(i, n1, n2, n3, n4), expected_M(j), i >= j
      header_M(i, n1, n2, n3, n4)@next :- header_M(i, n1, n2, n3, n4), !runs_M(i)
      s_waiting(i, x) :- s_batched(i, x), expected_M(j), i >= j
      s_waiting(i, x)@next :- s_waiting(i, x), !runs_M(i)
      s_arrived(count<x>, i) :- s_waiting(i, x)
      s_complete(i) :- header_M(i, n1, _, _, _), n1 == 0
      s_complete(i) :- header_M(i, n1, _, _, _), s_arrived(n1, i)
      s_run(x) :- s_waiting(i, x), runs_M(i)
      z_waiting(i) :- z_batched(i), expected_M(j), i >= j
      z_waiting(i)@next :- z_waiting(i), !runs_M(i)
      z_arrived(1, i) :- z_waiting(i)
      z_complete(i) :- header_M(i, _, n2, _, _), n2 == 0
      z_complete(i) :- header_M(i, _, n2, _, _), z_arrived(n2, i)
      z_run() :- z_waiting(i), runs_M(i)
      b_waiting(i, x) :- b_batched(i, x), expected_M(j), i >= j
      b_waiting(i, x)@next :- b_waiting(i, x), !runs_M(i)
      b_arrived(count<x>, i) :- b_waiting(i, x)
      b_complete(i) :- header_M(i, _, _, n3, _), n3 == 0
      b_complete(i) :- header_M(i, _, _, n3, _), b_arrived(n3, i)
      b_run(x) :- b_waiting(i, x), runs_M(i)
      m_waiting(i, x) :- m_batched(i, x), expected_M(j), i >= j
      m_waiting(i, x)@next :- m_waiting(i, x), !runs_M(i)
      m_arrived(count<x>, i) :- m_waiting(i, x)
      m_complete(i) :- header_M(i, _, _, _, n4), n4 == 0
      m_complete(i) :- header_M(i, _, _, _, n4), m_arrived(n4, i)
      m_run(x) :- m_waiting(i, x), runs_M(i)
      expected_M(0) :- boot(), !nextExpected_M(_)
      expected_M(i) :- nextExpected_M(i)
      runs_M(i) :- expected_M(i), s_complete(i), z_complete(i), b_complete(i), m_complete(i)
      nextExpected_M(j)@next :- runs_M(i), j := i + 1
      nextExpected_M(i)@next :- expected_M(i), !runs_M(i)
    K
      in(x)@async(addr("L")) :- to_in(x)
      z()@async(addr("L")) :- to_z()"
  `);
});

test("what both read is offered with a copy, what clients send without a relay", () => {
  const given = caseProgram({
    rules:
      "e@async(c)(x)<-in(x); o@async(c)(x,n)<-in(x),c(n); c@next(x)<-in(x); c@next(x)<-c(x),!any(); any()<-in(_)",
    env: ["in"],
  });
  const rules = given.program.program.components[0]!.rules.slice(1).map(({ id }) => id);
  const found = offers(given.program, { component: "L", rules }).find(
    (o) => o.rewrite === "decoupleStateMachine",
  );
  expect(found).toMatchObject({ verdict: "holds", steps: [{ rewrite: "relay" }, {}] });
  const [, ...own] = rules;
  const alone = offers(given.program, { component: "L", rules: own });
  expect(alone.find((o) => o.rewrite === "decoupleStateMachine")?.verdict).toBe("violated");
});
