import { expect, test } from "vitest";
import { printCompact } from "../program/printCompact.ts";
import { printProgram } from "./printProgram.ts";
import { detectDialect, read } from "./read.ts";

const BROADCAST = `include "lib/keep.ded";
got(N, M) :- said(N, M);
got(D, M)@async :- said(N, M), peer(N, D); /* a
comment */ got(N, M)@next :- got(N, M);
lost(D, M) :- got(N, M), peer(N, D), notin got(D, M), D != "c";
pre(M) :- got(N, M), notin said(N, M)@1, notin crash(N, N, _);
post(M) :- pre(M), notin lost(_, M);
known(N, count<M>, "a") :- got(N, M), M > 1 + 2;
said("a", 7)@1;
`;

const include = (path: string): string | undefined =>
  path === "lib/keep.ded"
    ? 'include "lib/keep.ded"; include "facts.ded"; peer(N, D)@next :- peer(N, D);'
    : path === "lib/facts.ded"
      ? 'peer("a", "b")@1; peer("a", "c")@1;'
      : undefined;

test("a program of Molly's in compact notation, with what it includes", () => {
  const result = read(BROADCAST, { include });
  expect(result.dialect).toBe("molly");
  expect(result.diagnostics.map((d) => `${d.severity} ${d.code}`)).toEqual([
    "warning include-cycle",
  ]);
  expect(printCompact(result.program)).toMatchInlineSnapshot(`
    "component main {
      edb crash(node: address, time: int) = {}
      global lost
      global pre
      global post

      peer(addr("b")) :- self(addr("a")), tick(1)
      peer(addr("c")) :- self(addr("a")), tick(1)
      peer(D)@next :- peer(D)
      got(M) :- said(M)
      got_sent(M)@async(D) :- said(M), peer(D)
      got(M)@next :- got(M)
      lost(D, M) :- got(M), peer(D), !got_everywhere(D, M), D != addr("c")
      pre(M) :- got(M), !said_at_1(M), !crash(N, _), self(N)
      post(M) :- pre(M), !lost_everywhere(_, M)
      known(count<M>, "a") :- got(M), M > 1 + 2
      said(7) :- self(addr("a")), tick(1)
      said_at_1(x1) :- said(x1), tick(1)
      said_at_1(x1)@next :- said_at_1(x1)
      got(x1) :- got_sent(x1)
    }
    "
  `);
  const place = result.sourceMap.rules.get("main/peer/1")!.rule;
  expect(BROADCAST.slice(place.start, place.end)).toBe('include "lib/keep.ded"');
});

test("and back again", () => {
  const { program } = read(BROADCAST, { include });
  const printed = printProgram(program, "molly", () => false);
  expect(printed.kind === "text" && printed.text).toMatchInlineSnapshot(`
    "// clew: component main
    peer("a", "b")@1;
    peer("a", "c")@1;
    peer(L, D)@next :- peer(L, D);
    got(L, M) :- said(L, M);
    got(D, M)@async :- said(L, M), peer(L, D);
    got(L, M)@next :- got(L, M);
    lost(D, M) :- got(L, M), peer(L, D), notin got(D, M), D != "c";
    pre(M) :- got(N, M), notin said(N, M)@1, notin crash(N, N, _);
    post(M) :- pre(M), notin lost(_, M);
    known(L, count<M>, "a") :- got(L, M), M > 1 + 2;
    said("a", 7)@1;
    "
  `);
});

test("a file that is not there is said once, and the rest is read", () => {
  const { diagnostics, program } = read('include "x.ded"; p(N) :- notin q(N), r(N);');
  expect(diagnostics.map((d) => d.code)).toEqual(["include"]);
  expect(program.components[0]!.rules).toHaveLength(1);
});

test("an error in one clause leaves the others as they are, also where its end is missing", () => {
  const text = "a(X) :- b(X)\nc(X) :- d(X;\ne(X)@4 :- f(X);\ng(X) :- notin;\nh(X) :- i(X);";
  const { program, broken, diagnostics } = read(text, { dialect: "molly" });
  expect(program.components[0]!.rules.map((r) => r.head.relation)).toEqual(["a", "e", "h"]);
  expect(broken.map((b) => b.head)).toEqual(["c", "g"]);
  expect(diagnostics.map((d) => d.code)).toEqual(["syntax", "pinned-head", "syntax"]);
});

test("what Molly has no words for is said with code and rule", () => {
  const refused = (text: string): unknown => {
    const printed = printProgram(read(text).program, "molly", () => false);
    return printed.kind === "problems" ? printed.problems : printed.text;
  };
  expect(refused("p(x, (1, x)) :- q(x), hash(x, h), tick(t), t > 2 * (x + 1)"))
    .toMatchInlineSnapshot(`
    [
      "main/p/1: \`(1, x)\` is a tuple, which Molly cannot say. [molly-tuple]",
      "main/p/1: A body uses the function \`hash\`, which Molly cannot say. [molly-function]",
      "main/p/1: \`2 * (x + 1)\` needs parentheses, which Molly cannot say. [molly-parentheses]",
      "main/p/1: A rule reads the number of its tick, which Molly cannot say. [molly-tick]",
    ]
  `);
  expect(refused("component a { p() :- q() }\ncomponent b { q() }")).toMatchInlineSnapshot(`
    [
      "The program has several components, \`a\`, \`b\`, which Molly cannot say. [molly-components]",
    ]
  `);
});

