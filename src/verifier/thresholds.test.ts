import { expect, test } from "vitest";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Deployment } from "../program/deployment.ts";
import type { Row } from "../program/value.ts";
import { applyStep } from "../rewrites/driver.ts";
import type { StepResult } from "../rewrites/driver.ts";
import { forceStep } from "../rewrites/force.ts";
import type { StepRequest } from "../rewrites/rewrite.ts";
import { checked, movedRules, program, verdictOf } from "./programs.testing.ts";

/** Thresholds and deletions under monotonic decoupling (rewrites.md sections 1.4 and 1.8), by the numbers of spec/cases.md. */
interface Split {
  readonly number: string;
  /** Before the bar what stays, behind it what moves. */
  readonly rules: string;
  readonly channels: string;
  readonly edb?: Deployment["edb"];
  readonly inputs: readonly (readonly [string, ...Row])[];
}

const COUNTED = `w(s) <- in(s); ack@async(c)(s) <- in(s)
  | w@next(s) <- w(s); n(count<s>) <- w(s);`;
const THREE: Split["inputs"] = [
  ["in", 1],
  ["in", 2],
  ["in", 3],
];
const TWICE: Split["inputs"] = [
  ["in", 1],
  ["in", 2],
  ["in", 1],
];

const BATCH = `bt(i,b) <- req(i,b); v@async(c)(i) <- req(i,b)
  | av(s,i) <- vr(s,i); av@next(s,i) <- av(s,i), !EVENT(i); n(count<s>,i) <- av(s,i); com(i) <- n(k,i), k >= 2;
  bt@next(i,b) <- bt(i,b), !EVENT(i); o@async(c)(i,b) <- com(i), bt(i,b)`;
const CASE35 = BATCH.replaceAll("EVENT", "com");
const CASE36 = `${BATCH.replaceAll("EVENT", "sent")}; sent(i) <- com(i), bt(i,_)`;
/** `K` names what it sends x1, x2. */
const KEYED = "fd req: x1 -> x2;";
const OF_TWO = "edb two(s); within in.x1 of two;";
const VOTES: Split["inputs"] = [
  ["req", 1, 5],
  ["vr", "s", 1],
  ["vr", "t", 1],
];

const ALLOWED: readonly Split[] = [
  {
    number: "31",
    rules: `${COUNTED} o@async(c)(1) <- n(k), k >= 2`,
    channels: "in/1",
    inputs: THREE,
  },
  {
    number: "31 joined with what is kept",
    rules: `${COUNTED} q() <- n(k), k >= 2; p(x) <- b(x); p@next(x) <- p(x); o@async(c)(x) <- q(), p(x)`,
    channels: "in/1 b/1",
    inputs: [
      ["in", 1],
      ["b", 7],
      ["in", 2],
    ],
  },
  {
    number: "31, reached where it stays and sent over",
    rules: `w(s) <- in(s); w@next(s) <- w(s); n(count<s>) <- w(s); q() <- n(k), k >= 2; ack@async(c)(s) <- in(s)
      | p(x) <- b(x); p@next(x) <- p(x); o@async(c)(x) <- q(), p(x)`,
    channels: "in/1 b/1",
    inputs: [
      ["in", 1],
      ["b", 7],
      ["in", 2],
    ],
  },
  {
    number: "32 with a set of two",
    rules: `${OF_TWO} ${COUNTED} o@async(c)(1) <- n(k), k == 2`,
    channels: "in/1",
    edb: { two: [[1], [2]] },
    inputs: TWICE,
  },
  {
    number: "32 with the number in a table",
    rules: `${OF_TWO} ${COUNTED} o@async(c)(1) <- n(k), size(k)`,
    channels: "in/1",
    edb: { two: [[1], [2]], size: [[2]] },
    inputs: TWICE,
  },
  {
    number: "36",
    rules: `${KEYED} ${CASE36}`,
    channels: "req/2 vr/2",
    inputs: [...VOTES, ["vr", "s", 1]],
  },
  {
    number: "36 with a third vote and a request that comes twice",
    rules: `${KEYED} ${CASE36}`,
    channels: "req/2 vr/2",
    inputs: [...VOTES, ["vr", "u", 1], ["req", 1, 5]],
  },
  {
    number: "36 with two requests",
    rules: `${KEYED} ${CASE36}`,
    channels: "req/2 vr/2",
    inputs: [
      ["req", 1, 5],
      ["req", 2, 6],
      ["vr", "s", 1],
      ["vr", "t", 1],
      ["vr", "t", 2],
    ],
  },
  {
    number: "38",
    rules: `p(x) <- in(x); ack@async(c)(x) <- in(x)
      | p@next(x) <- p(x); m(max<x>) <- p(x); o@async(c)(1) <- m(x), x >= 7`,
    channels: "in/1",
    inputs: [
      ["in", 6],
      ["in", 7],
      ["in", 8],
    ],
  },
  {
    number: "38 with a minimum",
    rules: `p(x) <- in(x); ack@async(c)(x) <- in(x)
      | p@next(x) <- p(x); m(min<x>) <- p(x); o@async(c)(1) <- m(x), x < 7`,
    channels: "in/1",
    inputs: [
      ["in", 6],
      ["in", 7],
      ["in", 8],
    ],
  },
];

