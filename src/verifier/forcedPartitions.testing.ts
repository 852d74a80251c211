import type { Deployment } from "../program/deployment.ts";
import { address } from "../program/value.ts";
import { COUNTS, KEEPS } from "./forcedCase.testing.ts";
import type { ForcedCase } from "./forcedCase.testing.ts";

const HASH = "partitionByCohashing";
const DEP = "partitionWithDependencies";
const PART = "partitionPartially";
const TO_R: Deployment["edb"] = { to: [[address("R")]] };
const one = (bits: number) => ({ function: "hash", of: [0, { value: bits }] });

/** Partitionings. */
export const FORCED_PARTITIONS: readonly ForcedCase[] = [
  {
    number: "93",
    code: "group-split",
    rewrite: HASH,
    rules: `${KEEPS} | k2(x) <- b(x); o@async(c)(x) <- b(x)`,
    first: "decoupleAsymmetric",
    channels: "b/1 q/1",
    target: {
      component: "M",
      partitions: 2,
      keys: { b: [0], k2: [0], o_ready: [1], o_held: [1], ran_M: [0] },
    },
    inputs: [
      ["b", 0],
      ["q", 1],
      ["b", 1],
    ],
    found: "quiescence",
  },
  {
    number: "53",
    code: "head-key",
    rewrite: HASH,
    rules: "s(y) <- r(x,y); s@next(y) <- s(y); o@async(c)(y) <- s(y), q(y)",
    stays: "k@async(c)(y) <- r(x,y)",
    channels: "r/2 q/1",
    keys: { r: [0], s: [0], q: [0] },
    inputs: [
      ["r", 0, 1],
      ["q", 1],
    ],
    found: "quiescence",
  },
  {
    number: "55",
    code: "absent-wildcard",
    rewrite: HASH,
    rules: "q(x,y) <- b(x,y); q@next(x,y) <- q(x,y); o@async(c)(x) <- p(x), !q(x,_)",
    stays: "k@async(c)(x) <- b(x,y)",
    channels: "b/2 p/1",
    keys: { b: [1], p: [0], q: [1] },
    inputs: [
      ["b", 0, 1],
      ["p", 0],
    ],
    found: "safety",
  },
  {
    number: "57",
    code: "group-split",
    rewrite: HASH,
    rules: "t(count<x>) <- r(x); o@async(c)(n) <- t(n), g()",
    stays: "r(x) <- a(x); r@next(x) <- r(x); k@async(c)(x) <- a(x); g() <- a(_); g@next() <- g()",
    channels: "a/1",
    keys: { a: [0], r: [0], t: [0] },
    inputs: [
      ["a", 0],
      ["a", 1],
    ],
    found: "quiescence",
  },
  {
    number: "59",
    code: "group-split",
    rewrite: HASH,
    rules: "t(count<x>,k) <- r(x,k); o@async(c)(n,k) <- t(n,k)",
    stays: "r(x,k) <- a(x,k); r@next(x,k) <- r(x,k)",
    channels: "a/2",
    keys: { a: [0], r: [0], t: [1] },
    inputs: [
      ["a", 0, 5],
      ["a", 1, 5],
    ],
    found: "quiescence",
  },
  {
    number: "60",
    code: "keys-differ",
    rewrite: HASH,
    rules: "o@async(c)(x,y) <- a(x), b(y)",
    stays: "a(x) <- am(x); a@next(x) <- a(x); k@async(c)(x) <- am(x)",
    channels: "am/1 b/1",
    keys: { am: [0], a: [0], b: [0] },
    inputs: [
      ["am", 0],
      ["b", 1],
    ],
    found: "quiescence",
  },
  ...[0, 1].flatMap((edge) =>
    [0, 1].map((path): ForcedCase => ({
      number: `62 by ${edge} and ${path}`,
      code: edge === path ? "keys-differ" : "head-key",
      rewrite: HASH,
      rules: "path(x,z) <- edge(x,y), path(y,z)",
      stays: `edge(x,y) <- em(x,y); edge@next(x,y) <- edge(x,y); path(x,y) <- pm(x,y); path@next(x,y) <- path(x,y);
          o@async(c)(x,z) <- path(x,z)`,
      channels: "em/2 pm/2",
      keys: { em: [edge], edge: [edge], pm: [path], path: [path] },
      inputs: [
        ["em", 0, 1],
        ["pm", 1, 1],
        ["em", 2, 0],
      ],
      found: "quiescence",
    })),
  ),
  {
    number: "66",
    rewrite: HASH,
    rules: `t(k,n) <- i(k), one(n); t@next(k,n) <- t(k,m), m < 3, n := m + 1; t@next(k,3) <- t(k,3);
      o@async(c)(k,n) <- g(k), t(k,n)`,
    stays: "ki@async(c)(k) <- i(k); ka@async(c)(k) <- a(k)",
    channels: "i/1 g/1 a/1",
    edb: { one: [[1]] },
    keys: { i: [0], t: [0], g: [0], a: [0] },
    inputs: [
      ["i", 0],
      ["a", 1],
      ["g", 0],
    ],
    found: "safety",
  },

  {
    number: "98 with a receiver that counts",
    rewrite: HASH,
    rules: `p(k,x) <- a(k,x); p@next(k,x) <- p(k,x); q(k,y) <- b(k,y); q@next(k,y) <- q(k,y);
      o@async(d)(k) <- p(k,x), q(k,y), to(d)`,
    other: COUNTS,
    channels: "a/2 b/2",
    edb: TO_R,
    keys: { a: [0], p: [0], b: [0], q: [0] },
    inputs: [
      ["a", 0, 1],
      ["b", 0, 1],
      ["a", 1, 1],
      ["b", 1, 1],
    ],
    found: "refines",
    because:
      "the condition is stricter than it has to be: who waits long enough has any number of each",
  },

  {
    number: "70",
    code: "keys-differ",
    rewrite: DEP,
    rules: `t(v) <- st(v); t@next(v) <- t(v); s(h,v) <- set(h,v); s@next(h,v) <- s(h,v);
      col(v2,h) <- t(v), hash(v,1,h), s(h,v2); o@async(c)(v,h) <- col(v,h)`,
    channels: "st/1 set/2",
    keys: { st: [0], t: [0], set: [1], s: [1], col: [0] },
    inputs: [
      ["st", "v1"],
      ["set", 1, "v4"],
      ["set", 0, "v3"],
    ],
    found: "quiescence",
  },
  {
    number: "72 with two functions",
    code: "no-dependency",
    rewrite: DEP,
    rules: `set(h,v) <- b(v), hash(v,1,h); set(h,v) <- a(v), hash(v,8,h); set@next(h,v) <- set(h,v);
      p(v) <- q(v); p@next(v) <- p(v); o@async(c)(v) <- set(h,v), p(v)`,
    channels: "a/1 b/1 q/1",
    keys: { a: [one(8)], b: [one(1)], set: [0], q: [one(1)], p: [one(1)] },
    inputs: [
      ["a", "v3"],
      ["q", "v3"],
      ["a", "v4"],
      ["q", "v4"],
    ],
    found: "quiescence",
  },
  {
    number: "73",
    code: "group-split",
    rewrite: DEP,
    rules: "m(max<v>,k) <- r(k,v); o@async(c)(v) <- m(v,k), q(v)",
    stays: "r(k,v) <- a(k,v); r@next(k,v) <- r(k,v); e@async(c)(k,v) <- a(k,v)",
    channels: "a/2 q/1",
    keys: { a: [1], r: [1], m: [0], q: [0] },
    inputs: [
      ["a", "k", 0],
      ["a", "k", 1],
      ["q", 0],
    ],
    found: "safety",
  },
  {
    number: "75",
    code: "keys-differ",
    rewrite: DEP,
    rules: "edb e(x,y); o@async(c)(x) <- p(x), e(x,y), r(y)",
    stays: "p(x) <- a(x); p@next(x) <- p(x); r(y) <- q(y); r@next(y) <- r(y)",
    channels: "a/1 q/1",
    edb: {
      e: [
        ["x", 0],
        ["x", 1],
      ],
    },
    keys: { a: [0], p: [0], q: [0], r: [0] },
    inputs: [
      ["a", "x"],
      ["q", 0],
      ["q", 1],
    ],
    found: "quiescence",
  },
  {
    number: "81",
    code: "partitioned-feeds-replicated",
    rewrite: PART,
    rules: `bal(b) <- pb(b); bal@next(b) <- bal(b); mx(max<b>) <- bal(b); r@async(c)(x,m) <- w(x), mx(m);
      bal(x) <- w(x)`,
    channels: "pb/1 w/1",
    replicated: ["pb", "bal", "mx"],
    keys: { w: [0] },
    inputs: [
      ["w", 0],
      ["w", 1],
    ],
    found: "safety",
  },
  {
    number: "130",
    code: "key-projected",
    rewrite: PART,
    rules: "k(x) <- w(x); k@next(x) <- k(x); o@async(d)(b) <- p(b), k(x), to(d)",
    stays: "e@async(c)(x) <- w(x)",
    other: COUNTS,
    channels: "p/1 w/1",
    edb: TO_R,
    replicated: ["p"],
    keys: { w: [0], k: [0] },
    inputs: [
      ["w", 0],
      ["w", 1],
      ["p", 7],
    ],
    found: "safety",
  },
  {
    number: "86",
    code: "aggregate-over-part",
    rewrite: PART,
    rules: "sz(count<x>) <- p(_), l(x); d@async(c)(n) <- sz(n)",
    stays: "l(x) <- lg(x); l@next(x) <- l(x); a@async(c)(x) <- lg(x)",
    channels: "p/1 lg/1",
    replicated: ["p", "sz"],
    keys: { lg: [0], l: [0] },
    inputs: [
      ["lg", 0],
      ["lg", 1],
      ["p", 1],
    ],
    found: "safety",
  },
];
