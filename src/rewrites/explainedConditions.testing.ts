import type { KeyTerms } from "../analysis/keyTerm.ts";
import { cohash } from "./cases.testing.ts";
import type { CaseText } from "./cases.testing.ts";
import type { RewriteName, StepRequest, Verdict } from "./rewrite.ts";

/** A precondition in one sentence, and the smallest program that shows why it is there. */
export interface ExplainedCondition {
  readonly code: string;
  /** What has to hold, and what goes wrong where it does not. */
  readonly sentence: string;
  /** The same code asks something else of these. */
  readonly elsewhere?: Readonly<Partial<Record<RewriteName, string>>>;
  readonly rewrite: RewriteName;
  /** The program in the shorthand of the cases, or whole components where a case cannot hold it. */
  readonly program: CaseText | { readonly components: string };
  /** The target, where it is no split at the bar. */
  readonly request?: StepRequest;
  /** What the rewrite finds about this very code. */
  readonly verdict: Verdict;
}

function byTerms(keys: KeyTerms): StepRequest {
  return { rewrite: "partitionWithDependencies", target: { component: "L", partitions: 2, keys } };
}

function partially(replicated: readonly string[], keys: KeyTerms): StepRequest {
  const target = { component: "L", partitions: 2, replicated, keys, name: "proxy" };
  return { rewrite: "partitionPartially", target };
}

/** A component and its sibling, which only the one sends to. */
function hardened(rules: string): string {
  return `node my_M(d)\ncomponent L {\n${rules}\n}\ncomponent M {\no@async(c)(n,m)<-r(n,m)\n}`;
}