function originalOf({ rules, channels, edb = {} }: Split): AnalyzedProgram {
  const all = channels.split(" ").map((channel) => [channel, "L"]);
  return program({
    nodes: { L: rules },
    channels: Object.fromEntries(all),
    deployment: { edb },
  });
}

function requestOf({ rules }: Split): StepRequest {
  const target = { component: "L", rules: movedRules("L", rules), name: "M" };
  return { rewrite: "decoupleMonotonic", target };
}

function whyNot(step: StepResult): string {
  if (step.kind !== "refused") return step.kind;
  return step.preconditions
    .filter(({ verdict }) => verdict !== "holds")
    .map(({ code, statement }) => `${code}: ${statement}`)
    .join("\n");
}

test.each(ALLOWED)("case $number refines with free clocks", (split) => {
  const original = originalOf(split);
  const step = applyStep(original, requestOf(split));
  if (step.kind !== "applied") throw new Error(whyNot(step));
  expect(step.verdict).toBe("holds");
  const found = checked(original, step.program, split.inputs);
  expect(verdictOf(found), JSON.stringify(found)).toBe("refines");
});

/** Refused, and wrong when done all the same. */
const REFUSED: readonly (Split & { readonly code: string })[] = [
  {
    number: "32",
    code: "exact-threshold",
    rules: `${COUNTED} o@async(c)(1) <- n(k), k == 2`,
    channels: "in/1",
    inputs: THREE,
  },
  {
    number: "32 with a set of three",
    code: "exact-threshold",
    rules: `edb three(s); within in.x1 of three; ${COUNTED} o@async(c)(1) <- n(2)`,
    channels: "in/1",
    edb: { three: [[1], [2], [3]] },
    inputs: THREE,
  },
  {
    number: "31 up to a number",
    code: "aggregate",
    rules: `${COUNTED} o@async(c)(1) <- n(k), k >= 2, k < 3`,
    channels: "in/1",
    inputs: THREE,
  },
  {
    number: "31, telling the count",
    code: "aggregate",
    rules: `${COUNTED} o@async(c)(k) <- n(k), k >= 2`,
    channels: "in/1",
    inputs: THREE,
  },
  {
    number: "31 with a sum",
    code: "aggregate",
    rules: `${COUNTED.replace("count", "sum")} o@async(c)(1) <- n(k), k >= 2`,
    channels: "in/1",
    inputs: [
      ["in", 3],
      ["in", -2],
    ],
  },
  {
    number: "31 with a minimum",
    code: "aggregate",
    rules: `${COUNTED.replace("count", "min")} o@async(c)(1) <- n(k), k >= 2`,
    channels: "in/1",
    inputs: [
      ["in", 3],
      ["in", 1],
    ],
  },
  {
    number: "31 with a count of what nothing keeps",
    code: "not-kept",
    rules:
      "w(s) <- in(s); ack@async(c)(s) <- in(s) | n(count<s>) <- w(s); o@async(c)(1) <- n(k), k >= 2",
    channels: "in/1",
    inputs: [
      ["in", 1],
      ["in", 2],
    ],
  },
  {
    number: "31 with a second, ephemeral rule of what is joined",
    code: "not-kept",
    rules: `${COUNTED.replace("\n  |", "; p(x) <- b(x); kb@async(c)(x) <- b(x); y1() <- y() |")}
      p@next(x) <- p(x); q() <- n(k), k >= 2; q() <- y1(); o@async(c)(x) <- q(), p(x)`,
    channels: "in/1 y/0 b/1",
    inputs: [["b", 7], ["y"]],
  },
  {
    number: "35",
    code: "forgets-early",
    rules: CASE35,
    channels: "req/2 vr/2",
    inputs: VOTES,
  },
  {
    number: "35 with requests of one id the same",
    code: "forgets-early",
    rules: `${KEYED} ${CASE35}`,
    channels: "req/2 vr/2",
    inputs: VOTES,
  },
  {
    number: "36 without the dependency",
    code: "forgets-early",
    rules: CASE36,
    channels: "req/2 vr/2",
    inputs: [...VOTES, ["req", 1, 6]],
  },
  {
    number: "36 with an event of another key",
    code: "forgets-early",
    rules: `${KEYED} ${CASE36.replace("sent(i) <- com(i), bt(i,_)", "sent(i) <- com(j), bt(j,_), bt(i,_)")}`,
    channels: "req/2 vr/2",
    inputs: [
      ["req", 1, 5],
      ["req", 2, 5],
      ["vr", "s", 1],
      ["vr", "t", 1],
      ["vr", "s", 2],
      ["vr", "t", 2],
    ],
  },
  {
    number: "an event that follows from what the rules that stay derive",
    code: "forgets-early",
    rules: `q(x) <- in(x); q@next(x) <- q(x); q2(x) <- q(x); s(x) <- r0(x), q(x); r(x) <- r0(x); k@async(c)(x) <- in(x)
      | r@next(x) <- r(x), !g(x); g(x) <- s(x); o@async(c)(x) <- r(x), q2(x)`,
    channels: "in/1 r0/1",
    inputs: [
      ["in", 1],
      ["r0", 1],
    ],
  },
  {
    number: "an event that the rules that stay derive from what they send as well",
    code: "forgets-early",
    rules: `q(x) <- in(x); q@next(x) <- q(x); q2(x) <- q(x); g(x) <- r0(x), q(x); r(x) <- r0(x); k@async(c)(x) <- in(x); kr@async(c)(x) <- r0(x)
      | r@next(x) <- r(x), !g(x); o@async(c)(x) <- r(x), q2(x)`,
    channels: "in/1 r0/1",
    inputs: [
      ["in", 1],
      ["r0", 1],
    ],
  },
  {
    number: "two facts that have to say the same",
    code: "forgets-early",
    rules: `r(i) <- a(i); p(i,x) <- b(i,x); q(i,x) <- d(i,x); kb@async(c)(i,x) <- b(i,x); kd@async(c)(i,x) <- d(i,x)
      | r@next(i) <- r(i), !g(i); p@next(i,x) <- p(i,x); q@next(i,x) <- q(i,x); g(i) <- r(i), p(i,_), q(i,_); o@async(c)(i) <- r(i), p(i,x), q(i,x)`,
    channels: "a/1 b/2 d/2",
    inputs: [
      ["b", 1, 1],
      ["d", 1, 2],
      ["d", 1, 1],
      ["a", 1],
    ],
  },
  {
    number: "a value that has to pass a test",
    code: "forgets-early",
    rules: `r(i) <- a(i); p(i,x) <- b(i,x); kb@async(c)(i,x) <- b(i,x)
      | r@next(i) <- r(i), !g(i); p@next(i,x) <- p(i,x); g(i) <- r(i), p(i,_); o@async(c)(i) <- r(i), p(i,x), x > 3`,
    channels: "a/1 b/2",
    inputs: [
      ["b", 1, 1],
      ["b", 1, 7],
      ["a", 1],
    ],
  },
  {
    number: "a value that has to be a certain one",
    code: "forgets-early",
    rules: `r(i) <- a(i); p(i,x) <- b(i,x); kb@async(c)(i,x) <- b(i,x)
      | r@next(i) <- r(i), !g(i); p@next(i,x) <- p(i,x); g(i) <- r(i), p(i,_); o@async(c)(i) <- r(i), p(i,7)`,
    channels: "a/1 b/2",
    inputs: [
      ["b", 1, 1],
      ["b", 1, 7],
      ["a", 1],
    ],
  },
  {
    number: "a count of another key than the one that is deleted",
    code: "forgets-early",
    rules: `r(i,j) <- a(i,j); p(j) <- b(j); kb@async(c)(j) <- b(j)
      | r@next(i,j) <- r(i,j), !g(i); p@next(j) <- p(j); n(count<i>,j) <- r(i,j); com(j) <- n(k,j), k >= 1; g(i) <- com(i), p(i), r(i,_); o@async(c)(j) <- com(j), p(j)`,
    channels: "a/2 b/1",
    inputs: [
      ["b", 1],
      ["b", 2],
      ["a", 1, 1],
      ["a", 1, 2],
    ],
  },
  {
    number: "a second value under the key",
    code: "forgets-early",
    rules: `r(i,x) <- a(i,x); p(i,x) <- b(i,x); kb@async(c)(i,x) <- b(i,x)
      | r@next(i,x) <- r(i,x), !g(i); p@next(i,x) <- p(i,x); g(i) <- r(i,_), p(i,_); o@async(c)(i) <- r(i,x), p(i,x)`,
    channels: "a/2 b/2",
    inputs: [
      ["a", 1, 7],
      ["b", 1, 8],
      ["b", 1, 7],
    ],
  },
];

test.each(REFUSED)("case $number is refused ($code), and forced it differs", (split) => {
  const original = originalOf(split);
  const step = applyStep(original, requestOf(split));
  expect(whyNot(step)).toContain(`${split.code}: `);
  const forced = forceStep(original, requestOf(split));
  if (typeof forced === "string") throw new Error(forced);
  const found = checked(original, forced, split.inputs);
  expect(["safety", "quiescence"], JSON.stringify(found)).toContain(verdictOf(found));
});
