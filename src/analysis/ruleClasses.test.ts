import { expect, test } from "vitest";
import { caseProgram, codes, report, type CaseOptions } from "./caseProgram.testing.ts";
import { logicallyPersisted } from "./persistence.ts";
import { functionalViolations, monotoneCertificates, monotoneViolations } from "./ruleClasses.ts";

function functional(text: string, options?: CaseOptions): string {
  const { p, c2 } = caseProgram(text, options);
  return report(p, functionalViolations(p, c2));
}

function monotone(text: string, options?: CaseOptions): string {
  const { p, c2 } = caseProgram(text, options);
  return report(p, monotoneViolations(p, c2));
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

function certified(text: string, options?: CaseOptions): string {
  const { p, c2 } = caseProgram(text, options);
  expect(report(p, monotoneViolations(p, c2))).toBe("");
  return report(p, monotoneCertificates(p, c2));
}

const COUNTED = "w(s)<-in(s); ack@async(c)(s)<-in(s) | w@next(s)<-w(s); n(count<s>)<-w(s); ";

test("monotone: cases 31 and 38 wait for a threshold that stays reached", () => {
  expect(certified(`${COUNTED}o@async(c)(1)<-n(k),k>=2`)).toMatchInlineSnapshot(
    `"aggregate: Rule 4 counts and rule 5 waits for a count of at least 2, which stays reached once it is. [5:1 4:head]"`,
  );
  expect(
    certified(
      "p(x)<-in(x); ack@async(c)(x)<-in(x) | p@next(x)<-p(x); m(max<x>)<-p(x); o@async(c)(1)<-m(x),x>=7",
    ),
  ).toMatchInlineSnapshot(
    `"aggregate: Rule 4 takes a maximum and rule 5 waits for a maximum of at least 7, which stays reached once it is. [5:1 4:head]"`,
  );
});

test("monotone: case 32, an exact threshold; in a table too", () => {
  expect(monotone(`${COUNTED}o@async(c)(1)<-n(k),k==2`)).toMatchInlineSnapshot(
    `"exact-threshold: Rule 5 waits for exactly 2. A late reader may see more at once and never exactly that many. \`>= 2\` is met for good; an exact number only when it cannot be passed, and nothing says that what is counted belongs to a set of that size. [5:1 4:head]"`,
  );
  expect(monotone(`${COUNTED}o@async(c)(1)<-n(k),num(k)`)).toContain(
    "waits for exactly num. A late reader may see more at once and never exactly that many. `>= num` is met for good; an exact number only when it cannot be passed, and nobody says how much num is.",
  );
  expect(monotone(`${COUNTED}o@async(c)(k)<-n(k),k>=2`)).toContain("aggregate: Rule 4 counts. A");
});

const TWO = "edb two(s) = { (1), (2) }";

test("monotone: an exact threshold that cannot be passed", () => {
  const declare = `${TWO}\nwithin in.s of two`;
  const sent = { declare, K: "in@async(d)(s) <- send_in(s), nodesOf(d)" };
  expect(certified(`${COUNTED}o@async(c)(1)<-n(k),k==2`, sent)).toMatchInlineSnapshot(
    `"exact-threshold: Rule 5 waits for exactly 2, and there are never more, because each is in \`two\`, which has 2. Clew writes \`>=\` for it. [5:1 4:head]"`,
  );
  const three = { ...sent, declare: "edb three(s) = { (1), (2), (3) }\nwithin in.s of three" };
  expect(monotone(`${COUNTED}o@async(c)(1)<-n(k),k==2`, three)).toContain(
    "`three` has 3 rows, which is more",
  );
  const unlisted = { ...sent, declare: "edb two(s)\nwithin in.s of two" };
  expect(monotone(`${COUNTED}o@async(c)(1)<-n(k),k==2`, unlisted)).toContain(
    "nobody lists the rows of `two`",
  );
});

test("monotone: a maximum met exactly has no bound, whatever it is taken of", () => {
  const text = COUNTED.replace("count", "max").replace("<-in(s);", "<-in(s),two(s);");
  expect(monotone(`${text}o@async(c)(1)<-n(k),k==2`, { declare: TWO, edb: ["two"] })).toContain(
    "only a count of one value has a bound",
  );
});

test("what a threshold derives is kept like what it counts", () => {
  const { p } = caseProgram(
    `${COUNTED}done()<-n(k),k>=2; often()<-n2(k),k>=2; n2(count<s>)<-in(s); exact()<-n3(k),k==2; n3(count<s>)<-w(s); both()<-n4(k),k>=2; n4(count<s>)<-in(s); n4(count<s>)<-w(s)`,
  );
  const kept = logicallyPersisted(p, "L");
  expect(["w", "done", "often", "exact", "both", "n"].filter((r) => kept.has(r))).toEqual([
    "w",
    "done",
  ]);
});

test("what a threshold derives is no longer kept when what it counts turns out not to be", () => {
  const { p } = caseProgram(
    "done()<-n(k),k>=2; n(count<s>)<-w(s); w(s)<-v(s); v(s)<-u(s); u(s)<-in(s) | o@async(c)()<-done()",
  );
  expect([...logicallyPersisted(p, "L")]).toEqual([]);
});

const CASE35 =
  "bt(i,b)<-req(i,b); v@async(d)(i)<-req(i,b),rep(d) | av(s,i)<-vr(s,i); av@next(s,i)<-av(s,i),!com(i); " +
  "n(count<s>,i)<-av(s,i); com(i)<-n(k,i),k>=2; bt@next(i,b)<-bt(i,b),!com(i); o@async(c)(i,b)<-com(i),bt(i,b)";
const CASE36 = `${CASE35.replaceAll("!com(i)", "!sent(i)")}; sent(i)<-com(i),bt(i,_)`;
const KEYED = {
  declare: "fd req: i -> b",
  K: "req@async(d)(i,b) <- send_req(i,b), nodesOf(d)",
};

test("monotone: case 35 deletes at an event that comes too early", () => {
  expect(monotone(CASE35, KEYED)).toMatchInlineSnapshot(
    `"forgets-early: \`av\` is deleted at \`com\` by rule 4. Rule 8 also needs \`bt\`, which may come after that: then the answer is lost. [4:1 8]"`,
  );
});

test("monotone: case 36 deletes what is answered in that very tick", () => {
  expect(certified(CASE36, KEYED)).toMatchInlineSnapshot(`
    "aggregate: Rule 5 counts and rule 6 waits for a count of at least 2, which stays reached once it is. [6:1 5:head]
    forgets-early: \`bt\` is deleted at \`sent\` by rule 7, and rule 8 sends what it is needed for in that very tick. [7:1 8:head]
    forgets-early: \`av\` is deleted at \`sent\` by rule 4, and rule 8 sends what it is needed for in that very tick. [4:1 8:head]"
  `);
  expect(monotone(CASE36)).toMatchInlineSnapshot(
    `"forgets-early: \`av\` is deleted at \`sent\` by rule 4. What rule 8 sends is not settled by \`i\`: a second fact of the same key that comes after that is never answered. [4:1 8]"`,
  );
});

test("a deletion is certified for the key it is for", () => {
  const keyed = (event: string): string =>
    monotone(`${CASE36.replace("sent(i)<-com(i),bt(i,_)", event)}`, KEYED);
  expect(keyed("sent(i)<-com(i),bt(i,b)")).toBe("");
  expect(keyed("sent(j)<-com(j),bt(j,_)")).toBe("");
  expect(keyed("sent(i)<-com(j),bt(i,_),bt(j,_)")).toContain("`av` is deleted at `sent`");
  expect(keyed("ready(i)<-com(i); sent(i)<-ready(i),bt(i,_)")).toBe("");
  expect(keyed("sent(i)<-com(i),bt(i,_); sent(i)<-com(i)")).toContain("Rule 8 also needs");
});

test("deletion over what moves only: what the rules that stay derive comes on its own", () => {
  const text =
    "p(x)<-in(x); p@next(x)<-p(x); g(x)<-in(x),p(x) | r(x)<-a(x); r@next(x)<-r(x),!g(x); q(x)<-p(x); o@async(c)(x)<-r(x),q(x)";
  expect(monotone(text)).toContain(
    "`g` is derived by rule 3, on the other node, and may come at any time.",
  );
});

test("what the other half reads is an answer too: asymmetric decoupling sends it there", () => {
  const votes = (event: string): string =>
    monotone(
      `k(i)<-com(i); k@next(i)<-k(i); o@async(c)(i)<-q(),k(i) | v(s,i)<-vr(s,i); v@next(s,i)<-v(s,i),!${event}(i); n(count<s>,i)<-v(s,i); com(i)<-n(k,i),k>=2`,
    );
  expect(votes("com")).toBe("");
  expect(votes("del")).toContain("`v` is deleted at `del` by rule 5");
});

test("what nothing is joined with may be deleted whenever", () => {
  const text = "e@async(c)(x)<-b(x) | v(x,y)<-a(x,y); v@next(x,y)<-v(x,y),!g(x); ";
  expect(monotone(`${text}o@async(c)(x,y)<-v(x,y)`)).toBe("");
  expect(monotone(`${text}u(z)<-d(z); u@next(z)<-u(z); o@async(c)(x,z)<-v(x,y),u(z)`)).toContain(
    "Rule 6 also needs `u`, which may come after that",
  );
});

test("monotone: chance is refused even with one read", () => {
  expect(monotone("s(x)<-in(x) | o@async(c)(x,i)<-s(x),index(i)")).toContain("non-deterministic");
});
