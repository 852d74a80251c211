import { useEffect, useId, useRef, useState } from "react";
import type { KeyboardEvent as ReactKeyboardEvent, ReactNode } from "react";
import type { WhyNot } from "../../workers/whyNotApi.ts";
import type { OfferView } from "../../workers/workspaceApi.ts";
import { VerdictIcon } from "../icons/VerdictIcon.tsx";
import { Remedies } from "../inspector/Remedies.tsx";
import { useGraphEdge } from "../rewrite/useGraphEdge.ts";
import { Prose } from "../shell/Prose.tsx";
import { useClew } from "../store/clewStore.ts";
import { focusedOfferView } from "../store/selectors.ts";
import { CaseText } from "./CaseText.tsx";
import { momentSentence } from "./momentWords.ts";
import { RunDiagram } from "./RunDiagram.tsx";
import { askWhyNot } from "./whyNotWorker.ts";
import "./whynot.css";

type Answer =
  | { readonly kind: "asking" }
  | { readonly kind: "answered"; readonly whyNot: WhyNot | undefined }
  | { readonly kind: "failed"; readonly message: string };

/** Why the focused rewrite is refused: the condition, the smallest program that needs it, and a run that goes wrong. */
export default function WhyNotPanel(): ReactNode {
  const question = useClew((state) => state.whyNot);
  const offer = useClew(focusedOfferView);
  const ask = useClew((state) => state.askWhyNot);
  const panel = useRef<HTMLElement>(null);
  const left = useGraphEdge(panel);
  const code = question?.code;
  useEffect(() => {
    panel.current?.querySelector<HTMLElement>("[data-first-focus]")?.focus();
    return () => {
      // Once nothing is covered any more, the keyboard is where the question was asked.
      requestAnimationFrame(() =>
        document.querySelector<HTMLElement>(`[data-why-not="${code}"]`)?.focus(),
      );
    };
  }, [code]);
  const condition = offer?.preconditions.find(
    (each) => each.code === code && each.verdict === "violated",
  );
  const heading = useId();
  if (offer === undefined || condition === undefined) return null;
  const onKeyDown = (event: ReactKeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    ask(undefined);
  };
  return (
    <section
      ref={panel}
      className="why-not panel"
      style={{ left }}
      data-panel-id="why-not"
      aria-labelledby={heading}
      tabIndex={-1}
    >
      <div className="why-not-whole" role="presentation" onKeyDown={onKeyDown}>
        <div className="panel-header">
          <VerdictIcon verdict="violated" labelled={false} />
          <h2 id={heading}>Why not {offer.title.toLowerCase()} here?</h2>
          <span className="panel-space" />
          <button className="button" data-first-focus onClick={() => ask(undefined)}>
            Close <kbd>Esc</kbd>
          </button>
        </div>
        <Explained key={code} code={condition.code} statement={condition.statement} offer={offer} />
      </div>
    </section>
  );
}

function Explained({
  code,
  statement,
  offer,
}: {
  readonly code: string;
  readonly statement: string;
  readonly offer: OfferView;
}): ReactNode {
  const answer = useAnswer(code);
  return (
    <div className="panel-body why-not-body">
      <div className="why-not-left">
        <Part number={1} title="The condition">
          <p className="violated-sentence">
            <Prose text={statement} strongStart />
          </p>
        </Part>
        {answer.kind === "answered" && answer.whyNot !== undefined && (
          <SmallestProgram whyNot={answer.whyNot} />
        )}
      </div>
      <div className="why-not-right">
        <RunOrWhyNone answer={answer} offer={offer} />
      </div>
    </div>
  );
}

function RunOrWhyNone({
  answer,
  offer,
}: {
  readonly answer: Answer;
  readonly offer: OfferView;
}): ReactNode {
  switch (answer.kind) {
    case "asking":
      return <p className="why-not-asking">Trying every schedule…</p>;
    case "failed":
      return <p role="alert">The run could not be found: {answer.message}</p>;
    case "answered":
      return answer.whyNot === undefined ? (
        <>
          <p>
            For this condition there is no run to show: a step that breaks it cannot be carried out
            at all, or goes wrong only by chance or by forgery.
          </p>
          <Remedies offer={offer} />
        </>
      ) : (
        <Runs whyNot={answer.whyNot} offer={offer} />
      );
  }
}

function SmallestProgram({ whyNot }: { readonly whyNot: WhyNot }): ReactNode {
  return (
    <Part number={2} title="A small program that needs it">
      <figure className="why-not-program">
        <figcaption>
          <span className="mark-original" aria-hidden="true" /> Original
        </figcaption>
        <CaseText text={whyNot.original} />
        <figcaption>
          <span className="mark-forced" aria-hidden="true" /> {whyNot.rewrite}, forced
        </figcaption>
        <CaseText text={whyNot.forced} />
      </figure>
      <p className="why-not-note">
        <Prose
          text={`${whyNot.inputs.length === 1 ? "One message comes" : "Messages come"} from elsewhere: ${coded(whyNot.inputs, ", ")}. The address \`c\` is the client’s.`}
        />
      </p>
    </Part>
  );
}

