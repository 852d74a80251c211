import { expect, test } from "vitest";
import { caseProgram, codes, report, type CaseOptions } from "./caseProgram.testing.ts";
import { cohashGuards, cohashViolations, type KeyAssignment } from "./cohash.ts";
import { proposeKeys } from "./proposeKeys.ts";
import { sendCountViolations, partitionSendViolations, sentByBothHalves } from "./sendCounts.ts";
import { isTickInsensitive, tickSensitivity } from "./tickInsensitivity.ts";

/** Keys as the specification writes them: `[r:1, s:1]`, attributes from 1. */
function keyed(keys: Readonly<Record<string, number>>): KeyAssignment {
  return Object.fromEntries(Object.entries(keys).map(([r, i]) => [r, [i - 1]]));
}

function violations(
  text: string,
  keys: Readonly<Record<string, number>>,
  options?: CaseOptions,
): string {
  const { p } = caseProgram(text, options);
  return report(p, cohashViolations(p, "L", keyed(keys)));
}

const VOTING =
  "v(s,x)<-vote(s,x); v@next(s,x)<-v(s,x),!com(x); n(count<s>,x)<-v(s,x); com(x)<-n(k,x),num(k); r@async(c)(x)<-com(x)";

test("case 52: the voting collector by command", () => {
  expect(violations(VOTING, { vote: 2, v: 2, n: 2, com: 1 })).toBe("");
  const { p } = caseProgram(VOTING);
  expect(proposeKeys(p, "L")[0]).toEqual({ vote: [1], v: [1], n: [1], com: [0] });
});

test("case 53: the head is somewhere else (H-26)", () => {
  expect(
    violations("s(y)<-r(x,y); s@next(y)<-s(y); o@async(c)(y)<-s(y),q(y)", { r: 1, s: 1, q: 1 }),
  ).toMatchInlineSnapshot(
    `"head-key: Rule 1 derives \`s\`, which is split by \`y\`, where \`r\` is, which is split by \`x\`. The fact would be on the wrong node. [1:0 1:head]"`,
  );
});

test("case 55: absence that one partition cannot see", () => {
  expect(
    violations("q(x,y)<-b(x,y); q@next(x,y)<-q(x,y); o@async(c)(x)<-p(x),!q(x,_)", {
      b: 2,
      q: 2,
      p: 1,
    }),
  ).toMatchInlineSnapshot(
    `"absent-wildcard: Rule 3 asks that no \`q(x, _)\` exists. One partition sees only its share. [3:1]"`,
  );
});

test("cases 57 to 59: groups", () => {
  expect(violations("t(count<x>)<-r(x); o@async(c)(n)<-t(n),g()", { r: 1, t: 1 }))
    .toMatchInlineSnapshot(`
    "keys-differ: \`g\` has no attribute to split it by, so its facts would belong to no partition. [2:1]
    group-split: In rule 1, \`r\` of all facts would be counted on different nodes. It has no group to split by. [1:0 1:head]"
  `);
  const grouped = "t(count<x>,k)<-r(x,k); o@async(c)(n,k)<-t(n,k)";
  expect(violations(grouped, { r: 2, t: 2 })).toBe("");
  expect(violations(grouped, { r: 1, t: 2 })).toMatchInlineSnapshot(
    `"group-split: In rule 1, \`r\` of one \`k\` would be counted on different nodes. Split by \`k\` instead. [1:0 1:head]"`,
  );
});

test("no group is named as a key that the rule does not allow either", () => {
  const pairs = "n(count<y>,x,z)<-a(x,z),a(y,w),y<=x; o@async(c)(n,x,z)<-n(n,x,z)";
  expect(violations(pairs, { a: 1, n: 2 })).toContain("group-split");
  expect(violations(pairs, { a: 1, n: 2 })).not.toContain("instead");
  expect(violations(pairs, { a: 2, n: 3 })).toContain("group-split");
  const elsewhere = "n(count<y>,x,z)<-a(x,y),b(y,z); o@async(c)(n,x,z)<-n(n,x,z)";
  expect(violations(elsewhere, { a: 2, b: 1, n: 2 })).not.toContain("instead");
  const both = "n(count<y>,x,z)<-a(x,z,_),a(_,z,y); o@async(c)(n,x,z)<-n(n,x,z)";
  expect(violations(both, { a: 3, n: 3 })).toContain("Split by `z` instead.");
  expect(violations(both, { a: 2, n: 3 })).toBe("");
});

