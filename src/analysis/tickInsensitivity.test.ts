import { expect, test } from "vitest";
import { caseProgram, halves, report, type CaseOptions } from "./caseProgram.testing.ts";
import { existence } from "./existence.ts";
import { keptAndSettled, notBeforeInput } from "./settled.ts";
import {
  isTickInsensitive,
  stateMachineViolations,
  tickFindings,
  tickSensitivity,
} from "./tickInsensitivity.ts";

/** Whether each side of a case is tick-insensitive on a node of its own. */
function sides(text: string, options?: CaseOptions): readonly [boolean, boolean] {
  const p = halves(text, options);
  return [isTickInsensitive(tickSensitivity(p, "C1")), isTickInsensitive(tickSensitivity(p, "C2"))];
}

function whyNot(text: string, component: "C1" | "C2" = "C2", options?: CaseOptions): string {
  const p = halves(text, options);
  return report(p, tickFindings(p, component));
}

const CASES: readonly (readonly [string, string, readonly [boolean, boolean], CaseOptions?])[] = [
  [
    "01: committed clears the votes it came from",
    "b@async(d)(x)<-req(x),peers(d) | v(s,x)<-vote(s,x); v@next(s,x)<-v(s,x),!com(x); n(count<s>,x)<-v(s,x); com(x)<-n(k,x),num(k); r@async(c)(x)<-com(x)",
    [true, true],
  ],
  [
    "05: a tick counter",
    "e@async(c)(x)<-a(x) | k@next(1)<-boot(),!k(_); k@next(n+1)<-k(n); o@async(c)(n)<-b(),k(n)",
    [true, false],
  ],
  [
    "10: pulses",
    "lv@next(x)<-vq(x); vf@async(d)(x)<-lv(x),co(d) | lc@next(x)<-cq(x); ak@async(d)(x)<-lc(x),co(d)",
    [true, true],
  ],
  ["14", "o@async(c)(1,x)<-a(x) | o@async(c)(2,x)<-b(x)", [true, true]],
  [
    "94",
    "a1(x)<-a(x); o@async(c)(1,x)<-a1(x) | b1(x)<-b(x); b1@next(x)<-b1(x); o@async(c)(2,x)<-b(x),b1(x)",
    [true, true],
  ],
  [
    "111: settled resends to a client",
    "s(x)<-a(x); s@next(x)<-s(x); o@async(c)(1,x)<-s(x) | u(x)<-b(x); u@next(x)<-u(x); o@async(c)(2,x)<-u(x)",
    [true, true],
  ],
  [
    "112: settled resends to a receiver that counts",
    "s(x)<-a(x); s@next(x)<-s(x); e1@async(d)(x)<-s(x),nodes(d) | u(x)<-b(x); u@next(x)<-u(x); e2@async(d)(x)<-u(x),nodes(d)",
    [false, false],
    { K: "t1@async(q)(x)<-e1(x), nodesOf(q); t2@async(q)(x)<-e2(x), nodesOf(q)" },
  ],
  [
    "113: a resend that an input holds back",
    "s(x)<-a(x); s@next(x)<-s(x); o@async(c)(1,x)<-s(x),!h(); h()<-hold() | u(x)<-b(x); u@next(x)<-u(x); o@async(c)(2,x)<-u(x)",
    [false, true],
  ],
  [
    "114, S-01: set for one tick",
    "e@async(c)(x)<-a(x) | p@next(x)<-b(x); k@async(c)(x)<-b(x); o@async(c)(x)<-q(),p(x)",
    [true, false],
  ],
  [
    "115, S-02: a trigger whose root has another next rule",
    "e@async(c)(x)<-a(x) | v@next(x)<-b(x); v@next(x)<-v(x),!g(x); g(x)<-v(x); k@async(c)(x)<-b(x); o@async(c)(x)<-q(),v(x)",
    [true, false],
  ],
  [
    "116, S-03: a pulse is no input",
    "e@async(c)(x)<-a(x) | p@next(x)<-b(x); s(x)<-p(x); k@async(c)(x)<-b(x); o@async(c)(x)<-q(),s(x)",
    [true, false],
  ],
  [
    "117: kept until something settled holds",
    "e@async(c)(x)<-a(x) | v(x)<-b(x); v@next(x)<-v(x),!d(x); d(x)<-kill(x); d@next(x)<-d(x); o@async(c)(x)<-q(),v(x); k@async(c)(x)<-b(x)",
    [true, true],
  ],
  [
    "117 with a second next rule",
    "e@async(c)(x)<-a(x) | v@next(x)<-b(x); v@next(x)<-v(x),!d(x); d(x)<-kill(x); d@next(x)<-d(x); o@async(c)(x)<-q(),v(x); k@async(c)(x)<-b(x)",
    [true, false],
  ],
  [
    "118, S-04: C1 remembers a tick",
    "f@next(1)<-boot(); o1@async(c)(1)<-a(),f(_); o1@async(c)(0)<-a(),!f(_) | s(x)<-d(x); o2@async(c)(x)<-s(x)",
    [false, true],
    { edb: ["d"] },
  ],
  [
    "119, S-05: a chain of next rules",
    "f@next(1)<-a(_); f@next(2)<-f(_); o1@async(c)(n)<-b(),f(n) | o2@async(c)(x)<-r(x)",
    [false, true],
  ],
  [
    "135, S-17: a settled resend has a first time",
    "e@async(c)(x)<-a(x) | q(x)<-b(x); q@next(x)<-q(x); o@async(c)(x)<-d(x),!q(x); k@async(c)(x)<-b(x)",
    [true, false],
    { edb: ["d"] },
  ],
  [
    "136, S-18: what C1 transfers is an output of C1",
    "p(x)<-a(x); p@next(x)<-p(x),!del(x); s@async(d)(x)<-p(x),!e(x),nodes(d); ka@async(c)(x)<-a(x); kd@async(c)(x)<-del(x) | o@async(c)(x)<-s(x); kb@async(c)(x)<-b(x)",
    [false, true],
  ],
  [
    "145: a delta triple to a receiver that counts",
    "e@async(c)(x)<-a(x) | r(v)<-a2(v); r@next(v)<-r(v); dw@async(d)(v)<-r(v),!sent(v),nodes(d); sent@next(v)<-r(v); sent@next(v)<-sent(v); ka@async(c)(v)<-a2(v)",
    [true, true],
    { K: "t1@async(q)(x)<-dw(x), nodesOf(q)" },
  ],
  [
    "H-14: what an idle tick would add",
    "e@async(c)(x)<-a(x) | r(x)<-s(x),!e1(); r@next(x)<-r(x); s@next(x)<-in(x); s@next(x)<-s(x); e1()<-in(_); o@async(c)(x)<-q(),r(x)",
    [true, false],
  ],
  [
    "41",
    "e@async(c)(x)<-a(x) | last@next(x)<-s(x); last@next(x)<-last(x),!any(); any()<-s(_); o@async(c)(x,y)<-s(x),last(y)",
    [true, true],
  ],
  [
    "a delta whose memory has another filler is no delta",
    "e@async(c)(x)<-a(x) | r(v)<-a2(v); r@next(v)<-r(v); dw@async(d)(v)<-r(v),!sent(v),nodes(d); sent@next(v)<-r(v); sent@next(v)<-b(v); sent@next(v)<-sent(v)",
    [true, false],
    { K: "t1@async(q)(x)<-dw(x), nodesOf(q)" },
  ],
  [
    "a constant send on every tick",
    "e@async(c)(x)<-a(x) | o@async(c)(x)<-dom(x); k@async(c)(x)<-b(x)",
    [true, false],
  ],
  [
    "the tick number in kept state",
    "e@async(c)(x)<-a(x) | s(x)<-b(x); s@next(x)<-s(x); t@next(x,n)<-s(x),tick(n); t@next(x,n)<-t(x,n)",
    [true, false],
  ],
  [
    "115 with the rules of v in the other order",
    "e@async(c)(x)<-a(x) | v@next(x)<-v(x),!g(x); v@next(x)<-b(x); g(x)<-v(x); k@async(c)(x)<-b(x); o@async(c)(x)<-q(),v(x)",
    [true, false],
  ],
  [
    "what is kept adds to what is kept",
    "e@async(c)(x)<-a(x) | u(x)<-b(x); u@next(x)<-u(x); r@next(x)<-u(x); r@next(x)<-r(x); o@async(c)(x)<-z(),r(x)",
    [true, true],
  ],
  [
    "what holds before any input adds to what is kept",
    "e@async(c)(x)<-a(x) | u(x)<-b(x); u@next(x)<-u(x); q(x)<-dom(x),!u(x); r@next(x)<-q(x); r@next(x)<-r(x); o@async(c)(x)<-z(),r(x)",
    [true, false],
  ],
  [
    "what is kept adds to what input deletes",
    "e@async(c)(x)<-a(x) | u(x)<-b(x); u@next(x)<-u(x); r@next(x)<-u(x); r@next(x)<-r(x),!del(x); o@async(c)(x)<-z(),r(x)",
    [true, false],
  ],
  [
    "a now-rule over kept facts fills kept state",
    "e@async(c)(x)<-a(x) | k(x)<-b(x); k@next(x)<-k(x); r(x)<-k(x); r@next(x)<-r(x); o@async(c)(x)<-z(),r(x)",
    [true, true],
  ],
  [
    "a pulse that kept facts fill too is none",
    "e@async(c)(x)<-a(x) | k(x)<-b(x); k@next(x)<-k(x); p@next(x)<-b(x); p(x)<-k(x); f@async(c)(x)<-p(x)",
    [true, false],
  ],
  [
    "a delta of what is not settled",
    "e@async(c)(x)<-a(x) | r@next(v)<-a2(v); r@next(v)<-r(v); dw@async(d)(v)<-r(v),!sent(v),nodes(d); sent@next(v)<-r(v); sent@next(v)<-sent(v)",
    [true, false],
    { K: "t1@async(q)(x)<-dw(x), nodesOf(q)" },
  ],
  [
    "a delta that looks for another fact",
    "e@async(c)(x)<-a(x) | r(v,w)<-a2(v,w); r@next(v,w)<-r(v,w); dw@async(d)(v,w)<-r(v,w),!sent(w,v),nodes(d); sent@next(v,w)<-r(v,w); sent@next(v,w)<-sent(v,w)",
    [true, false],
    { K: "t1@async(q)(x)<-dw(x,_), nodesOf(q)" },
  ],
];

