import type { ReactNode } from "react";
import type { Answer, AnswerComparison, AnswerCounts } from "../../simulator/answers.ts";
import { countAnswers } from "../../simulator/answers.ts";
import type { TraceEnd } from "../../simulator/trace.ts";
import { Prose } from "../shell/Prose.tsx";
import { CheckOffer } from "../verify/CheckOffer.tsx";
import { factText, timeText } from "./factText.ts";
import { wasCancelled } from "./simulatedRun.ts";
import type { SimulatedRun } from "./simulatedRun.ts";
import { useSimulate } from "./simulateStore.ts";
import { violationSentences } from "./violationSentences.ts";

const LISTED = 5;

/** What clients saw on both sides. One schedule proves nothing, and this says so. */
export function AnswerSummary({
  run,
  onMoment,
}: {
  readonly run: SimulatedRun;
  onMoment(at: number): void;
}): ReactNode {
  const { comparison } = run;
  return (
    <section className="answer-summary" aria-label="Answers compared">
      <h2>Answers</h2>
      <p>
        Original: {countsText(comparison?.original ?? countAnswers(run.original))}
        {endText(run.original.end)}
      </p>
      {comparison !== undefined && run.rewritten !== undefined && (
        <>
          <p>
            Rewritten: {countsText(comparison.rewritten)}
            {endText(run.rewritten.end)}
          </p>
          {wasCancelled(run) ? (
            <p className="not-known">A run was cancelled, so the answers are not compared.</p>
          ) : (
            <>
              <OneSided title="Only the original answered" answers={comparison.onlyOriginal} />
              <OneSided title="Only the rewritten answered" answers={comparison.onlyRewritten} />
              <Difference run={run} comparison={comparison} onMoment={onMoment} />
            </>
          )}
        </>
      )}
    </section>
  );
}

function Difference(props: {
  readonly run: SimulatedRun;
  readonly comparison: AnswerComparison;
  onMoment(at: number): void;
}): ReactNode {
  const { firstDifference } = props.comparison;
  const violation = useSimulate((state) => state.violation);
  if (violation !== undefined) {
    return (
      <p className="violated-sentence">
        <Prose text={violationSentences(violation)} strongStart />
      </p>
    );
  }
  if (firstDifference === undefined) {
    return (
      <p className="not-known">
        Both gave the same answers in the same order. This was one schedule.{" "}
        <CheckOffer run={props.run} about="all" />
      </p>
    );
  }
  const at = Math.max(firstDifference.original?.at ?? 0, firstDifference.rewritten?.at ?? 0);
  return (
    <p className="not-known">
      First difference in order, answer {firstDifference.index + 1}: original{" "}
      {answerText(firstDifference.original)}, rewritten {answerText(firstDifference.rewritten)}.
      <button className="link-button" onClick={() => props.onMoment(at)}>
        Show it
      </button>{" "}
      <CheckOffer run={props.run} about="this" />
    </p>
  );
}

export function answerText(answer: Answer | undefined): string {
  return answer === undefined
    ? "no further answer"
    : `${factText(answer.relation, answer.row)} to request ${answer.request}`;
}

function OneSided({
  title,
  answers,
}: {
  readonly title: string;
  readonly answers: readonly Answer[];
}): ReactNode {
  if (answers.length === 0) return null;
  const more = answers.length - LISTED;
  return (
    <div className="one-sided">
      <p>
        {title}: {answers.length}
      </p>
      <ul>
        {answers.slice(0, LISTED).map((answer, index) => (
          <li key={index} className="mono">
            {factText(answer.relation, answer.row)}
          </li>
        ))}
        {more > 0 && <li>and {more} more</li>}
      </ul>
    </div>
  );
}

function countsText(counts: AnswerCounts): string {
  const numbers = counts.unanswered.slice(0, LISTED);
  const without =
    counts.unanswered.length === 0
      ? ""
      : `; without an answer: ${numbers.join(", ")}${counts.unanswered.length > LISTED ? ", …" : ""}`;
  return `${counts.answered} of ${counts.requests} requests answered${without}`;
}

function endText(end: TraceEnd): string {
  switch (end.kind) {
    case "quiet":
      return ".";
    case "timers":
      return `. Ended at ${timeText(end.at)} ms, as only timers go on.`;
    case "limit":
      return `. Stopped at a limit, ${timeText(end.at)} ms.`;
    case "cancelled":
      return `. Cancelled at ${timeText(end.at)} ms; what ran until then is shown.`;
    case "error":
      return `. Ended by an error at ${timeText(end.at)} ms: ${end.message}`;
  }
}