test("case 60: a cross product", () => {
  expect(violations("o@async(c)(x,y)<-a(x),b(y)", { a: 1, b: 1 })).toMatchInlineSnapshot(
    `"keys-differ: In rule 1, \`a\` is split by \`x\` and \`b\` by \`y\`. Facts that belong together would be on different nodes. [1:0 1:1]"`,
  );
});

test("case 62: no single key of a transitive closure", () => {
  const { p } = caseProgram("path(x,y)<-edge(x,y); path(x,z)<-edge(x,y),path(y,z)");
  const [best] = proposeKeys(p, "L");
  expect(codes(cohashViolations(p, "L", best!)).length).toBeGreaterThan(0);
  for (const e of [1, 2]) {
    for (const to of [1, 2]) {
      expect(codes(cohashViolations(p, "L", keyed({ edge: e, path: to })))).not.toEqual([]);
    }
  }
});

test("case 64 and 100: any key where facts go through one by one", () => {
  expect(violations("m@async(p)(k)<-a(k),peers(p); s(k)<-m(k)", { a: 1, m: 1, s: 1 })).toBe("");
  expect(violations("st@async(d)(x,y)<-s(x,y),nodes(d)", { s: 1 })).toBe("");
  expect(violations("st@async(d)(x,y)<-s(x,y),nodes(d)", { s: 2 })).toBe("");
});

test("case 66: keys agree, the clock does not", () => {
  const text = "t(k,n)<-i(k),one(n); t@next(k,n+1)<-t(k,n); o@async(c)(k,n)<-g(k),t(k,n)";
  const options = { edb: ["one"] };
  expect(violations(text, { i: 1, t: 1, g: 1 }, options)).toBe("");
  const { p } = caseProgram(text, options);
  expect(isTickInsensitive(tickSensitivity(p, "L"))).toBe(false);
});

test("case 68: a key that is computed while it is sent", () => {
  const K = "x@async(d)(count<v>)<-w(v),nodesOf(d)";
  expect(violations("o@async(c)(n)<-x(n)", { x: 1 }, { K })).toMatchInlineSnapshot(
    `"unroutable: Rule 2 computes the key of \`x\` while it sends, so it cannot choose a partition. Split it into a rule that computes and a rule that sends. [2:head]"`,
  );
  const split = "cnt(count<v>)<-w(v); x@async(d)(n)<-cnt(n),nodesOf(d)";
  expect(violations("o@async(c)(n)<-x(n)", { x: 1 }, { K: split })).toBe("");
});

test("case 98: two kept relations by one key", () => {
  const text =
    "p(k,x)<-a(k,x); p@next(k,x)<-p(k,x); q(k,y)<-b(k,y); q@next(k,y)<-q(k,y); o@async(c)(k,x,y)<-p(k,x),q(k,y)";
  expect(violations(text, { a: 1, p: 1, b: 1, q: 1 })).toBe("");
  const { p } = caseProgram(text);
  expect(proposeKeys(p, "L")).toEqual([{ a: [0], p: [0], b: [0], q: [0] }]);
  expect(isTickInsensitive(tickSensitivity(p, "L"))).toBe(true);
  const counted = caseProgram(text.replace("o@async(c)(k,x,y)", "o@async(z)(k,x,y)"), {
    K: "t@async(d)(k)<-o(k,_,_),nodesOf(d)",
  });
  expect(isTickInsensitive(tickSensitivity(counted.p, "L"))).toBe(false);
});

test("clients cannot be routed", () => {
  expect(violations("o@async(c)(x)<-in(x)", { in: 1 }, { env: ["in"] })).toMatchInlineSnapshot(
    `"client-input: Clients send \`in\` to one address, that of \`L\`, and Clew cannot change that. Move what follows a relay to a component of its own, and partition that. [1:0]"`,
  );
});

