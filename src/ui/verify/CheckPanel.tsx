import { useEffect, useId, useMemo, useRef } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import type { StepView } from "../../workers/workspaceApi.ts";
import { VerdictIcon } from "../icons/VerdictIcon.tsx";
import { useGraphEdge } from "../rewrite/useGraphEdge.ts";
import { Prose } from "../shell/Prose.tsx";
import { useClew } from "../store/clewStore.ts";
import { BoundsForm } from "./BoundsForm.tsx";
import { CheckResult } from "./CheckResult.tsx";
import { CheckProgress } from "./CheckProgress.tsx";
import { showCheck, useCheckShown } from "./checkShown.ts";
import type { Question } from "./checkShown.ts";
import {
  checkedMark,
  checkedWords,
  checkKey,
  hasTimers,
  nodesOf,
  standing,
  useCheck,
} from "./checkStore.ts";
import { questionWords } from "./checkWords.ts";
import { sameQuestion, stepQuestions, wholeQuestion } from "./questions.ts";
import { runChecks } from "./runCheck.ts";
import "./keptChecks.ts";
import "./verify.css";

const NO_STEPS: readonly StepView[] = [];

/** Every schedule of a few requests: does a step, or all of them together, only do what could be done before? */
export default function CheckPanel(): ReactNode {
  const panel = useRef<HTMLElement>(null);
  const left = useGraphEdge(panel);
  const heading = useId();
  useKeyboardHere(panel);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    showCheck(undefined);
  };
  return (
    <section
      ref={panel}
      className="check-panel panel"
      style={{ left }}
      data-panel-id="check"
      aria-labelledby={heading}
      tabIndex={-1}
    >
      <div className="check-whole" role="presentation" onKeyDown={onKeyDown}>
        <div className="panel-header">
          <h2 id={heading}>Check</h2>
          <span className="quiet check-about">every schedule of a few requests</span>
          <span className="panel-space" />
          <button className="button" data-first-focus onClick={() => showCheck(undefined)}>
            Close <kbd>Esc</kbd>
          </button>
        </div>
        <CheckBody />
      </div>
    </section>
  );
}

/** The keyboard goes into the panel, and back to where it was. */
function useKeyboardHere(panel: { readonly current: HTMLElement | null }): void {
  useEffect(() => {
    const before = document.activeElement;
    panel.current?.querySelector<HTMLElement>("[data-first-focus]")?.focus();
    return () => {
      requestAnimationFrame(() => {
        const { activeElement, body } = document;
        const isFree = activeElement === null || activeElement === body;
        if (isFree && before instanceof HTMLElement) before.focus();
      });
    };
  }, [panel]);
}

function CheckBody(): ReactNode {
  const steps = useClew((state) => state.replay?.steps ?? NO_STEPS);
  const shown = useCheckShown((state) => state.shown);
  const last = steps.length - 1;
  if (shown === undefined || last < 1) {
    return (
      <p className="check-nothing">
        There is only the base: nothing has been rewritten that could be checked against it. Apply a
        rewrite, or type at a step to continue by hand.
      </p>
    );
  }
  const question = shown.to > last ? stepQuestions(steps).at(-1)! : shown;
  return (
    <div className="panel-body check-body">
      <Questions steps={steps} shown={question} />
      <Answer steps={steps} question={question} />
      <BoundsForm
        timers={hasTimers(steps[question.from]?.view)}
        nodes={nodesOf(steps[question.from]?.view)}
      />
    </div>
  );
}

function Questions({
  steps,
  shown,
}: {
  readonly steps: readonly StepView[];
  readonly shown: Question;
}): ReactNode {
  const all = stepQuestions(steps);
  const whole = wholeQuestion(steps);
  const isListed = [...all, ...(whole ? [whole] : [])].some((each) => sameQuestion(each, shown));
  return (
    <section className="check-asked" aria-label="What can be checked">
      <ul className="check-questions">
        {all.map((question) => (
          <QuestionButton
            key={question.to}
            steps={steps}
            question={question}
            title={`${question.to}. ${steps[question.to]!.title}`}
            isShown={sameQuestion(question, shown)}
          />
        ))}
        {whole !== undefined && (
          <QuestionButton
            steps={steps}
            question={whole}
            title="The whole derivation against the base"
            isShown={sameQuestion(whole, shown)}
          />
        )}
        {!isListed && (
          <QuestionButton steps={steps} question={shown} title={questionWords(shown)} isShown />
        )}
      </ul>
      {all.length > 1 && (
        <button className="button" onClick={() => void runChecks(all)}>
          Check every step
        </button>
      )}
    </section>
  );
}

function QuestionButton(props: {
  readonly steps: readonly StepView[];
  readonly question: Question;
  readonly title: string;
  readonly isShown: boolean;
}): ReactNode {
  const { steps, question, title, isShown } = props;
  const known = useCheck((state) => standing(state, steps, question));
  const isRunning = useCheck(
    ({ running }) => running !== undefined && running.key === checkKey(steps, question),
  );
  return (
    <li>
      <button
        className="check-question"
        aria-current={isShown ? "true" : undefined}
        onClick={() => showCheck(question)}
      >
        {known === undefined ? (
          <VerdictIcon verdict="none" labelled={false} />
        ) : (
          <VerdictIcon verdict={checkedMark(known)} labelled={false} />
        )}
        <span>
          <b>{title}</b>
          <span className="quiet">
            {isRunning
              ? "being checked"
              : known === undefined
                ? "not checked"
                : checkedWords(known)}
          </span>
        </span>
      </button>
    </li>
  );
}

function Answer({
  steps,
  question,
}: {
  readonly steps: readonly StepView[];
  readonly question: Question;
}): ReactNode {
  const key = useMemo(() => checkKey(steps, question), [steps, question]);
  const results = useCheck((state) => (key === undefined ? undefined : state.results.get(key)));
  const running = useCheck((state) => state.running);
  const problem = useCheck((state) => state.problem);
  const isRunning = running !== undefined && running.key === key;
  return (
    <section className="check-answer" aria-label={questionWords(question)}>
      <div className="check-head">
        <h3>{questionWords(question)}</h3>
        <span className="panel-space" />
        <button
          className="button button-primary"
          // Not disabled: that would take the keyboard away from it.
          aria-disabled={isRunning}
          onClick={() => isRunning || void runChecks([question])}
        >
          {results === undefined ? "Check" : "Check again"}
        </button>
      </div>
      {running !== undefined && <CheckProgress running={running} isOther={!isRunning} />}
      {problem !== undefined && (
        <p className="check-problem" role="alert">
          <Prose text={problem} />
        </p>
      )}
      {results === undefined && !isRunning && (
        <p className="check-asks">
          Messages may arrive in any order, together or late, and nodes tick when they like. In
          every such schedule of a few requests, clients must see only what they could have seen
          before, and must not be left waiting for what they would have been given.
        </p>
      )}
      <ol className={isRunning ? "check-results check-stale" : "check-results"}>
        {results?.map((checked) => (
          <CheckResult
            key={JSON.stringify(checked.settings)}
            steps={steps}
            question={question}
            checked={checked}
          />
        ))}
      </ol>
    </section>
  );
}