test("compact notation becomes Molly's, with the location first", () => {
  const text = `input ask(v)
p(v + 1)@async(d) :- y := v * 2, ask(v), peer(d), y > 3
q(l)@next :- p(x), self(l), !q(l)`;
  const printed = printProgram(read(text).program, "molly", () => false);
  expect(printed.kind === "text" && printed.text).toMatchInlineSnapshot(`
    "// clew: input ask(v)
    // clew: component main
    p(d, v + 1)@async :- ask(L, v), peer(L, d), v * 2 > 3;
    q(l, l)@next :- p(l, x), notin q(l, l);
    "
  `);
});

test("a relation that only looks like one that the reader makes up gets another name", () => {
  const text =
    "ok_sent(x)@async(d) :- in(x), to(d)\nok(y) :- ok_sent(y)\nok(x)@next :- ok(x)\nlog(x) :- ok_sent(x), a_at_1(x)";
  const printed = printProgram(read(text).program, "molly", () => false);
  expect(printed.kind === "text" && printed.text).toMatchInlineSnapshot(`
    "// clew: component main
    ok_sent_r(d, x)@async :- in(L, x), to(L, d);
    ok(L, y) :- ok_sent_r(L, y);
    ok(L, x)@next :- ok(L, x);
    log(L, x) :- ok_sent_r(L, x), a_at_1_r(L, x);
    "
  `);
});

test.each([
  ["nothing else derives what it is copied to", "ok_sent(x)@async(d) :- in(x), to(d)"],
  ["nothing sends it", "ok(x)@next :- ok(x)"],
  ["it is derived and not sent", "ok_sent(x) :- in(x)\nok(x)@next :- ok(x)"],
  ["another rule reads it", "ok_sent(x)@async(d) :- in(x), to(d)\nok(x) :- in(x), ok_sent(x)"],
])("what copies arrivals stays where the reader would not make it: %s", (_, rules) => {
  const { program } = read(`${rules}\nok(x1) :- ok_sent(x1)`);
  const printed = printProgram(program, "molly", () => false);
  expect(printed.kind === "text" && printed.text).toContain("ok(L, x1) :- ok_sent_r(L, x1);");
});

test("a number is no node: a relation that begins with one is about the whole system", () => {
  const text = `n_succ(1, 2)@1;
s(H, X, Y) :- node(H), n_succ(X, Y);
t(Y) :- n_succ(1, Y);
u(N) :- v(N), v(1);
`;
  const { program, diagnostics } = read(text);
  expect(diagnostics).toEqual([]);
  expect(printCompact(program)).toMatchInlineSnapshot(`
    "component main {
      global n_succ
      global t

      n_succ(1, 2) :- tick(1)
      s(X, Y) :- node(), n_succ_everywhere(X, Y)
      t(Y) :- n_succ(1, Y)
      u() :- v(), v_everywhere(1)
    }
    "
  `);
  const printed = printProgram(program, "molly", () => false);
  expect(printed.kind === "text" && read(printed.text).program).toEqual(program);
});

test("a relation's name may be a number or begin with @", () => {
  const text = "5(N) :- @weird(N), notin 7(N, _), notin @odd(N)@1, N == 5;\n";
  const { program, diagnostics, sourceMap } = read(text, { dialect: "molly" });
  expect(diagnostics).toEqual([]);
  expect(printCompact(program)).toContain(
    "r5() :- weird_1(), !r7(_), !odd_1_at_1(), N == 5, self(N)\n",
  );
  const names = sourceMap.rules.get("main/r5/1")!.names;
  expect(names.map(({ span }) => text.slice(span.start, span.end))).toContain("@weird");
});

test("the notation is seen by its words", () => {
  expect(detectDialect("p(X)@async :- q(X);")).toBe("molly");
  expect(detectDialect('p("a")@1;')).toBe("molly");
  expect(detectDialect("p(X) :- q(X);\np(X)@next :- p(X);\n")).toBe("molly");
  expect(detectDialect("b(N, V)\n:- a(N, V);")).toBe("molly");
  expect(detectDialect("b(N, V)@next\n  :- a(N, V),\n  c(N, V);\nd(N)\n\n:- b(N, _);\n")).toBe(
    "molly",
  );
  expect(detectDialect("b(n, v)\n:- a(n, v)\nc(n) :- b(n, _)")).toBe("compact");
  expect(detectDialect("p(X)@async(d) :- q(X);")).toBe("compact");
  expect(detectDialect("p(x) :- q(x); r(x) :- q(x)\ns(x) :- q(x)")).toBe("compact");
});

test("a relation that is called after what is built in gets another name", () => {
  const { program } = read("q(N, X)@next :- random(N, X), tick(N, X);");
  expect(printCompact(program)).toContain("q(X)@next :- random_1(X), tick_1(X)\n");
});
