import { expect, test } from "vitest";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { factText } from "../evaluator/evaluationError.ts";
import type { Fact } from "../evaluator/nodeEngine.ts";
import { answerCauses, arrivalsOf, causeQuestion, sendingTick, sinceTick } from "./causes.ts";
import type { CauseAnswer, CauseSubject, RuleCause } from "./causes.ts";
import { example, oneNode, referenceEngines, simulated } from "./examples.testing.ts";
import { traceIndex } from "./stateAt.ts";
import type { TraceIndex } from "./stateAt.ts";
import type { Trace } from "./trace.ts";

interface Told {
  readonly p: AnalyzedProgram;
  readonly trace: Trace;
  readonly index: TraceIndex;
}

function told(p: AnalyzedProgram): Told {
  const trace = simulated(p, { requests: 5 });
  return { p, trace, index: traceIndex(trace) };
}

function ask({ p, trace, index }: Told, subject: CauseSubject): CauseAnswer {
  const question = causeQuestion(p.program, trace, index, subject);
  return question === undefined
    ? { causes: [], found: 0 }
    : answerCauses(p, referenceEngines, structuredClone(question));
}

function subjectOf({ trace }: Told, relation: string): Extract<CauseSubject, { kind: "fact" }> {
  for (const { node, tick, appeared } of trace.ticks) {
    const fact = appeared.find((f) => f.relation === relation);
    if (fact !== undefined) return { kind: "fact", node, tick, fact };
  }
  throw new Error(`There never was a ${relation}.`);
}

function factsOf({ facts, group }: RuleCause): readonly { fact: Fact; tick: number }[] {
  return [...facts, ...(group?.members.flat() ?? [])];
}

const voting = told(example("voting"));

test("a fact's cause is its rule and what the rule matched; a count's is the group", () => {
  const committed = ask(voting, subjectOf(voting, "committed")).causes;
  expect(committed).toMatchObject([{ number: 5, timing: "now" }]);
  expect(committed[0]!.facts.map((f) => [f.fact.relation, f.constant])).toEqual([
    ["numVotes", false],
    ["quorum", true],
  ]);
  const counted = subjectOf(voting, "committed");
  const numVotes = committed[0]!.facts[0]!.fact;
  const [count] = ask(voting, { ...counted, fact: numVotes }).causes;
  expect(count!.facts).toEqual([]);
  expect(count!.group!.size).toBe(numVotes.row[0]);
  expect(count!.group!.members.flat().map((f) => f.fact.relation)).toContain("votes");
});

test("an inductive rule's cause is in the tick before, with what was not there", () => {
  const kept = oneNode(`component main {
  mem(id)@next :- in(id), !ban(id)
  mem(id)@next :- mem(id)
  out(id)@async(c) :- mem(id), client(c)
  ban(id) :- in(id), id > 100
}`);
  const one = told(kept);
  const subject = subjectOf(one, "mem");
  const [cause] = ask(one, subject).causes;
  expect(cause).toMatchObject({ number: 1, timing: "next", facts: [{ tick: subject.tick - 1 }] });
  expect(cause!.absent).toEqual([`!ban(${String(subject.fact.row[0])})`]);
});

test("a kept fact is traced to the tick in which it appeared", () => {
  const { trace, index } = voting;
  const { node, tick, fact } = subjectOf(voting, "votes");
  const own = index.ticksOf(node);
  const gone = own.findIndex((at) =>
    trace.ticks[at]!.disappeared.some((f) => factText(f) === factText(fact)),
  );
  for (let later = tick; later <= gone; later++) {
    expect(sinceTick(trace, index, node, later, fact)).toBe(tick);
  }
  expect(sinceTick(trace, index, node, gone + 1, fact)).toBeUndefined();
});

test("a message's cause is the asynchronous rule of its sender; a client's has none", () => {
  const { trace } = voting;
  const reply = trace.messages.find((m) => m.relation === "reply")!;
  const [cause] = ask(voting, { kind: "message", message: reply.id }).causes;
  expect(cause).toMatchObject({ number: 6, timing: "async" });
  expect(cause!.facts[0]!.tick).toBe(sendingTick(trace, reply.id)!.tick);
  const request = trace.messages.find((m) => m.relation === "in")!;
  expect(
    causeQuestion(voting.p.program, trace, voting.index, { kind: "message", message: request.id }),
  ).toBeUndefined();
});

test.each(["voting", "kvs"])(
  "%s: every fact that appeared has a rule, a message, or both; every answer leads back to a request",
  (name) => {
    const one = told(example(name));
    const { trace, index } = one;
    for (const { node, tick, appeared } of trace.ticks) {
      for (const fact of appeared) {
        const arrived = arrivalsOf(trace, index, node, tick, fact).length;
        const found = ask(one, { kind: "fact", node, tick, fact }).found;
        expect(arrived + found, `${factText(fact)} in tick ${tick}`).toBeGreaterThan(0);
      }
    }
    for (const answer of trace.messages.filter((m) => m.to === "client")) {
      expect(requestsBehind(one, answer.id).size, factText(answer)).toBeGreaterThan(0);
    }
  },
);

/** Requests that a message came of, by walking every cause back. */
function requestsBehind(one: Told, message: number): ReadonlySet<number> {
  const { trace, index } = one;
  const requests = new Set<number>();
  const seen = new Set<string>();
  const open: CauseSubject[] = [{ kind: "message", message }];
  for (let subject = open.pop(); subject !== undefined; subject = open.pop()) {
    const key = JSON.stringify(subject);
    if (seen.has(key)) continue;
    seen.add(key);
    if (subject.kind === "message" && sendingTick(trace, subject.message) === undefined) {
      requests.add(subject.message);
      continue;
    }
    const node = subject.kind === "fact" ? subject.node : sendingTick(trace, subject.message)!.node;
    if (subject.kind === "fact") {
      const { tick, fact } = subject;
      for (const id of arrivalsOf(trace, index, node, tick, fact))
        open.push({ kind: "message", message: id });
    }
    for (const cause of ask(one, subject).causes) {
      for (const { fact, tick } of factsOf(cause)) {
        const since = sinceTick(trace, index, node, tick, fact);
        if (since !== undefined) open.push({ kind: "fact", node, tick: since, fact });
      }
    }
  }
  return requests;
}
