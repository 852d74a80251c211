import { expect, test } from "vitest";
import type { Deployment } from "../program/deployment.ts";
import { address } from "../program/value.ts";
import { read } from "../syntax/read.ts";
import { analyze } from "./analyze.ts";
import { caseProgram, report } from "./caseProgram.testing.ts";
import { selfAsData, tickAsData } from "./entanglement.ts";
import { wholeComponent } from "./ruleSets.ts";

function self(text: string, deployment?: Deployment): string {
  const p = analyze(read(text).program, deployment);
  return report(p, selfAsData(p, wholeComponent(p, "main")));
}

function tick(text: string): string {
  const p = analyze(read(text).program);
  return report(p, tickAsData(p, wholeComponent(p, "main")));
}

test("an address that only finds a destination is no data", () => {
  expect(self("m(x)@async(l) :- in(x), self(l)")).toBe("");
  expect(self("edb fwd(a, b)\nm(x)@async(d) :- in(x), self(l), fwd(l, d)")).toBe("");
  expect(
    self(
      "edb fwd(a, b)\nedb route(a, p, b)\nm(x)@async(e) :- in(x), self(l), fwd(l, d), partition(x, 3, p), route(d, p, e)",
    ),
  ).toBe("");
  expect(self("m(x)@async(d) :- in(x), self(_), nodes(d)")).toBe("");
});

test("an address in a head, a comparison or a join is data", () => {
  expect(self("m(l, x)@async(d) :- in(x), self(l), nodes(d)")).toMatchInlineSnapshot(
    `"self-as-data: Rule 1 puts the node's own address into \`m\`. Two siblings would count as two nodes. Clew can use the original address. [1:head]"`,
  );
  expect(self("m(x) :- in(x, d), self(l), d != l")).toMatchInlineSnapshot(
    `"self-as-data: Rule 1 compares the node's own address. Two siblings would count as two nodes. Clew can use the original address. [1:2]"`,
  );
  expect(self("m(x) :- in(x, l), self(l)")).toMatchInlineSnapshot(
    `"self-as-data: Rule 1 looks the node's own address up in \`in\`. Two siblings would count as two nodes. Clew can use the original address. [1:0]"`,
  );
  expect(self("edb leader(l)\nm(x) :- in(x), self(l), leader(l)")).toMatchInlineSnapshot(
    `"self-as-data: Rule 1 looks the node's own address up in \`leader\`. Two siblings would count as two nodes. Clew can use the original address. [1:2]"`,
  );
  expect(self("edb owner(l, x)\nm(x) :- in(x), self(l), owner(l, x)")).toContain("up in `owner`");
  expect(self("m(h) :- in(x), self(l), hash(l, h)")).toContain("puts");
  expect(self("m(x) :- in(x), self(l), verify(l, x)")).toContain("looks");
  expect(self("n(count<l>, x) :- in(x), self(l)")).toContain("puts");
});

test("an address travels through relations of the node, and its way is shown", () => {
  expect(
    self(
      "who(l) :- self(l)\nold(l) :- who(l)\nm(x)@async(d) :- in(x), old(d)\nr(x, d) :- in(x), old(d)",
    ),
  ).toMatchInlineSnapshot(`
    "self-as-data: Rule 1 puts the node's own address into \`who\`. Two siblings would count as two nodes. Clew can use the original address. [1:head]
    self-as-data: Rule 2 puts the node's own address into \`old\`. Two siblings would count as two nodes. Clew can use the original address. [2:head 1>2]
    self-as-data: Rule 4 puts the node's own address into \`r\`. Two siblings would count as two nodes. Clew can use the original address. [4:head 1>2>4]"
  `);
});

test("an address that another node sent is that node's", () => {
  expect(
    self(
      "component other { vote(l, x)@async(d) :- in(x), self(l), nodes(d) }\ncomponent main { v(s, x) :- vote(s, x) }",
    ),
  ).toBe("");
  expect(self("m(l)@async(d) :- self(l), in(d)\nr(x) :- m(x)")).not.toContain("Rule 2");
});

test("EDB that holds the node's own address; the original's address is no one's own", () => {
  const deployment: Deployment = {
    instances: { main: ["n1", "n2"] },
    edb: {},
    node: {
      n1: { me: [[address("n1")]], next: [[address("n2")]], orig: [[address("n1")]] },
      n2: { me: [[address("n2")]], next: [[address("n1")]], orig: [[address("n2")]] },
    },
    originals: {},
    trusted: {},
    clients: { address: "c", input: "in", answers: [], match: {}, template: {}, payloadBytes: 16 },
    partitions: {},
    seed: 1,
  };
  expect(self("m(l, x)@async(d) :- in(x), me(l), next(d)", deployment)).toContain("own address");
  expect(self("m(d, x)@async(d) :- in(x), next(d)", deployment)).toBe("");
  expect(self("m(l, x)@async(d) :- in(x), orig(l), next(d)", deployment)).toBe("");
});

test("the tick number as data: case 08, and through kept state", () => {
  const { p, c1, c2 } = caseProgram(
    "o@async(c)(x,t)<-a(x),tick(t) | p@async(c)(x,t)<-b(x),tick(t)",
  );
  expect(report(p, tickAsData(p, c1))).toContain("Rule 1 puts the tick number into `o`.");
  expect(report(p, tickAsData(p, c2))).toContain("Rule 2 puts the tick number into `p`.");
  expect(
    tick(
      "seen(x, t) :- in(x), tick(t)\nseen(x, t)@next :- seen(x, t)\nlate(x) :- seen(x, s), q(x, s)",
    ),
  ).toMatchInlineSnapshot(`
    "tick-as-data: Rule 1 puts the tick number into \`seen\`. Another node counts other ticks. [1:head]
    tick-as-data: Rule 2 puts the tick number into \`seen\`. Another node counts other ticks. [2:head 1>2]
    tick-as-data: Rule 3 looks the tick number up in \`q\`. Another node counts other ticks. [3:1 1>3]"
  `);
  expect(tick("a(x) :- in(x), tick(_)")).toBe("");
});

test("a source that is only compared, and a tick that chooses a destination", () => {
  expect(tick("o(x)@async(d) :- in(x), nodes(d), tick(5)")).toContain("compares the tick number");
  expect(tick("o(x)@async(d) :- in(x), at(t), nodes(d), !tick(t)")).toContain("compares");
  expect(tick("edb on(t, d)\no(x)@async(d) :- in(x), tick(t), on(t, d)")).toContain(
    "where to send",
  );
  expect(tick("o(x)@async(d) :- in(x), nodes(d), tick(_)")).toBe("");
  expect(self("m(x)@async(d) :- in(x), nodes(d), !self(d)")).toContain("compares");
  expect(self("m(x)@async(d) :- in(x), nodes(d), self(here)")).toBe("");
});