function Runs({
  whyNot,
  offer,
}: {
  readonly whyNot: WhyNot;
  readonly offer: OfferView;
}): ReactNode {
  const { originalRun, forcedRun } = whyNot;
  const moments = Math.max(originalRun.moments, forcedRun.moments);
  const [at, setAt] = useState(moments - 1);
  const go = (moment: number): void => setAt(Math.max(0, Math.min(moments - 1, moment)));
  const part = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Letters act wherever the keyboard is in the panel.
    const panel = part.current?.closest<HTMLElement>("[data-panel-id]");
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const step = event.key === "." ? 1 : event.key === "," ? -1 : 0;
      if (step === 0) return;
      event.preventDefault();
      setAt((moment) => Math.max(0, Math.min(moments - 1, moment + step)));
    };
    panel?.addEventListener("keydown", onKeyDown);
    return () => panel?.removeEventListener("keydown", onKeyDown);
  }, [moments]);
  const isLast = at === moments - 1;
  return (
    <div ref={part}>
      <Part number={3} title="A run where forcing it goes wrong">
        <figure className="why-not-run">
          <figcaption>
            <span className="mark-original" aria-hidden="true" /> Original, given the same
          </figcaption>
          <RunDiagram
            run={originalRun}
            moments={moments}
            until={at}
            missing={[]}
            wrong={[]}
            label={`The original’s run: ${wholeRun(originalRun)}`}
          />
        </figure>
        <figure className="why-not-run why-not-forced">
          <figcaption>
            <span className="mark-forced" aria-hidden="true" /> Forced
          </figcaption>
          <RunDiagram
            run={forcedRun}
            moments={moments}
            until={at}
            missing={whyNot.violation === "quiescence" ? whyNot.missing : []}
            wrong={whyNot.last}
            label={`The forced program’s run: ${wholeRun(forcedRun)}`}
          />
        </figure>
        <div className="why-not-steps">
          <button
            className="button"
            aria-label="First moment"
            aria-disabled={at === 0}
            onClick={() => go(0)}
          >
            |◂
          </button>
          <button className="button" aria-disabled={at === 0} onClick={() => go(at - 1)}>
            ◂ Back <kbd>,</kbd>
          </button>
          <button
            className="button button-primary"
            aria-disabled={isLast}
            onClick={() => go(at + 1)}
          >
            Step ▸ <kbd>.</kbd>
          </button>
          <span aria-live="polite">
            moment {at + 1} of {moments}
          </span>
        </div>
        <div className={isLast ? "violated-sentence" : "why-not-moment"} aria-live="polite">
          {isLast ? (
            <Verdict whyNot={whyNot} />
          ) : (
            <Prose text={momentSentence(forcedRun, at) || "Nothing more happens here."} />
          )}
        </div>
        <Remedies offer={offer} />
        <p className="citation">
          Found just now by trying every schedule of {whyNot.inputs.length}{" "}
          {whyNot.inputs.length === 1 ? "message" : "messages"}
          {whyNot.forcedRun.crashes.length > 0 && " and a crash"}: {whyNot.explored} states until
          this shortest run.
        </p>
      </Part>
    </div>
  );
}

function Verdict({ whyNot }: { readonly whyNot: WhyNot }): ReactNode {
  const { violation, last, missing } = whyNot;
  const text =
    violation === "safety"
      ? `The client gets ${coded(last, " and ")}. After what it has seen before, no schedule of the original gives that.`
      : `Nothing is left to happen, and the client waits for ${coded(missing, " and ")} for ever. No run of the original comes to rest with so little.`;
  return <Prose strongStart text={text} />;
}

function coded(facts: readonly string[], between: string): string {
  return facts.map((fact) => `\`${fact}\``).join(between);
}

function Part({
  number,
  title,
  children,
}: {
  readonly number: number;
  readonly title: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <section className="why-not-part">
      <h3>
        <span className="why-not-number" aria-hidden="true">
          {number}
        </span>
        {title}
      </h3>
      {children}
    </section>
  );
}

function wholeRun(run: WhyNot["forcedRun"]): string {
  return run.ticks.map((_, moment) => momentSentence(run, moment).replaceAll("`", "")).join(" ");
}

function useAnswer(code: string): Answer {
  const [answer, setAnswer] = useState<Answer>({ kind: "asking" });
  useEffect(() => {
    const asked = askWhyNot(code);
    let isCurrent = true;
    asked.answer.then(
      (whyNot) => isCurrent && setAnswer({ kind: "answered", whyNot }),
      (error: unknown) =>
        isCurrent &&
        setAnswer({
          kind: "failed",
          message: error instanceof Error ? error.message : String(error),
        }),
    );
    return () => {
      isCurrent = false;
      asked.stop();
    };
  }, [code]);
  return answer;
}
