import type { ReactNode } from "react";
import { useClew } from "../store/clewStore.ts";
import { shownStep } from "../store/selectors.ts";
import { checkNow, useCheckShown } from "../verify/checkShown.ts";

/** Above the text where typing does not simply change it. */
export default function StepNotice({ at }: { readonly at: number }): ReactNode {
  const step = useClew(shownStep);
  const walkTo = useClew((state) => state.walkTo);
  const dropStep = useClew((state) => state.dropStep);
  const said = useCheckShown((state) => state.said[at]);
  if (step === undefined) return null;
  if (step.broken !== undefined) {
    return (
      <div className="text-notice">
        <span>
          Step {at} {step.broken.waiting ? "waits" : "does not apply"}; this is the program before
          it.
        </span>
        <button className="button" onClick={() => walkTo(0)}>
          Edit the base
        </button>
      </div>
    );
  }
  if (step.rewrite !== "by-hand") {
    return (
      <div className="text-notice">
        <span className="quiet">Typing here continues by hand.</span>
        <button className="button button-plain" onClick={() => walkTo(0)}>
          Edit the base
        </button>
      </div>
    );
  }
  return (
    <div className="text-notice text-notice-caution">
      <span>
        <b>By hand, {said?.words ?? "not verified"}.</b> Undone like any other step.
      </span>
      <button className="button" onClick={() => checkNow([{ from: at - 1, to: at }])}>
        Check it
      </button>
      <button className="button" onClick={() => dropStep(at)}>
        Drop it
      </button>
      <button className="button button-plain" onClick={() => walkTo(0)}>
        Edit the base
      </button>
    </div>
  );
}
