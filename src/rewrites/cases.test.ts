import { expect, test } from "vitest";
import { afterSteps, caseProgram, cohash, outcome, split } from "./cases.testing.ts";
import type { CaseText } from "./cases.testing.ts";
import { applyStep } from "./driver.ts";
import type { RelationName } from "../program/program.ts";
import type { RewriteName, StepRequest } from "./rewrite.ts";

/** A case of spec/cases.md under its number there; `expected` is a verdict or the violated codes. */
interface SplitCase extends CaseText {
  readonly number: string;
  readonly expected: string;
  /** Normalisations that the case names. */
  readonly first?: readonly StepRequest[];
}

const MI: readonly SplitCase[] = [
  {
    number: "01",
    rules:
      "b@async(d)(x)<-req(x),peers(d) | v(s,x)<-vote(s,x); v@next(s,x)<-v(s,x),!com(x); n(count<s>,x)<-v(s,x); com(x)<-n(k,x),num(k); r@async(c)(x)<-com(x)",
    expected: "holds",
  },
  { number: "02", rules: "s(x)<-a(x) | o@async(c)(x)<-a(x)", expected: "shared-read" },
  {
    number: "04",
    rules: "m@async(d)(x)<-a(x),peers(d) | s(x)<-m(x); s@next(x)<-s(x); o@async(c)(x)<-s(x),z()",
    expected: "holds",
  },
  {
    number: "05",
    rules:
      "e@async(c)(x)<-a(x) | k@next(1)<-boot(),!k(_); k@next(n+1)<-k(n); o@async(c)(n)<-b(),k(n)",
    expected: "lockstep",
  },
  {
    number: "06",
    rules: "e@async(c)(x)<-a(x) | o@async(c)(x)<-cl(x)",
    env: ["cl"],
    expected: "client-input",
  },
  {
    number: "08",
    rules: "o@async(c)(x,t)<-a(x),tick(t) | p@async(c)(x,t)<-b(x),tick(t)",
    expected: "tick-as-data",
  },
  {
    number: "08, only what stays",
    rules: "o@async(c)(x,t)<-a(x),tick(t) | p@async(c)(x)<-b(x)",
    expected: "tick-as-data",
  },
  {
    number: "08 with a constant",
    rules: "o@async(c)(x)<-a(x),tick(2) | p@async(c)(x)<-b(x)",
    expected: "tick-as-data",
  },
  {
    number: "10",
    rules:
      "lv@next(x)<-vq(x); vf@async(d)(x)<-lv(x),co(d) | lc@next(x)<-cq(x); ak@async(d)(x)<-lc(x),co(d)",
    expected: "holds",
  },
  { number: "12", rules: "w(x)<-dom(x) | o@async(c)(x)<-b(x),dom(x)", expected: "holds" },
  { number: "14", rules: "o@async(c)(1,x)<-a(x) | o@async(c)(2,x)<-b(x)", expected: "holds" },
  {
    number: "94",
    rules:
      "a1(x)<-a(x); o@async(c)(1,x)<-a1(x) | b1(x)<-b(x); b1@next(x)<-b1(x); o@async(c)(2,x)<-b(x),b1(x)",
    expected: "holds",
  },
  {
    number: "111",
    rules:
      "s(x)<-a(x); s@next(x)<-s(x); o@async(c)(1,x)<-s(x) | u(x)<-b(x); u@next(x)<-u(x); o@async(c)(2,x)<-u(x)",
    expected: "holds",
  },
  {
    number: "112",
    rules:
      "s(x)<-a(x); s@next(x)<-s(x); e1@async(K)(x)<-s(x) | u(x)<-b(x); u@next(x)<-u(x); e2@async(K)(x)<-u(x)",
    counted: ["e1", "e2"],
    expected: "lockstep",
  },
  {
    number: "113",
    rules:
      "s(x)<-a(x); s@next(x)<-s(x); h()<-hold(); o@async(c)(1,x)<-s(x),!h() | u(x)<-b(x); u@next(x)<-u(x); o@async(c)(2,x)<-u(x)",
    expected: "lockstep",
  },
  {
    number: "114",
    rules: "e@async(c)(x)<-a(x) | p@next(x)<-b(x); k@async(c)(x)<-b(x); o@async(c)(x)<-q(),p(x)",
    expected: "lockstep",
  },
  {
    number: "115",
    rules:
      "e@async(c)(x)<-a(x) | v@next(x)<-b(x); v@next(x)<-v(x),!g(x); g(x)<-v(x); k@async(c)(x)<-b(x); o@async(c)(x)<-q(),v(x)",
    expected: "lockstep",
  },
  {
    number: "116",
    rules:
      "e@async(c)(x)<-a(x) | p@next(x)<-b(x); s(x)<-p(x); k@async(c)(x)<-b(x); o@async(c)(x)<-q(),s(x)",
    expected: "lockstep",
  },
  {
    number: "117",
    rules:
      "e@async(c)(x)<-a(x) | v(x)<-b(x); v@next(x)<-v(x),!d(x); d(x)<-kill(x); d@next(x)<-d(x); o@async(c)(x)<-q(),v(x); k@async(c)(x)<-b(x)",
    expected: "holds",
  },
  {
    number: "117 with v@next",
    rules:
      "e@async(c)(x)<-a(x) | v@next(x)<-b(x); v@next(x)<-v(x),!d(x); d(x)<-kill(x); d@next(x)<-d(x); o@async(c)(x)<-q(),v(x); k@async(c)(x)<-b(x)",
    expected: "lockstep",
  },
  {
    number: "135",
    rules:
      "e@async(c)(x)<-a(x) | q(x)<-b(x); q@next(x)<-q(x); o@async(c)(x)<-d(x),!q(x); k@async(c)(x)<-b(x)",
    edb: ["d"],
    expected: "lockstep",
  },
];

