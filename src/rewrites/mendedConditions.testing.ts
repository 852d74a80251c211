import type { KeyTerms } from "../analysis/keyTerm.ts";
import { cohash } from "./cases.testing.ts";
import type { CaseText } from "./cases.testing.ts";
import type { RemedyKind } from "./remedy.ts";
import type { Chain, RewriteName, StepRequest } from "./rewrite.ts";

/** A refusal and a remedy that is found for it. */
export interface Mended {
  readonly by: RemedyKind;
  /** Another program than the one that explains the condition, where that one cannot be mended so. */
  readonly program?: CaseText | { readonly components: string };
  readonly rewrite?: RewriteName;
  readonly request?: StepRequest;
  readonly chain?: Chain;
}

/** What is done about a refusal: what remedies there are, or why none can be computed. */
export type Mending = readonly [Mended, ...Mended[]] | { readonly never: string };

function partially(replicated: readonly string[], keys: KeyTerms): StepRequest {
  const target = { component: "L", partitions: 2, replicated, keys, name: "proxy" };
  return { rewrite: "partitionPartially", target };
}

const COUNTING =
  "w(s)<-in(s); ack@async(c)(s)<-in(s) | w@next(s)<-w(s); n(count<s>)<-w(s); o@async(c)(1)<-n(k),k==2";
const DELETING = `bt(i,b)<-req(i,b); v@async(d)(i)<-req(i,b),rep(d)
  | av(s,i)<-vr(s,i); av@next(s,i)<-av(s,i),!sent(i); n(count<s>,i)<-av(s,i); com(i)<-n(2,i);
  sent(i)<-com(i),bt(i,_); bt@next(i,b)<-bt(i,b),!sent(i); o@async(c)(i,b)<-com(i),bt(i,b)`;

