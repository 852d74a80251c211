import type { Deployment } from "../program/deployment.ts";
import { address } from "../program/value.ts";
import type { Row } from "../program/value.ts";
import type { RewriteName, StepRequest } from "../rewrites/rewrite.ts";
import { program } from "./programs.testing.ts";

/** A case of spec/cases.md that the driver must accept, with inputs small enough to explore every schedule. */
export interface Split {
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
export const E = "e@async(c)(x) <- a(x)";
export const KB = "k@async(c)(x) <- b(x)";

export const FREE: readonly Split[] = [
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

export function originalOf({
  rules,
  channels,
  edb = {},
}: Pick<Split, "rules" | "channels" | "edb">) {
  return program({ nodes: { L: rules }, channels: toL(channels), deployment: { edb } });
}

export interface Partition {
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

export const PARTITIONS: readonly Partition[] = [
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
