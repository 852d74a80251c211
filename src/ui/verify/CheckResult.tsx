import type { ReactNode } from "react";
import type { StepView } from "../../workers/workspaceApi.ts";
import { VerdictIcon } from "../icons/VerdictIcon.tsx";
import { Prose } from "../shell/Prose.tsx";
import type { Question } from "./checkShown.ts";
import { checkedMark } from "./checkStore.ts";
import type { Checked, CheckSettings, CheckVerdict } from "./checkStore.ts";
import {
  boundPhrases,
  scheduleSentences,
  states,
  vacuousSentence,
  verdictSentences,
} from "./checkWords.ts";
import { openInSimulate } from "./openInSimulate.ts";

const BOXES = {
  refines: "check-refines",
  smaller: "check-open",
  "not-known": "check-open",
  difference: "check-differs",
};

/** A verdict with the bounds that it holds within; of a violation, the schedule that shows it. */
export function CheckResult({
  steps,
  question,
  checked,
}: {
  readonly steps: readonly StepView[];
  readonly question: Question;
  readonly checked: Checked;
}): ReactNode {
  const { verdict, explored, settings, milliseconds } = checked;
  const vacuous = vacuousSentence(checked);
  return (
    <li className="check-result">
      <div className={`check-verdict ${BOXES[verdict.kind]}`}>
        <VerdictIcon verdict={checkedMark(checked)} labelled={false} />
        <p>
          <Prose text={verdictSentences(question, checked)} strongStart />
        </p>
      </div>
      {vacuous !== undefined && <p className="lockstep-sentence">{vacuous}</p>}
      {verdict.kind === "difference" && (
        <Schedule steps={steps} question={question} verdict={verdict} settings={settings} />
      )}
      <p className="citation">
        {states(explored)} in {seconds(milliseconds)}. Bounds: {boundPhrases(settings).join("; ")}.
      </p>
    </li>
  );
}

function Schedule({
  steps,
  question,
  verdict,
  settings,
}: {
  readonly steps: readonly StepView[];
  readonly question: Question;
  readonly settings: CheckSettings;
  readonly verdict: Extract<CheckVerdict, { readonly kind: "difference" }>;
}): ReactNode {
  return (
    <>
      <h4>
        {verdict.cancelled ? "A schedule that shows it" : "A shortest schedule that shows it"}
      </h4>
      <ol className="check-schedule">
        {scheduleSentences(verdict).map((sentence, i) => (
          <li key={i}>
            <Prose text={sentence} />
          </li>
        ))}
      </ol>
      {verdict.cancelled && (
        <p className="quiet">Cancelled before it was made as small as it can be.</p>
      )}
      {verdict.replay === undefined ? (
        !verdict.cancelled && <p className="quiet">{notSimulated(verdict, settings)}</p>
      ) : (
        <button
          className="button button-primary"
          onClick={() => openInSimulate(steps, question, verdict)}
        >
          Open in Simulate
        </button>
      )}
    </>
  );
}

function notSimulated(
  { form }: Extract<CheckVerdict, { readonly kind: "difference" }>,
  { firings }: CheckSettings,
): string {
  const cannot = "Simulate cannot run this schedule";
  if (form !== undefined) return `${cannot}: it is one of fewer nodes than are deployed.`;
  const ticks = "nodes tick only when something arrives or changes";
  return firings > 0
    ? `${cannot}: timers there ring by their own clocks, and ${ticks}.`
    : `${cannot}: ${ticks.replace("nodes", "nodes there")}.`;
}

function seconds(milliseconds: number): string {
  return milliseconds < 1000 ? "less than a second" : `${(milliseconds / 1000).toFixed(1)} s`;
}
