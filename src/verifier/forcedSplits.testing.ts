import type { Deployment } from "../program/deployment.ts";
import { address } from "../program/value.ts";
import type { RewriteName } from "../rewrites/rewrite.ts";
import { E, KB } from "./allowedCases.testing.ts";
import { COUNTS, KEEPS } from "./forcedCase.testing.ts";
import type { ForcedCase } from "./forcedCase.testing.ts";

const MI = "decoupleMutuallyIndependent";
const FN = "decoupleFunctional";
const MONO = "decoupleMonotonic";
const SM = "decoupleStateMachine";
const ASYM = "decoupleAsymmetric";

const TO_R: Deployment["edb"] = { to: [[address("R")]] };
const ABQ: ForcedCase["inputs"] = [["a", 1], ["b", 1], ["q"]];

const COUNTED = "w(s) <- in(s); ack@async(c)(s) <- in(s) | w@next(s) <- w(s); n(count<s>) <- w(s);";
const CASE35 = `bt(i,b) <- req(i,b); v@async(c)(i) <- req(i,b)
  | av(s,i) <- vr(s,i); av@next(s,i) <- av(s,i), !com(i); n(count<s>,i) <- av(s,i); com(i) <- n(2,i);
  bt@next(i,b) <- bt(i,b), !com(i); o@async(c)(i,b) <- com(i), bt(i,b)`;
const CASE36 = `${CASE35.replaceAll("!com(i)", "!sent(i)")}; sent(i) <- com(i), bt(i,_)`;
const VOTES: ForcedCase["inputs"] = [
  ["req", 1, 5],
  ["vr", "s", 1],
  ["vr", "t", 1],
];
const CASE119 = `f@next(1) <- a(_); f@next(2) <- f(_); o1@async(c)(n) <- b(), f(n); r(x) <- a(x)
  | p@next(x) <- r(x); o2@async(c)(x) <- p(x)`;