const FUNCTIONAL: readonly SplitCase[] = [
  {
    number: "15",
    rules: "s(x,g)<-in(x),sign(x,g) | st@async(d)(x,g)<-s(x,g),nodes(d)",
    expected: "holds",
  },
  {
    number: "16",
    rules: "r(x,1)<-in(x); r(x,2)<-in(x) | o@async(c)(x)<-r(x,a),r(x,b),a!=b",
    expected: "two-reads",
  },
  {
    number: "17",
    rules: "l(x)<-a(x); l@next(x)<-l(x) | o@async(c)(x,y)<-b(y),l(x)",
    expected: "shared-read two-relations",
  },
  {
    number: "19",
    rules: "s(x)<-in(x) | o@async(c)(x)<-s(x),!ban(x)",
    expected: "changing-negation",
  },
  {
    number: "20",
    rules: "s(x)<-in(x) | n(count<x>)<-s(x); o@async(c)(n)<-n(n)",
    expected: "aggregate",
  },
  {
    number: "22",
    rules: "| p@async(d)(i,v,s)<-ip(v,s),bal(i),acc(d)",
    expected: "two-relations",
  },
  {
    number: "22 folded",
    rules: "| p@async(d)(i,v,s)<-ip(v,s),bal(i),acc(d)",
    first: [{ rewrite: "fold", target: { component: "L", rule: "L/p/1", literals: [0, 1] } }],
    expected: "holds",
  },
  {
    number: "23",
    rules: "s(x)<-in(x) | o@async(c)(x,i)<-s(x),index(i)",
    expected: "non-deterministic",
  },
  {
    number: "08 as functional, without inputs of what moves",
    rules: "s(x,t)<-a(x),tick(t); o@async(c)(t)<-s(_,t); r(x)<-b(x) | p@async(c)(x)<-r(x)",
    expected: "holds",
  },
  {
    number: "08 as functional, with an input of what moves",
    rules: "o@async(c)(x,t)<-a(x),tick(t); r(x)<-a(x) | p@async(c)(x)<-r(x); q@async(c)(x)<-b(x)",
    expected: "tick-as-data",
  },
  {
    number: "25",
    rules:
      "k@next(1)<-boot(),!k(_); k@next(n+1)<-k(n); s(n)<-b(),k(n) | o@async(c)(n)<-s(n); e@async(c)(x)<-a(x)",
    expected: "lockstep",
  },
  { number: "27", rules: "s(x)<-in(x),y(x) | y(x)<-b(x)", expected: "direction" },
  {
    number: "95",
    rules: "s(x)<-in(x) | o@async(c)(x,y)<-s(x),h(x,y)",
    declarations: "function h(a -> b)",
    expected: "holds",
  },
  {
    number: "118",
    rules:
      "f@next(1)<-boot(); o1@async(c)(1)<-a(),f(_); o1@async(c)(0)<-a(),!f(_) | s(x)<-d(x); o2@async(c)(x)<-s(x)",
    edb: ["d"],
    expected: "lockstep",
  },
  {
    number: "119",
    rules:
      "f@next(1)<-a(_); f@next(2)<-f(_); o1@async(c)(n)<-b(),f(n); r(x)<-a(x) | p@next(x)<-r(x); o2@async(c)(x)<-p(x)",
    expected: "lockstep",
  },
  {
    number: "136",
    rules:
      "p(x)<-a(x); p@next(x)<-p(x),!del(x); s(x)<-p(x),!e(x); ka@async(c)(x)<-a(x); kd@async(c)(x)<-del(x) | o@async(c)(x)<-s(x); kb@async(c)(x)<-b(x)",
    expected: "lockstep",
  },
  {
    number: "137",
    rules: "o@async(K)(x)<-a(x); r(x)<-a(x) | o@async(K)(x)<-r(x)",
    counted: ["o"],
    expected: "sends-counted",
  },
  {
    number: "137 with o2",
    rules: "o@async(K)(x)<-a(x); r(x)<-a(x) | o2@async(K)(x)<-r(x)",
    counted: ["o", "o2"],
    expected: "holds",
  },
  {
    number: "137 through a relation of one tick",
    rules: "r(x)<-a(x) | s(x,g)<-r(x),hash(x,g); o@async(K)(x,g)<-s(x,g)",
    counted: ["o"],
    expected: "holds",
  },
  {
    number: "137 through a relation that drops a part",
    rules: "r(x,y)<-a(x,y) | s(x)<-r(x,y); o@async(K)(x)<-s(x)",
    counted: ["o"],
    expected: "sends-counted",
  },
  {
    number: "137 through a relation of two rules",
    rules: "r(x)<-a(x); t(x)<-b(x) | s(x)<-r(x); s(x)<-t(x); o@async(K)(x)<-s(x)",
    counted: ["o"],
    expected: "sends-counted",
  },
  {
    number: "137 through relations that feed each other",
    rules: "r(x)<-a(x) | s(x)<-t(x); t(x)<-s(x); o@async(K)(x)<-s(x); q@async(c)(x)<-r(x)",
    counted: ["o"],
    expected: "sends-counted",
  },
];