test("the tick number as data", () => {
  expect(violations("o@async(c)(x,t)<-a(x),tick(t)", { a: 1 })).toMatchInlineSnapshot(
    `"tick-as-data: Rule 1 puts the tick number into \`o\`. Another node counts other ticks. [1:head]"`,
  );
});

test("chance", () => {
  expect(violations("o@async(c)(x,i)<-a(x),index(i)", { a: 1 })).toMatchInlineSnapshot(
    `"non-deterministic: Rule 1 uses \`index\`. Each partition would choose for itself. [1:1]"`,
  );
});

test("equal constants and explicit == agree, := and different constants do not (H-52)", () => {
  expect(violations("o@async(c)(y)<-a(1,y),b(1,y)", { a: 1, b: 1 })).toBe("");
  expect(violations("o@async(c)(y)<-a(1,y),b(2,y)", { a: 1, b: 1 })).not.toBe("");
  expect(violations("o@async(c)(y)<-a(1,y),b(x,y)", { a: 1, b: 1 })).not.toBe("");
  expect(violations("o@async(c)(x)<-a(x),b(y),x==y", { a: 1, b: 1 })).toBe("");
  expect(violations("o@async(c)(x)<-a(x),b(y),x==z,z==y,dom(z)", { a: 1, b: 1 })).toBe("");
  expect(violations("s(y)<-a(x),y:=x", { a: 1, s: 1 })).not.toBe("");
  expect(violations("o@async(c)(x)<-a(x,_),b(_,x)", { a: 2, b: 1 })).not.toBe("");
});

test("keys of two attributes, in the same order", () => {
  const text = "o@async(c)(x,y)<-a(x,y),b(y,x)";
  const { p } = caseProgram(text);
  expect(cohashViolations(p, "L", { a: [0, 1], b: [1, 0] })).toEqual([]);
  expect(cohashViolations(p, "L", { a: [0, 1], b: [0, 1] })).not.toEqual([]);
  expect(proposeKeys(p, "L")).toEqual([
    { a: [0], b: [1] },
    { a: [1], b: [0] },
    { a: [0, 1], b: [1, 0] },
  ]);
});

test("keys of different lengths, empty keys, and keys that an aggregate computes", () => {
  const { p } = caseProgram("o@async(c)(x,y)<-a(x,y),b(x,y)");
  expect(codes(cohashViolations(p, "L", { a: [0, 1], b: [0] }))).toEqual(["keys-differ"]);
  expect(codes(cohashViolations(p, "L", { a: [0], b: [] }))).toEqual(["keys-differ"]);
  expect(codes(cohashViolations(p, "L", { a: [], b: [] }))).toEqual(["keys-differ"]);
  expect(codes(cohashViolations(p, "L", { a: [0] }))).toEqual(["keys-differ"]);
  expect(violations("t(count<x>,k)<-r(x,k); o@async(c)(n,k)<-t(n,k)", { r: 2, t: 1 })).toContain(
    "group-split",
  );
  expect(violations("o@async(c)(y)<-a(_,y)", { a: 1 })).toBe("");
});

test("guards: case 138, seeds from EDB, and sends without input (P4, S-08, S-16)", () => {
  const { p } = caseProgram(
    "q(x)<-d(x); o@async(c)(x)<-d(x),!q(x); h@async(c)(x)<-d(x); r(x)<-a(x)",
    { edb: ["d"] },
  );
  const { owners, once } = cohashGuards(p, "L", keyed({ q: 1, a: 1, r: 1 }));
  expect(Object.fromEntries(owners)).toEqual({
    "L/q/1": [{ kind: "variable", name: "x" }],
    "L/o/1": [{ kind: "variable", name: "x" }],
  });
  expect([...once]).toEqual(["L/h/1"]);
});

const COUNTS_O = { K: "t@async(d)(x)<-o(x),nodesOf(d)" };

function moved(text: string, options: CaseOptions): string {
  const { p, c2 } = caseProgram(text, options);
  return report(p, sendCountViolations(p, c2));
}