/** Decouplings and folds. */
export const FORCED_SPLITS: readonly ForcedCase[] = [
  {
    number: "02",
    code: "shared-read",
    rewrite: MI,
    rules: "s(x) <- a(x) | o@async(c)(x) <- a(x)",
    stays: "s@next(x) <- s(x); p@async(c)(x) <- q(), s(x)",
    channels: "a/1 q/0",
    inputs: [["a", 1], ["q"]],
    found: "quiescence",
  },
  {
    number: "05",
    rewrite: MI,
    rules: `${E} | k@next(1) <- boot(), !k(_); k@next(n) <- k(m), m < 2, n := m + 1; k@next(2) <- k(2);
      o@async(c)(n) <- b(), k(n)`,
    channels: "a/1 b/0",
    inputs: [["a", 1], ["a", 2], ["a", 3], ["b"]],
    found: "safety",
  },
  {
    number: "06",
    code: "client-input",
    rewrite: MI,
    rules: "e@async(c)(x) <- a(x) | o@async(c)(x) <- cl(x)",
    channels: "a/1",
    direct: true,
    inputs: [["cl", 1]],
    found: "quiescence",
  },
  {
    number: "08",
    code: "tick-as-data",
    rewrite: MI,
    rules: "o@async(c)(x,t) <- a(x), tick(t) | p@async(c)(x,t) <- b(x), tick(t)",
    channels: "a/1 b/1",
    inputs: ABQ.slice(0, 2),
    found: "not-known",
    because: "the number of the tick grows for ever, and with it the states of the original",
  },
  {
    number: "112",
    rewrite: MI,
    rules: `s(x) <- a(x); s@next(x) <- s(x); o@async(d)(x) <- s(x), to(d)
      | u(x) <- b(x); u@next(x) <- u(x); o2@async(d)(x) <- u(x), to(d)`,
    other: `${COUNTS}; seen2@next(x) <- o2(x); seen2@next(x) <- seen2(x); twice2@async(c)(x) <- o2(x), seen2(x)`,
    channels: "a/1 b/1",
    edb: TO_R,
    inputs: ABQ.slice(0, 2),
    found: "refines",
    because: "the condition is stricter than it has to be, as the case says",
  },
  {
    number: "113",
    rewrite: MI,
    rules: `s(x) <- a(x); s@next(x) <- s(x); h() <- hold(); o@async(c)(1,x) <- s(x), !h()
      | u(x) <- b(x); u@next(x) <- u(x); o@async(c)(2,x) <- u(x)`,
    channels: "a/1 b/1 hold/0",
    inputs: [["a", 1], ["b", 1], ["hold"]],
    found: "refines",
    because: "the condition is stricter than it has to be, as the case says",
  },
  {
    number: "114",
    rewrite: MI,
    rules: `${E} | p@next(x) <- b(x); ${KB}; o@async(c)(x) <- q(), p(x)`,
    channels: "a/1 b/1 q/0",
    inputs: ABQ,
    found: "safety",
  },
  {
    number: "115",
    rewrite: MI,
    rules: `${E} | v@next(x) <- b(x); v@next(x) <- v(x), !g(x); g(x) <- v(x); ${KB}; o@async(c)(x) <- q(), v(x)`,
    channels: "a/1 b/1 q/0",
    inputs: ABQ,
    found: "safety",
  },
  {
    number: "116",
    rewrite: MI,
    rules: `${E} | p@next(x) <- b(x); s(x) <- p(x); ${KB}; o@async(c)(x) <- q(), s(x)`,
    channels: "a/1 b/1 q/0",
    inputs: ABQ,
    found: "safety",
  },
  {
    number: "117 with v@next",
    rewrite: MI,
    rules: `${E} | v@next(x) <- b(x); v@next(x) <- v(x), !d(x); d(x) <- kill(x); d@next(x) <- d(x);
      o@async(c)(x) <- q(), v(x); ${KB}`,
    moves: "kk@async(c)(x) <- kill(x)",
    channels: "a/1 b/1 kill/1 q/0",
    inputs: [["a", 1], ["b", 1], ["q"], ["kill", 1]],
    found: "safety",
  },
  {
    number: "135",
    rewrite: MI,
    rules: `${E} | q(x) <- b(x); q@next(x) <- q(x); o@async(c)(x) <- d(x), !q(x); ${KB}`,
    channels: "a/1 b/1",
    edb: { d: [[1]] },
    inputs: ABQ.slice(0, 2),
    found: "quiescence",
  },
  {
    number: "16",
    code: "two-reads",
    rewrite: FN,
    rules: "r(x,1) <- in(x); r(x,2) <- in(x) | o@async(c)(x) <- r(x,a), r(x,b), a != b",
    channels: "in/1",
    inputs: [["in", 1]],
    found: "quiescence",
  },
  ...[FN, MONO].map((rewrite): ForcedCase => ({
    number: rewrite === FN ? "17" : "17 as monotonic",
    code: rewrite === FN ? "two-relations" : "not-kept",
    rewrite: rewrite as RewriteName,
    rules: "l(x) <- a(x); l@next(x) <- l(x) | o@async(c)(x,y) <- b(y), l(x)",
    stays: "k@async(c)(x) <- a(x)",
    channels: "a/1 b/1",
    inputs: [
      ["a", 1],
      ["b", 2],
    ],
    found: "quiescence",
  })),
  {
    number: "19",
    code: "changing-negation",
    rewrite: FN,
    rules: "s(x) <- in(x) | o@async(c)(x) <- s(x), !ban(x)",
    stays: "ban(x) <- stop(x); ban@next(x) <- ban(x); k@async(c)(x) <- stop(x)",
    channels: "in/1 stop/1",
    inputs: [
      ["stop", 1],
      ["in", 1],
    ],
    found: "safety",
  },
  {
    number: "20",
    code: "aggregate",
    rewrite: FN,
    rules: "s(x) <- in(x) | n(count<x>) <- s(x); o@async(c)(n) <- n(n)",
    stays: "k@async(c)(x) <- in(x)",
    channels: "in/1",
    inputs: [
      ["in", 1],
      ["in", 2],
    ],
    found: "safety",
  },
  {
    number: "22",
    code: "two-relations",
    rewrite: FN,
    rules: "ip(v,s) <- ipm(v,s); bal(i) <- balm(i) | p@async(c)(i,v,s) <- ip(v,s), bal(i)",
    stays: "k@async(c)(v) <- ipm(v,_)",
    channels: "ipm/2 balm/1",
    inputs: [
      ["ipm", 1, 2],
      ["balm", 3],
    ],
    found: "safety",
  },
  {
    number: "25",
    rewrite: FN,
    rules: `k@next(1) <- boot(), !k(_); k@next(n) <- k(m), m < 2, n := m + 1; k@next(2) <- k(2); s(n) <- b(), k(n)
      | o@async(c)(n) <- s(n); ${E}`,
    channels: "a/1 b/0",
    inputs: [["a", 1], ["a", 2], ["a", 3], ["b"]],
    found: "quiescence",
  },
  {
    number: "27",
    code: "direction",
    rewrite: FN,
    rules: "s(x) <- i(x), y(x) | y(x) <- b(x)",
    stays: "i(x) <- in(x); i@next(x) <- i(x); k@async(c)(x) <- in(x); o@async(c)(x) <- s(x)",
    channels: "in/1 b/1",
    inputs: [
      ["in", 1],
      ["b", 1],
    ],
    found: "quiescence",
  },
  {
    number: "118",
    rewrite: FN,
    rules: `f@next(1) <- boot(); o1@async(c)(1) <- a(), f(_); o1@async(c)(0) <- a(), !f(_)
      | s(x) <- d(x); o2@async(c)(x) <- s(x)`,
    channels: "a/0",
    edb: { d: [[1]] },
    inputs: [["a"]],
    found: "safety",
  },
  ...[FN, SM].map((rewrite): ForcedCase => ({
    number: rewrite === FN ? "119" : "119 as batching",
    rewrite: rewrite as RewriteName,
    rules: CASE119,
    channels: "a/1 b/0",
    inputs: [["a", 1], ["b"]],
    found: "safety",
  })),
  {
    number: "120",
    code: "aggregate",
    rewrite: "fold",
    rules: "t(sum<x>,z) <- a(x,y), e(z)",
    stays:
      "a(x,y) <- in(x,y); a@next(x,y) <- a(x,y); k@async(c)(x,y) <- in(x,y); o@async(c)(x,z) <- t(x,z)",
    target: { component: "L", rule: "L/t/1", literals: [0] },
    channels: "in/2 e/1",
    inputs: [
      ["in", 1, 1],
      ["in", 1, 2],
      ["e", 5],
    ],
    found: "safety",
  },
  {
    number: "136",
    rewrite: FN,
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
    found: "quiescence",
  },
  {
    number: "137",
    code: "sends-counted",
    rewrite: FN,
    rules: "o@async(d)(x) <- a(x), to(d); r(x) <- a(x) | o@async(d)(x) <- r(x), to(d)",
    other: COUNTS,
    channels: "a/1",
    edb: TO_R,
    inputs: [["a", 1]],
    found: "safety",
  },
  {
    number: "32",
    code: "exact-threshold",
    rewrite: MONO,
    rules: `${COUNTED} o@async(c)(1) <- n(k), k == 2`,
    channels: "in/1",
    inputs: [
      ["in", 1],
      ["in", 2],
      ["in", 3],
    ],
    found: "quiescence",
  },
  {
    number: "35",
    code: "forgets-early",
    rewrite: MONO,
    rules: CASE35,
    channels: "req/2 vr/2",
    inputs: VOTES,
    found: "quiescence",
  },
  {
    number: "36 without the dependency",
    code: "forgets-early",
    rewrite: MONO,
    rules: CASE36,
    channels: "req/2 vr/2",
    inputs: [...VOTES, ["req", 1, 6]],
    found: "quiescence",
  },
  {
    number: "42",
    code: "idle-change",
    rewrite: SM,
    rules: `s(x) <- in(x) | k@next(1) <- boot(), !k(_); k@next(n) <- k(m), m < 3, n := m + 1; k@next(3) <- k(3);
      o@async(c)(x,n) <- s(x), k(n)`,
    stays: "e@async(c)(x) <- in(x); f@async(c)(x) <- z(x)",
    channels: "in/1 z/1",
    inputs: [
      ["z", 1],
      ["z", 2],
      ["in", 1],
    ],
    found: "safety",
  },
  ...["p@next(x) <- s(x)", "p(x) <- s(x)"].map((first, i): ForcedCase => ({
    number: i === 0 ? "44" : "44 with p(x) <- s(x)",
    code: "idle-output",
    rewrite: SM,
    rules: `s(x) <- in(x) | ${first}; p@next(x) <- p(x); o@async(c)(x) <- p(x)`,
    stays: "e@async(c)(x) <- in(x)",
    channels: "in/1",
    inputs: [
      ["in", 1],
      ["in", 2],
    ],
    found: "refines",
    because: "the condition is stricter than it has to be: monotonic decoupling accepts it",
  })),
  {
    number: "50",
    code: "two-relations",
    rewrite: ASYM,
    rules: `${KEEPS} | k2(x) <- b(x); o@async(c)(x,y) <- b(x), g(y)`,
    moves: "h@async(c)(y) <- g(y)",
    channels: "b/1 g/1 q/1",
    inputs: [
      ["b", 1],
      ["g", 1],
    ],
    found: "refines",
    because: "the condition is stricter than it has to be where clocks are free (ADR 15)",
  },
  {
    number: "51",
    rewrite: ASYM,
    rules: `k(x) <- k2(x); k@next(x) <- k(x); t@next(1) <- boot(), !t(_); t@next(n) <- t(m), m < 2, n := m + 1; t@next(2) <- t(2);
      p@async(c)(x,n) <- q(_), k(x), t(n) | k2(x) <- b(x); o@async(c)(x) <- b(x)`,
    moves: "o@async(c)(x) <- z(x)",
    channels: "b/1 q/1 z/1",
    inputs: [
      ["z", 5],
      ["z", 6],
      ["b", 1],
      ["q", 1],
    ],
    found: "safety",
  },
  {
    number: "121",
    code: "not-input-derived",
    rewrite: ASYM,
    rules: `k(x) <- xx(x); k@next(x) <- k(x); o1@async(c)(x) <- q(), k(x); o1@async(c)(0) <- q(), !k(_)
      | p@next(x) <- b(x); xx(x) <- p(x); o2@async(c)(x) <- b(x)`,
    channels: "b/1 q/0",
    inputs: [["b", 1], ["q"], ["b", 2]],
    found: "safety",
  },
];
