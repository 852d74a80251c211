import type { KeyTerms } from "../analysis/keyTerm.ts";
import type { Deployment } from "../program/deployment.ts";
import type { RelationName } from "../program/program.ts";
import { address } from "../program/value.ts";
import type { Row } from "../program/value.ts";
import type { RewriteName } from "./rewrite.ts";

/**
 * A small program that a rewrite refuses for one reason, with inputs for which forcing it goes wrong: why the condition
 * is there. In the shorthand of the cases: component `L`; the address `c` is a client's; what no rule derives is sent by
 * others. Acknowledgements let the client see the order of things.
 */
export interface SmallestProgram {
  /** The condition (cases.md). */
  readonly code: string;
  readonly rewrite: RewriteName;
  /** Before the bar what stays, behind it what moves. */
  readonly rules: string;
  /** `a/1 z/0`: what others send. */
  readonly channels: string;
  /** Of a partitioning. */
  readonly keys?: KeyTerms;
  /** What every partition keeps, in a partial partitioning. */
  readonly replicated?: readonly RelationName[];
  readonly edb?: Deployment["edb"];
  /** Declarations, one a line. */
  readonly declarations?: string;
  /** The node crashes once, at any moment, with all that it became, and starts again. */
  readonly crashes?: true;
  /** Rules of another component `R`, that counts. */
  readonly receiver?: string;
  /** Each is sent once, at any moment. */
  readonly inputs: readonly (readonly [RelationName, ...Row])[];
}

/** Tells the client when something arrives again. */
const COUNTS = "seen@next(x) <- o(x); seen@next(x) <- seen(x); twice@async(c)(x) <- o(x), seen(x)";