for (const [name, text, expected, options] of CASES) {
  test(`case ${name}`, () => {
    expect(sides(text, options)).toEqual(expected);
  });
}

test("a tick counter is named, with the rules that count", () => {
  expect(
    whyNot(
      "e@async(c)(x)<-a(x) | k@next(1)<-boot(),!k(_); k@next(n+1)<-k(n); o@async(c)(n)<-b(),k(n)",
    ),
  ).toMatchInlineSnapshot(`
    "tick-sensitive: Rule 2 can change \`k\` on any tick, with or without messages. [2]
    tick-sensitive: Rule 3 counts ticks in \`k\`, with or without messages. [3 3:0]"
  `);
});

test("a resend that a receiver counts names the receiver", () => {
  expect(
    whyNot(
      "e@async(c)(x)<-a(x) | u(x)<-b(x); u@next(x)<-u(x); e2@async(d)(x)<-u(x),nodes(d)",
      "C2",
      { K: "t2@async(q)(x)<-e2(x), nodesOf(q)" },
    ),
  ).toMatchInlineSnapshot(
    `"tick-sensitive: Rule 4 sends again on every tick, with or without messages, and rule 7 could count how often \`e2\` arrives. [4 7]"`,
  );
});

test("an output that input does not cause", () => {
  expect(
    whyNot(
      "e@async(c)(x)<-a(x) | s(x)<-b(x); s@next(x)<-s(x); o@async(c)(1,x)<-s(x),!h(); h()<-hold()",
    ),
  ).toMatchInlineSnapshot(
    `"tick-sensitive: Rule 4 can send \`o\` on a tick without messages, so answers show how often the node ticks. [4:head 4:0]"`,
  );
});