test("sends counted: case 137 and its relatives (S-19)", () => {
  expect(
    moved("o@async(X)(x)<-a(x); r(x)<-a(x) | o@async(X)(x)<-r(x)", COUNTS_O),
  ).toMatchInlineSnapshot(
    `"sends-counted: Rules 1 and 3 send \`o\` from both groups. What was one message would arrive as two, and rule 5 could count how often \`o\` arrives. [1:head 3:head 5]"`,
  );
  expect(moved("o2@async(X)(x)<-a(x); r(x)<-a(x) | o@async(X)(x)<-r(x)", COUNTS_O)).toBe("");
  expect(moved("r(x,y)<-a(x,y) | o@async(X)(7)<-r(_,_)", COUNTS_O)).toMatchInlineSnapshot(
    `"sends-counted: Rule 2 drops a part of \`r\`, so on a node of its own it may send \`o\` more or less often, and rule 4 could count how often \`o\` arrives. [2:0 4]"`,
  );
  expect(
    moved("r(x)<-a(x); r@next(x)<-r(x) | o@async(X)(x)<-r(x)", COUNTS_O),
  ).toMatchInlineSnapshot(
    `"sends-counted: Rule 3 sends what \`r\` keeps on every tick, so on a node of its own it may send \`o\` more or less often, and rule 5 could count how often \`o\` arrives. [3:0 5]"`,
  );
  expect(moved("r(x)<-a(x) | o@async(X)(x)<-r(x); o@async(X)(x)<-b(x)", COUNTS_O)).toContain(
    "Rules 2 and 3 all send `o`",
  );
  expect(moved("r(x)<-a(x) | s(x)<-r(x); o@async(X)(x)<-s(x)", COUNTS_O)).toBe("");
  expect(moved("r(x)<-a(x) | s@next(x)<-r(x); o@async(X)(x)<-s(x)", COUNTS_O)).toContain(
    "reads `s`, which it derives itself",
  );
  expect(moved("r(x)<-a(x) | o@async(X)(x)<-r(x), b(x)", COUNTS_O)).toContain("come apart");
  // Clients take the first; a receiver that keeps what arrives cannot count.
  expect(moved("o@async(X)(x)<-a(x); r(x)<-a(x) | o@async(X)(x)<-r(x)", {})).toBe("");
  expect(
    moved("o@async(X)(x)<-a(x); r(x)<-a(x) | o@async(X)(x)<-r(x)", {
      K: "w(x)<-o(x); w@next(x)<-w(x)",
    }),
  ).toBe("");
});

test("sends counted under lock-step: both halves, and partitions without the key", () => {
  const both = caseProgram("o@async(X)(x)<-a(x) | o@async(X)(x)<-b(x)", COUNTS_O);
  expect(codes(sentByBothHalves(both.p, both.c2))).toEqual(["sends-counted"]);
  const lone = caseProgram("o2@async(X)(x)<-a(x) | o@async(X)(x)<-b(x)", COUNTS_O);
  expect(sentByBothHalves(lone.p, lone.c2)).toEqual([]);
  const keys = { a: [0], b: [0] };
  const dropping = caseProgram("o@async(X)(y)<-a(x,y)", COUNTS_O);
  expect(report(dropping.p, partitionSendViolations(dropping.p, "L", keys))).toMatchInlineSnapshot(
    `"sends-counted: Rule 1 sends \`o\` without the key, so two partitions may send in one tick what one node sent once; rule 3 could count how often \`o\` arrives. [1:head 3]"`,
  );
  const carrying = caseProgram("o@async(X)(x)<-a(x,y); o@async(X)(x)<-b(x)", COUNTS_O);
  expect(partitionSendViolations(carrying.p, "L", keys)).toEqual([]);
  const elsewhere = caseProgram("o@async(X)(x,1)<-a(x,y); o@async(X)(1,x)<-b(x)", {
    K: "t@async(d)(x)<-o(x,_),nodesOf(d)",
  });
  expect(codes(partitionSendViolations(elsewhere.p, "L", keys))).toEqual(["sends-counted"]);
});
