import { expect, test } from "vitest";
import { afterSteps, applied, caseProgram, split } from "./cases.testing.ts";
import type { CaseText } from "./cases.testing.ts";
import { applyStep } from "./driver.ts";
import { printed } from "./examples.testing.ts";
import type { RewriteName, StepRequest } from "./rewrite.ts";

function splitting(rewrite: RewriteName, text: CaseText, first: readonly StepRequest[] = []) {
  const given = caseProgram(text);
  return applied(applyStep(afterSteps(given.program, first), split(rewrite, given)));
}

test("mutually independent: the half that moves is sent what it reads", () => {
  const { program, origins } = splitting("decoupleMutuallyIndependent", {
    rules: "b@async(d)(x)<-req(x),peers(d) | v(s,x)<-vote(s,x); r@async(c)(x)<-v(s,x)",
    other: "vote(l,x)@async(d)<-b(x),leader(d),self(l)",
    declarations: "edb leader(d)",
  });
  expect(printed(program)).toMatchInlineSnapshot(`
    "L
      b(x)@async(d) :- req(x), peers(d)
    M
      v(s, x) :- vote(s, x)
      r(x)@async(addr("c")) :- v(s, x)
    K
      vote(l, x)@async(d2) :- b(x), leader(d), self(l), fwd_M(d, d2)
      req(x)@async(addr("L")) :- to_req(x)"
  `);
  expect(program.program.declarations.at(-1)).toMatchObject({ role: "edb", relation: "fwd_M" });
  expect(origins.get("M/v/1")).toEqual({ kind: "kept", from: "L/v/1" });
  expect(origins.get("K/vote/1")).toMatchObject({ kind: "changed", from: ["K/vote/1"] });
});

test("moved rules use the original address as data and send home what stays reads", () => {
  const { program } = splitting("decoupleMutuallyIndependent", {
    rules:
      "s(x)<-m(x); k@async(c)(x)<-s(x) | m@async(self)(x)<-a(x); n@async(self)(l,x)<-a(x),self(l); t(l,x)<-n(l,x)",
  });
  expect(printed(program)).toMatchInlineSnapshot(`
    "L
      s(x) :- m(x)
      k(x)@async(addr("c")) :- s(x)
    M
      m(x)@async(d) :- a(x), my_L(d)
      n(l, x)@async(l2) :- a(x), orig(l), self(l2)
      t(l, x) :- n(l, x)
    K
      a(x)@async(d) :- to_a(x), fwd_M(addr("L"), d)"
  `);
});

test("rules that stay send what they sent to themselves to their sibling", () => {
  const { program } = splitting("decoupleMutuallyIndependent", {
    rules: "m@async(self)(x)<-a(x) | s(x)<-m(x); k@async(c)(x)<-s(x)",
  });
  expect(printed(program)).toMatchInlineSnapshot(`
    "L
      m(x)@async(d) :- a(x), my_M(d)
    M
      s(x) :- m(x)
      k(x)@async(addr("c")) :- s(x)
    K
      a(x)@async(addr("L")) :- to_a(x)"
  `);
});

test("functional: a relation that only the other half reads is sent by the rule that derives it", () => {
  const { program } = splitting("decoupleFunctional", {
    rules: "s(x,g)<-in(x),hash(x,g) | st@async(d)(x,g)<-s(x,g),nodes(d)",
  });
  expect(printed(program)).toMatchInlineSnapshot(`
    "L
      s(x, g)@async(d) :- in(x), hash(x, g), my_M(d)
    M
      st(x, g)@async(d) :- s(x, g), nodes(d)
    K
      in(x)@async(addr("L")) :- to_in(x)"
  `);
});

test("functional: a relation with several rules is sent beside them", () => {
  const { program } = splitting("decoupleFunctional", {
    rules: "s(x)<-a(x); s(x)<-b(x) | o@async(c)(x)<-s(x)",
  });
  expect(printed(program)).toMatchInlineSnapshot(`
    "L
      s(x) :- a(x)
      s(x) :- b(x)
      s_to_M(x)@async(d) :- s(x), my_M(d)
    M
      o(x)@async(addr("c")) :- s_to_M(x)
    K
      a(x)@async(addr("L")) :- to_a(x)
      b(x)@async(addr("L")) :- to_b(x)"
  `);
});

test("functional: a name that another component uses for itself does not become a channel", () => {
  const { program } = splitting("decoupleFunctional", {
    rules: "s(x)<-a(x) | o@async(c)(x)<-s(x)",
    other: "s(x)<-given(x); p@async(c)(x)<-s(x)",
  });
  expect(printed(program)).toMatchInlineSnapshot(`
    "L
      s(x) :- a(x)
      s_to_M(x)@async(d) :- s(x), my_M(d)
    M
      o(x)@async(addr("c")) :- s_to_M(x)
    K
      s(x) :- given(x)
      p(x)@async(addr("c")) :- s(x)
      a(x)@async(addr("L")) :- to_a(x)"
  `);
});