test("what an idle tick would add to kept state", () => {
  expect(
    whyNot(
      "e@async(c)(x)<-a(x) | r(x)<-s(x),!e1(); r@next(x)<-r(x); s@next(x)<-in(x); s@next(x)<-s(x); e1()<-in(_); o@async(c)(x)<-q(),r(x)",
    ),
  ).toMatchInlineSnapshot(
    `"tick-sensitive: Rule 2 can add to \`r\`, which is carried over, on a tick without messages: whether it does shows if an idle tick came between. [2 2:0]"`,
  );
});

test("a channel whose reader keeps it may be resent; one more reader that does not, and it may not", () => {
  const text =
    "e@async(c)(x)<-a(x) | u(x)<-b(x); u@next(x)<-u(x); e2@async(d)(x)<-u(x),nodes(d); k@async(c)(x)<-b(x)";
  const keeps = "w(x)<-e2(x); w@next(x)<-w(x)";
  expect(sides(text, { K: keeps })).toEqual([true, true]);
  expect(sides(text, { K: `${keeps}; n(count<x>)<-e2(x)` })).toEqual([true, false]);
  expect(sides(text, { K: `w(x)<-e2(x),g(x); g(x)<-w(x); w@next(x)<-w(x)` })).toEqual([
    true,
    false,
  ]);
  expect(sides(text, { K: `w(x)<-e2(x); w@next(x)<-w(x),!g(x); g(x)<-send_g(x)` })).toEqual([
    true,
    false,
  ]);
  for (const counts of [
    "w(count<x>)<-e2(x); w@next(x)<-w(x)",
    "w(x,t)<-e2(x),tick(t); w@next(x,t)<-w(x,t)",
    "w(x)<-dom(x),!e2(x); w@next(x)<-w(x)",
  ]) {
    expect(sides(text, { K: counts, declare: "edb dom(c)" })).toEqual([true, false]);
  }
});

