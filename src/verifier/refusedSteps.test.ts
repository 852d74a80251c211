import { expect, test } from "vitest";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { outcome } from "../rewrites/cases.testing.ts";
import { applyStep } from "../rewrites/driver.ts";
import { forceStep } from "../rewrites/force.ts";
import type { RewriteName, StepRequest } from "../rewrites/rewrite.ts";
import { nobleCrypto } from "../evaluator/nobleCrypto.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import { address } from "../program/value.ts";
import type { Row } from "../program/value.ts";
import type { Deployment } from "../program/deployment.ts";
import { checked, movedRules, program, verdictOf } from "./programs.testing.ts";
import { refines } from "./refines.ts";

/** A step that is refused, with acknowledgements and inputs that show what goes wrong when it is done all the same. */
interface Refused {
  /** What it is refused for, and the case of spec/cases.md that it comes from. */
  readonly code: string;
  readonly from: string;
  readonly rewrite: RewriteName;
  /** Before the bar what stays, behind it what moves. */
  readonly rules: string;
  readonly channels: string;
  readonly keys?: Readonly<Record<string, readonly number[]>>;
  /** What every partition keeps, in a partial partitioning. */
  readonly replicated?: readonly string[];
  readonly edb?: Deployment["edb"];
  /** Another component, that counts. */
  readonly receiver?: string;
  readonly inputs: readonly (readonly [string, ...Row])[];
  readonly violation: "safety" | "quiescence";
}

/** A receiver that tells the client when something arrives a second time. */
const COUNTS = "seen@next(x) <- o(x); seen@next(x) <- seen(x); twice@async(c)(x) <- o(x), seen(x)";

