import { expect, test } from "vitest";
import { applied, caseProgram, outcome } from "./cases.testing.ts";
import type { CaseText } from "./cases.testing.ts";
import { applyStep, offers } from "./driver.ts";
import { printed } from "./examples.testing.ts";
import type { StepRequest } from "./rewrite.ts";

interface PartialCase extends CaseText {
  readonly number: string;
  readonly replicated: readonly string[];
  readonly keys: Readonly<Record<string, readonly number[]>>;
  readonly expected: string;
}

function partially({ replicated, keys }: PartialCase): StepRequest {
  const target = { component: "L", partitions: 2, replicated, keys, name: "proxy" };
  return { rewrite: "partitionPartially", target };
}

const CASE79: PartialCase = {
  number: "79",
  rules: "bal(b)<-pb(b); bal@next(b)<-bal(b); mx(max<b>)<-bal(b); r@async(c)(x,m)<-w(x),mx(m)",
  replicated: ["pb", "bal", "mx"],
  keys: { w: [0] },
  expected: "holds",
};
const CASE130: PartialCase = {
  number: "130",
  rules: "k(x)<-w(x); k@next(x)<-k(x); o@async(K)(b)<-p(b),k(x)",
  counted: ["o"],
  replicated: ["p"],
  keys: { w: [0], k: [0] },
  expected: "key-projected",
};
const CASE131: PartialCase = {
  number: "131",
  rules:
    "l(b)<-p(b); l@next(b)<-l(b); kp@async(c)(b)<-p(b); o@async(c)(x,b)<-w(x),l(b); o@async(c)(x,0)<-w(x),!l(_)",
  replicated: ["p", "l"],
  keys: { w: [0] },
  expected: "holds",
};

const CASES: readonly PartialCase[] = [
  CASE79,
  {
    ...CASE79,
    number: "81",
    rules: `${CASE79.rules}; bal(x)<-w(x)`,
    expected: "partitioned-feeds-replicated",
  },
  {
    number: "83",
    rules: "pong@async(c)(b)<-pb(b); q@async(c)(x)<-w(x)",
    replicated: ["pb"],
    keys: { w: [0] },
    expected: "holds",
  },
  {
    number: "123",
    rules: "k(x)<-p(x); k@next(x)<-k(x),!del(x); d@async(c)(x)<-del(x); o@async(c)(y,x)<-p(y),k(x)",
    replicated: ["p"],
    keys: { k: [0], del: [0] },
    expected: "holds",
  },
  CASE130,
  {
    ...CASE130,
    number: "130 with the key",
    rules: "k(x)<-w(x); k@next(x)<-k(x); o@async(K)(b,x)<-p(b),k(x)",
    expected: "holds",
  },
  {
    ...CASE130,
    number: "130 by two rules, of which one asks no partition",
    rules: "k(x)<-w(x); k@next(x)<-k(x); o@async(K)(b)<-p(b); o@async(K)(b)<-p(b),!k(b)",
    expected: "key-projected",
  },
  {
    ...CASE130,
    number: "130 by two rules with the key",
    rules: "k(x)<-w(x); k@next(x)<-k(x); o@async(K)(b)<-p(b),k(b); o@async(K)(b)<-p(b),!k(b)",
    expected: "holds",
  },
  CASE131,
  { ...CASE131, number: "133", declarations: "durable l", expected: "holds" },
  {
    ...CASE131,
    number: "133 beside what a crash loses",
    rules: `${CASE131.rules}; t(x)<-w(x); t@next(x)<-t(x)`,
    keys: { w: [0], t: [0] },
    declarations: "durable l",
    expected: "durable-copy",
  },
  {
    number: "134",
    rules: "k(x)<-w(x); k@next(x)<-k(x); miss@async(c)(x)<-p(x),!k(x)",
    replicated: ["p"],
    keys: { k: [0], w: [0] },
    expected: "holds",
  },
  {
    number: "86",
    rules: "sz(count<x>)<-p(_),lg(x); d@async(K)(n)<-sz(n)",
    replicated: ["p", "sz"],
    keys: { lg: [0] },
    expected: "aggregate-over-part partitioned-feeds-replicated",
  },
  {
    number: "86 by the count itself",
    rules: "sz(count<x>)<-p(_),lg(x); d@async(K)(n)<-sz(n)",
    replicated: ["p"],
    keys: { lg: [0], sz: [0] },
    expected: "aggregate-over-part",
  },
  {
    number: "102",
    rules:
      "a(x)<-p(x); a@next(x)<-a(x); b(x)<-q(x); b@next(x)<-b(x); o@async(c)(x,y,z)<-w(x),a(y),b(z)",
    replicated: ["p", "a", "q", "b"],
    keys: { w: [0] },
    expected: "holds",
  },
  {
    ...CASE79,
    number: "79 with a replicated input from clients",
    env: ["pb"],
    expected: "client-input",
  },
  {
    ...CASE79,
    number: "79 with idle output",
    rules: `${CASE79.rules}; t@next(1)<-boot(),!t(_); t@next(n+1)<-t(n); u@async(c)(n)<-t(n)`,
    replicated: ["pb", "bal", "mx", "t"],
    expected: "idle-change idle-output",
  },
  {
    ...CASE79,
    number: "79 with the tick",
    rules: `${CASE79.rules}; u@async(c)(n)<-pb(b),tick(n)`,
    expected: "tick-as-data",
  },
];

