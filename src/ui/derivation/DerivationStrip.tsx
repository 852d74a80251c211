import { Suspense, useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import type { StepView } from "../../workers/workspaceApi.ts";
import type { VerdictMark } from "../icons/VerdictIcon.tsx";
import { VerdictIcon } from "../icons/VerdictIcon.tsx";
import { useClew } from "../store/clewStore.ts";
import { useCosts } from "./useCosts.ts";
import type { StepCost } from "./useCosts.ts";
import { showCheck, useCheckShown } from "../verify/checkShown.ts";
import type { Said } from "../verify/checkShown.ts";
import { useTouchedStep } from "./touchedStep.ts";
import { useLight } from "./useLight.ts";
import "./derivation.css";
import { lazyPart } from "../shell/lazyPart.tsx";

const BrokenReason = lazyPart(() => import("./BrokenReason.tsx"));

/** Says what the knot that is pointed at or focused has lit. */
const TOUCHED = "derivation-touched";
const NO_STEPS: readonly StepView[] = [];

/** Knots on the thread, from the base to the scaled program. */
export function DerivationStrip(): ReactNode {
  const steps = useClew((state) => state.replay?.steps ?? NO_STEPS);
  const at = useClew((state) => state.document?.at ?? 0);
  const folded = useClew((state) => state.stripFolded);
  const previewTitle = useClew((state) =>
    state.preview === undefined
      ? undefined
      : state.offers.find((o) => o.key === state.preview?.key)?.title,
  );
  const costs = useCosts(steps);
  const busiest = Math.max(1, ...costs.map((cost) => cost?.perCommand ?? 0));
  const broken = steps.find((step) => step.broken !== undefined);
  const row = useRef<HTMLOListElement>(null);
  const said = useCheckShown((state) => state.said);
  const [pointed, point] = useState<number>();
  const [focused, focus] = useState<number>();
  useLight(steps, pointed ?? focused, at);
  useEffect(() => {
    if (steps.length > 0)
      row.current?.children[at]?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [at, steps]);
  return (
    <section
      className={`derivation${folded ? " derivation-folded" : ""}`}
      data-panel-id="derivation"
      aria-label="Derivation"
      tabIndex={-1}
    >
      <ol className="knots" ref={row}>
        {steps.map((step) => (
          <Knot
            key={step.index}
            step={step}
            said={said[step.index]}
            at={at}
            cost={costs[step.index]}
            busiest={busiest}
            folded={folded}
            lit={step.index === (pointed ?? focused)}
            onPoint={point}
            onFocus={focus}
          />
        ))}
        {previewTitle !== undefined && at === steps.length - 1 && (
          <li className="knot-item knot-preview">
            <span className="knot" aria-hidden="true" />
            {!folded && (
              <span className="knot-words">
                <b>{previewTitle}</b>
                <span className="quiet">preview</span>
              </span>
            )}
          </li>
        )}
      </ol>
      <StripControls steps={steps.length} at={at} folded={folded} />
      {broken !== undefined && (
        <Suspense>
          <BrokenReason step={broken} />
        </Suspense>
      )}
    </section>
  );
}

function Knot({
  step,
  said,
  at,
  cost,
  busiest,
  folded,
  lit,
  onPoint,
  onFocus,
}: {
  readonly step: StepView;
  readonly said: Said | undefined;
  readonly at: number;
  readonly cost: StepCost | undefined;
  readonly busiest: number;
  readonly folded: boolean;
  readonly lit: boolean;
  onPoint(step: number | undefined): void;
  onFocus(step: number | undefined): void;
}): ReactNode {
  const walkTo = useClew((state) => state.walkTo);
  const place = step.index === at ? " knot-here" : step.index > at ? " knot-ahead" : "";
  return (
    <li className={`knot-item${place}${brokenClass(step)}`}>
      <button
        className="knot-button"
        aria-current={step.index === at ? "step" : undefined}
        {...(step.index === at ? { "data-first-focus": true } : {})}
        title={step.note ?? describe(step, said)}
        aria-describedby={lit ? TOUCHED : undefined}
        onClick={() => walkTo(step.index)}
        onPointerEnter={() => onPoint(step.index)}
        onPointerLeave={() => onPoint(undefined)}
        // A click gives focus too, but does not ask for light that stays.
        onFocus={({ currentTarget }) =>
          onFocus(currentTarget.matches(":focus-visible") ? step.index : undefined)
        }
        onBlur={() => onFocus(undefined)}
      >
        <span className="knot">{step.index}</span>
        {!folded && (
          <span className="knot-words">
            <span className="knot-title">
              <b>{step.title}</b> <KnotVerdict step={step} said={said} />
            </span>
            <span className="quiet knot-describe">{describe(step, said)}</span>
            {cost !== undefined && (
              <span className="knot-cost">
                <span
                  className="knot-bar"
                  style={{ width: `${Math.round((64 * cost.perCommand) / busiest)}px` }}
                />
                {format(cost.perCommand)} msg/cmd
                <span className="visually-hidden">, busiest node {cost.address}</span>
              </span>
            )}
          </span>
        )}
      </button>
    </li>
  );
}

function brokenClass({ broken }: StepView): string {
  if (broken === undefined) return "";
  return broken.waiting ? " knot-waiting" : " knot-broken";
}

/** What a check has said stands beside the verdict, and in place of "not verified". */
function KnotVerdict({
  step,
  said,
}: {
  readonly step: StepView;
  readonly said: Said | undefined;
}): ReactNode {
  const mark = verdictMark(step);
  const marks = mark === undefined || (mark === "unverified" && said) ? [] : [mark];
  return [...marks, ...(said ? [said.mark] : [])].map((each) => (
    <VerdictIcon key={each} verdict={each} size={14} />
  ));
}

function describe({ broken, describe: words, verdict }: StepView, said?: Said): string {
  if (broken !== undefined) {
    return broken.waiting ? "waits for an error to be mended" : "does not apply any longer";
  }
  if (said === undefined) return words;
  return verdict === "unverified" ? said.words : `${words} · ${said.words}`;
}

function verdictMark(step: StepView): VerdictMark | undefined {
  if (step.broken !== undefined) return step.broken.waiting ? undefined : "violated";
  switch (step.verdict) {
    case "base":
      return undefined;
    case "holds":
    case "lockstep":
    case "violated":
    case "unverified":
      return step.verdict;
  }
}

function StripControls({
  steps,
  at,
  folded,
}: {
  readonly steps: number;
  readonly at: number;
  readonly folded: boolean;
}): ReactNode {
  const undo = useClew((state) => state.undo);
  const redo = useClew((state) => state.redo);
  const openDialog = useClew((state) => state.openDialog);
  const foldStrip = useClew((state) => state.foldStrip);
  const takenAway = useClew((state) => state.takenAway !== undefined);
  const replaying = useClew((state) => state.replaying);
  const stopReplay = useClew((state) => state.stopReplay);
  return (
    <div className="strip-controls">
      <div className="strip-buttons">
        {!folded && <h2>Derivation</h2>}
        <span className="panel-space" />
        <button className="button" disabled={at === 0 && !takenAway} onClick={undo}>
          Undo
        </button>
        <button className="button" disabled={at >= steps - 1} onClick={redo}>
          Redo
        </button>
        {replaying ? (
          <button className="button" onClick={stopReplay}>
            Stop
          </button>
        ) : (
          <button className="button" onClick={() => openDialog("derivation")}>
            Open
          </button>
        )}
        <button
          className="button"
          onClick={() => showCheck(at === 0 ? { from: 0, to: 1 } : { from: at - 1, to: at })}
        >
          Check…
        </button>
        <button
          className="icon-button"
          aria-expanded={!folded}
          aria-label={folded ? "Show the derivation's words" : "Fold the derivation"}
          onClick={() => foldStrip(!folded)}
        >
          {folded ? "▴" : "▾"}
        </button>
      </div>
      <StripLegend folded={folded} />
    </div>
  );
}

/** What is lit, in words; else what the bars are. */
function StripLegend({ folded }: { readonly folded: boolean }): ReactNode {
  const lit = useTouchedStep(({ touched }) => touched?.sentence);
  const whole = useCheckShown((state) => state.whole);
  return (
    <p
      id={TOUCHED}
      className={`quiet strip-legend${lit === undefined ? "" : " strip-touched"}`}
      hidden={folded}
    >
      {lit ??
        `Bars: messages of the busiest node for one command.${whole === undefined ? "" : ` All steps: ${whole.words}.`}`}
    </p>
  );
}

function format(perCommand: number): string {
  return Number.isInteger(perCommand) ? String(perCommand) : perCommand.toFixed(1);
}
