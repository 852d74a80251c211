import type { Fact } from "../evaluator/nodeEngine.ts";
import { rowToJson } from "../program/valueJson.ts";
import type { InvariantOutcome } from "./invariantOutcome.ts";
import type { Trace } from "./trace.ts";

/**
 * A trace as JSON text, with values as all files have them. Same program, deployment and settings: the same text to
 * the byte, in the browser and in Node.
 */
export function traceText(trace: Trace): string {
  return JSON.stringify({
    format: "clew/trace",
    version: 1,
    ...trace,
    messages: trace.messages.map((message) => ({ ...message, row: rowToJson(message.row) })),
    ticks: trace.ticks.map((tick) => ({
      ...tick,
      appeared: tick.appeared.map(factToJson),
      disappeared: tick.disappeared.map(factToJson),
    })),
    requests: trace.requests.map((request) => ({
      ...request,
      input: rowToJson(request.input),
      answers: request.answers.map((answer) => ({ ...answer, row: rowToJson(answer.row) })),
    })),
    ...(trace.strays && { strays: trace.strays.map((s) => ({ ...s, row: rowToJson(s.row) })) }),
    ...(trace.invariants && { invariants: trace.invariants.map(invariantToJson) }),
  });
}

/** Plain data, rows as all files have them. */
export function invariantToJson(outcome: InvariantOutcome): object {
  if (outcome.kind !== "broken") return outcome;
  const violations = outcome.violations.map((violation) => ({
    ...violation,
    row: rowToJson(violation.row),
    because: violation.because.map((seen) => ({ ...seen, row: rowToJson(seen.row) })),
  }));
  return { ...outcome, violations };
}

function factToJson({ relation, row }: Fact): object {
  return { relation, row: rowToJson(row) };
}