/** At most one for each condition; the first step of most is in spec/cases.md. */
export const SMALLEST_PROGRAMS: readonly SmallestProgram[] = [
  {
    code: "shared-read",
    rewrite: "decoupleMutuallyIndependent",
    rules: "s(x) <- a(x); s@next(x) <- s(x); p@async(c)(x) <- q(), s(x) | o@async(c)(x) <- a(x)",
    channels: "a/1 q/0",
    inputs: [["a", 1], ["q"]],
  },
  {
    code: "same-tick-flow",
    rewrite: "decoupleMutuallyIndependent",
    rules: "s(x) <- a(x); k@async(c)(x) <- a(x) | o@async(c)(x) <- s(x), b(x)",
    channels: "a/1 b/1",
    inputs: [
      ["a", 1],
      ["b", 1],
    ],
  },
  {
    code: "derived-on-both-sides",
    rewrite: "decoupleMutuallyIndependent",
    rules: "s(x) <- a(x); o@async(c)(x) <- s(x) | s(x) <- b(x)",
    channels: "a/1 b/1",
    inputs: [
      ["a", 1],
      ["b", 2],
    ],
  },
  {
    code: "direction",
    rewrite: "decoupleFunctional",
    rules:
      "i(x) <- in(x); i@next(x) <- i(x); k@async(c)(x) <- in(x); o@async(c)(x) <- i(x), y(x) | y(x) <- b(x)",
    channels: "in/1 b/1",
    inputs: [
      ["in", 1],
      ["b", 1],
    ],
  },
  {
    code: "two-reads",
    rewrite: "decoupleFunctional",
    rules: "r(x,1) <- in(x); r(x,2) <- in(x) | o@async(c)(x) <- r(x,a), r(x,b), a != b",
    channels: "in/1",
    inputs: [["in", 1]],
  },
  {
    code: "two-relations",
    rewrite: "decoupleFunctional",
    rules: "r(x) <- a(x); k@async(c)(x) <- a(x); s(x) <- b(x) | o@async(c)(x) <- r(x), s(x)",
    channels: "a/1 b/1",
    inputs: [
      ["a", 1],
      ["b", 1],
    ],
  },
  {
    code: "changing-negation",
    rewrite: "decoupleFunctional",
    rules: `s(x) <- in(x); ban(x) <- stop(x); ban@next(x) <- ban(x); k@async(c)(x) <- stop(x)
      | o@async(c)(x) <- s(x), !ban(x)`,
    channels: "in/1 stop/1",
    inputs: [
      ["stop", 1],
      ["in", 1],
    ],
  },
  {
    code: "aggregate",
    rewrite: "decoupleFunctional",
    rules: "s(x,1) <- in(x); s(x,2) <- in(x) | n(count<y>,x) <- s(x,y); o@async(c)(x,n) <- n(n,x)",
    channels: "in/1",
    inputs: [["in", 1]],
  },
  {
    code: "sends-counted",
    rewrite: "decoupleFunctional",
    rules: "o@async(d)(x) <- a(x), to(d); r(x) <- a(x) | o@async(d)(x) <- r(x), to(d)",
    channels: "a/1",
    edb: { to: [[address("R")]] },
    receiver: COUNTS,
    inputs: [["a", 1]],
  },
  {
    code: "not-kept",
    rewrite: "decoupleMonotonic",
    rules: "r(x) <- a(x); k@async(c)(x) <- a(x) | o@async(c)(x,y) <- r(x), b(y)",
    channels: "a/1 b/1",
    inputs: [
      ["a", 1],
      ["b", 2],
    ],
  },
  {
    code: "exact-threshold",
    rewrite: "decoupleMonotonic",
    rules: `w(s) <- in(s); k@async(c)(s) <- in(s)
      | w@next(s) <- w(s); n(count<s>) <- w(s); o@async(c)(1) <- n(k), k == 2`,
    channels: "in/1",
    inputs: [
      ["in", 1],
      ["in", 2],
      ["in", 3],
    ],
  },
  {
    code: "forgets-early",
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
  },
  {
    code: "keys-differ",
    rewrite: "partitionByCohashing",
    rules: "p(x) <- a(x); p@next(x) <- p(x); k@async(c)(x) <- a(x); o@async(c)(x,y) <- p(x), b(y)",
    channels: "a/1 b/1",
    keys: { a: [0], p: [0], b: [0] },
    inputs: [
      ["a", 0],
      ["b", 1],
    ],
  },
  {
    code: "head-key",
    rewrite: "partitionByCohashing",
    rules:
      "s(y) <- r(x,y); s@next(y) <- s(y); k@async(c)(y) <- r(x,y); o@async(c)(y) <- s(y), q(y)",
    channels: "r/2 q/1",
    keys: { r: [0], s: [0], q: [0] },
    inputs: [
      ["r", 0, 1],
      ["q", 1],
    ],
  },
  {
    code: "absent-wildcard",
    rewrite: "partitionByCohashing",
    rules:
      "q(x,y) <- b(x,y); q@next(x,y) <- q(x,y); k@async(c)(x) <- b(x,y); o@async(c)(x) <- p(x), !q(x,_)",
    channels: "b/2 p/1",
    keys: { b: [1], p: [0], q: [1] },
    inputs: [
      ["b", 0, 1],
      ["p", 0],
    ],
  },
  {
    code: "group-split",
    rewrite: "partitionByCohashing",
    rules:
      "s(x,k) <- r(x,k); s@next(x,k) <- s(x,k); t(count<x>,k) <- s(x,k); o@async(c)(n,k) <- t(n,k)",
    channels: "r/2",
    keys: { r: [0], s: [0], t: [1] },
    inputs: [
      ["r", 0, 5],
      ["r", 1, 5],
    ],
  },
  {
    code: "idle-output",
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
  },
  {
    code: "idle-change",
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
  },
  {
    code: "idle-derivation",
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
  },
  {
    code: "tick-sensitive",
    rewrite: "decoupleMutuallyIndependent",
    rules:
      "e@async(c)(x) <- a(x) | p@next(x) <- b(x); k@async(c)(x) <- b(x); o@async(c)(x) <- q(), p(x)",
    channels: "a/1 b/1 q/0",
    inputs: [["a", 1], ["b", 1], ["q"]],
  },
  {
    code: "no-dependency",
    rewrite: "partitionWithDependencies",
    rules: `set(h,v) <- b(v), hash(v,1,h); set(h,v) <- a(v), hash(v,8,h); set@next(h,v) <- set(h,v);
      p(v) <- q(v); p@next(v) <- p(v); o@async(c)(v) <- set(h,v), p(v)`,
    channels: "a/1 b/1 q/1",
    keys: {
      a: [{ function: "hash", of: [0, { value: 8 }] }],
      b: [{ function: "hash", of: [0, { value: 1 }] }],
      set: [0],
      q: [{ function: "hash", of: [0, { value: 1 }] }],
      p: [{ function: "hash", of: [0, { value: 1 }] }],
    },
    inputs: [
      ["a", "v3"],
      ["q", "v3"],
      ["a", "v4"],
      ["q", "v4"],
    ],
  },
  {
    code: "partitioned-feeds-replicated",
    rewrite: "partitionPartially",
    rules: `bal(b) <- pb(b); bal@next(b) <- bal(b); mx(max<b>) <- bal(b); r@async(c)(x,m) <- w(x), mx(m);
      bal(x) <- w(x)`,
    channels: "pb/1 w/1",
    replicated: ["pb", "bal", "mx"],
    keys: { w: [0] },
    inputs: [
      ["w", 0],
      ["w", 1],
    ],
  },
  {
    code: "aggregate-over-part",
    rewrite: "partitionPartially",
    rules: `l(x) <- lg(x); l@next(x) <- l(x); a@async(c)(x) <- lg(x); sz(count<x>) <- p(_), l(x);
      d@async(c)(n) <- sz(n)`,
    channels: "p/1 lg/1",
    replicated: ["p", "sz"],
    keys: { lg: [0], l: [0] },
    inputs: [
      ["lg", 0],
      ["lg", 1],
      ["p", 1],
    ],
  },
  {
    code: "key-projected",
    rewrite: "partitionPartially",
    rules:
      "k(x) <- w(x); k@next(x) <- k(x); e@async(c)(x) <- w(x); o@async(d)(b) <- p(b), k(x), to(d)",
    receiver: COUNTS,
    channels: "p/1 w/1",
    edb: { to: [[address("R")]] },
    replicated: ["p"],
    keys: { w: [0], k: [0] },
    inputs: [
      ["w", 0],
      ["w", 1],
      ["p", 7],
    ],
  },
  {
    code: "durable-copy",
    rewrite: "decoupleMonotonic",
    rules:
      "s(x) <- w(x); e@async(c)(x) <- w(x) | k(x) <- s(x); k@next(x) <- k(x); o@async(c)(x) <- k(x)",
    channels: "w/1",
    declarations: "durable k",
    crashes: true,
    inputs: [["w", 1]],
  },
  {
    code: "not-input-derived",
    rewrite: "decoupleAsymmetric",
    rules: `k(x) <- xx(x); k@next(x) <- k(x); o1@async(c)(x) <- q(), k(x); o1@async(c)(0) <- q(), !k(_)
      | p@next(x) <- b(x); xx(x) <- p(x); o2@async(c)(x) <- b(x)`,
    channels: "b/1 q/0",
    inputs: [["b", 1], ["q"]],
  },
];
