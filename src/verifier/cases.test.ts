import { expect, test } from "vitest";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { applyStep } from "../rewrites/driver.ts";
import type { RewriteName, StepRequest, Verdict } from "../rewrites/rewrite.ts";
import { address } from "../program/value.ts";
import type { Row } from "../program/value.ts";
import type { Deployment } from "../program/deployment.ts";
import { checked, program, movedRules, verdictOf } from "./programs.testing.ts";

/** A case of spec/cases.md that the driver must accept, with inputs small enough to explore every schedule. */
interface Split {
  readonly number: number;
  readonly rewrite: RewriteName;
  /** Before the bar what stays, behind it what moves. */
  readonly rules: string;
  readonly channels: string;
  readonly edb?: Deployment["edb"];
  readonly inputs: readonly (readonly [string, ...Row])[];
  /** A normalisation that the case names first. */
  readonly first?: StepRequest;
}

const peers = [[address("p1")], [address("p2")]];
const E = "e@async(c)(x) <- a(x)";
const KB = "k@async(c)(x) <- b(x)";

const FREE: readonly Split[] = [
  {
    number: 1,
    rewrite: "decoupleMutuallyIndependent",
    rules: `b@async(d)(x) <- req(x), peers(d)
      | v(s,x) <- vote(s,x); v@next(s,x) <- v(s,x), !com(x); n(count<s>,x) <- v(s,x); com(x) <- n(k,x), num(k); r@async(c)(x) <- com(x)`,
    channels: "req/1 vote/2",
    edb: { peers, num: [[2]] },
    inputs: [
      ["req", 1],
      ["vote", "s", 1],
      ["vote", "t", 1],
      ["vote", "s", 1],
    ],
  },
  {
    number: 4,
    rewrite: "decoupleMutuallyIndependent",
    rules:
      "m@async(l)(x) <- a(x), peers(l) | s(x) <- m(x); s@next(x) <- s(x); o@async(c)(x) <- s(x), z()",
    channels: "a/1 z/0",
    edb: { peers: [[address("L")]] },
    inputs: [["a", 1], ["z"], ["a", 2]],
  },
  {
    number: 10,
    rewrite: "decoupleMutuallyIndependent",
    rules: `lv@next(x) <- vq(x); vf@async(d)(x) <- lv(x), co(d)
      | lc@next(x) <- cq(x); ak@async(d)(x) <- lc(x), co(d)`,
    channels: "vq/1 cq/1",
    edb: { co: [[address("p")]] },
    inputs: [
      ["vq", 1],
      ["cq", 1],
      ["vq", 2],
    ],
  },
  {
    number: 12,
    rewrite: "decoupleMutuallyIndependent",
    rules: "w(x) <- dom(x), g(x) | o@async(c)(x) <- b(x), dom(x)",
    channels: "b/1 g/1",
    edb: { dom: [[1]] },
    inputs: [
      ["b", 1],
      ["b", 2],
      ["g", 1],
    ],
  },
  {
    number: 14,
    rewrite: "decoupleMutuallyIndependent",
    rules: "o@async(c)(1,x) <- a(x) | o@async(c)(2,x) <- b(x)",
    channels: "a/1 b/1",
    inputs: [
      ["a", 1],
      ["b", 1],
      ["a", 2],
    ],
  },
  {
    number: 94,
    rewrite: "decoupleMutuallyIndependent",
    rules:
      "a1(x) <- a(x); o@async(c)(1,x) <- a1(x) | b1(x) <- b(x); b1@next(x) <- b1(x); o@async(c)(2,x) <- b(x), b1(x)",
    channels: "a/1 b/1",
    inputs: [
      ["a", 1],
      ["b", 1],
      ["b", 1],
    ],
  },
  {
    number: 111,
    rewrite: "decoupleMutuallyIndependent",
    rules:
      "s(x) <- a(x); s@next(x) <- s(x); o@async(c)(1,x) <- s(x) | u(x) <- b(x); u@next(x) <- u(x); o@async(c)(2,x) <- u(x)",
    channels: "a/1 b/1",
    inputs: [
      ["a", 1],
      ["b", 1],
      ["b", 2],
    ],
  },
  {
    number: 117,
    rewrite: "decoupleMutuallyIndependent",
    rules: `${E} | v(x) <- b(x); v@next(x) <- v(x), !d(x); d(x) <- kill(x); d@next(x) <- d(x); o@async(c)(x) <- q(), v(x); ${KB}`,
    channels: "a/1 b/1 kill/1 q/0",
    inputs: [["a", 1], ["b", 1], ["q"], ["kill", 1]],
  },
  {
    number: 15,
    rewrite: "decoupleFunctional",
    rules: "s(x,g) <- in(x), hash(x,8,g) | st@async(d)(x,g) <- s(x,g), nodes(d)",
    channels: "in/1",
    edb: { nodes: peers },
    inputs: [
      ["in", 1],
      ["in", 2],
      ["in", 1],
    ],
  },
  {
    number: 22,
    rewrite: "decoupleFunctional",
    rules: "m(i,v,s) <- ip(v,s), bal(i) | p@async(d)(i,v,s) <- m(i,v,s), acc(d)",
    channels: "ip/2 bal/1",
    edb: { acc: peers },
    inputs: [
      ["ip", "v", 1],
      ["bal", 1],
      ["ip", "w", 2],
    ],
  },
  {
    number: 95,
    rewrite: "decoupleFunctional",
    rules: "s(x) <- in(x) | o@async(c)(x,y) <- s(x), hash(x,8,y)",
    channels: "in/1",
    inputs: [
      ["in", 1],
      ["in", 2],
    ],
  },
  {
    number: 29,
    rewrite: "decoupleMonotonic",
    rules: `k(s,v,n) <- in(s,v,n); k@next(s,v,n) <- k(s,v,n); cert(count<s>,v) <- k(s,v,n); crt@async(c)(n,v) <- cert(n,v)
      | bad@async(c)(v) <- k(s,v,n), k(t,v,m), n != m`,
    channels: "in/3",
    first: {
      rewrite: "copySplit",
      target: { component: "L", relation: "k", rules: ["L/bad/1"] },
    },
    inputs: [
      ["in", "s", 1, 1],
      ["in", "t", 1, 2],
      ["in", "s", 1, 1],
    ],
  },
];