const COUNTED = "w(s)<-in(s); ack@async(c)(s)<-in(s) | w@next(s)<-w(s); n(count<s>)<-w(s);";
const SETS = `edb two(s) = { (1), (2) }\nedb three(s) = { (1), (2), (3) }\nedb unknown(s)`;
/** Votes come from the two members of `rep`. */
const VOTERS = `edb rep(d) = { (addr("s")), (addr("t")) }\nwithin av.s of rep`;
const CASE35 = `bt(i,b)<-req(i,b); v@async(d)(i)<-req(i,b),rep(d)
  | av(s,i)<-vr(s,i); av@next(s,i)<-av(s,i),!com(i); n(count<s>,i)<-av(s,i); com(i)<-n(2,i);
  bt@next(i,b)<-bt(i,b),!com(i); o@async(c)(i,b)<-com(i),bt(i,b)`;
const CASE36 = CASE35.replaceAll("!com(i)", "!sent(i)").replace(
  "bt@next",
  "sent(i)<-com(i),bt(i,_); bt@next",
);

const MONOTONIC: readonly SplitCase[] = [
  {
    number: "29",
    rules:
      "k(s,v,n)<-in(s,v,n); k@next(s,v,n)<-k(s,v,n); cert(count<s>,v)<-k(s,v,n) | bad@async(c)(v)<-k(s,v,n),k(t,v,m),n!=m",
    first: [
      { rewrite: "copySplit", target: { component: "L", relation: "k", rules: ["L/bad/1"] } },
    ],
    expected: "holds",
  },
  {
    number: "29 without the copy",
    rules:
      "k(s,v,n)<-in(s,v,n); k@next(s,v,n)<-k(s,v,n); cert(count<s>,v)<-k(s,v,n) | bad@async(c)(v)<-k(s,v,n),k(t,v,m),n!=m",
    expected: "shared-read",
  },
  {
    number: "17 as monotonic",
    rules: "l(x)<-a(x); l@next(x)<-l(x) | o@async(c)(x,y)<-b(y),l(x)",
    expected: "not-kept shared-read",
  },
  {
    number: "31",
    rules: `${COUNTED} o@async(c)(1)<-n(k),k>=2`,
    expected: "holds",
  },
  {
    number: "31 the other way round",
    rules: `${COUNTED} o@async(c)(1)<-n(k),1<k`,
    expected: "holds",
  },
  {
    number: "31 with a second test that stops holding",
    rules: `${COUNTED} o@async(c)(1)<-n(k),k>=2,k<4`,
    expected: "aggregate",
  },
  {
    number: "31 joined in the rule that waits",
    rules: `${COUNTED} q(x)<-b(x); q@next(x)<-q(x); o@async(c)(1)<-n(k),q(_),k>=2`,
    expected: "aggregate not-kept",
  },
  {
    number: "31 with a second test that is exact",
    rules: `${COUNTED} o@async(c)(1)<-n(k),k>=1,k==2`,
    declarations: `${SETS}\nwithin in.s of two`,
    expected: "aggregate",
  },
  {
    number: "31 with a count of two rules",
    rules: `${COUNTED} n(count<s>)<-u(s); u(s)<-b(s); u@next(s)<-u(s); o@async(c)(1)<-n(k),k>=2`,
    expected: "aggregate",
  },
  {
    number: "31 with a count of what is there without another",
    rules: `${COUNTED.replace("n(count<s>)<-w(s)", "n(count<s>)<-w(s),!u(s)")} u(s)<-b(s); u@next(s)<-u(s); o@async(c)(1)<-n(k),k>=2`,
    expected: "aggregate changing-negation",
  },
  {
    number: "31 with a number that each node has its own of",
    rules: `${COUNTED} o@async(c)(1)<-n(k),own(q),k>=q`,
    declarations: "node own(q)",
    expected: "aggregate",
  },
  {
    number: "31 with a count that must not be there",
    rules: `${COUNTED} o@async(c)(1)<-u(_),!n(2); u(s)<-b(s)`,
    expected: "aggregate changing-negation not-kept",
  },
  {
    number: "31, telling the count",
    rules: `${COUNTED} o@async(c)(k)<-n(k),k>=2`,
    expected: "aggregate",
  },
  {
    number: "31 with a count that two rules read",
    rules: `${COUNTED} o@async(c)(1)<-n(k),k>=2; q@async(c)(1)<-n(k),k>=3`,
    expected: "aggregate",
  },
  {
    number: "31 with a sum",
    rules: `${COUNTED.replace("count", "sum")} o@async(c)(1)<-n(k),k>=2`,
    expected: "aggregate",
  },
  {
    number: "31 with a count of what nothing keeps",
    rules: "w(s)<-in(s) | n(count<s>)<-w(s); o@async(c)(1)<-n(k),k>=2",
    expected: "not-kept",
  },
  {
    number: "31 with a table of the number",
    rules: `${COUNTED} o@async(c)(1)<-n(k),num(q),k>=q`,
    expected: "holds",
  },
  {
    number: "31 with a number that changes",
    rules: `${COUNTED} q(x)<-set(x); q@next(x)<-q(x); o@async(c)(1)<-n(k),q(x),k>=x`,
    expected: "aggregate not-kept",
  },
  {
    number: "31 with a maximum that a small one meets",
    rules: `${COUNTED.replace("count", "min")} o@async(c)(1)<-n(k),k>=2`,
    expected: "aggregate",
  },
  {
    number: "31 joined with what is kept",
    rules: `${COUNTED} q()<-n(k),k>=2; p(x)<-b(x); p@next(x)<-p(x); o@async(c)(x)<-q(),p(x)`,
    expected: "holds",
  },
  {
    number: "31 with a second, ephemeral rule of what is joined",
    rules: `${COUNTED} q()<-n(k),k>=2; q()<-z(); p(x)<-b(x); p@next(x)<-p(x); o@async(c)(x)<-q(),p(x)`,
    expected: "not-kept",
  },
  {
    number: "32",
    rules: `${COUNTED} o@async(c)(1)<-n(k),k==2`,
    expected: "exact-threshold",
  },
  ...(
    [
      ["holds", "within in.s of two", "of a set of two"],
      ["exact-threshold", "within in.s of three", "of a set of three"],
      ["exact-threshold", "within in.s of unknown", "of a set that nobody lists"],
      ["exact-threshold", "within ack.s of two", "of a set that another relation keeps to"],
    ] as const
  ).map(([expected, declaration, of]) => ({
    number: `32 ${of}`,
    rules: `${COUNTED} o@async(c)(1)<-n(k),k==2`,
    declarations: `${SETS}\n${declaration}`,
    expected,
  })),
  {
    number: "32 of a set that a rule looks up",
    rules: `${COUNTED.replace("w(s)<-in(s)", "w(s)<-in(s),two(s)")} o@async(c)(1)<-n(2)`,
    declarations: SETS,
    expected: "holds",
  },
  {
    number: "32 with the number in a table",
    rules: `${COUNTED} o@async(c)(1)<-n(k),size(k)`,
    declarations: `${SETS}\nwithin in.s of two\nedb size(k) = { (2), (3) }`,
    expected: "holds",
  },
  {
    number: "32 with a smaller number in the table",
    rules: `${COUNTED} o@async(c)(1)<-n(k),size(k)`,
    declarations: `${SETS}\nwithin in.s of two\nedb size(k) = { (1), (2) }`,
    expected: "exact-threshold",
  },
  { number: "35", rules: CASE35, declarations: VOTERS, expected: "forgets-early" },
  {
    number: "35 with requests of one id the same",
    rules: CASE35,
    declarations: `${VOTERS}\nfd req: i -> b`,
    expected: "forgets-early",
  },
  {
    number: "35 without a bound",
    rules: CASE35,
    expected: "exact-threshold forgets-early",
  },
  {
    number: "36",
    rules: CASE36,
    declarations: `${VOTERS}\nfd req: i -> b`,
    expected: "holds",
  },
  {
    number: "36 with at least two",
    rules: CASE36.replace("n(2,i)", "n(k,i),k>=2"),
    declarations: "fd req: i -> b",
    expected: "holds",
  },
  {
    number: "36 without the dependency",
    rules: CASE36,
    declarations: VOTERS,
    expected: "forgets-early",
  },
  {
    number: "36 without a bound",
    rules: CASE36,
    declarations: "fd req: i -> b",
    expected: "exact-threshold",
  },
  {
    number: "36 with an event of another key",
    rules: CASE36.replace("sent(i)<-com(i),bt(i,_)", "sent(i)<-com(j),bt(j,_),bt(i,_)"),
    declarations: `${VOTERS}\nfd req: i -> b`,
    expected: "forgets-early",
  },
  {
    number: "36 with an event that the rules that stay derive",
    rules:
      "p(x)<-in(x); p@next(x)<-p(x); g(x)<-in(x),p(x); k@async(c)(x)<-in(x) | r(x)<-a(x); r@next(x)<-r(x),!g(x); o@async(c)(x)<-r(x),p(x)",
    expected: "forgets-early shared-read",
  },
  {
    number: "38",
    rules:
      "p(x)<-in(x); ack@async(c)(x)<-in(x) | p@next(x)<-p(x); m(max<x>)<-p(x); o@async(c)(1)<-m(x),x>=7",
    expected: "holds",
  },
  {
    number: "39",
    rules: "x(v)<-cfg(v) | y(v)<-x(v),p(v); p(v)<-in(v); p@next(v)<-p(v); o@async(c)(v)<-y(v)",
    edb: ["cfg"],
    expected: "holds",
  },
  {
    number: "44",
    rules: "s(x)<-in(x) | p@next(x)<-s(x); p@next(x)<-p(x); o@async(c)(x)<-p(x)",
    expected: "holds",
  },
];

