import { expect, test } from "vitest";
import { printCompact, printRule } from "../program/printCompact.ts";
import { printProgram } from "./printProgram.ts";
import { detectDialect, read } from "./read.ts";

const CLOCK = `% dialect: prototype
counter(0, 'Ann B')@1;
counter(M, Who)@next <- counter(N, Who), successor(N, M), not stopped, Who =/= ann. % quoted and plain
wait(#D, N)@async :- counter(N, _)@T, peer(#Here, D), D =/= Here, T >= 2;
again(N)@async :- counter(N, _), notin counter(N, _)@1;
elected(X, Y) :- candidate(X, Y, _Rank), choose((X), (Y)), K = X * 2 + 1, K =< 9;
stopped :- counter(10, _), 'Odd-name'(true);
`;

test("a program of the prototype notation in compact notation", () => {
  const result = read(CLOCK);
  expect(result.dialect).toBe("prototype");
  expect(result.diagnostics).toEqual([]);
  expect(printCompact(result.program)).toMatchInlineSnapshot(`
    "component main {
      counter(0, "Ann B") :- tick(1)
      counter(M, Who)@next :- counter(N, Who), M := N + 1, !stopped(), Who != "ann"
      wait(N)@async(D) :- counter(N, _), peer(D), D != Here, T >= 2, self(Here), tick(T)
      again(N)@async(L) :- counter(N, _), !counter_at_1(N, _), self(L)
      elected(X, Y) :- candidate(X, Y, Rank), choose((X,), (Y,)), K := X * 2 + 1, K <= 9
      stopped() :- counter(10, _), Odd_name(true)
      counter_at_1(x1, x2) :- counter(x1, x2), tick(1)
      counter_at_1(x1, x2)@next :- counter_at_1(x1, x2)
    }
    "
  `);
});

test("and back again", () => {
  const printed = printProgram(read(CLOCK).program, "prototype", () => false);
  expect(printed.kind === "text" && printed.text).toMatchInlineSnapshot(`
    "% dialect: prototype
    % clew: component main
    counter(0, "Ann B")@1;
    counter(M, Who)@next :- counter(N, Who), successor(N, M), notin stopped, Who =/= "ann";
    wait(#D, N)@async :- counter(#Here, N, _)@T, peer(D), D =/= Here, T >= 2;
    again(N)@async :- counter(N, _), notin counter(N, _)@1;
    elected(X, Y) :- candidate(X, Y, Rank), choose((X), (Y)), K = X * 2 + 1, K =< 9;
    stopped :- counter(10, _), 'Odd_name'(true);
    "
  `);
});

test("strings are addresses where they are joined with a place or a destination", () => {
  const text = `% dialect: prototype
loc(v, v1)@1;
alive(k)@1;
pix(#R, X)@async <- loc(v, R), alive(X);
i_do(#p, X)@async <- alive(X);
away(X) <- alive(#N, X), N =/= v1;
crash(a, b) <- alive(b);
home(X) <- told(X, h);
% clew: edb told(x: string, who: address)
`;
  const { program, diagnostics } = read(text);
  expect(diagnostics).toEqual([]);
  expect(printCompact(program)).toMatchInlineSnapshot(`
    "component main {
      edb told(x: string, who: address)

      loc("v", addr("v1")) :- tick(1)
      alive("k") :- tick(1)
      pix(X)@async(R) :- loc("v", R), alive(X)
      i_do(X)@async(addr("p")) :- alive(X)
      away(X) :- alive(X), N != addr("v1"), self(N)
      crash("a", "b") :- alive("b")
      home(X) :- told(X, addr("h"))
    }
    "
  `);
  const printed = printProgram(program, "prototype", () => false);
  expect(printed.kind === "text" && printed.text).toMatchInlineSnapshot(`
    "% dialect: prototype
    % clew: component main
    % clew: edb told(x: string, who: address)
    loc("v", "v1")@1;
    alive("k")@1;
    pix(#R, X)@async :- loc("v", R), alive(X);
    i_do(#"p", X)@async :- alive(X);
    away(X) :- alive(#N, X), N =/= "v1";
    crash("a", "b") :- alive("b");
    home(X) :- told(X, "h");
    "
  `);
});

test("a program of Molly's goes to the prototype notation", () => {
  const molly = `peer("a", "b")@1;
got(N, M)@next :- got(N, M);
got(D, M)@async :- said(N, M), peer(N, D), D != "c";
`;
  const printed = printProgram(read(molly).program, "prototype", () => false);
  expect(printed.kind === "text" && printed.text).toMatchInlineSnapshot(`
    "% dialect: prototype
    % clew: component main
    peer(#"a", "b")@1;
    got(M)@next :- got(M);
    got(#D, M)@async :- said(M), peer(D), D =/= "c";
    "
  `);
  const elsewhere = read("lost(D, M) :- got(N, M), peer(N, D), notin got(D, M);").program;
  expect(printProgram(elsewhere, "prototype", () => false)).toEqual({
    kind: "problems",
    problems: [expect.stringContaining("`got` at another node")],
  });
});