/** In the order in which the page shows them: what every rewrite asks first. */
export const EXPLAINED: readonly ExplainedCondition[] = [
  {
    code: "shared-read",
    sentence:
      "No relation is read by rules that stay and by rules that move: a client could be answered by the one half before the other has seen the same fact.",
    rewrite: "decoupleMutuallyIndependent",
    program: { rules: "s(x)<-a(x) | o@async(c)(x)<-a(x)" },
    verdict: "violated",
  },
  {
    code: "same-tick-flow",
    sentence:
      "Nothing that one half derives is read by the other within the node: it used to be there in the same tick, and would now arrive at some later one.",
    rewrite: "decoupleMutuallyIndependent",
    program: { rules: "s(x)<-a(x) | o@async(c)(x)<-s(x)" },
    verdict: "violated",
  },
  {
    code: "direction",
    sentence:
      "Facts go from the rules that stay to the rules that move and never back: an answer that comes back is late for a rule that was written for the same tick.",
    elsewhere: {
      decoupleAsymmetric:
        "Facts go from the rules that move to the rules that stay and never back: what moves comes first.",
    },
    rewrite: "decoupleFunctional",
    program: { rules: "s(x)<-in(x),y(x) | y(x)<-b(x)" },
    verdict: "violated",
  },
  {
    code: "client-input",
    sentence:
      "What clients send stays where they send it: clients are not rewritten, so nobody can tell them another address (a relay helps).",
    elsewhere: {
      relay:
        "Clients send the relation here and cannot be told otherwise, so its first reader stays.",
    },
    rewrite: "decoupleMutuallyIndependent",
    program: { rules: "e@async(c)(x)<-a(x) | o@async(c)(x)<-cl(x)", env: ["cl"] },
    verdict: "violated",
  },
  {
    code: "tick-as-data",
    sentence:
      "No rule puts the number of the tick into facts: two nodes count their ticks apart, and who compares the numbers sees it.",
    rewrite: "decoupleMutuallyIndependent",
    program: { rules: "o@async(c)(x,t)<-a(x),tick(t) | p@async(c)(x,t)<-b(x),tick(t)" },
    verdict: "violated",
  },
  {
    code: "self-as-data",
    sentence:
      "A node's own address in a fact is repaired, not refused: the new node says the original's address, or one node would be counted as two.",
    rewrite: "decoupleMutuallyIndependent",
    program: {
      rules: "e@async(c)(x)<-a(x) | ack@async(d)(l,x)<-b(x),self(l),peers(d)",
    },
    verdict: "holds",
  },
  {
    code: "derived-on-both-sides",
    sentence:
      "No relation that a rule reads is derived by both halves: each node would have only its own part of it.",
    elsewhere: {
      copySplit:
        "The rules that read the copy do not derive the relation: what they derive after the move would be missing from the copy.",
    },
    rewrite: "decoupleMutuallyIndependent",
    program: { rules: "s(x)<-a(x) | s(x)<-b(x); o@async(c)(x)<-s(x)" },
    verdict: "violated",
  },
  {
    code: "tick-sensitive",
    sentence:
      "How often a node ticks must not be seen: on one node each message to one half is a tick of the other too, on two nodes it is not, so a count of ticks is right only if the siblings tick in step.",
    rewrite: "decoupleMutuallyIndependent",
    program: {
      rules:
        "e@async(c)(x)<-a(x) | k@next(1)<-boot(),!k(_); k@next(n+1)<-k(n); o@async(c)(n)<-b(),k(n)",
    },
    verdict: "lockstep",
  },
  {
    code: "sends-counted",
    sentence:
      "A receiver that can count arrivals gets as many as before: the same fact sent by two rules in one tick was one message, and sent by two nodes it is two.",
    rewrite: "decoupleFunctional",
    program: { rules: "o@async(K)(x)<-a(x); r(x)<-a(x) | o@async(K)(x)<-r(x)", counted: ["o"] },
    verdict: "violated",
  },
  {
    code: "two-reads",
    sentence:
      "A rule that moves reads a relation once: two facts that were there together are forwarded one by one and can miss each other.",
    rewrite: "decoupleFunctional",
    program: { rules: "r(x,1)<-in(x); r(x,2)<-in(x) | o@async(c)(x)<-r(x,a),r(x,b),a!=b" },
    verdict: "violated",
  },
  {
    code: "two-relations",
    sentence:
      "A rule that moves joins no two relations that change: their facts arrive at different ticks, and neither waits for the other.",
    elsewhere: {
      decoupleAsymmetric:
        "The rules that move look at one fact at a time, or join only what is kept for good: several ticks of theirs may count as one.",
    },
    rewrite: "decoupleFunctional",
    program: { rules: "r(x)<-a(x); s(x)<-b(x) | o@async(c)(x)<-r(x),s(x)" },
    verdict: "violated",
  },
  {
    code: "changing-negation",
    sentence:
      "A rule that moves asks for the absence only of what never changes: over a network, absent may mean not here yet.",
    rewrite: "decoupleFunctional",
    program: { rules: "s(x)<-in(x) | o@async(c)(x)<-s(x),!ban(x)" },
    verdict: "violated",
  },
  {
    code: "aggregate",
    sentence:
      "A rule that moves counts, sums and compares nothing: of facts that arrive one by one it would send the result of a part.",
    elsewhere: {
      decoupleMonotonic:
        "A count or maximum of what is kept is only asked whether it has reached a number, a minimum whether it is down to one: that stays true. Any other result is that of a part.",
      fold: "Under a sum the named part keeps every variable: facts that differ only in what is dropped would be added once.",
      splitHead:
        "The rule sends an aggregate, which it can compute first and send in the same tick.",
    },
    rewrite: "decoupleFunctional",
    program: { rules: "s(x)<-in(x) | n(count<x>)<-s(x); o@async(c)(n)<-n(n)" },
    verdict: "violated",
  },
  {
    code: "non-deterministic",
    sentence:
      "Nothing that moves is left to chance or to the order of a tick's facts: another node would choose otherwise.",
    rewrite: "decoupleFunctional",
    program: { rules: "s(x)<-in(x) | o@async(c)(x,i)<-s(x),index(i)" },
    verdict: "violated",
  },
  {
    code: "not-kept",
    sentence:
      "What a monotonic rule joins is kept for good: a fact of one tick would be gone before the other comes, and keeping it would give answers that the original never gives.",
    rewrite: "decoupleMonotonic",
    program: { rules: "r(x)<-a(x) | o@async(c)(x,y)<-r(x),b(y)" },
    verdict: "violated",
  },
  {
    code: "exact-threshold",
    sentence:
      "A rule that moves waits for an exact number only if it cannot be passed, because what is counted belongs to a set of that size (`within r.a of s`): else the original sees two and then three, but who is told late may see three at once and never two.",
    rewrite: "decoupleMonotonic",
    program: {
      rules:
        "w(s)<-in(s); ack@async(c)(s)<-in(s) | w@next(s)<-w(s); n(count<s>)<-w(s); o@async(c)(1)<-n(k),k==2",
    },
    verdict: "violated",
  },
  {
    code: "forgets-early",
    sentence:
      "What a monotonic rule reads is deleted only on an event that is derived from all else that the rule reads, for the same key, so that the answer is sent in the tick of the deletion, and no second fact of the key could say anything new: else what the rule joins it with may arrive after the deletion, and the answer would be lost for ever.",
    rewrite: "decoupleMonotonic",
    program: {
      rules:
        "e@async(c)(x)<-b(x) | v(x)<-a(x); v@next(x)<-v(x),!g(x); u(x)<-z(x); u@next(x)<-u(x); o@async(c)(x)<-v(x),u(x)",
    },
    verdict: "violated",
  },
  {
    code: "keys-differ",
    sentence:
      "The facts that one rule reads have one key: of two keys they lie on different nodes and are never read together.",
    rewrite: "partitionByCohashing",
    program: { rules: "o@async(c)(x,y)<-a(x),b(y)" },
    request: cohash({ a: [0], b: [0] }),
    verdict: "violated",
  },
  {
    code: "head-key",
    sentence:
      "What a rule derives for its own node has the key of what it read: else it lies where nobody looks for it.",
    rewrite: "partitionByCohashing",
    program: { rules: "s(y)<-r(x,y); s@next(y)<-s(y); o@async(c)(y)<-s(y),q(y)" },
    request: cohash({ r: [0], s: [0], q: [0] }),
    verdict: "violated",
  },
  {
    code: "absent-wildcard",
    sentence:
      "A rule asks for absence only within its own partition: with `_` in the place of the key the fact may be on any node, and one node cannot know that it is nowhere.",
    rewrite: "partitionByCohashing",
    program: { rules: "q(x,y)<-b(x,y); q@next(x,y)<-q(x,y); o@async(c)(x)<-p(x),!q(x,_)" },
    request: cohash({ b: [1], p: [0], q: [1] }),
    verdict: "violated",
  },
  {
    code: "group-split",
    sentence:
      "The key is among what an aggregate groups by: a group that is spread over partitions gives several partial results instead of one.",
    rewrite: "partitionByCohashing",
    program: { rules: "t(count<x>,k)<-r(x,k); o@async(c)(n,k)<-t(n,k)" },
    request: cohash({ r: [0], t: [1] }),
    verdict: "violated",
  },
  {
    code: "unroutable",
    sentence:
      "Every sender knows the key before it sends: a message whose key is computed in its own head has no address yet.",
    elsewhere: {
      verifyMessages:
        "Every rule that sends the channel sends it to the partition that owns the key, which the receiver computes from the message again: what an honest node sends elsewhere would be dropped.",
    },
    rewrite: "partitionByCohashing",
    program: {
      rules: "o@async(c)(n)<-x(n)",
      other: "w(v)<-given(v); x@async(L)(count<v>)<-w(v)",
    },
    request: cohash({ x: [0] }),
    verdict: "violated",
  },
  {
    code: "no-dependency",
    sentence:
      "Where the key is a function of what a fact says, it is one and the same function on both sides: two functions of one attribute send facts that belong together apart.",
    rewrite: "partitionWithDependencies",
    program: {
      rules:
        "col(v2,h)<-st(v),hash(v,2,h),set(h,v2); n(count<v>,h)<-col(v,h); o@async(c)(k,h)<-n(k,h)",
    },
    request: byTerms({
      st: [{ function: "hash", of: [0, { value: 3 }] }],
      set: [0],
      col: [1],
      n: [1],
    }),
    verdict: "violated",
  },
  {
    code: "undeclared-dependency",
    sentence:
      "A dependency of given data is declared: what only happens to be true of the facts seen so far may end with the next one.",
    rewrite: "partitionWithDependencies",
    program: { rules: "o@async(c)(x)<-p(x),e(x,y),q(y)", edb: ["e"] },
    request: byTerms({ p: [{ function: "e", of: [0] }], q: [0] }),
    verdict: "violated",
  },
  {
    code: "untrue-dependency",
    sentence:
      "What is declared of a given table is true of every row that it is given: senders that find different rows would address different partitions.",
    rewrite: "declareDependency",
    program: {
      components:
        "edb e(x,y) = { (1, 2), (1, 3) }\ncomponent L {\no@async(c)(x)<-p(x),e(x,y),q(y)\n}",
    },
    request: { rewrite: "declareDependency", target: { relation: "e", from: ["x"], to: "y" } },
    verdict: "violated",
  },
  {
    code: "partitioned-feeds-replicated",
    sentence:
      "What every partition has a copy of never depends on what only one partition has: the copies would become different.",
    rewrite: "partitionPartially",
    program: {
      rules:
        "bal(b)<-pb(b); bal@next(b)<-bal(b); mx(max<b>)<-bal(b); r@async(c)(x,m)<-w(x),mx(m); bal(x)<-w(x)",
    },
    request: partially(["pb", "bal", "mx"], { w: [0] }),
    verdict: "violated",
  },
  {
    code: "negated-part",
    sentence:
      "A rule that a replicated fact fires and that asks for the absence of a partitioned one gets a guard: only the owner of the key knows, and the others would all say that it is absent.",
    rewrite: "partitionPartially",
    program: { rules: "k(x)<-w(x); k@next(x)<-k(x); miss@async(c)(x)<-p(x),!k(x)" },
    request: partially(["p"], { k: [0], w: [0] }),
    verdict: "holds",
  },
  {
    code: "aggregate-over-part",
    sentence:
      "Nothing is counted over what is spread over the partitions: each would send the count of its own part.",
    rewrite: "partitionPartially",
    program: { rules: "sz(count<x>)<-p(_),lg(x); d@async(K)(n)<-sz(n)" },
    request: partially(["p"], { lg: [0], sz: [0] }),
    verdict: "violated",
  },
  {
    code: "key-projected",
    sentence:
      "What several partitions send to a receiver that counts says the key: without it one message of the original becomes one from each partition.",
    rewrite: "partitionPartially",
    program: {
      rules: "k(x)<-w(x); k@next(x)<-k(x); o@async(K)(b)<-p(b),k(x)",
      counted: ["o"],
    },
    request: partially(["p"], { w: [0], k: [0] }),
    verdict: "violated",
  },
  {
    code: "durable-copy",
    sentence:
      "What is kept outlives a crash all of it or none of it: one partition may see a write before a crash and another after it, and then what the crash takes from the one stays with the other. Where it does, the batches of writes outlive it too, and whoever starts again is told once more what it may have missed. Where nothing on the node outlives a crash, it stays down after one.",
    elsewhere: {
      decoupleFunctional:
        "What moves and outlives a crash comes from what outlives it, too: the half that stays then tells again what a crash took on its way.",
      decoupleMonotonic:
        "What moves and outlives a crash comes from what outlives it, too: the half that stays then tells again what a crash took on its way. So does what meets other facts, for on its way it may outlive the crash in which its node forgets it; where nothing on the node outlives a crash, it stays down after one.",
      decoupleStateMachine:
        "Nothing on the node outlives a crash, and after one it stays down: the numbers of batches would start again, while batches from before are under way.",
      decoupleAsymmetric:
        "Nothing on the node outlives a crash, and after one it stays down: the numbers of batches would start again, while batches from before are under way.",
    },
    rewrite: "partitionPartially",
    program: {
      rules:
        "l(b)<-p(b); l@next(b)<-l(b); m(b)<-p(b); m@next(b)<-m(b); o@async(c)(x,b)<-w(x),l(b); n@async(c)(x,b)<-w(x),m(b)",
      declarations: "durable l",
    },
    request: partially(["p", "l", "m"], { w: [0] }),
    verdict: "violated",
  },
  {
    code: "idle-output",
    sentence:
      "Nothing is sent on a tick in which no message arrived: waiting for the proxy adds such ticks.",
    elsewhere: {
      decoupleStateMachine:
        "What moves sends nothing on a tick without input: between two batches its node ticks as often as it likes.",
      decoupleAsymmetric:
        "What moves sends nothing on a tick without messages: an answer belongs to the batch of its cause, and such a tick has none.",
    },
    rewrite: "partitionPartially",
    program: { rules: "u@async(c)(x)<-d(x); o@async(c)(x,b)<-w(x),p(b)", edb: ["d"] },
    request: partially(["p"], { w: [0] }),
    verdict: "violated",
  },
  {
    code: "idle-change",
    sentence:
      "What is kept stays as it is on a tick in which no message arrived: a fact that lives one tick would be gone when the released message reads it.",
    elsewhere: {
      decoupleStateMachine:
        "What moves changes what it keeps with input only: a count of ticks would count those of the new node, which are others.",
      decoupleAsymmetric:
        "What moves changes what it keeps with messages only: its ticks are no longer those of the half that stays.",
    },
    rewrite: "partitionPartially",
    program: { rules: "t@next(x)<-p(x); o@async(c)(x,b)<-w(x),t(b)" },
    request: partially(["p", "t"], { w: [0] }),
    verdict: "violated",
  },
  {
    code: "idle-derivation",
    sentence:
      "Nothing that feeds a kept relation first becomes true on a tick in which no message arrived: an added tick would write what the original has not written yet.",
    elsewhere: {
      decoupleStateMachine:
        "Nothing is added to what moves and is kept on a tick without input: whether such a tick came between two batches would show.",
      decoupleAsymmetric:
        "Nothing is added to what moves and is kept on a tick without messages: whether such a tick came between would show.",
    },
    rewrite: "partitionPartially",
    program: {
      rules:
        "s(b)<-p(b); s@next(b)<-s(b); r(b)<-s(b),!p(b); r@next(b)<-r(b); o@async(c)(x,b)<-w(x),r(b)",
    },
    request: partially(["p", "s", "r"], { w: [0] }),
    verdict: "violated",
  },
  {
    code: "not-input-derived",
    sentence:
      "What goes over in batches holds only on ticks in which a message arrived: a relation that is kept would be a new batch on every tick, for ever.",
    rewrite: "decoupleStateMachine",
    program: { rules: "t(x)<-in(x); t@next(x)<-t(x); s(x)<-t(x) | o@async(c)(x)<-s(x),b()" },
    verdict: "violated",
  },
  {
    code: "seal-receiver",
    sentence:
      "A sealed set goes to a component in scope and to nobody by another way: a client would not wait until all of it is there.",
    rewrite: "sendSealed",
    program: {
      components:
        "component L {\nd@async(K)(seal<x>,b)<-p(b),lg(x)\n}\ncomponent K {\np@async(L)(x)<-a(x)\nlg@async(L)(x)<-b(x)\n}",
    },
    request: { rewrite: "sendSealed", target: {} },
    verdict: "violated",
  },
  {
    code: "seal-trigger",
    sentence:
      "What makes a partition seal is seen by all of them in one batch, and each seals facts of its own: the receiver waits for every partition's share.",
    rewrite: "partitionPartially",
    program: {
      components:
        "component L {\nrows@async(K)(seal<b>,b)<-p(b)\no@async(c)(k)<-w(k)\n}\ncomponent K {\ns(x,b)<-rows(x,b)\np@async(L)(b)<-a(b)\nw@async(L)(k)<-d(k)\n}",
    },
    request: partially(["p"], { w: [0] }),
    verdict: "violated",
  },
  {
    code: "unchecked-field",
    sentence:
      "Every field of a message between siblings is signed, or the receiver computes it from what is, or what is signed is its hash and the receiver hashes again: a field that nobody checks is whatever a Byzantine node writes there.",
    rewrite: "verifySenders",
    program: { components: hardened("r@async(d)(n,m)<-a(n,m),my_M(d)") },
    request: { rewrite: "verifySenders", target: { component: "M", signed: { r: [0] } } },
    verdict: "violated",
  },
  {
    code: "tick-local-dependency",
    sentence:
      "What the receiver computes again follows from the message at all times: a count or maximum follows from the facts of one tick, which the receiver does not have.",
    rewrite: "verifySenders",
    program: {
      components: hardened("t(n,max<m>)<-a(n,m)\nr@async(d)(n,m)<-t(n,m),my_M(d)"),
    },
    request: { rewrite: "verifySenders", target: { component: "M", signed: { r: [0] } } },
    verdict: "violated",
  },
];