test.each(CASES)("partial partitioning, case $number: $expected", (text) => {
  expect(outcome(applyStep(caseProgram(text).program, partially(text)))).toBe(text.expected);
});

test("what nothing is said about, or twice, does not fit", () => {
  const { program } = caseProgram(CASE79);
  const outcomeOf = (change: Partial<PartialCase>) =>
    outcome(applyStep(program, partially({ ...CASE79, ...change })));
  expect(outcomeOf({ keys: {} })).toBe(
    "fault: Nothing says whether `w` is replicated or what it is split by.",
  );
  expect(outcomeOf({ keys: { w: [0], mx: [0] } })).toMatch(/either replicated or split/);
  expect(outcomeOf({ replicated: [], keys: { w: [0], pb: [0], bal: [0], mx: [0] } })).toMatch(
    /needs no proxy/,
  );
});

test("after a step in lock-step, what receivers count has to carry the key (section 9, rule 0)", () => {
  const text: PartialCase = {
    number: "lock-step",
    rules: "o@async(K)(y)<-w(x,y); r@async(c)(b,x)<-p(b),w(x,_)",
    counted: ["o"],
    replicated: ["p"],
    keys: { w: [0] },
    expected: "",
  };
  const { program } = caseProgram(text);
  expect(outcome(applyStep(program, partially(text)))).toBe("holds");
  expect(outcome(applyStep(program, partially(text), { lockstep: true }))).toBe("sends-counted");
});

test("the tool finds what to replicate", () => {
  const [offer] = offers(caseProgram(CASE79).program, { component: "L", rules: [] }).filter(
    ({ rewrite }) => rewrite === "partitionPartially",
  );
  expect(offer?.verdict).toBe("holds");
  expect(offer?.steps[0]?.target).toMatchObject({
    replicated: ["pb", "bal", "mx"],
    keys: { w: [0] },
    name: "LProxy",
  });
});

test("the mechanism of section 6", () => {
  const { program } = caseProgram(CASE79);
  expect(printed(applied(applyStep(program, partially(CASE79))).program)).toMatchInlineSnapshot(`
    "proxy
      write_L() :- pb(_)
      index_L(0) :- boot(), !nextIndex_L(_)
      index_L(i) :- nextIndex_L(i)
      nextIndex_L(j)@next :- index_L(i), write_L(), j := i + 1
      nextIndex_L(i)@next :- index_L(i), !write_L()
      prepare_L(i)@async(d) :- write_L(), index_L(i), base_L(a), route_L(a, _, d)
      open_L(i)@next :- index_L(i), write_L()
      open_L(i)@next :- open_L(i), !done_L(i)
      voted_L(k, i) :- vote_L(k, i), open_L(i)
      voted_L(k, i)@next :- voted_L(k, i), !done_L(i)
      votes_L(count<k>, i) :- voted_L(k, i)
      done_L(i) :- votes_L(2, i)
      pb_log(i, x1)@next :- pb(x1), index_L(i)
      pb_log(i, x1)@next :- pb_log(i, x1), !done_L(i)
      pb_logged(count<x1>, i) :- pb_log(i, x1)
      pb_size(n, i) :- pb_logged(n, i)
      pb_size(0, i) :- done_L(i), !pb_logged(_, i)
      pb_commit(i, x1)@async(d) :- done_L(i), pb_log(i, x1), base_L(a), route_L(a, _, d)
      commit_L(i, n1)@async(d) :- done_L(i), pb_size(n1, i), base_L(a), route_L(a, _, d)
    L by x
      bal(b) :- pb_run(b)
      bal(b)@next :- bal(b)
      mx(max<b>) :- bal(b)
      r(x, m)@async(addr("c")) :- w_released(x), mx(m)
      pending_L(i) :- prepare_L(i), expected_L(j), i >= j
      pending_L(i)@next :- pending_L(i), !runs_L(i)
      vote_L(k, i)@async(d) :- prepare_L(i), part_L(k), my_proxy(d)
      header_L(i, n1) :- commit_L(i, n1), expected_L(j), i >= j
      header_L(i, n1)@next :- header_L(i, n1), !runs_L(i)
      pb_committed(i, x1) :- pb_commit(i, x1), expected_L(j), i >= j
      pb_committed(i, x1)@next :- pb_committed(i, x1), !runs_L(i)
      pb_arrived(count<x1>, i) :- pb_committed(i, x1)
      pb_complete(i) :- header_L(i, n1), n1 == 0
      pb_complete(i) :- header_L(i, n1), pb_arrived(n1, i)
      pb_run(x1) :- runs_L(i), pb_committed(i, x1)
      expected_L(0) :- boot(), !expectedNext_L(_)
      expected_L(i) :- expectedNext_L(i)
      runs_L(i) :- expected_L(i), pb_complete(i)
      expectedNext_L(j)@next :- runs_L(i), j := i + 1
      expectedNext_L(i)@next :- expected_L(i), !runs_L(i)
      thawed_L() :- boot(), !pending_L(_)
      w_held(x1) :- w(x1)
      w_held(x1)@next :- w_held(x1), !thawed_L()
      w_released(x1) :- w_held(x1), thawed_L()
    K
      pb(b)@async(d) :- to_pb(b), fwd_proxy(addr("L"), d)
      w(x)@async(d) :- to_w(x), partition(x, 2, k), route_L(addr("L"), k, d)"
  `);
});