test("SM is stricter than TI: cases 42 and 44 refuse, 41 does not", () => {
  const violations = (text: string): string => {
    const { p } = caseProgram(text);
    return report(p, stateMachineViolations(p, "L"));
  };
  expect(
    violations(
      "last@next(x)<-s(x); last@next(x)<-last(x),!any(); any()<-s(_); o@async(c)(x,y)<-s(x),last(y)",
    ),
  ).toBe("");
  expect(
    violations("k@next(1)<-boot(),!k(_); k@next(n+1)<-k(n); o@async(c)(x,n)<-s(x),k(n)"),
  ).toContain("idle-change");
  expect(violations("p@next(x)<-s(x); p@next(x)<-p(x); o@async(c)(x)<-p(x)")).toContain(
    "idle-output",
  );
  expect(violations("p(x)<-s(x); p@next(x)<-p(x); o@async(c)(x)<-p(x)")).toContain("idle-output");
});

test("existence: inputs, what follows from them, triggers and pulses", () => {
  const { p } = caseProgram(
    "v(s,x)<-vote(s,x); v@next(s,x)<-v(s,x),!com(x); n(count<s>,x)<-v(s,x); com(x)<-n(k,x),num(k); " +
      "r@async(c)(x)<-com(x); l@next(x)<-com(x); f@async(c)(x)<-l(x); z(x)<-com(x),v(_,x)",
  );
  const { inputDerived, triggers, pulses } = existence(p, "L");
  expect([...inputDerived].sort()).toEqual(["com", "r", "f", "vote", "z"].sort());
  expect([...triggers.values()]).toEqual([{ relation: "com", clears: ["v"], columns: [0] }]);
  expect([...pulses]).toEqual(["l"]);
});