const REFUSED: readonly Refused[] = [
  {
    code: "shared-read",
    from: "02",
    rewrite: "decoupleMutuallyIndependent",
    rules: "s(x) <- a(x); s@next(x) <- s(x); p@async(c)(x) <- q(), s(x) | o@async(c)(x) <- a(x)",
    channels: "a/1 q/0",
    inputs: [["a", 1], ["q"]],
    violation: "quiescence",
  },
  {
    code: "same-tick-flow",
    from: "02",
    rewrite: "decoupleMutuallyIndependent",
    rules: "s(x) <- a(x); k@async(c)(x) <- a(x) | o@async(c)(x) <- s(x), b(x)",
    channels: "a/1 b/1",
    inputs: [
      ["a", 1],
      ["b", 1],
    ],
    violation: "safety",
  },
  {
    code: "derived-on-both-sides",
    from: "02",
    rewrite: "decoupleMutuallyIndependent",
    rules: "s(x) <- a(x); o@async(c)(x) <- s(x) | s(x) <- b(x)",
    channels: "a/1 b/1",
    inputs: [
      ["a", 1],
      ["b", 2],
    ],
    violation: "quiescence",
  },
  {
    code: "direction",
    from: "27",
    rewrite: "decoupleFunctional",
    rules:
      "i(x) <- in(x); i@next(x) <- i(x); k@async(c)(x) <- in(x); o@async(c)(x) <- i(x), y(x) | y(x) <- b(x)",
    channels: "in/1 b/1",
    inputs: [
      ["in", 1],
      ["b", 1],
    ],
    violation: "quiescence",
  },
  {
    code: "two-reads",
    from: "16",
    rewrite: "decoupleFunctional",
    rules: "r(x,1) <- in(x); r(x,2) <- in(x) | o@async(c)(x) <- r(x,a), r(x,b), a != b",
    channels: "in/1",
    inputs: [["in", 1]],
    violation: "quiescence",
  },
  {
    code: "two-relations",
    from: "17",
    rewrite: "decoupleFunctional",
    rules: "r(x) <- a(x); k@async(c)(x) <- a(x); s(x) <- b(x) | o@async(c)(x) <- r(x), s(x)",
    channels: "a/1 b/1",
    inputs: [
      ["a", 1],
      ["b", 1],
    ],
    violation: "safety",
  },
  {
    code: "changing-negation",
    from: "19",
    rewrite: "decoupleFunctional",
    rules: `s(x) <- in(x); ban(x) <- stop(x); ban@next(x) <- ban(x); k@async(c)(x) <- stop(x)
      | o@async(c)(x) <- s(x), !ban(x)`,
    channels: "in/1 stop/1",
    inputs: [
      ["stop", 1],
      ["in", 1],
    ],
    violation: "safety",
  },
  {
    code: "aggregate",
    from: "20",
    rewrite: "decoupleFunctional",
    rules: "s(x,1) <- in(x); s(x,2) <- in(x) | n(count<y>,x) <- s(x,y); o@async(c)(x,n) <- n(n,x)",
    channels: "in/1",
    inputs: [["in", 1]],
    violation: "safety",
  },
  {
    code: "sends-counted",
    from: "137",
    rewrite: "decoupleFunctional",
    rules: "o@async(d)(x) <- a(x), to(d); r(x) <- a(x) | o@async(d)(x) <- r(x), to(d)",
    channels: "a/1",
    edb: { to: [[address("R")]] },
    receiver: COUNTS,
    inputs: [["a", 1]],
    violation: "safety",
  },
  {
    code: "not-kept",
    from: "17",
    rewrite: "decoupleMonotonic",
    rules: "r(x) <- a(x); k@async(c)(x) <- a(x) | o@async(c)(x,y) <- r(x), b(y)",
    channels: "a/1 b/1",
    inputs: [
      ["a", 1],
      ["b", 2],
    ],
    violation: "safety",
  },
  {
    code: "exact-threshold",
    from: "32",
    rewrite: "decoupleMonotonic",
    rules: `w(s) <- in(s); k@async(c)(s) <- in(s)
      | w@next(s) <- w(s); n(count<s>) <- w(s); o@async(c)(1) <- n(k), k == 2`,
    channels: "in/1",
    inputs: [
      ["in", 1],
      ["in", 2],
      ["in", 3],
    ],
    violation: "quiescence",
  },
  {
    code: "forgets-early",
    from: "35",
    rewrite: "decoupleMonotonic",
    rules: `bt(i,b) <- req(i,b); v@async(c)(i) <- req(i,b)
      | av(s,i) <- vr(s,i); av@next(s,i) <- av(s,i), !com(i); n(count<s>,i) <- av(s,i); com(i) <- n(2,i);
      bt@next(i,b) <- bt(i,b), !com(i); o@async(c)(i,b) <- com(i), bt(i,b)`,
    channels: "req/2 vr/2",
    inputs: [
      ["req", 1, 5],
      ["vr", "s", 1],
      ["vr", "t", 1],
    ],
    violation: "quiescence",
  },
  {
    code: "keys-differ",
    from: "60",
    rewrite: "partitionByCohashing",
    rules: "p(x) <- a(x); p@next(x) <- p(x); k@async(c)(x) <- a(x); o@async(c)(x,y) <- p(x), b(y)",
    channels: "a/1 b/1",
    keys: { a: [0], p: [0], b: [0] },
    inputs: [
      ["a", 0],
      ["b", 1],
    ],
    violation: "quiescence",
  },
  {
    code: "head-key",
    from: "53",
    rewrite: "partitionByCohashing",
    rules:
      "s(y) <- r(x,y); s@next(y) <- s(y); k@async(c)(y) <- r(x,y); o@async(c)(y) <- s(y), q(y)",
    channels: "r/2 q/1",
    keys: { r: [0], s: [0], q: [0] },
    inputs: [
      ["r", 0, 1],
      ["q", 1],
    ],
    violation: "quiescence",
  },
  {
    code: "absent-wildcard",
    from: "55",
    rewrite: "partitionByCohashing",
    rules:
      "q(x,y) <- b(x,y); q@next(x,y) <- q(x,y); k@async(c)(x) <- b(x,y); o@async(c)(x) <- p(x), !q(x,_)",
    channels: "b/2 p/1",
    keys: { b: [1], p: [0], q: [1] },
    inputs: [
      ["b", 0, 1],
      ["p", 0],
    ],
    violation: "safety",
  },
  {
    code: "group-split",
    from: "59",
    rewrite: "partitionByCohashing",
    rules:
      "s(x,k) <- r(x,k); s@next(x,k) <- s(x,k); t(count<x>,k) <- s(x,k); o@async(c)(n,k) <- t(n,k)",
    channels: "r/2",
    keys: { r: [0], s: [0], t: [1] },
    inputs: [
      ["r", 0, 5],
      ["r", 1, 5],
    ],
    violation: "quiescence",
  },
  {
    code: "idle-output",
    from: "135",
    rewrite: "partitionPartially",
    rules: `q(x) <- w(x); q@next(x) <- q(x); k@async(c)(x) <- w(x); o@async(c)(x) <- d(x), !q(x);
      l(b) <- p(b); l@next(b) <- l(b); r@async(c)(x,b) <- w(x), l(b)`,
    channels: "w/1 p/1",
    edb: { d: [[0]] },
    replicated: ["p", "l"],
    keys: { w: [0], q: [0] },
    inputs: [
      ["w", 1],
      ["w", 0],
    ],
    violation: "quiescence",
  },
  {
    code: "idle-change",
    from: "114",
    rewrite: "partitionPartially",
    rules: "t@next(b) <- p(b); o@async(c)(x,b) <- w(x), t(b)",
    channels: "w/1 p/1",
    replicated: ["p", "t"],
    keys: { w: [0] },
    inputs: [
      ["p", 5],
      ["w", 0],
      ["w", 1],
    ],
    violation: "safety",
  },
  {
    code: "idle-derivation",
    from: "S-18",
    rewrite: "partitionPartially",
    rules: `l@next(x) <- w(x); l@next(x) <- l(x); k@async(c)(x) <- w(x); r(x) <- l(x), !hold(x); r@next(x) <- r(x);
      o@async(c)(x) <- g(x), !r(x); m(b) <- p(b); m@next(b) <- m(b); e@async(c)(x,b) <- w(x), m(b)`,
    channels: "w/1 hold/1 g/1 p/1",
    replicated: ["p", "m"],
    keys: { w: [0], l: [0], r: [0], hold: [0], g: [0] },
    inputs: [
      ["w", 0],
      ["w", 1],
      ["hold", 0],
      ["g", 0],
    ],
    violation: "safety",
  },
];

