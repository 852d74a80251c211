import { createContext, useContext } from "react";
import type { ReactNode } from "react";
import type { Evidence } from "../../program/evidence.ts";
import type { ProgramView } from "../../workers/workspaceApi.ts";
import { useClew } from "../store/clewStore.ts";
import { shownView, viewAt } from "../store/selectors.ts";
import { Prose } from "../shell/Prose.tsx";
import { goTo } from "../text/editorCommands.ts";
import { spansOf } from "../text/decorations.ts";

/** The step whose program the evidence below is of; undefined for the program shown. */
export const EvidenceStep = createContext<number | undefined>(undefined);

/** A place that shows why. A click goes there: the text scrolls, the cursor stands on it. */
export function EvidenceChip({
  evidence,
  letter,
}: {
  readonly evidence: Evidence;
  readonly letter?: string;
}): ReactNode {
  const step = useContext(EvidenceStep);
  const view = useClew((state) => (step === undefined ? shownView(state) : viewAt(state, step)));
  const walkTo = useClew((state) => state.walkTo);
  const openDialog = useClew((state) => state.openDialog);
  const showTextTab = useClew((state) => state.showTextTab);
  if (view === undefined) return null;
  const go = (): void => {
    const [span] = spansOf(view, evidence);
    if (span === undefined) return;
    if (step !== undefined) {
      walkTo(step);
      openDialog(undefined);
    }
    showTextTab("text");
    requestAnimationFrame(() => goTo(span));
  };
  return (
    <button className={letter === undefined ? "chip" : "chip chip-culprit"} onClick={go}>
      {letter !== undefined && <span className="letter">{letter}</span>}
      <PlaceName evidence={evidence} view={view} />
      <span className="chip-because">
        <Prose text={evidence.because} />
      </span>
    </button>
  );
}

function PlaceName({
  evidence,
  view,
}: {
  readonly evidence: Evidence;
  readonly view: ProgramView;
}): ReactNode {
  const number = (id: string): ReactNode => (
    <span className="rule-badge" key={id}>
      {view.rules.find((rule) => rule.id === id)?.number ?? "?"}
    </span>
  );
  switch (evidence.kind) {
    case "rule":
    case "head":
      return number(evidence.rule);
    case "relation":
      return <code>{evidence.relation}</code>;
    case "path":
      return <>{evidence.rules.map(number)}</>;
    case "literal": {
      const [span] = spansOf(view, evidence);
      return (
        <>
          {number(evidence.rule)}
          {span !== undefined && <code>{view.text.slice(span.start, span.end)}</code>}
        </>
      );
    }
  }
}