/** `a/1 z/0`, all sent to L. */
function toL(channels: string): Readonly<Record<string, string>> {
  return Object.fromEntries(channels.split(" ").map((channel) => [channel, "L"]));
}

function originalOf({ rules, channels, edb = {} }: Pick<Split, "rules" | "channels" | "edb">) {
  return program({ nodes: { L: rules }, channels: toL(channels), deployment: { edb } });
}

function applied(p: AnalyzedProgram, request: StepRequest, verdict: Verdict): AnalyzedProgram {
  const step = applyStep(p, request);
  if (step.kind !== "applied") throw new Error(JSON.stringify(step));
  expect(step.verdict).toBe(verdict);
  return step.program;
}

test.each(FREE)("case $number: $rewrite refines with free clocks", (split) => {
  const original = originalOf(split);
  const ready = split.first === undefined ? original : applied(original, split.first, "holds");
  const target = { component: "L", rules: movedRules("L", split.rules), name: "M" };
  const rewritten = applied(ready, { rewrite: split.rewrite, target }, "holds");
  const found = checked(original, rewritten, split.inputs);
  expect(verdictOf(found), JSON.stringify(found)).toBe("refines");
});

/** Cases that are right in lock-step only, with inputs that show what goes wrong with free clocks. */
const LOCKSTEP: readonly (Split & { readonly violation: string })[] = [
  {
    number: 5,
    rewrite: "decoupleMutuallyIndependent",
    // The counter of the case stops at 2, so that there are finitely many states.
    rules: `${E} | k@next(1) <- boot(), !k(_); k@next(n) <- k(m), m < 2, n := m + 1; k@next(2) <- k(2);
      o@async(c)(n) <- b(), k(n)`,
    channels: "a/1 b/0",
    inputs: [["a", 1], ["a", 2], ["a", 3], ["b"]],
    violation: "safety",
  },
  {
    number: 114,
    rewrite: "decoupleMutuallyIndependent",
    rules: `${E} | p@next(x) <- b(x); ${KB}; o@async(c)(x) <- q(), p(x)`,
    channels: "a/1 b/1 q/0",
    inputs: [["a", 1], ["b", 1], ["q"]],
    violation: "safety",
  },
  {
    number: 115,
    rewrite: "decoupleMutuallyIndependent",
    rules: `${E} | v@next(x) <- b(x); v@next(x) <- v(x), !g(x); g(x) <- v(x); ${KB}; o@async(c)(x) <- q(), v(x)`,
    channels: "a/1 b/1 q/0",
    inputs: [["a", 1], ["b", 1], ["q"]],
    violation: "safety",
  },
  {
    number: 116,
    rewrite: "decoupleMutuallyIndependent",
    rules: `${E} | p@next(x) <- b(x); s(x) <- p(x); ${KB}; o@async(c)(x) <- q(), s(x)`,
    channels: "a/1 b/1 q/0",
    inputs: [["a", 1], ["b", 1], ["q"]],
    violation: "safety",
  },
  {
    number: 135,
    rewrite: "decoupleMutuallyIndependent",
    rules: `${E} | q(x) <- b(x); q@next(x) <- q(x); o@async(c)(x) <- d(x), !q(x); ${KB}`,
    channels: "a/1 b/1",
    edb: { d: [[1]] },
    inputs: [
      ["a", 1],
      ["b", 1],
    ],
    violation: "quiescence",
  },
  {
    number: 118,
    rewrite: "decoupleFunctional",
    rules: `f@next(1) <- boot(); o1@async(c)(1) <- a(), f(_); o1@async(c)(0) <- a(), !f(_)
      | s(x) <- d(x); o2@async(c)(x) <- s(x)`,
    channels: "a/0",
    edb: { d: [[1]] },
    inputs: [["a"]],
    violation: "safety",
  },
  {
    number: 136,
    rewrite: "decoupleFunctional",
    rules: `p(x) <- a(x); p@next(x) <- p(x), !del(x); s(x) <- p(x), !e(x); ka@async(c)(x) <- a(x); kd@async(c)(x) <- del(x)
      | o@async(c)(x) <- s(x); kb@async(c)(x) <- b(x)`,
    channels: "a/1 del/1 e/1 b/1",
    inputs: [
      ["a", 1],
      ["e", 1],
      ["e", 1],
      ["b", 1],
      ["del", 1],
    ],
    violation: "quiescence",
  },
];

