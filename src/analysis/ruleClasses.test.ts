import { expect, test } from "vitest";
import { caseProgram, codes, report, type CaseOptions } from "./caseProgram.testing.ts";
import { logicallyPersisted } from "./persistence.ts";
import { functionalViolations, monotoneViolations } from "./ruleClasses.ts";

function functional(text: string, options?: CaseOptions): string {
  const { p, c2 } = caseProgram(text, options);
  return report(p, functionalViolations(p, c2));
}

function monotone(text: string, options?: CaseOptions): string {
  const { p, c2 } = caseProgram(text, options);
  return report(p, monotoneViolations(p, c2, logicallyPersisted(p, "L")));
}

test("functional: cases 15, 22 after fold, 95 and 119 hold", () => {
  expect(
    functional("s(x,g)<-in(x),sign(x,g) | st@async(d)(x,g)<-s(x,g),nodes(d)", { env: ["in"] }),
  ).toBe("");
  expect(
    functional("m(i,v,s)<-ip(v,s),bal(i) | p@async(d)(i,v,s)<-m(i,v,s),acc(d)", { env: ["ip"] }),
  ).toBe("");
  expect(functional("s(x)<-in(x) | o@async(c)(x,y)<-s(x),hash(x,y)")).toBe("");
  expect(
    functional("o1@async(c)(n)<-b(n); r(x)<-a(x) | p@next(x)<-r(x); o2@async(c)(x)<-p(x)"),
  ).toBe("");
});

test("functional: negation and aggregation over EDB alone are harmless (H-03)", () => {
  expect(
    functional("s(x)<-in(x) | o@async(c)(x)<-s(x),!ban(x); n(count<x>)<-dom(x)", { edb: ["ban"] }),
  ).toBe("");
});

test("functional: case 16, two reads of one relation", () => {
  expect(
    functional("r(x,1)<-in(x); r(x,2)<-in(x) | o@async(c)(x)<-r(x,a),r(x,b),a!=b"),
  ).toMatchInlineSnapshot(
    `"two-reads: Rule 3 reads \`r\` twice. Sent over a network, the two facts can miss each other. [3:0 3:1]"`,
  );
});

test("functional: cases 17 and 22, two relations", () => {
  expect(
    functional("l(x)<-a(x); l@next(x)<-l(x) | o@async(c)(x,y)<-b(y),l(x)"),
  ).toMatchInlineSnapshot(
    `"two-relations: Rule 3 joins \`b\` with \`l\`; a functional rule looks at one fact at a time. [3:0 3:1]"`,
  );
  expect(codesOf("e(x)<-in(x) | p@async(d)(i,v,s)<-ip(v,s),bal(i),acc(d)")).toEqual([
    "two-relations",
  ]);
});

function codesOf(text: string): readonly string[] {
  const { p, c2 } = caseProgram(text);
  return codes(functionalViolations(p, c2));
}

test("functional: case 19, a negation that changes", () => {
  expect(functional("s(x)<-in(x) | o@async(c)(x)<-s(x),!ban(x)")).toMatchInlineSnapshot(
    `"changing-negation: Rule 2 asks whether \`ban\` is absent. Absent may only mean not here yet. [2:1]"`,
  );
});

test("functional: case 20, an aggregate", () => {
  expect(functional("s(x)<-in(x) | n(count<x>)<-s(x); o@async(c)(n)<-n(n)")).toMatchInlineSnapshot(
    `"aggregate: Rule 2 counts. A count that travels early is a wrong count. [2:head]"`,
  );
});

test("functional: case 23, chance", () => {
  expect(functional("s(x)<-in(x) | o@async(c)(x,i)<-s(x),index(i)")).toMatchInlineSnapshot(
    `"non-deterministic: Rule 2 uses \`index\`. Another node would choose otherwise. [2:1]"`,
  );
});

test("monotone: cases 29 and 39 hold", () => {
  expect(
    monotone(
      "k(s,v,n)<-in(s,v,n); k@next(s,v,n)<-k(s,v,n); cert(count<s>,v)<-k(s,v,n); k_c(s,v,n)<-k(s,v,n)" +
        " | bad@async(c)(v)<-k_c(s,v,n),k_c(t,v,m),n!=m",
    ),
  ).toBe("");
  expect(
    monotone("x(v)<-cfg(v) | y(v)<-x(v),p(v); p(v)<-in(v); p@next(v)<-p(v); o@async(c)(v)<-y(v)", {
      edb: ["cfg"],
    }),
  ).toBe("");
});

test("monotone: an input that is gone after one tick (H-15)", () => {
  expect(monotone("ack@async(c)(x)<-a(x) | k(x)<-a2(x); out@async(c)(x,y)<-k(x),b(y)"))
    .toMatchInlineSnapshot(`
    "not-kept: \`k\` is gone after one tick. Keeping it would give answers the original never gives. [3:0 2]
    not-kept: \`b\` is gone after one tick. Keeping it would give answers the original never gives. [3:1]"
  `);
});

test("monotone: cases 31 and 38 wait for a threshold that cannot be certified yet", () => {
  expect(
    monotone(
      "w(s)<-in(s); ack@async(c)(s)<-in(s) | w@next(s)<-w(s); n(count<s>)<-w(s); o@async(c)(1)<-n(k),k>=2",
    ),
  ).toMatchInlineSnapshot(
    `"aggregate: Rule 4 counts and rule 5 waits for a count of at least 2. Clew cannot certify thresholds yet. [4:head 5:1]"`,
  );
  expect(
    monotone(
      "p(x)<-in(x); ack@async(c)(x)<-in(x) | p@next(x)<-p(x); m(max<x>)<-p(x); o@async(c)(1)<-m(x),x>=7",
    ),
  ).toContain("a maximum of at least 7");
});

test("monotone: case 32, an exact threshold; in a table too", () => {
  const counted = "w(s)<-in(s); ack@async(c)(s)<-in(s) | w@next(s)<-w(s); n(count<s>)<-w(s); ";
  expect(monotone(`${counted}o@async(c)(1)<-n(k),k==2`)).toMatchInlineSnapshot(
    `"exact-threshold: Rule 5 waits for exactly 2. A late reader may see more at once and never exactly that many. \`>= 2\` would be a threshold, but Clew cannot certify thresholds yet. [5:1 4:head]"`,
  );
  expect(monotone(`${counted}o@async(c)(1)<-n(k),num(k)`)).toContain("waits for exactly num");
  expect(monotone(`${counted}o@async(c)(k)<-n(k),k>=2`)).toContain("aggregate: Rule 4 counts. A");
});

test("monotone: case 35 deletes at an intermediate event, which cannot be certified yet", () => {
  const text =
    "bt(i,b)<-req(i,b); v@async(d)(i)<-req(i,b),rep(d) | av(s,i)<-vr(s,i); av@next(s,i)<-av(s,i),!com(i); " +
    "n(count<s>,i)<-av(s,i); com(i)<-n(2,i); bt@next(i,b)<-bt(i,b),!com(i); o@async(c)(i,b)<-com(i),bt(i,b)";
  const { p, c2 } = caseProgram(text);
  expect(codes(monotoneViolations(p, c2, logicallyPersisted(p, "L")))).toEqual([
    "forgets-early",
    "exact-threshold",
    "not-kept",
  ]);
  expect(monotone(text)).toContain("`av` is deleted at `com` by rule 4.");
});

test("monotone: chance is refused even with one read", () => {
  expect(monotone("s(x)<-in(x) | o@async(c)(x,i)<-s(x),index(i)")).toContain("non-deterministic");
});
