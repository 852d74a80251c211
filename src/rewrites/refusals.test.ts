import { expect, test } from "vitest";
import type { KeyTerms } from "../analysis/keyTerm.ts";
import { afterSteps, caseProgram, cohash, split } from "./cases.testing.ts";
import type { CaseText } from "./cases.testing.ts";
import { REFUSAL_CODES } from "./conditions.ts";
import { applyStep } from "./driver.ts";
import type { Precondition, RewriteName, StepRequest } from "./rewrite.ts";

/** For each precondition code the smallest program that violates it, and where the evidence points first. */
interface Refusal extends CaseText {
  readonly code: (typeof REFUSAL_CODES)[number];
  readonly rewrite: RewriteName;
  /** The target, where it is no split at the bar. */
  readonly request?: StepRequest;
  readonly first?: readonly StepRequest[];
  readonly at: string;
  readonly statement: RegExp;
}

function byTerms(keys: KeyTerms): StepRequest {
  return { rewrite: "partitionWithDependencies", target: { component: "L", partitions: 2, keys } };
}

function partially(replicated: readonly string[], keys: KeyTerms): StepRequest {
  const target = { component: "L", partitions: 2, replicated, keys, name: "proxy" };
  return { rewrite: "partitionPartially", target };
}

function functional(rules: readonly string[]): StepRequest {
  return { rewrite: "decoupleFunctional", target: { component: "L", rules, name: "M" } };
}