test.each(LOCKSTEP)("case $number: $rewrite refines in lock-step only", (split) => {
  const original = originalOf(split);
  const target = { component: "L", rules: movedRules("L", split.rules), name: "M" };
  expect(applyStep(original, { rewrite: split.rewrite, target }).kind).toBe("refused");
  const request: StepRequest = { rewrite: split.rewrite, target, waiver: "tick-counts" };
  const rewritten = applied(original, request, "lockstep");
  const free = checked(original, rewritten, split.inputs);
  expect(verdictOf(free), JSON.stringify(free)).toBe(split.violation);
  const locked = checked(original, rewritten, split.inputs, { clocks: "lockstep" });
  expect(verdictOf(locked), JSON.stringify(locked)).toBe("refines");
});

interface Partition {
  readonly number: number;
  readonly rules: string;
  readonly channels: string;
  readonly edb?: Deployment["edb"];
  /** `holds` when absent. */
  readonly verdict?: "lockstep";
  /** Positions from 0. */
  readonly keys: Readonly<Record<string, readonly number[]>>;
  /** Keys 0 and 1 lie in different partitions. */
  readonly inputs: Split["inputs"];
}

const PARTITIONS: readonly Partition[] = [
  {
    number: 52,
    rules:
      "v(s,x) <- vote(s,x); v@next(s,x) <- v(s,x), !com(x); n(count<s>,x) <- v(s,x); com(x) <- n(k,x), num(k); r@async(c)(x) <- com(x)",
    channels: "vote/2",
    edb: { num: [[2]] },
    keys: { vote: [1], v: [1], n: [1], com: [0] },
    inputs: [
      ["vote", "s", 0],
      ["vote", "t", 0],
      ["vote", "s", 1],
      ["vote", "t", 1],
    ],
  },
  {
    number: 58,
    rules: "t(count<x>,k) <- r(x,k); o@async(c)(n,k) <- t(n,k)",
    channels: "r/2",
    keys: { r: [1], t: [1] },
    inputs: [
      ["r", 1, 0],
      ["r", 2, 0],
      ["r", 1, 1],
    ],
  },
  {
    number: 64,
    rules: "m@async(p)(k) <- a(k), peers(p); s(k) <- m(k); o@async(c)(k) <- s(k)",
    channels: "a/1",
    edb: { peers: [[address("L")]] },
    keys: { a: [0], m: [0], s: [0] },
    inputs: [
      ["a", 0],
      ["a", 1],
      ["a", 0],
    ],
  },
  {
    number: 98,
    rules:
      "p(k,x) <- a(k,x); p@next(k,x) <- p(k,x); q(k,y) <- b(k,y); q@next(k,y) <- q(k,y); o@async(c)(k,x,y) <- p(k,x), q(k,y)",
    channels: "a/2 b/2",
    keys: { a: [0], b: [0], p: [0], q: [0] },
    inputs: [
      ["a", 0, 1],
      ["b", 0, 2],
      ["b", 1, 2],
      ["a", 1, 1],
    ],
  },
  {
    number: 100,
    rules: "st@async(d)(x) <- s(x), nodes(d)",
    channels: "s/1",
    edb: { nodes: peers },
    keys: { s: [0] },
    inputs: [
      ["s", 0],
      ["s", 1],
      ["s", 0],
    ],
  },
  {
    number: 138,
    rules: "q(x) <- d(x); o@async(c)(x) <- d(x), !q(x)",
    channels: "unused/1",
    // No rule of it is triggered by a message, so the driver asks for lock-step, which the case does not.
    verdict: "lockstep",
    edb: { d: [[0], [1]] },
    keys: { q: [0] },
    inputs: [],
  },
];

test.each(PARTITIONS)("case $number: two partitions refine with free clocks", (partition) => {
  const original = originalOf(partition);
  const target = { component: "L", partitions: 2, keys: partition.keys };
  const rewrite = "partitionByCohashing";
  const request: StepRequest = { rewrite, target, waiver: "tick-counts" };
  const rewritten = applied(original, request, partition.verdict ?? "holds");
  expect(rewritten.deployment?.instances["L"]).toHaveLength(2);
  const found = checked(original, rewritten, partition.inputs);
  expect(verdictOf(found), JSON.stringify(found)).toBe("refines");
});
