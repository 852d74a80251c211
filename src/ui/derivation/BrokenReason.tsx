import type { ReactNode } from "react";
import type { StepView } from "../../workers/workspaceApi.ts";
import { VerdictIcon } from "../icons/VerdictIcon.tsx";
import { Prose } from "../shell/Prose.tsx";
import { useClew } from "../store/clewStore.ts";

/** A step that no longer holds stays, with its reason and what can be done about it. */
export default function BrokenReason({ step }: { readonly step: StepView }): ReactNode {
  const dropStep = useClew((state) => state.dropStep);
  const openDialog = useClew((state) => state.openDialog);
  if (step.broken === undefined) return null;
  if (step.broken.waiting) {
    return (
      <div className="broken-reason broken-waiting" role="group" aria-label="Later steps wait">
        <p>
          <b>Later steps wait.</b> <Prose text={step.broken.reason} />
        </p>
      </div>
    );
  }
  return (
    <div className="broken-reason" role="group" aria-label={`Step ${step.index} no longer holds`}>
      <VerdictIcon verdict="violated" labelled={false} />
      <p>
        <b>Step {step.index} no longer holds:</b> <Prose text={step.broken.reason} />
      </p>
      <button className="button" onClick={() => openDialog("derivation")}>
        Why?
      </button>
      <button className="button button-plain" onClick={() => dropStep(step.index)}>
        Drop step {step.index}
      </button>
    </div>
  );
}