const REFUSALS: readonly Refusal[] = [
  {
    code: "shared-read",
    rewrite: "decoupleMutuallyIndependent",
    rules: "s(x)<-a(x) | o@async(c)(x)<-a(x)",
    at: "L/s/1 literal 0",
    statement: /Both groups read `a`/,
  },
  {
    code: "same-tick-flow",
    rewrite: "decoupleMutuallyIndependent",
    rules: "s(x)<-a(x) | o@async(c)(x)<-s(x)",
    at: "L/o/1 literal 0",
    statement: /Rule 2 moves and reads `s`, which would now arrive late/,
  },
  {
    code: "direction",
    rewrite: "decoupleFunctional",
    rules: "o@async(c)(x)<-s(x) | s(x)<-a(x)",
    at: "L/o/1 literal 0",
    statement: /Rule 1 stays and reads `s`, which would now arrive late/,
  },
  {
    code: "client-input",
    rewrite: "decoupleMonotonic",
    rules: "e@async(c)(x)<-a(x) | o@async(c)(x)<-cl(x)",
    env: ["cl"],
    at: "L/o/1 literal 0",
    statement: /Clients send `cl` to the address of L/,
  },
  {
    code: "tick-as-data",
    rewrite: "decoupleFunctional",
    rules: "e@async(c)(x)<-a(x) | o@async(c)(x,t)<-b(x),tick(t)",
    at: "L/o/1 head",
    statement: /Rule 2 puts the tick number/,
  },
  {
    code: "derived-on-both-sides",
    rewrite: "decoupleMutuallyIndependent",
    rules: "s(x)<-a(x) | s(x)<-b(x); o@async(c)(x)<-s(x)",
    at: "L/s/1 head",
    statement: /Both groups derive `s`/,
  },
  {
    code: "sends-counted",
    rewrite: "decoupleFunctional",
    rules: "o@async(K)(x)<-a(x); r(x)<-a(x) | o@async(K)(x)<-r(x)",
    counted: ["o"],
    at: "L/o/1 head",
    statement: /What was one message would arrive as two/,
  },
  {
    code: "two-reads",
    rewrite: "decoupleFunctional",
    rules: "r(x,1)<-a(x) | o@async(c)(x)<-r(x,n),r(x,m),n!=m",
    at: "L/o/1 literal 0",
    statement: /Rule 2 reads `r` twice/,
  },
  {
    code: "two-relations",
    rewrite: "decoupleFunctional",
    rules: "r(x)<-a(x); s(x)<-b(x) | o@async(c)(x)<-r(x),s(x)",
    at: "L/o/1 literal 0",
    statement: /Rule 3 joins `r` with `s`/,
  },
  {
    code: "changing-negation",
    rewrite: "decoupleMonotonic",
    rules: "r(x)<-a(x) | o@async(c)(x)<-r(x),!b(x)",
    at: "L/o/1 literal 1",
    statement: /Rule 2 asks whether `b` is absent/,
  },
  {
    code: "aggregate",
    rewrite: "decoupleFunctional",
    rules: "r(x)<-a(x) | n(count<x>)<-r(x)",
    at: "L/n/1 head",
    statement: /Rule 2 counts/,
  },
  {
    code: "non-deterministic",
    rewrite: "decoupleFunctional",
    rules: "r(x)<-a(x) | o@async(c)(x,i)<-r(x),index(i)",
    at: "L/o/1 literal 1",
    statement: /Rule 2 uses `index`/,
  },
  {
    code: "not-kept",
    rewrite: "decoupleMonotonic",
    rules: "r(x)<-a(x) | o@async(c)(x,y)<-r(x),b(y)",
    at: "L/o/1 literal 0",
    statement: /`r` is gone after one tick/,
  },
  {
    code: "exact-threshold",
    rewrite: "decoupleMonotonic",
    rules: "w(s)<-a(s); w@next(s)<-w(s) | n(count<s>)<-w(s); o@async(c)(1)<-n(k),k==2",
    at: "L/o/1 literal 1",
    statement: /Rule 4 waits for exactly 2/,
  },
  {
    code: "forgets-early",
    rewrite: "decoupleMonotonic",
    rules:
      "e@async(c)(x)<-b(x) | v(x)<-a(x); v@next(x)<-v(x),!g(x); u(x)<-d(x); u@next(x)<-u(x); o@async(c)(x)<-v(x),u(x)",
    at: "L/v/2 literal 1",
    statement: /`v` is deleted at `g` by rule 3. Rule 6 also needs `u`, which may come after that/,
  },
  {
    code: "keys-differ",
    rewrite: "partitionByCohashing",
    rules: "o@async(c)(x,y)<-a(x),b(y)",
    request: cohash({ a: [0], b: [0] }),
    at: "L/o/1 literal 0",
    statement: /`a` is split by `x` and `b` by `y`/,
  },
  {
    code: "head-key",
    rewrite: "partitionByCohashing",
    rules: "s(y)<-r(x,y); o@async(c)(y)<-s(y)",
    request: cohash({ r: [0], s: [0] }),
    at: "L/s/1 literal 0",
    statement: /Rule 1 derives `s`, which is split by `y`/,
  },
  {
    code: "absent-wildcard",
    rewrite: "partitionByCohashing",
    rules: "o@async(c)(x)<-p(x),!q(x,_)",
    request: cohash({ p: [0], q: [1] }),
    at: "L/o/1 literal 1",
    statement: /Rule 1 asks that no `q\(x, _\)` exists/,
  },
  {
    code: "group-split",
    rewrite: "partitionByCohashing",
    rules: "t(count<x>,k)<-r(x,k); o@async(c)(n,k)<-t(n,k)",
    request: cohash({ r: [0], t: [1] }),
    at: "L/t/1 literal 0",
    statement: /would be counted on different nodes/,
  },
  {
    code: "unroutable",
    rewrite: "partitionByCohashing",
    rules: "o@async(c)(n)<-x(n)",
    other: "x@async(L)(count<v>)<-w(v)",
    request: cohash({ x: [0] }),
    at: "K/x/1 head",
    statement: /computes the key of `x` while it sends/,
  },
  {
    code: "no-dependency",
    rewrite: "partitionWithDependencies",
    rules: "o@async(c)(x)<-p(x),q(x)",
    request: byTerms({ p: [0], q: [{ function: "hash", of: [0] }] }),
    at: "L/o/1 literal 0",
    statement: /`p` is split by `x\w*` and `q` by `hash\(x\w*\)`. Nothing makes the two equal/,
  },
  {
    code: "undeclared-dependency",
    rewrite: "partitionWithDependencies",
    rules: "o@async(c)(x)<-p(x),e(x,y),q(y)",
    edb: ["e"],
    request: byTerms({ p: [{ function: "e", of: [0] }], q: [0] }),
    at: " relation",
    statement: /`p` is to be split by `e\(x\w*\)`, but nothing says/,
  },
  {
    code: "partitioned-feeds-replicated",
    rewrite: "partitionPartially",
    rules: "b(x)<-p(x); b(x)<-w(x); o@async(c)(x)<-w(x),b(_)",
    request: partially(["p", "b"], { w: [0] }),
    at: "L/b/2 literal 0",
    statement: /Rule 2 derives `b`, which every partition is to keep, from `w`/,
  },
  {
    code: "aggregate-over-part",
    rewrite: "partitionPartially",
    rules: "n(count<x>)<-p(_),w(x); o@async(c)(x)<-n(x)",
    request: partially(["p"], { w: [0], n: [0] }),
    at: "L/n/1 literal 1",
    statement: /facts of one group would be counted on different nodes/,
  },
  {
    code: "key-projected",
    rewrite: "partitionPartially",
    rules: "o@async(K)(b)<-p(b),w(x)",
    counted: ["o"],
    request: partially(["p"], { w: [0] }),
    at: "L/o/1 head",
    statement: /Rule 1 sends `o` without the key/,
  },
  {
    code: "durable-copy",
    rewrite: "decoupleMonotonic",
    rules: "s(x)<-w(x); e@async(c)(x)<-w(x) | k(x)<-s(x); k@next(x)<-k(x); o@async(c)(x)<-k(x)",
    declarations: "durable k",
    at: " relation",
    statement: /`k` outlives a crash, and `s`, from which it comes, does not/,
  },
  {
    code: "durable-copy",
    rewrite: "decoupleFunctional",
    rules: "s(x)<-w(x); e@async(c)(x)<-w(x) | k(x)<-s(x); k@next(x)<-k(x); o@async(c)(x)<-k(x)",
    declarations: "durable k\ndurable s",
    at: " relation",
    statement: /`k` outlives a crash, and `s`, from which it comes, is durable but not kept/,
  },
  {
    code: "durable-copy",
    rewrite: "decoupleMonotonic",
    rules:
      "s(x)<-w(x); e(x)<-w(x); e@next(x)<-e(x) | k(x)<-s(x); k@next(x)<-k(x); o@async(c)(x,y)<-k(x),k(y)",
    declarations: "durable e",
    at: " relation",
    statement:
      /`e` outlives a crash, and `s` does not: .* and rule 6 would take it together with later/,
  },
  {
    code: "durable-copy",
    rewrite: "decoupleMonotonic",
    rules:
      "r(x)<-a(x); r@next(x)<-r(x); t(x)<-r(x) | m(x)<-b(x); m@next(x)<-m(x); k(x)<-t(x),m(x); k@next(x)<-k(x)",
    declarations: "durable r\ndurable k",
    at: "L/k/1 literal 1",
    statement:
      /`k` outlives a crash, and `m`, which rule 6 takes together with what comes from `t`/,
  },
  {
    code: "durable-copy",
    rewrite: "partitionPartially",
    rules:
      "l(b)<-p(b); l@next(b)<-l(b); t@next(x)<-w(x); t@next(x)<-t(x); o@async(c)(x,b)<-t(x),w(x),l(b)",
    declarations: "durable l",
    request: partially(["p", "l"], { w: [0], t: [0] }),
    at: " relation",
    statement: /`l` outlives a crash, and `t`, which is kept beside it, does not/,
  },
  {
    code: "idle-output",
    rewrite: "partitionPartially",
    rules: "u@async(c)(x)<-d(x); o@async(c)(x,b)<-w(x),p(b)",
    edb: ["d"],
    request: partially(["p"], { w: [0] }),
    at: "L/u/1 head",
    statement: /Rule 1/,
  },
  {
    code: "idle-change",
    rewrite: "partitionPartially",
    rules: "t@next(x)<-p(x); o@async(c)(x,b)<-w(x),t(b)",
    request: partially(["p", "t"], { w: [0] }),
    at: "L/t/1 head",
    statement: /Rule 1|`t`/,
  },
  {
    code: "idle-derivation",
    rewrite: "partitionPartially",
    rules:
      "s(b)<-p(b); s@next(b)<-s(b); r(b)<-s(b),!p(b); r@next(b)<-r(b); o@async(c)(x,b)<-w(x),r(b)",
    request: partially(["p", "s", "r"], { w: [0] }),
    at: "L/r/1 rule",
    statement: /Rule 3|`r`/,
  },
  {
    code: "not-input-derived",
    rewrite: "decoupleStateMachine",
    rules: "t(x)<-a(x); t@next(x)<-t(x); s(x)<-t(x) | o@async(c)(x)<-s(x),b()",
    at: "L/s/1 head",
    statement:
      /`s` is derived by rule 3 from what earlier ticks left, so ticks without messages would/,
  },
  {
    code: "unchecked-field",
    rewrite: "verifySenders",
    rules: "r(n,m)<-a(n,m) | o@async(c)(n,m)<-r(n,m)",
    first: [functional(["L/o/1"])],
    request: { rewrite: "verifySenders", target: { component: "M", signed: { r: [0] } } },
    at: "L/r/1 head",
    statement: /`m` of `r` is not signed, and the receiver cannot compute it/,
  },
  {
    code: "tick-local-dependency",
    rewrite: "verifySenders",
    rules: "t(n,max<m>)<-a(n,m); r(n,m)<-t(n,m) | o@async(c)(n,m)<-r(n,m)",
    first: [functional(["L/o/1"])],
    request: { rewrite: "verifySenders", target: { component: "M", signed: { r: [0] } } },
    at: "L/r/1 head",
    statement: /Rule 1 takes a maximum to get it/,
  },
];

