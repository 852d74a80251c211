import { expect, test } from "vitest";
import { compareAnswers } from "./answers.ts";
import type { Trace, TraceRequest } from "./trace.ts";

type Given = readonly [relation: string, value: number, at: number];

function traceOf(...requests: readonly (readonly Given[])[]): Trace {
  return {
    seed: 1,
    nodes: [],
    messages: [],
    ticks: [],
    requests: requests.map((given, i): TraceRequest => {
      const seen = new Set<string>();
      const answers = given.map(([relation, value, at]) => {
        const duplicate = seen.has(`${relation}${value}`);
        seen.add(`${relation}${value}`);
        return { relation, row: [value], at, duplicate };
      });
      return { number: i + 1, input: [i], sentAt: 0, answers };
    }),
    end: { kind: "quiet", at: 100 },
  };
}

test("the same answers in the same order have no difference, whatever the clock", () => {
  const slow = traceOf([["ok", 1, 50]], [["ok", 2, 60]]);
  const fast = traceOf(
    [
      ["ok", 1, 5],
      ["ok", 1, 7],
    ],
    [["ok", 2, 6]],
  );
  const comparison = compareAnswers(slow, fast);
  expect(comparison.firstDifference).toBeUndefined();
  expect(comparison.onlyOriginal).toEqual([]);
  expect(comparison.onlyRewritten).toEqual([]);
  expect(comparison.rewritten).toMatchObject({ answered: 2, answers: 2, duplicates: 1 });
});

test("another order is a difference although the answers are the same", () => {
  const original = traceOf([["ok", 1, 5]], [["ok", 2, 6]], [["ok", 3, 9]]);
  const rewritten = traceOf([["ok", 1, 5]], [["ok", 2, 8]], [["ok", 3, 7]]);
  const { firstDifference, onlyOriginal, onlyRewritten } = compareAnswers(original, rewritten);
  expect(firstDifference).toMatchObject({
    index: 1,
    original: { request: 2 },
    rewritten: { request: 3 },
  });
  expect(onlyOriginal).toEqual([]);
  expect(onlyRewritten).toEqual([]);
});

test("a missing answer and another value are named on their side", () => {
  const original = traceOf([["ok", 1, 5]], [["ok", 2, 6]]);
  const rewritten = traceOf([["ok", 7, 5]], []);
  const comparison = compareAnswers(original, rewritten);
  expect(comparison.original.unanswered).toEqual([]);
  expect(comparison.rewritten.unanswered).toEqual([2]);
  expect(comparison.onlyOriginal.map((a) => a.row)).toEqual([[1], [2]]);
  expect(comparison.onlyRewritten.map((a) => a.row)).toEqual([[7]]);
  expect(comparison.firstDifference).toMatchObject({ index: 0 });
});

test("a side that ended early has no answer at the difference", () => {
  const { firstDifference } = compareAnswers(traceOf([["ok", 1, 5]]), traceOf([]));
  expect(firstDifference?.original?.request).toBe(1);
  expect(firstDifference).not.toHaveProperty("rewritten");
});