/** For each code that a precondition can be violated with (REFUSAL_CODES). */
export const MENDED: Readonly<Record<string, Mending>> = {
  "shared-read": [
    { by: "other-rewrite" },
    {
      by: "prepare",
      rewrite: "decoupleFunctional",
      program: { rules: "s(x)<-a(x) | o@async(c)(x)<-a(x)" },
    },
  ],
  "same-tick-flow": [
    { by: "other-rewrite" },
    {
      by: "move-along",
      program: { rules: "e@async(c)(x)<-b(x); s(x)<-a(x) | o@async(c)(x)<-s(x)" },
    },
  ],
  direction: [
    { by: "other-rewrite" },
    {
      by: "move-along",
      program: { rules: "e(x)<-a(x); o@async(c)(x)<-y(x) | y(x)<-e(x)" },
    },
  ],
  "client-input": [
    {
      by: "prepare",
      rewrite: "decoupleFunctional",
      program: { rules: "e@async(c)(x)<-a(x) | o@async(c)(x)<-cl(x)", env: ["cl"] },
    },
    {
      by: "decouple-first",
      program: {
        rules:
          "m(x)<-cl(x); m@next(x)<-m(x); e@async(c)(x)<-cl(x); s(x)<-a(x); s@next(x)<-s(x); o@async(c)(x)<-s(x),a(x)",
        env: ["cl"],
      },
      request: cohash({ cl: [0], m: [0], a: [0], s: [0] }),
    },
  ],
  "tick-as-data": [
    {
      by: "leave-behind",
      rewrite: "decoupleFunctional",
      program: {
        rules:
          "r(x)<-a(x); e@async(c)(x)<-a(x) | o@async(c)(x)<-r(x); p@async(c)(x,t)<-r(x),tick(t)",
      },
    },
  ],
  "derived-on-both-sides": [
    { by: "other-rewrite" },
    {
      by: "prepare",
      program: { rules: "r(x)<-a(x); r@next(x)<-r(x); o@async(c)(x)<-r(x)" },
      request: {
        rewrite: "copySplit",
        target: { component: "L", relation: "r", rules: ["L/r/2", "L/o/1"] },
      },
    },
  ],
  "sends-counted": [
    {
      by: "leave-behind",
      program: {
        rules: "o@async(K)(x)<-a(x); r(x)<-a(x) | o@async(K)(x)<-r(x); z@async(c)(x)<-r(x)",
        counted: ["o"],
      },
    },
    {
      by: "other-key",
      program: { rules: "o@async(K)(y)<-b(x,y); u@async(c)(x)<-b(x,y)", counted: ["o"] },
      request: cohash({ b: [0] }),
      chain: { lockstep: true },
    },
  ],
  "two-reads": [{ by: "fold" }],
  "two-relations": [{ by: "prepare" }],
  "changing-negation": [{ by: "fold" }],
  aggregate: [
    { by: "leave-behind" },
    {
      by: "prepare",
      program: {
        rules: "r(x)<-a(x); r@next(x)<-r(x); e@async(c)(x)<-a(x) | o@async(c)(count<x>)<-r(x)",
      },
    },
    {
      by: "prepare",
      program: { rules: "t(sum<x>,z)<-a(x,y),e(z); o@async(c)(s,z)<-t(s,z)", edb: ["e"] },
      request: { rewrite: "fold", target: { component: "L", rule: "L/t/1", literals: [0] } },
    },
  ],
  "non-deterministic": [
    {
      by: "leave-behind",
      program: { rules: "s(x)<-in(x) | o@async(c)(x,i)<-s(x),index(i); p@async(c)(x)<-s(x)" },
    },
  ],
  "not-kept": [{ by: "fold" }],
  "exact-threshold": [
    { by: "leave-behind" },
    {
      by: "declare",
      program: { rules: COUNTING, declarations: "edb two(a) = { (1), (2) }" },
    },
  ],
  "forgets-early": [
    {
      by: "declare",
      program: {
        rules: DELETING,
        declarations: 'edb rep(d) = { (addr("s")), (addr("t")) }\nwithin av.s of rep',
      },
    },
  ],
  "keys-differ": [{ by: "other-key" }],
  "head-key": [{ by: "other-key" }],
  "absent-wildcard": [{ by: "other-key" }],
  "group-split": [{ by: "other-key" }],
  unroutable: [{ by: "prepare" }],
  "no-dependency": [{ by: "other-key" }],
  "undeclared-dependency": [
    { by: "declare" },
    {
      by: "prepare",
      program: {
        components:
          "edb e(x,y) = { (1, 2), (2, 2) }\ncomponent L {\no@async(c)(x)<-p(x),e(x,y),q(y)\n}\ncomponent K {\np@async(L)(x)<-to_p(x)\nq@async(L)(x)<-to_q(x)\n}",
      },
    },
  ],
  "untrue-dependency": {
    never:
      "the rows that are given say otherwise. Only other rows would do, and what they mean is not the program's to say.",
  },
  "partitioned-feeds-replicated": [
    {
      by: "other-key",
      program: {
        rules:
          "s(x)<-w(x); s@next(x)<-s(x); l(b)<-p(b); l@next(b)<-l(b); o@async(c)(x,b)<-w(x),s(x),l(b)",
      },
      request: partially(["p", "l", "s"], { w: [0] }),
    },
  ],
  "aggregate-over-part": [
    {
      by: "other-key",
      program: {
        rules: "l(b)<-p(b); l@next(b)<-l(b); t(count<x>,k)<-w(x,k),l(_); o@async(c)(n,k)<-t(n,k)",
      },
      request: partially(["p", "l"], { w: [0], t: [1] }),
    },
  ],
  "key-projected": [{ by: "other-key" }],
  "durable-copy": [
    { by: "declare" },
    {
      by: "leave-behind",
      rewrite: "decoupleMonotonic",
      program: {
        rules: "s(x)<-w(x); e@async(c)(x)<-w(x) | k(x)<-s(x); k@next(x)<-k(x); o@async(c)(x)<-k(x)",
        declarations: "durable k",
      },
    },
  ],
  "idle-output": [
    {
      by: "leave-behind",
      rewrite: "decoupleStateMachine",
      program: {
        rules:
          "s(x)<-a(x); e@async(c)(x)<-a(x) | k(x)<-s(x); k@next(x)<-k(x); o@async(c)(x)<-k(x),s(x); u@async(c)(x)<-d(x)",
        edb: ["d"],
      },
    },
  ],
  "idle-change": [
    {
      by: "leave-behind",
      rewrite: "decoupleStateMachine",
      program: {
        rules:
          "s(x)<-a(x); e@async(c)(x)<-a(x) | k(x)<-s(x); k@next(x)<-k(x); o@async(c)(x)<-k(x),s(x); t@next(1)<-boot(),!t(_); t@next(n+1)<-t(n); y@async(c)(n)<-t(n),s(_)",
      },
    },
  ],
  "idle-derivation": [
    {
      by: "leave-behind",
      rewrite: "decoupleStateMachine",
      program: {
        rules:
          "e@async(c)(b)<-z(b) | k(b)<-q(b); k@next(b)<-k(b); s(b)<-p(b); s@next(b)<-s(b); r(b)<-s(b),!q(b); r@next(b)<-r(b); o@async(c)(b)<-q(b),r(b)",
      },
    },
  ],
  "not-input-derived": [{ by: "move-along" }],
  "seal-receiver": {
    never:
      "who receives a set is what the program says, and only its author can say that another component receives it, or that the facts may come one by one.",
  },
  "seal-trigger": [
    {
      by: "other-key",
      program: {
        components:
          "component L {\nd@async(K)(seal<x>,b)<-p(b),lg(x)\ne@async(c)(z)<-q(z)\n}\ncomponent K {\np@async(L)(x)<-a(x)\nlg@async(L)(x)<-b(x)\nq@async(L)(x)<-g(x)\nr(x,b)<-d(x,b)\n}",
      },
      request: partially(["q"], { p: [0], lg: [0] }),
    },
  ],
  "unchecked-field": [{ by: "prepare" }],
  "tick-local-dependency": [{ by: "prepare" }],
};
