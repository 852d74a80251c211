import type { ReactNode } from "react";
import { useClew } from "../store/clewStore.ts";
import { shownView } from "../store/selectors.ts";

/** 24 px: the notation, how much there is, whether it reads, how fast verdicts came. */
export function StatusBar(): ReactNode {
  const view = useClew(shownView);
  const milliseconds = useClew((state) => state.verdictMilliseconds);
  const openDialog = useClew((state) => state.openDialog);
  const errors = view?.diagnostics.filter((d) => d.severity === "error").length ?? 0;
  const warnings = view?.diagnostics.filter((d) => d.severity === "warning").length ?? 0;
  return (
    <footer className="status-bar">
      {view !== undefined && (
        <>
          <span>{view.dialect === "compact" ? "Compact notation" : "Paper notation"}</span>
          <span>
            {plural(view.rules.length, "rule")}, {plural(view.components.length, "component")}
          </span>
          <span className={errors > 0 ? "status-error" : ""}>{problems(errors, warnings)}</span>
        </>
      )}
      <span className="status-space" />
      {milliseconds !== undefined && (
        <span>Verdicts in {Math.max(1, Math.round(milliseconds))} ms</span>
      )}
      <span className="wide-only">
        <kbd>Ctrl M</kbd> leaves the editor
      </span>
      <button className="status-button" onClick={() => openDialog("keys")}>
        <kbd>?</kbd> keys
      </button>
    </footer>
  );
}

function problems(errors: number, warnings: number): string {
  if (errors === 0 && warnings === 0) return "No problems";
  const parts = [];
  if (errors > 0) parts.push(plural(errors, "error"));
  if (warnings > 0) parts.push(plural(warnings, "warning"));
  return parts.join(", ");
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
