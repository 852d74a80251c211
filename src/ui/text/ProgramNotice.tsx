import type { ReactNode } from "react";
import type { Diagnostic } from "../../program/diagnostic.ts";
import { VerdictIcon } from "../icons/VerdictIcon.tsx";
import { useClew } from "../store/clewStore.ts";
import { firstError, shownView } from "../store/selectors.ts";
import { Prose } from "../shell/Prose.tsx";
import { applyFix, goTo } from "./editorCommands.ts";

/** The first error under the text: what, where, and the fix. The other rules are drawn all the same. */
export default function ProgramNotice(): ReactNode {
  const view = useClew(shownView);
  const error = view && firstError(view);
  if (view === undefined || error === undefined) return null;
  const line = view.text.slice(0, error.span.start).split("\n").length;
  return (
    <div className="program-notice" role="group" aria-label="First error">
      <VerdictIcon verdict="violated" labelled={false} />
      <div>
        <p>
          <b>Line {line}:</b> <Prose text={error.message} />{" "}
          {others(view.rules.filter((rule) => !rule.broken).length)}
        </p>
        <div className="program-notice-actions">
          {error.fix !== undefined && <FixButton error={error} title={error.fix.title} />}
          <button className="button button-plain" onClick={() => goTo(error.span)}>
            Go to line
          </button>
        </div>
      </div>
    </div>
  );
}

function FixButton({
  error,
  title,
}: {
  readonly error: Diagnostic;
  readonly title: string;
}): ReactNode {
  return (
    <button className="button" onClick={() => error.fix !== undefined && applyFix(error.fix)}>
      <Prose text={title} />
    </button>
  );
}

function others(drawn: number): string {
  if (drawn === 0) return "";
  return drawn === 1 ? "The other rule is drawn." : `The other ${drawn} rules are drawn.`;
}
