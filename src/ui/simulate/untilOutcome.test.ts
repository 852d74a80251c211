import { expect, test } from "vitest";
import { compareAnswers, answersInOrder } from "../../simulator/answers.ts";
import { example, simulated } from "../../simulator/examples.testing.ts";
import { traceIndex } from "../../simulator/stateAt.ts";
import type { Trace } from "../../simulator/trace.ts";
import { readPattern } from "./factPattern.ts";
import { runDifferences } from "./keptRuns.ts";
import { aritiesOf, patternProblem } from "./runUntil.ts";
import type { Moment, Until } from "./runUntil.ts";
import type { Settings, Side, SimulatedRun } from "./simulatedRun.ts";
import { FROM_START, never, reached, runEnd, search } from "./untilOutcome.ts";

const voting = example("voting");
const trace = simulated(voting);
const base = runOf(trace, undefined);

function runOf(original: Trace, rewritten: Trace | undefined): SimulatedRun {
  const comparison = rewritten && compareAnswers(original, rewritten);
  const programs = [{ program: voting.program, deployment: voting.deployment! }];
  return { original, rewritten, comparison, programs, from: 0, step: 0, settings: {} as Settings };
}

function sought(run: SimulatedRun, until: Until, after: number, side?: Side) {
  const work = search(run, { until, side }, after, runDifferences(run, undefined));
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

function fact(text: string, change: "appears" | "goes away", node?: string): Until {
  const read = readPattern(text);
  if (read.kind === "problem") throw new Error(read.sentence);
  return { kind: "fact", change, pattern: read.pattern, text, node };
}

/** All of them, each found from the one before. */
function walk(run: SimulatedRun, until: Until, side?: Side): readonly Moment[] {
  const found: Moment[] = [];
  for (let after = FROM_START; ;) {
    const { next } = sought(run, until, after, side);
    if (next === undefined) return found;
    found.push(next);
    after = next.at;
  }
}

test("from answer to answer one comes to every moment of an answer", () => {
  const moments = walk(base, { kind: "answer" }).map((moment) => moment.at);
  expect(moments).toEqual([...new Set(answersInOrder(trace).map((answer) => answer.at))]);
});

test("a fact is there at the moment at which it appears, and gone where it goes away", () => {
  const index = traceIndex(trace);
  const leader = trace.nodes.findIndex((node) => node.address === "leader");
  const there = (at: number): number =>
    index.stateAt(leader, index.tickAtTime(leader, at)).get("votes")?.length ?? 0;
  const appears = walk(base, fact("votes(_, _)", "appears", "leader"));
  expect(appears.length).toBeGreaterThan(10);
  for (const { at, address } of appears) {
    expect(address).toBe("leader");
    expect(there(at)).toBeGreaterThan(0);
  }
  const goes = walk(base, fact("votes(participant.1, 3)", "goes away"));
  expect(goes).toHaveLength(1);
  const rows = index.stateAt(leader, index.tickAtTime(leader, goes[0]!.at)).get("votes") ?? [];
  expect(rows.filter((row) => row[1] === 3)).toEqual([]);
});

test("what clients receive appears there; a pattern on a node does not find it", () => {
  const { next } = sought(base, fact("reply(3)", "appears"), FROM_START);
  expect(next?.what).toBe("reply(3) arrives at client");
  expect(next?.at).toBe(trace.requests[2]?.answers[0]?.at);
  expect(sought(base, fact("reply(3)", "appears", "leader"), FROM_START).next).toBeUndefined();
});

test("what happens once is found wherever one stands", () => {
  const end = runEnd(base);
  const request = sought(base, { kind: "request", request: 2 }, end - 1).next;
  expect(request?.at).toBe(trace.requests[1]?.answers[0]?.at);
  const tick = sought(base, { kind: "tick", node: "participant.2", tick: 3 }, end - 1).next;
  const own = trace.ticks.find(
    (t) => trace.nodes[t.node]?.address === "participant.2" && t.tick === 3,
  );
  expect(tick?.at).toBe(own?.at);
});

test("of two runs the one that comes first counts, unless one is named", () => {
  const other = simulated(voting, { seed: 7 });
  const both = runOf(trace, other);
  const [one, two] = [trace, other].map((t) => answersInOrder(t)[0]!.at) as [number, number];
  expect(one).not.toBe(two);
  expect(sought(both, { kind: "answer" }, FROM_START).next?.at).toBe(Math.min(one, two));
  expect(sought(both, { kind: "answer" }, FROM_START, "original").next?.at).toBe(one);
  expect(sought(both, { kind: "answer" }, FROM_START, "rewritten").next?.at).toBe(two);
  const [first] = runDifferences(both, undefined);
  expect(sought(both, { kind: "difference" }, FROM_START).next?.at).toBe(first?.at);
});

test("what never comes is said to, with the end of the run and the last time it was so", () => {
  const end = runEnd(base);
  const time: Until = { kind: "time", at: end + 1 };
  expect(sought(base, time, 0).next).toBeUndefined();
  expect(never(base, { until: time, side: undefined }, undefined, 0, false).sentence).toContain(
    `ended at ${end.toFixed(1)} ms`,
  );
  const until = fact("committed(1)", "appears", "leader");
  const { next, last } = sought(base, until, end - 0.1);
  expect(next).toBeUndefined();
  expect(last?.what).toContain("committed(1) appears on leader");
  const outcome = never(base, { until, side: undefined }, last, end - 0.1, false);
  expect(outcome.sentence).toContain(`after ${(end - 0.1).toFixed(1)} ms`);
  const request: Until = { kind: "request", request: 99 };
  expect(never(base, { until: request, side: undefined }, undefined, 0, false).sentence).toContain(
    "clients ask 20",
  );
  const difference: Until = { kind: "difference" };
  const alone = never(base, { until: difference, side: undefined }, undefined, 0, false);
  expect(alone.sentence).toContain("base alone");
  const same = runOf(trace, trace);
  expect(sought(same, difference, FROM_START).next).toBeUndefined();
  const equal = never(same, { until: difference, side: undefined }, undefined, 0, true);
  expect(equal.sentence).toContain("others may differ");
});

test("where one has come to is said, and that it was looked for from the start", () => {
  const { next } = sought(base, { kind: "answer" }, FROM_START);
  expect(reached(base, next!, FROM_START).sentence).toMatch(
    /^Stopped at .* answers request .*start/,
  );
  expect(reached(base, next!, 0).sentence).not.toContain("start");
});

test("a pattern that nothing can fit is refused", () => {
  const arities = aritiesOf([voting.program], voting.deployment!.clients.input);
  const check = (text: string): string | undefined => {
    const read = readPattern(text);
    return read.kind === "problem" ? read.sentence : patternProblem(read.pattern, arities);
  };
  expect(check("votes(_, 3)")).toBeUndefined();
  expect(check("in(_, _)")).toBeUndefined();
  expect(check("votes(_)")).toBe("votes has 2 columns; the pattern names 1.");
  expect(check("vots(_, 3)")).toContain("vots");
});
