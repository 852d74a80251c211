import { expect, test } from "vitest";
import { afterSteps, applied, caseProgram, cohash } from "./cases.testing.ts";
import type { CaseText } from "./cases.testing.ts";
import { applyStep } from "./driver.ts";
import { printed } from "./examples.testing.ts";
import type { StepRequest } from "./rewrite.ts";

function partitioned(
  text: CaseText,
  keys: Readonly<Record<string, readonly number[]>>,
  waiver: Pick<StepRequest, "waiver"> = {},
): string {
  const { program } = caseProgram(text);
  return printed(applied(applyStep(program, { ...cohash(keys), ...waiver })).program);
}

test("senders address the partition that owns the key; the own address as data becomes the original's", () => {
  const rules = "v@async(d)(l,i)<-req(i,x),co(d),self(l)";
  const text = {
    rules,
    other: "req(i,x)@async(p)<-go(i,x),parts(p)",
    declarations: "edb parts(p)",
  };
  expect(partitioned(text, { req: [0] })).toMatchInlineSnapshot(`
    "L by i
      v(l, i)@async(d) :- req(i, x), co(d), orig(l)
    K
      req(i, x)@async(p2) :- go(i, x), parts(p), partition(i, 2, k), route_L(p, k, p2)"
  `);
});

test("the component's own sends are routed too (P5)", () => {
  const rules = "m@async(p)(k)<-a(k),peers(p); s(k)<-m(k); t@async(self)(k)<-a(k); u(k)<-t(k)";
  expect(partitioned({ rules }, { a: [0], m: [0], s: [0], t: [0], u: [0] })).toMatchInlineSnapshot(`
    "L by k
      m(k)@async(p2) :- a(k), peers(p), partition(k, 2, k2), route_L(p, k2, p2)
      s(k) :- m(k)
      t(k)@async(d) :- a(k), partition(k, 2, k2), my_L(k2, d)
      u(k) :- t(k)
    K
      a(k)@async(d) :- to_a(k), partition(k, 2, k2), route_L(addr("L"), k2, d)"
  `);
});

test("rules that no fact triggers fire at the owner of the key, or at one partition (P4)", () => {
  const rules = "q(x)<-d(x); o@async(c)(x)<-d(x),!q(x); hello@async(c)(1)<-boot()";
  const text = { rules, edb: ["d"] };
  expect(partitioned(text, { q: [0] }, { waiver: "tick-counts" })).toMatchInlineSnapshot(`
    "L by x
      q(x) :- d(x), partition(x, 2, k), part_L(k)
      o(x)@async(addr("c")) :- d(x), !q(x), partition(x, 2, k), part_L(k)
      hello(1)@async(addr("c")) :- boot(), first_L()"
  `);
});

test("a key of two attributes is hashed as a tuple", () => {
  const rules = "s(x,y)<-a(y,x); o@async(c)(x)<-s(x,y),b(x,y)";
  expect(partitioned({ rules }, { a: [1, 0], s: [0, 1], b: [0, 1] })).toMatchInlineSnapshot(`
    "L by x, y
      s(x, y) :- a(y, x)
      o(x)@async(addr("c")) :- s(x, y), b(x, y)
    K
      a(y, x)@async(d) :- to_a(y, x), partition((x, y), 2, k), route_L(addr("L"), k, d)
      b(x, y)@async(d) :- to_b(x, y), partition((x, y), 2, k), route_L(addr("L"), k, d)"
  `);
});

test("a partitioned component can be split and partitioned again", () => {
  const { program } = caseProgram({
    rules: "s(k,x)<-a(k,x); o@async(c)(k,x)<-s(k,x)",
  });
  const last = afterSteps(program, [
    cohash({ a: [0], s: [0] }),
    {
      rewrite: "decoupleFunctional",
      target: { component: "L", rules: ["L/o/1"], name: "M" },
    },
    {
      rewrite: "partitionByCohashing",
      target: { component: "M", partitions: 2, keys: { s: [1] } },
    },
  ]);
  expect(printed(last)).toMatchInlineSnapshot(`
    "L by k
      s(k, x)@async(d2) :- a(k, x), my_M(d), partition(x, 2, k2), route_M(d, k2, d2)
    M by x
      o(k, x)@async(addr("c")) :- s(k, x)
    K
      a(k, x)@async(d) :- to_a(k, x), partition(k, 2, k2), route_L(addr("L"), k2, d)"
  `);
});
