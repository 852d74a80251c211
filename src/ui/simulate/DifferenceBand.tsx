import type { ReactNode } from "react";
import { Prose } from "../shell/Prose.tsx";
import { CheckOffer } from "../verify/CheckOffer.tsx";
import { answerText } from "./AnswerSummary.tsx";
import { timeText } from "./factText.ts";
import { isOfSamePrograms, runDifferences } from "./keptRuns.ts";
import type { Left, RunDifference } from "./keptRuns.ts";
import type { SimulatedRun, Violation } from "./simulatedRun.ts";
import { useSimulate } from "./simulateStore.ts";
import { violationSentences } from "./violationSentences.ts";

/** Where original and rewritten first differ in the order of answers. One schedule proves nothing, and this says so. */
export function SidesBand({
  run,
  width,
}: {
  readonly run: SimulatedRun;
  readonly width: number;
}): ReactNode {
  const left = useSimulate((state) => state.left);
  const violation = useSimulate((state) => state.violation);
  if (violation !== undefined) return <ViolationBand violation={violation} width={width} />;
  const all = runDifferences(run, left).filter((each) => each.between === "sides");
  const [first] = all;
  if (first === undefined) return null;
  return (
    <div className="difference-band sticky-left" style={{ maxWidth: width }}>
      <p>
        <b>≠ First difference: answer {first.index + 1}.</b> Original: {answerText(first.one)}.
        Rewritten: {answerText(first.other)}. <CheckOffer run={run} about="this" />
      </p>
      <NextButton />
    </div>
  );
}

/** What a check has found, and these two runs show. */
function ViolationBand({
  violation,
  width,
}: {
  readonly violation: Violation;
  readonly width: number;
}): ReactNode {
  return (
    <div
      className="difference-band violation-band sticky-left"
      role="group"
      aria-label="A violation"
      style={{ maxWidth: width }}
    >
      <p>
        <Prose text={violationSentences(violation)} strongStart />
      </p>
      <NextButton />
    </div>
  );
}

/** Where a branch first differs from the run that it left. */
export function BranchBand({
  run,
  width,
}: {
  readonly run: SimulatedRun;
  readonly width: number;
}): ReactNode {
  const left = useSimulate((state) => state.left);
  const kept = useSimulate((state) => state.kept);
  if (left === undefined) return null;
  const name = kept.find((each) => each.id === left.id)?.name ?? "the run it left";
  const all = runDifferences(run, left).filter((each) => each.between === "branch");
  return (
    <div className="branch-band sticky-left" style={{ maxWidth: width }}>
      <p>{branchText(run, left, all, name)}</p>
      {all.length > 0 && <NextButton />}
    </div>
  );
}

function branchText(
  run: SimulatedRun,
  left: Left,
  all: readonly RunDifference[],
  name: string,
): ReactNode {
  if (!isOfSamePrograms(run, left)) {
    return `The program has changed since this branch left ${name}, so the two are not compared.`;
  }
  const [first] = all;
  if (first === undefined) {
    const unchanged = run === left.run;
    return unchanged
      ? `Nothing is changed yet: choose a fault for a message after ${timeText(left.at)} ms, or another network seed.`
      : `The same answers in the same order as in ${name}.`;
  }
  return (
    <>
      <b>
        ≠ Leaves {name} at answer {first.index + 1}
        {run.rewritten === undefined ? "" : ` of the ${first.side} program`}.
      </b>{" "}
      There: {answerText(first.one)}. Here: {answerText(first.other)}.
    </>
  );
}

function NextButton(): ReactNode {
  return (
    <button className="button" onClick={() => useSimulate.getState().showDifference()}>
      Next <kbd>N</kbd>
    </button>
  );
}