test("functional: a relation that both halves derive is renamed in heads too", () => {
  const both = splitting("decoupleFunctional", {
    rules: "r(x)<-a(x) | r(x)<-b(x); o@async(c)(x)<-r(x)",
  });
  expect(printed(both.program)).toMatchInlineSnapshot(`
    "L
      r(x) :- a(x)
      r_to_M(x)@async(d) :- r(x), my_M(d)
    M
      r_at_M(x) :- r_to_M(x)
      r_at_M(x) :- b(x)
      o(x)@async(addr("c")) :- r_at_M(x)
    K
      a(x)@async(addr("L")) :- to_a(x)
      b(x)@async(d) :- to_b(x), fwd_M(addr("L"), d)"
  `);
});

test("functional: the copy of a kept relation is kept, because only what is new is sent (S-09)", () => {
  const { program } = splitting(
    "decoupleFunctional",
    {
      rules: "r(x)<-a(x); r@next(x)<-r(x); e@async(c)(x)<-r(x),z() | o@async(c)(x)<-r(x)",
    },
    [{ rewrite: "copySplit", target: { component: "L", relation: "r", rules: ["L/o/1"] } }],
  );
  expect(printed(program)).toMatchInlineSnapshot(`
    "L
      r(x) :- a(x)
      r(x)@next :- r(x)
      e(x)@async(addr("c")) :- r(x), z()
      r_copy(x)@async(d) :- r(x), !r_sent(x), my_M(d)
      r_sent(x)@next :- r(x)
      r_sent(x)@next :- r_sent(x)
    M
      r_at_M(x) :- r_copy(x)
      r_at_M(x)@next :- r_at_M(x)
      o(x)@async(addr("c")) :- r_at_M(x)
    K
      a(x)@async(addr("L")) :- to_a(x)
      z()@async(addr("L")) :- to_z()"
  `);
});

test("monotonic: facts of a kept relation are sent once and kept by the copy", () => {
  const { program, origins } = splitting(
    "decoupleMonotonic",
    {
      rules:
        "k(s,v)<-in(s,v); k@next(s,v)<-k(s,v); n(count<s>,v)<-k(s,v) | bad@async(c)(v)<-k(s,v),k(t,v),s!=t",
    },
    [{ rewrite: "copySplit", target: { component: "L", relation: "k", rules: ["L/bad/1"] } }],
  );
  expect(printed(program)).toMatchInlineSnapshot(`
    "L
      k(s, v) :- in(s, v)
      k(s, v)@next :- k(s, v)
      n(count<s>, v) :- k(s, v)
      k_copy(s, v)@async(d) :- k(s, v), !k_sent(s, v), my_M(d)
      k_sent(s, v)@next :- k(s, v)
      k_sent(s, v)@next :- k_sent(s, v)
    M
      k_at_M(s, v) :- k_copy(s, v)
      k_at_M(s, v)@next :- k_at_M(s, v)
      bad(v)@async(addr("c")) :- k_at_M(s, v), k_at_M(t, v), s != t
    K
      in(s, v)@async(addr("L")) :- to_in(s, v)"
  `);
  expect(origins.get("L/k_sent/1")?.kind).toBe("added");
  expect(origins.get("M/bad/1")).toMatchObject({ kind: "changed", from: ["L/bad/1"] });
});

test("monotonic: a persistence rule that moves keeps the copy (H-13); nothing is kept where it was not", () => {
  const { program } = splitting("decoupleMonotonic", {
    rules:
      "r(x)<-inp(x); e@async(c)(x)<-b(x) | r@next(x)<-r(x); o@async(c)(x)<-r(x); p@async(c)(x)<-q(x)",
  });
  expect(printed(program)).toMatchInlineSnapshot(`
    "L
      r(x) :- inp(x)
      e(x)@async(addr("c")) :- b(x)
      r_to_M(x)@async(d) :- r(x), my_M(d)
    M
      r_at_M(x) :- r_to_M(x)
      r_at_M(x)@next :- r_at_M(x)
      o(x)@async(addr("c")) :- r_at_M(x)
      p(x)@async(addr("c")) :- q(x)
    K
      inp(x)@async(addr("L")) :- to_inp(x)
      b(x)@async(addr("L")) :- to_b(x)
      q(x)@async(d) :- to_q(x), fwd_M(addr("L"), d)"
  `);
});

test("monotonic: a kept relation that idle ticks can add to is sent as it holds, for the copy to keep", () => {
  const { program } = splitting("decoupleMonotonic", {
    rules: "l@next(x)<-a(x); l@next(x)<-l(x); c2(x)<-l(x) | o@async(c)(x,y)<-c2(x),c2(y)",
  });
  expect(printed(program)).toMatchInlineSnapshot(`
    "L
      l(x)@next :- a(x)
      l(x)@next :- l(x)
      c2(x)@async(d) :- l(x), my_M(d)
    M
      c2_at_M(x) :- c2(x)
      c2_at_M(x)@next :- c2_at_M(x)
      o(x, y)@async(addr("c")) :- c2_at_M(x), c2_at_M(y)
    K
      a(x)@async(addr("L")) :- to_a(x)"
  `);
});

test("what is declared of a transferred relation is declared of its copy", () => {
  const { program } = splitting("decoupleMonotonic", {
    rules: "r(x,y)<-inp(x,y) | r@next(x,y)<-r(x,y); o@async(c)(x)<-r(x,y)",
    declarations: "durable r\nfd r: x -> y",
  });
  const declared = program.program.declarations.filter(
    (d) => "relation" in d && d.relation === "r_at_M",
  );
  expect(declared.map((d) => d.kind)).toEqual(["durable", "dependency"]);
});