function refused(refusal: Refusal): readonly Precondition[] {
  const given = caseProgram(refusal);
  const program = afterSteps(given.program, refusal.first ?? []);
  const result = applyStep(program, refusal.request ?? split(refusal.rewrite, given));
  expect(result.kind).toBe("refused");
  return result.kind === "refused" ? result.preconditions : [];
}

test.each(REFUSALS)("$rewrite is refused with $code", (refusal) => {
  const found = refused(refusal).find((c) => c.verdict === "violated" && c.code === refusal.code);
  expect(found?.statement).toMatch(refusal.statement);
  const place = found?.evidence[0];
  const where =
    place?.kind === "literal"
      ? `${place.rule} literal ${place.index}`
      : `${place && "rule" in place ? place.rule : ""} ${place?.kind}`;
  expect(where).toBe(refusal.at);
});

test("every code that a precondition can have is seen violated", () => {
  const seen = new Set(
    REFUSALS.flatMap((refusal) =>
      refused(refusal)
        .filter((c) => c.verdict === "violated")
        .map((c) => c.code),
    ),
  );
  // Tests of their own: a case holds no rows, and a program with seals is none.
  expect([...REFUSAL_CODES].filter((code) => !seen.has(code))).toEqual([
    "untrue-dependency",
    "seal-receiver",
    "seal-trigger",
  ]);
});

