import type { ReactNode } from "react";
import type { StepView } from "../../workers/workspaceApi.ts";
import type { SimulatedRun } from "../simulate/simulatedRun.ts";
import { useClew } from "../store/clewStore.ts";
import { showCheck } from "./checkShown.ts";
import { checkKey, standing, useCheck, withinWords } from "./checkStore.ts";
import type { Checked } from "./checkStore.ts";
import { states } from "./checkWords.ts";
import "./keptChecks.ts";
import { openInSimulate } from "./openInSimulate.ts";
import { cancelChecks, runChecks } from "./runCheck.ts";

const NO_STEPS: readonly StepView[] = [];

/** What one schedule cannot say and a check may: whether the original could do what the rewritten program did. */
export function CheckOffer({
  run,
  about,
}: {
  readonly run: Pick<SimulatedRun, "from" | "step">;
  /** The difference in this run, or all that the rewritten program may do. */
  readonly about: "this" | "all";
}): ReactNode {
  const steps = useClew((state) => state.replay?.steps ?? NO_STEPS);
  const question = { from: run.from, to: run.step };
  const known = useCheck((state) => standing(state, steps, question));
  const running = useCheck((state) => state.running);
  const problem = useCheck((state) => state.problem);
  const openPanel = (): void => {
    useClew.getState().setMode("rewrite");
    showCheck(question);
  };
  if (running !== undefined && running.key === checkKey(steps, question)) {
    return (
      <>
        Being checked: {states(running.explored)} so far.{" "}
        <button className="link-button" onClick={cancelChecks}>
          Cancel
        </button>
      </>
    );
  }
  const found = known?.verdict.kind === "difference" ? known.verdict : undefined;
  return (
    <>
      {offerSentence(about, known)} {problem !== undefined && `${problem} `}
      {known === undefined && (
        <button className="link-button" onClick={() => void runChecks([question])}>
          Check it
        </button>
      )}
      {found?.replay !== undefined && (
        <>
          <button className="link-button" onClick={() => openInSimulate(steps, question, found)}>
            Open it
          </button>{" "}
        </>
      )}
      {known !== undefined && (
        <button className="link-button" onClick={openPanel}>
          More of the check
        </button>
      )}
    </>
  );
}

function offerSentence(about: "this" | "all", known: Checked | undefined): string {
  const what =
    about === "this"
      ? "Whether the original could do this too is not yet known"
      : "Whether the original could do all that the rewritten program does is not yet known";
  switch (known?.verdict.kind) {
    case undefined:
      return `${what}.`;
    case "refines":
      return `${what} for these requests; a check found no difference ${withinWords(known!.settings)}.`;
    case "smaller":
      return `${what}; with fewer nodes a check found no difference ${withinWords(known!.settings)}.`;
    case "not-known":
      return `${what}: a check did not decide it.`;
    case "difference":
      return "A check found something that the original could not do.";
  }
}