function originalOf({ rules, channels, edb = {}, receiver }: Refused): AnalyzedProgram {
  const all = channels.split(" ").map((channel) => [channel, "L"]);
  return program({
    nodes: { L: rules, ...(receiver && { R: receiver }) },
    channels: Object.fromEntries(all),
    deployment: { edb },
  });
}

function requestOf({ rewrite, rules, keys, replicated }: Refused): StepRequest {
  if (keys === undefined) {
    return { rewrite, target: { component: "L", rules: movedRules("L", rules), name: "M" } };
  }
  const partitioned = { component: "L", partitions: 2, keys };
  return {
    rewrite,
    target: replicated ? { ...partitioned, replicated, name: "proxy" } : partitioned,
  };
}

test.each(REFUSED)("$rewrite refused for $code (case $from), forced: $violation", (refused) => {
  const original = originalOf(refused);
  const request = requestOf(refused);
  expect(outcome(applyStep(original, request)).split(" ")).toContain(refused.code);
  const forced = forceStep(original, request);
  if (typeof forced === "string") throw new Error(forced);
  const found = checked(original, forced, refused.inputs, { bound: { together: 2 } });
  expect(verdictOf(found), JSON.stringify(found)).toBe(refused.violation);
});

test("client-input (case 06), forced: what clients send finds nobody", () => {
  const rules = "e@async(c)(x) <- a(x) | o@async(c)(x) <- cl(x)";
  const original = program({ nodes: { L: rules }, channels: { "a/1": "L" } });
  const request: StepRequest = {
    rewrite: "decoupleMutuallyIndependent",
    target: { component: "L", rules: movedRules("L", rules), name: "M" },
  };
  expect(outcome(applyStep(original, request))).toBe("client-input");
  const forced = forceStep(original, request);
  if (typeof forced === "string") throw new Error(forced);
  const found = refines(original, forced, {
    inputs: [{ relation: "cl", row: [1], to: "L" }],
    clocks: "free",
    observer: "first",
    environment: ["K"],
    functions: standardFunctions(nobleCrypto),
    crypto: nobleCrypto,
  });
  expect(verdictOf(found)).toBe("quiescence");
});