test("a place that no literal carries is marked in the head", () => {
  const text = "% dialect: prototype\nboss(#n1, 3);\nidle(#N, N) :- notin busy(N);\n";
  const { program, diagnostics } = read(text);
  expect(diagnostics).toEqual([]);
  const rules = program.components[0]!.rules.map((r) => printRule(r));
  expect(rules).toEqual(['boss(3) :- self(addr("n1"))', "idle(N) :- !busy(N), self(N)"]);
  const printed = printProgram(program, "prototype", () => false);
  expect(printed.kind === "text" && read(printed.text).program).toEqual(program);
});

test("variables get capitals there, and attributes keep their names", () => {
  const text = `output reply()
seen(id, X) :- in(id, X), !old(id, _)
reply(id)@async(c) :- seen(id, X), client(c)
plain(X) :- big(X)`;
  const printed = printProgram(read(text).program, "prototype", () => false);
  expect(printed.kind === "text" && printed.text).toMatchInlineSnapshot(`
    "% dialect: prototype
    % clew: output reply(id)
    % clew: component main
    % clew: local seen(id, X)
    % clew: local in(id, X)
    % clew: local old(id, a2)
    % clew: local client(c)
    seen(Id, X) :- in(Id, X), notin old(Id, _);
    reply(#C, Id)@async :- seen(Id, X), client(C);
    plain(X) :- big(X);
    "
  `);
  const again = printed.kind === "text" ? read(printed.text).program : undefined;
  const twice = again && printProgram(again, "prototype", () => false);
  expect(twice).toEqual(printed);
});

test("what other interpreters write besides", () => {
  const rules = (text: string): readonly string[] => {
    const { program, diagnostics } = read(text, { dialect: "prototype" });
    expect(diagnostics).toEqual([]);
    const printed = printProgram(program, "prototype", () => false);
    expect(printed.kind === "text" && read(printed.text).program).toEqual(program);
    return program.components[0]!.rules.map((r) => printRule(r));
  };
  expect(rules("p(#b) :- .\nq(X) :- r(X), !s(X), X != 3.\nt(+5, -5, 1abc).")).toEqual([
    'p() :- self(addr("b"))',
    "q(X) :- r(X), !s(X), X != 3",
    't(5, -5, "1abc")',
  ]);
});

test("it is read when asked for, or when the first comment says so", () => {
  expect(detectDialect("% dialect: prototype\np(X) :- q(X);")).toBe("prototype");
  expect(detectDialect("p(X) :- q(X), notin r;")).not.toBe("prototype");
  expect(read("p(a) :- q.", { dialect: "prototype" }).diagnostics).toEqual([]);
});

test("an error in one clause leaves the others as they are", () => {
  const text = "a(X) :- b(X).\nc(X) :- d(X.\ne :- f(#A, X), g(#B);\nh(X) :- not;\ni.";
  const { program, broken, diagnostics } = read(text, { dialect: "prototype" });
  expect(program.components[0]!.rules.map((r) => r.head.relation)).toEqual(["a", "e", "h", "i"]);
  expect(broken.map((b) => b.head)).toEqual(["c"]);
  expect(diagnostics.map((d) => d.code)).toEqual(["syntax", "place"]);
});

test("what it has no words for is said with code and rule", () => {
  const refused = (text: string): unknown => {
    const printed = printProgram(read(text).program, "prototype", () => false);
    return printed.kind === "problems" ? printed.problems : printed.text;
  };
  expect(refused("p(0x00, (x, y), collect<x>) :- q(x, y), len(x, n), n % 2 == 0"))
    .toMatchInlineSnapshot(`
    [
      "main/p/1: \`0x00\` is neither number, string nor boolean, which the prototype notation cannot say. [prototype-constant]",
      "main/p/1: \`(X, Y)\` is a tuple, which the prototype notation cannot say. [prototype-tuple]",
      "main/p/1: The head has the aggregate \`collect<X>\`, which the prototype notation cannot say. [prototype-aggregate]",
      "main/p/1: A body uses the function \`len\`, which the prototype notation cannot say. [prototype-function]",
      "main/p/1: A rule uses \`%\`, which the prototype notation cannot say. [prototype-modulo]",
    ]
  `);
});