function judge(rewrite: RewriteName, text: SplitCase): string {
  const given = caseProgram(text);
  const program = afterSteps(given.program, text.first ?? []);
  return outcome(applyStep(program, split(rewrite, given)));
}

test.each(MI)("mutually independent, case $number: $expected", (text) => {
  expect(judge("decoupleMutuallyIndependent", text)).toBe(text.expected);
});

test.each(FUNCTIONAL)("functional, case $number: $expected", (text) => {
  expect(judge("decoupleFunctional", text)).toBe(text.expected);
});

test.each(MONOTONIC)("monotonic, case $number: $expected", (text) => {
  expect(judge("decoupleMonotonic", text)).toBe(text.expected);
});

interface KeyCase extends CaseText {
  readonly number: string;
  readonly expected: string;
  readonly keys: Readonly<Record<RelationName, readonly number[]>>;
  readonly first?: readonly StepRequest[];
}

const KEYED: readonly KeyCase[] = [
  {
    number: "52",
    rules:
      "v(s,x)<-vote(s,x); v@next(s,x)<-v(s,x),!com(x); n(count<s>,x)<-v(s,x); com(x)<-n(k,x),num(k); r@async(c)(x)<-com(x)",
    keys: { vote: [1], v: [1], n: [1], com: [0] },
    expected: "holds",
  },
  {
    number: "53",
    rules: "s(y)<-r(x,y); s@next(y)<-s(y); o@async(c)(y)<-s(y),q(y)",
    keys: { r: [0], s: [0], q: [0] },
    expected: "head-key",
  },
  {
    number: "55",
    rules: "q(x,y)<-b(x,y); q@next(x,y)<-q(x,y); o@async(c)(x)<-p(x),!q(x,_)",
    keys: { b: [1], p: [0], q: [1] },
    expected: "absent-wildcard",
  },
  {
    number: "57",
    rules: "t(count<x>)<-r(x); o@async(c)(n)<-t(n),g()",
    keys: { r: [0], t: [0] },
    expected: "group-split keys-differ",
  },
  {
    number: "58",
    rules: "t(count<x>,k)<-r(x,k); o@async(c)(n,k)<-t(n,k)",
    keys: { r: [1], t: [1] },
    expected: "holds",
  },
  {
    number: "59",
    rules: "t(count<x>,k)<-r(x,k); o@async(c)(n,k)<-t(n,k)",
    keys: { r: [0], t: [1] },
    expected: "group-split",
  },
  {
    number: "60",
    rules: "o@async(c)(x,y)<-a(x),b(y)",
    keys: { a: [0], b: [0] },
    expected: "keys-differ",
  },
  ...[0, 1].flatMap((edge) =>
    [0, 1].map((path) => ({
      number: `62 by ${edge} and ${path}`,
      rules: "path(x,z)<-edge(x,y),path(y,z); o@async(c)(x,z)<-path(x,z)",
      keys: { edge: [edge], path: [path] },
      expected: ["head-key", "keys-differ", "head-key keys-differ"].join(" | "),
    })),
  ),
  {
    number: "64",
    rules: "m@async(p)(k)<-a(k),peers(p); s(k)<-m(k)",
    keys: { a: [0], m: [0], s: [0] },
    expected: "holds",
  },
  {
    number: "66",
    rules: "t(k,n)<-i(k),one(n); t@next(k,n+1)<-t(k,n); o@async(c)(k,n)<-g(k),t(k,n)",
    edb: ["one"],
    keys: { i: [0], t: [0], g: [0] },
    expected: "lockstep",
  },
  {
    number: "68",
    rules: "o@async(c)(n)<-x(n)",
    other: "w(v)<-given(v); x@async(L)(count<v>)<-w(v)",
    keys: { x: [0] },
    expected: "unroutable",
  },
  {
    number: "68 with the sent aggregate split",
    rules: "o@async(c)(n)<-x(n)",
    other: "w(v)<-given(v); x@async(L)(count<v>)<-w(v)",
    keys: { x: [0] },
    first: [{ rewrite: "splitHead", target: { component: "K", rule: "K/x/1" } }],
    expected: "holds",
  },
  {
    number: "98",
    rules:
      "p(k,x)<-a(k,x); p@next(k,x)<-p(k,x); q(k,y)<-b(k,y); q@next(k,y)<-q(k,y); o@async(c)(k,x,y)<-p(k,x),q(k,y)",
    keys: { a: [0], p: [0], b: [0], q: [0] },
    expected: "holds",
  },
  {
    number: "98 with a receiver that counts",
    rules:
      "p(k,x)<-a(k,x); p@next(k,x)<-p(k,x); q(k,y)<-b(k,y); q@next(k,y)<-q(k,y); o@async(K)(k,x,y)<-p(k,x),q(k,y)",
    counted: ["o"],
    keys: { a: [0], p: [0], b: [0], q: [0] },
    expected: "lockstep",
  },
  {
    number: "100",
    rules: "st@async(d)(x)<-s(x),nodes(d)",
    keys: { s: [0] },
    expected: "holds",
  },
  {
    number: "138",
    rules: "q(x)<-d(x); o@async(c)(x)<-d(x),!q(x)",
    edb: ["d"],
    keys: { q: [0] },
    // cases.md: ALLOW. By SM1 of section 1.6, which it does not exempt, the second rule sends on idle ticks.
    expected: "lockstep",
  },
  {
    number: "145",
    rules:
      "r(v)<-a(v); r@next(v)<-r(v); dw@async(K)(v)<-r(v),!sent(v); sent@next(v)<-r(v); sent@next(v)<-sent(v); ka@async(c)(v)<-a(v)",
    counted: ["dw"],
    keys: { a: [0], r: [0], sent: [0] },
    expected: "holds",
  },
];

