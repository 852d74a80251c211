import { expect, test } from "vitest";
import { afterSteps, applied, caseProgram } from "./cases.testing.ts";
import type { CaseText } from "./cases.testing.ts";
import { applyStep } from "./driver.ts";
import { printed } from "./examples.testing.ts";
import { foldTarget } from "./fold.ts";
import type { StepRequest } from "./rewrite.ts";

function step(text: CaseText, request: StepRequest): string {
  return printed(applied(applyStep(caseProgram(text).program, request)).program);
}

test("copySplit lets some rules read a copy", () => {
  const rules = "k(s,v)<-in(s,v); k@next(s,v)<-k(s,v); bad@async(c)(v)<-k(s,v),k(t,v),s!=t";
  const target = { component: "L", relation: "k", rules: ["L/bad/1"] };
  expect(step({ rules }, { rewrite: "copySplit", target })).toMatchInlineSnapshot(`
    "L
      k(s, v) :- in(s, v)
      k(s, v)@next :- k(s, v)
      k_copy(s, v) :- k(s, v)
      bad(v)@async(addr("c")) :- k_copy(s, v), k_copy(t, v), s != t
    K
      in(s, v)@async(addr("L")) :- to_in(s, v)"
  `);
});

test("relay keeps what clients send where they send it", () => {
  const rules = "v@async(p)(i,x)<-in(i,x),peers(p); ack@async(c)(i)<-in(i,x)";
  const target = { component: "L", relation: "in", rules: ["L/v/1"] };
  expect(step({ rules, env: ["in"] }, { rewrite: "relay", target })).toMatchInlineSnapshot(`
    "L
      in_relay(i, x) :- in(i, x)
      v(i, x)@async(p) :- in_relay(i, x), peers(p)
      ack(i)@async(addr("c")) :- in(i, x)"
  `);
});

test("fold names a join; the rest reads one fact", () => {
  const rules = "p@async(d)(i,v)<-ip(v,s),bal(i),i>s,acc(d)";
  const { program } = caseProgram({ rules });
  const target = foldTarget(program, "L", program.rules.get("L/p/1")!.rule);
  expect(target?.literals).toEqual([0, 1, 2]);
  expect(step({ rules }, { rewrite: "fold", target })).toMatchInlineSnapshot(`
    "L
      p_joined(v, i) :- ip(v, s), bal(i), i > s
      p(i, v)@async(d) :- p_joined(v, i), acc(d)
    K
      ip(v, s)@async(addr("L")) :- to_ip(v, s)
      bal(i)@async(addr("L")) :- to_bal(i)"
  `);
});

test("fold takes along what a negated literal needs to be bound", () => {
  const { program } = caseProgram({ rules: "o@async(c)(x,h)<-a(x),hash(x,h),!b(h)" });
  const target = foldTarget(program, "L", program.rules.get("L/o/1")!.rule);
  expect(target?.literals).toEqual([0, 1, 2]);
});

test("a fold that would leave a variable unbound is no fold of this rule", () => {
  const { program } = caseProgram({ rules: "o@async(c)(x,h)<-a(x),hash(x,h),!b(h)" });
  const target = { component: "L", rule: "L/o/1", literals: [0, 2] };
  expect(applyStep(program, { rewrite: "fold", target })).toEqual({
    kind: "fault",
    message: "The chosen part of rule 1 does not bind h by itself.",
  });
});

test("splitHead computes an aggregate before it is sent, the destination in its group", () => {
  const rules = "h@async(d)(count<x>,k)<-b(x,k),to(k,d)";
  const target = { component: "L", rule: "L/h/1" };
  expect(step({ rules }, { rewrite: "splitHead", target })).toMatchInlineSnapshot(`
    "L
      h_computed(count<x>, k, d) :- b(x, k), to(k, d)
      h(count, k)@async(d) :- h_computed(count, k, d)
    K
      b(x, k)@async(addr("L")) :- to_b(x, k)
      to(k, d)@async(addr("L")) :- to_to(k, d)"
  `);
});

test("splitHead leaves the own address out of what is computed", () => {
  const rules = "h@async(l)(max<x>,7)<-b(x),self(l)";
  const target = { component: "L", rule: "L/h/1" };
  expect(step({ rules }, { rewrite: "splitHead", target })).toMatchInlineSnapshot(`
    "L
      h_computed(max<x>, 7) :- b(x)
      h(max, 7)@async(l) :- h_computed(max, 7), self(l)
    K
      b(x)@async(addr("L")) :- to_b(x)"
  `);
});

test("splitHead keeps what else the own address is asked for where it was", () => {
  const rules =
    "h@async(l)(max<x>)<-b(x),self(l),peers(l); h@async(l)(min<x>)<-b(x),peers(l),!self(l)";
  const both = ["L/h/1", "L/h/2"].map((rule): StepRequest => ({
    rewrite: "splitHead",
    target: { component: "L", rule },
  }));
  expect(printed(afterSteps(caseProgram({ rules }).program, both))).toMatchInlineSnapshot(`
    "L
      h_computed(max<x>, l) :- b(x), self(l), peers(l)
      h(max)@async(l) :- h_computed(max, l)
      h_computed_2(min<x>, l) :- b(x), peers(l), !self(l)
      h(max)@async(l) :- h_computed_2(max, l)
    K
      b(x)@async(addr("L")) :- to_b(x)"
  `);
});

test("fold leaves the own address to the rule that sends there", () => {
  const { program } = caseProgram({ rules: "q@async(l)(x)<-b(x),d(x),self(l)", edb: ["d"] });
  const target = { component: "L", rule: "L/q/1", literals: [0, 2] };
  expect(applyStep(program, { rewrite: "fold", target })).toEqual({
    kind: "fault",
    message:
      "The chosen part of rule 1 would carry the address of the node itself, where the rule sends to; leave `self` out of it.",
  });
});
