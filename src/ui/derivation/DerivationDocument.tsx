import { diffLines } from "diff";
import { useMemo } from "react";
import type { ReactNode } from "react";
import type { StepView } from "../../workers/workspaceApi.ts";
import { VerdictIcon } from "../icons/VerdictIcon.tsx";
import { ConditionList } from "../inspector/Conditions.tsx";
import { EvidenceStep } from "../inspector/EvidenceChip.tsx";
import { ClewModal } from "../shell/ClewModal.tsx";
import { Prose } from "../shell/Prose.tsx";
import { TakenAwayNotice } from "../shell/TakenAwayNotice.tsx";
import { pickFile, saveDocument } from "../shell/openDocuments.ts";
import { useClew } from "../store/clewStore.ts";
import { viewAt } from "../store/selectors.ts";

/** The derivation as a document: every step with its conditions, its change of the text and a note. */
export default function DerivationDocument(): ReactNode {
  const steps = useClew((state) => state.replay?.steps);
  const name = useClew((state) => state.document?.name ?? "");
  return (
    <ClewModal title={`Derivation of ${name}`} width={860}>
      <div className="derivation-actions">
        <button className="button" onClick={() => void saveDocument("derivation")}>
          Save the derivation
        </button>
        <button className="button" onClick={pickFile}>
          Open a derivation…
        </button>
        <button className="button" onClick={() => void saveDocument("shown")}>
          Save the program shown
        </button>
      </div>
      <TakenAwayNotice />
      <ol className="derivation-document">
        {steps?.map((step) => (
          <StepSection key={step.index} step={step} />
        ))}
      </ol>
    </ClewModal>
  );
}

function StepSection({ step }: { readonly step: StepView }): ReactNode {
  const at = useClew((state) => state.document?.at);
  const walkTo = useClew((state) => state.walkTo);
  const dropStep = useClew((state) => state.dropStep);
  const changeStep = useClew((state) => state.changeStep);
  const conditions = step.broken?.preconditions ?? step.preconditions;
  return (
    <li className={step.broken === undefined ? "" : "step-broken"}>
      <div className="step-head">
        <span className="knot">{step.index}</span>
        <h3>{step.title}</h3>
        {step.verdict !== "base" && step.broken?.waiting !== true && (
          <VerdictIcon verdict={step.broken === undefined ? step.verdict : "violated"} />
        )}
        <span className="quiet">{step.describe}</span>
        <span className="panel-space" />
        <button className="button" disabled={step.index === at} onClick={() => walkTo(step.index)}>
          {step.index === at ? "Shown" : "Show"}
        </button>
        {step.index > 0 && (
          <button className="button button-plain" onClick={() => dropStep(step.index)}>
            Drop
          </button>
        )}
      </div>
      {step.broken !== undefined && (
        <p className={step.broken.waiting ? "lockstep-sentence" : "violated-sentence"}>
          <Prose text={step.broken.reason} strongStart />
        </p>
      )}
      {step.waiver !== undefined && (
        <p className="lockstep-sentence">Applied with the waiver: tick counts do not matter.</p>
      )}
      {conditions.length > 0 && (
        <details>
          <summary>
            {conditions.length === 1 ? "1 condition" : `${conditions.length} conditions`}
          </summary>
          <EvidenceStep value={step.index - 1}>
            <ConditionList conditions={conditions} />
          </EvidenceStep>
        </details>
      )}
      {step.index > 0 && step.view !== undefined && <StepChange index={step.index} />}
      {step.index > 0 && (
        <label className="step-note">
          <span className="visually-hidden">Note of step {step.index}</span>
          <textarea
            className="text-input"
            rows={1}
            placeholder="Note"
            defaultValue={step.note ?? ""}
            onBlur={(event) => {
              const note = event.currentTarget.value;
              if (note !== (step.note ?? "")) changeStep(step.index, { note });
            }}
          />
        </label>
      )}
    </li>
  );
}

function StepChange({ index }: { readonly index: number }): ReactNode {
  const before = useClew((state) => viewAt(state, index - 1)?.canonical ?? "");
  const after = useClew((state) => viewAt(state, index)?.canonical ?? "");
  const parts = useMemo(
    () => diffLines(before, after).filter((part) => part.added || part.removed),
    [before, after],
  );
  return (
    <details>
      <summary>What changed in the text</summary>
      <pre className="step-change">
        {parts.map((part, i) => (
          <span key={i} className={part.added ? "added" : "removed"}>
            {part.value
              .replace(/\n$/, "")
              .split("\n")
              .map((line) => `${part.added ? "+" : "−"} ${line}\n`)
              .join("")}
          </span>
        ))}
      </pre>
    </details>
  );
}
