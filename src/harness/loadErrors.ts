import { factText } from "../evaluator/evaluationError.ts";
import type { Fact } from "../evaluator/nodeEngine.ts";
import type { RelationName } from "../program/program.ts";
import type { Request } from "./requestMatcher.ts";

/** Counts facts and keeps the first, for one sentence at the end. */
export function factSample(): {
  add(fact: Fact): void;
  sentence(many: string, one: string): readonly string[];
} {
  let count = 0;
  let first: Fact | undefined;
  return {
    add(fact) {
      first ??= fact;
      count++;
    },
    sentence: (many, one) =>
      first === undefined
        ? []
        : [
            count === 1
              ? `1 ${one}: ${factText(first)}.`
              : `${count} ${many}; the first is ${factText(first)}.`,
          ],
  };
}

/** Requests that nobody answered, in a sentence; none when there are none. */
export function unansweredSentence(
  input: RelationName,
  clients: number,
  waiting: readonly Request[],
): readonly string[] {
  const first = waiting[0];
  if (first === undefined) return [];
  const request = factText({ relation: input, row: first.row });
  const wait = waiting.length === 1 ? "waits" : "wait";
  return [
    `${waiting.length} of ${clients} clients ${wait} for an answer; the first is client ${first.loop + 1}, which asked ${request}.`,
  ];
}
