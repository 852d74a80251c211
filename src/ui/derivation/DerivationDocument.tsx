import { diffLines } from "diff";
import { useMemo, useRef } from "react";
import type { ReactNode } from "react";
import type { StepView } from "../../workers/workspaceApi.ts";
import { VerdictIcon } from "../icons/VerdictIcon.tsx";
import { ConditionList } from "../inspector/Conditions.tsx";
import { EvidenceStep } from "../inspector/EvidenceChip.tsx";
import { ClewModal } from "../shell/ClewModal.tsx";
import { Prose } from "../shell/Prose.tsx";
import { TakenAwayNotice } from "../shell/TakenAwayNotice.tsx";
import { saveDocument } from "../shell/saveDocument.ts";
import { pickFile } from "../shell/openFiles.ts";
import { useClew } from "../store/clewStore.ts";
import { viewAt } from "../store/selectors.ts";
import { checkNow, useCheckShown } from "../verify/checkShown.ts";

/** The derivation as a document: every step with its conditions, its change of the text and a note. */
export default function DerivationDocument(): ReactNode {
  const steps = useClew((state) => state.replay?.steps);
  const name = useClew((state) => state.document?.name ?? "");
  const startReplay = useClew((state) => state.startReplay);
  const setMode = useClew((state) => state.setMode);
  const replay = useRef(false);
  const wanted = useRef<number>(undefined);
  const closed = (): void => {
    const { current: to } = wanted;
    if (to !== undefined) checkNow([{ from: to - 1, to }]);
    if (!replay.current) return;
    setMode("rewrite");
    startReplay();
  };
  return (
    <ClewModal title={`Derivation of ${name}`} width={860} closed={closed}>
      {(close) => (
        <>
          <DocumentActions
            replay={() => {
              replay.current = true;
              close();
            }}
          />
          <TakenAwayNotice />
          <ol className="derivation-document">
            {steps?.map((step) => (
              <StepSection
                key={step.index}
                step={step}
                last={steps.length - 1}
                check={(index) => {
                  wanted.current = index;
                  close();
                }}
              />
            ))}
          </ol>
        </>
      )}
    </ClewModal>
  );
}

function DocumentActions({ replay }: { readonly replay: () => void }): ReactNode {
  const steps = useClew((state) => state.document?.source.steps.length ?? 0);
  return (
    <div className="derivation-actions">
      {steps > 0 && (
        <button className="button" onClick={replay}>
          Replay
        </button>
      )}
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
  );
}

function StepSection({
  step,
  last,
  check,
}: {
  readonly step: StepView;
  readonly last: number;
  check(index: number): void;
}): ReactNode {
  const at = useClew((state) => state.document?.at);
  const walkTo = useClew((state) => state.walkTo);
  const dropStep = useClew((state) => state.dropStep);
  const changeStep = useClew((state) => state.changeStep);
  const conditions = step.broken?.preconditions ?? step.preconditions;
  const said = useCheckShown((state) => state.said[step.index]);
  // What a check has said takes the place of "not verified".
  const isSaid = said !== undefined && step.verdict === "unverified";
  return (
    <li className={step.broken === undefined ? "" : "step-broken"}>
      <div className="step-head">
        <span className="knot">{step.index}</span>
        <h3>{step.title}</h3>
        {step.verdict !== "base" && step.broken?.waiting !== true && !isSaid && (
          <VerdictIcon verdict={step.broken === undefined ? step.verdict : "violated"} />
        )}
        {!isSaid && <span className="quiet">{step.describe}</span>}
        {said !== undefined && (
          <span className="step-checked">
            <VerdictIcon verdict={said.mark} labelled={false} size={14} />
            {said.words}
          </span>
        )}
        <span className="panel-space" />
        {step.index > 0 && step.view !== undefined && (
          <button className="button" onClick={() => check(step.index)}>
            Check
          </button>
        )}
        <button className="button" disabled={step.index === at} onClick={() => walkTo(step.index)}>
          {step.index === at ? "Shown" : "Show"}
        </button>
        {step.index > 0 && <StepPlace index={step.index} last={last} />}
        {step.index > 0 && (
          <button
            className="button button-plain"
            aria-label={`Drop step ${step.index}`}
            onClick={() => dropStep(step.index)}
          >
            Drop
          </button>
        )}
      </div>
      {step.broken !== undefined && (
        <p className={step.broken.waiting ? "lockstep-sentence" : "violated-sentence"}>
          <Prose text={step.broken.reason} strongStart />
        </p>
      )}
      <Waiver step={step} />
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
            // At once: closing the dialog takes the field away before it is left.
            onChange={(event) => changeStep(step.index, { note: event.currentTarget.value })}
          />
        </label>
      )}
    </li>
  );
}

/** Earlier or later in the order. */
function StepPlace({ index, last }: { readonly index: number; readonly last: number }): ReactNode {
  const moveStep = useClew((state) => state.moveStep);
  return (
    <>
      {index > 1 && (
        <button
          className="icon-button"
          aria-label={`Move step ${index} before step ${index - 1}`}
          title={`Before step ${index - 1}`}
          onClick={() => moveStep(index, index - 1)}
        >
          ↑
        </button>
      )}
      {index < last && (
        <button
          className="icon-button"
          aria-label={`Move step ${index} after step ${index + 1}`}
          title={`After step ${index + 1}`}
          onClick={() => moveStep(index, index + 1)}
        >
          ↓
        </button>
      )}
    </>
  );
}

/** The consent that a lock-step step needs: there to be withdrawn, or to be given where it is missing. */
function Waiver({ step }: { readonly step: StepView }): ReactNode {
  const waive = useClew((state) => state.waive);
  if (step.waiver !== undefined) {
    return (
      <p className="lockstep-sentence step-waiver">
        <span>Applied with the waiver: tick counts do not matter.</span>
        <button className="button" onClick={() => waive(step.index, false)}>
          Withdraw the waiver
        </button>
      </p>
    );
  }
  const conditions = step.broken?.preconditions ?? [];
  const missing =
    conditions.some((condition) => condition.verdict === "lockstep") &&
    conditions.every((condition) => condition.verdict !== "violated");
  if (!missing) return null;
  return (
    <p className="lockstep-sentence step-waiver">
      <span>It applies if tick counts do not matter to you. That is recorded with the step.</span>
      <button className="button" onClick={() => waive(step.index, true)}>
        Record the waiver
      </button>
    </p>
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