test("existence: a trigger must be local to the group it clears, and need the group", () => {
  const trigger = (rules: string): boolean => {
    const { p } = caseProgram(
      `v(s,x)<-vote(s,x); v@next(s,x)<-v(s,x),!com(x); ${rules}; r@async(c)(x)<-com(x)`,
      { edb: ["e"] },
    );
    return existence(p, "L").triggers.has("com");
  };
  expect(trigger("com(x)<-v(_,x)")).toBe(true);
  // Another group's votes enable it: they stay when it fires.
  expect(trigger("com(x)<-v(s,x),v(s,y),x!=y")).toBe(false);
  // The count is over all groups.
  expect(trigger("n(count<s>)<-v(s,_); com(x)<-n(k),num(k),v(_,x)")).toBe(false);
  // It holds without any vote.
  expect(trigger("com(x)<-e(x)")).toBe(false);
  expect(trigger("com(x)<-e(x),!v(_,x)")).toBe(false);
  // Half of what it is derived from stays when it fires.
  expect(trigger("w(x)<-in(x); w@next(x)<-w(x); com(x)<-v(_,x),w(x)")).toBe(false);
  // What it is derived from is not filled by input alone.
  expect(trigger("com(x)<-v(_,x); v(s,x)<-k(s,x); k(s,x)<-in(s,x); k@next(s,x)<-k(s,x)")).toBe(
    false,
  );
  // It holds one tick after the group was cleared.
  expect(trigger("n@next(x)<-v(_,x); n(x)<-v(_,x); com(x)<-n(x)")).toBe(false);
  // The tick number lets it hold later without input.
  expect(trigger("com(x)<-v(_,x),tick(t),t>5")).toBe(false);
});

test("existence: what a trigger leans on is found out late, whatever the order of rules", () => {
  const { p } = caseProgram(
    "com(x)<-v(_,x); v@next(s,x)<-v(s,x),!com(x); v(s,x)<-w(s,x); w(s,x)<-k(s,x); k(s,x)<-in(s,x); k@next(s,x)<-k(s,x); r@async(c)(x)<-com(x)",
  );
  expect(existence(p, "L").triggers.size).toBe(0);
  expect(existence(p, "L").inputDerived.has("v")).toBe(false);
});

test("existence: deletion at one value of the trigger only, or by different columns, is none", () => {
  const partly = caseProgram(
    "v(s,x)<-vote(s,x); v@next(s,x)<-v(s,x),!com(x,1); com(x,s)<-v(s,x); r@async(c)(x)<-com(x,_)",
  );
  expect(existence(partly.p, "L").triggers.size).toBe(0);
  const crossed = caseProgram(
    "v(x)<-vote(x); v@next(x)<-v(x),!com(x,_); w(x)<-req(x); w@next(x)<-w(x),!com(_,x); com(x,x)<-v(x),w(x); r@async(c)(x)<-com(x,_)",
  );
  expect(existence(crossed.p, "L").triggers.size).toBe(0);
});

test("existence: a trigger over two relations that it clears by the same key", () => {
  const { p } = caseProgram(
    "v(s,x)<-vote(s,x); v@next(s,x)<-v(s,x),!com(x); w(x,b)<-req(x,b); w@next(x,b)<-w(x,b),!com(x); " +
      "com(x)<-v(_,x),w(x,_); r@async(c)(x)<-com(x)",
  );
  expect(existence(p, "L").triggers.get("com")?.clears).toEqual(["v", "w"]);
  const other = caseProgram(
    "v(s,x)<-vote(s,x); v@next(s,x)<-v(s,x),!com(x,_); w(x,b)<-req(x,b); w@next(x,b)<-w(x,b),!com(_,b); " +
      "com(x,b)<-v(_,x),w(x,b); r@async(c)(x)<-com(x,_)",
  );
  expect(existence(other.p, "L").triggers.size).toBe(0);
});

test("settled: greatest sets, through recursion and aggregates", () => {
  const { p } = caseProgram(
    "k(x,y)<-a(x,y); k@next(x,y)<-k(x,y); path(x,y)<-k(x,y); path(x,z)<-path(x,y),path(y,z); " +
      "n(count<x>)<-path(x,_); un(x)<-k(x,_),!path(x,x); e(x)<-dom(x); h(x)<-b(x); m(x)<-k(x,_),!h(x); " +
      "u(x)<-k(x,_),tick(x)",
  );
  const settled = keptAndSettled(p, "L");
  expect([...settled].filter((r) => r !== "dom").sort()).toEqual(["e", "k", "n", "path", "un"]);
  const later = notBeforeInput(p, "L");
  expect([...later].sort()).toEqual(["a", "b", "h", "k", "m", "n", "path", "u", "un"].sort());
});