test("copySplit is refused for rules that derive what they would read a copy of", () => {
  const { program } = caseProgram({ rules: "r(x)<-a(x); r@next(x)<-r(x); o@async(c)(x)<-r(x)" });
  const target = { component: "L", relation: "r", rules: ["L/r/2", "L/o/1"] };
  const result = applyStep(program, { rewrite: "copySplit", target });
  expect(result.kind === "refused" && result.preconditions[0]?.statement).toBe(
    "Rule 2 derives `r`. A copy would not hold what is derived after the move.",
  );
});

test("a lock-step step needs a waiver, binds the chain, and says why", () => {
  const given = caseProgram({
    rules:
      "e@async(c)(x)<-a(x) | k@next(1)<-boot(),!k(_); k@next(n+1)<-k(n); o@async(c)(n)<-b(),k(n)",
  });
  const step = split("decoupleMutuallyIndependent", given);
  const without = applyStep(given.program, step);
  expect(without.kind === "refused" && without.verdict).toBe("lockstep");
  const bound = without.kind === "refused" ? without.preconditions : [];
  const statements = bound.filter((c) => c.verdict === "lockstep").map((c) => c.statement);
  expect(statements[0]).toMatch(/^Rule 2 can change `k` on any tick/);
  expect(statements.every((s) => s.endsWith("Correct if sibling nodes tick together."))).toBe(true);
  const waived = applyStep(given.program, { ...step, waiver: "tick-counts" });
  expect(waived.kind === "applied" && waived.chain.lockstep).toBe(true);
});

test("S-20: after a lock-step step an allowed one must not send twice in one joint tick", () => {
  const given = caseProgram({
    rules:
      "f1@next()<-boot(); f2@next()<-f1(); f2@next()<-f2(); u@async(c)(1)<-a(),f1(),!f2() | o@async(K)(7)<-b(x)",
    counted: ["o"],
  });
  const step = { ...split("decoupleMutuallyIndependent", given), waiver: "tick-counts" } as const;
  const first = applyStep(given.program, step);
  if (first.kind !== "applied") throw new Error("the first step applies");
  const second: StepRequest = {
    rewrite: "partitionByCohashing",
    target: { component: "M", partitions: 2, keys: { b: [0] } },
  };
  expect(applyStep(first.program, second).kind).toBe("applied");
  const bound = applyStep(first.program, second, first.chain);
  const codes = bound.kind === "refused" ? bound.preconditions : [];
  expect(codes.filter((c) => c.verdict === "violated").map((c) => c.code)).toEqual([
    "sends-counted",
  ]);
});

test("functional: a rule that sends without any fact is right in lock-step only", () => {
  const given = caseProgram({ rules: "r(x)<-a(x) | o@async(c)(x)<-r(x); h@async(c)(1)<-boot()" });
  const result = applyStep(given.program, split("decoupleFunctional", given));
  expect(result.kind === "refused" && result.verdict).toBe("lockstep");
});
