import type { ReactNode } from "react";
import type { RunningCheck } from "./checkStore.ts";
import { questionWords, states, stepWords } from "./checkWords.ts";
import { cancelChecks } from "./runCheck.ts";

/** How far a check is, with Cancel; nothing for the first tenth of a second. */
export function CheckProgress({
  running,
  isOther,
}: {
  readonly running: RunningCheck;
  /** It is of another question than the one that is shown. */
  readonly isOther: boolean;
}): ReactNode {
  const { explored, originalStates, milliseconds, settings, shortening, waiting, nodes } = running;
  const rate = milliseconds < 200 ? undefined : Math.round((1000 * explored) / milliseconds);
  return (
    <div className="check-progress" role="group" aria-label="Check under way">
      <p>
        {isOther && <b>{questionWords(running)}: </b>}
        {shortening ? (
          <>A violation was found after {states(explored)}; it is made as small as it can be.</>
        ) : nodes !== undefined ? (
          <>
            Not decided with all nodes; with {nodes.join(", ")}: {states(explored)} so far.
          </>
        ) : (
          <>
            {states(explored)} so far
            {rate !== undefined && <>, {rate.toLocaleString("en")} a second</>}, beside{" "}
            {originalStates.toLocaleString("en")} of {stepWords(running.from)}; at most{" "}
            {settings.states.toLocaleString("en")}.
          </>
        )}
        {waiting > 0 && ` ${waiting} more to check.`}
      </p>
      <progress
        max={settings.states}
        value={shortening ? settings.states : explored}
        aria-label="States looked at"
      />
      <button className="button" onClick={cancelChecks}>
        Cancel
      </button>
    </div>
  );
}
