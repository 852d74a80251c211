import type { RelationName } from "../program/program.ts";
import { compareRows, rowKey } from "../program/value.ts";
import type { Row } from "../program/value.ts";
import type { Trace } from "./trace.ts";

/** One answer that a client saw, named by its request rather than by its time. */
export interface Answer {
  /** `TraceRequest.number` */
  readonly request: number;
  readonly relation: RelationName;
  readonly row: Row;
  readonly at: number;
}

/**
 * What clients saw of two programs on the same requests (ui.md, Simulate). It says what differs in these two runs and
 * never that the programs are the same or not: whether the original could answer like this too is the verifier's question.
 */
export interface AnswerComparison {
  readonly original: AnswerCounts;
  readonly rewritten: AnswerCounts;
  /** Answers that one side gave, at whatever place, and the other did not. */
  readonly onlyOriginal: readonly Answer[];
  readonly onlyRewritten: readonly Answer[];
  /** The first place where the two orders of answers differ; a side that had ended by then has none. */
  readonly firstDifference?: AnswerDifference;
}

export interface AnswerDifference {
  /** Counts answers from 0, repeated ones left out. */
  readonly index: number;
  readonly original?: Answer;
  readonly rewritten?: Answer;
}

export interface AnswerCounts {
  readonly requests: number;
  readonly answered: number;
  /** Numbers of the requests without an answer. */
  readonly unanswered: readonly number[];
  /** Different answers. */
  readonly answers: number;
  readonly duplicates: number;
  /** Answers that fit no request. */
  readonly strays: number;
}

export function compareAnswers(original: Trace, rewritten: Trace): AnswerComparison {
  const left = answersInOrder(original);
  const right = answersInOrder(rewritten);
  const [first] = answerDifferences(original, rewritten);
  return {
    original: countAnswers(original),
    rewritten: countAnswers(rewritten),
    onlyOriginal: without(left, right),
    onlyRewritten: without(right, left),
    ...(first && { firstDifference: first }),
  };
}

/** The answers as clients saw them, without repeated ones; answers of one instant in the order of their requests. */
export function answersInOrder(trace: Trace): readonly Answer[] {
  const answers = trace.requests.flatMap((request) =>
    request.answers
      .filter((answer) => !answer.duplicate)
      .map(({ relation, row, at }): Answer => ({ request: request.number, relation, row, at })),
  );
  return answers.sort(
    (a, b) =>
      a.at - b.at ||
      a.request - b.request ||
      (a.relation < b.relation ? -1 : a.relation > b.relation ? 1 : compareRows(a.row, b.row)),
  );
}

export function countAnswers(trace: Trace): AnswerCounts {
  const all = trace.requests.flatMap((request) => request.answers);
  const unanswered = trace.requests.filter((request) => request.answers.length === 0);
  const duplicates = all.filter((answer) => answer.duplicate).length;
  return {
    requests: trace.requests.length,
    answered: trace.requests.length - unanswered.length,
    unanswered: unanswered.map((request) => request.number),
    answers: all.length - duplicates,
    duplicates,
    strays: trace.strays?.length ?? 0,
  };
}

/** Every place at which the orders of answers of two runs differ, in order. */
export function answerDifferences(one: Trace, other: Trace): readonly AnswerDifference[] {
  const left = answersInOrder(one);
  const right = answersInOrder(other);
  const found: AnswerDifference[] = [];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const original = left[index];
    const rewritten = right[index];
    if (original && rewritten && answerKey(original) === answerKey(rewritten)) continue;
    found.push({ index, ...(original && { original }), ...(rewritten && { rewritten }) });
  }
  return found;
}

function without(answers: readonly Answer[], others: readonly Answer[]): readonly Answer[] {
  const seen = new Set(others.map(answerKey));
  return answers.filter((answer) => !seen.has(answerKey(answer)));
}

function answerKey({ request, relation, row }: Answer): string {
  return `${request} ${relation} ${rowKey(row)}`;
}