test.each(KEYED)("co-hashing, case $number: $expected", (text) => {
  const given = caseProgram(text);
  const program = afterSteps(given.program, text.first ?? []);
  const found = outcome(applyStep(program, cohash(text.keys)));
  expect(text.expected.split(" | ")).toContain(found);
});

test("case 120: a fold under a sum keeps every value that is summed", () => {
  const { program } = caseProgram({ rules: "t(sum<x>,z)<-a(x,y),e(z)" });
  const target = { component: "L", rule: "L/t/1", literals: [0] };
  expect(outcome(applyStep(program, { rewrite: "fold", target }))).toBe("aggregate");
  const carrying = { ...target, carry: ["y"] };
  expect(outcome(applyStep(program, { rewrite: "fold", target: carrying }))).toBe("holds");
});

test("a split that is refused says what else stands in its way", () => {
  const given = caseProgram({
    rules: "e@async(c)(x)<-a(x) | k@next(n+1)<-k(n); k@next(1)<-a(_); o@async(c)(x)<-a(x)",
  });
  const result = applyStep(given.program, split("decoupleMutuallyIndependent", given));
  if (result.kind !== "refused") throw new Error(result.kind);
  const inTheWay = result.preconditions.filter((c) => c.verdict !== "holds");
  expect(inTheWay.map((c) => `${c.verdict} ${c.code}`)).toEqual([
    "violated shared-read",
    "lockstep tick-sensitive",
  ]);
});
