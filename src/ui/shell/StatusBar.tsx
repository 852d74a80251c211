import { Suspense } from "react";
import type { ReactNode } from "react";
import { useClew } from "../store/clewStore.ts";
import { goTo } from "../text/editorCommands.ts";
import { shownView } from "../store/selectors.ts";
import { lazyPart } from "./lazyPart.tsx";

const NotationChoice = lazyPart(() => import("./NotationChoice.tsx"));

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
          <Suspense>
            <NotationChoice />
          </Suspense>
          <span>
            {plural(view.rules.length, "rule")}, {plural(view.components.length, "component")}
          </span>
          <Problems errors={errors} warnings={warnings} />
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

/** How many, and the way to the first: an error if there is one. */
function Problems({
  errors,
  warnings,
}: {
  readonly errors: number;
  readonly warnings: number;
}): ReactNode {
  const first = useClew((state) => {
    const found = shownView(state)?.diagnostics.filter((d) => d.severity !== "information") ?? [];
    return found.find((d) => d.severity === "error") ?? found[0];
  });
  const setMode = useClew((state) => state.setMode);
  const showTextTab = useClew((state) => state.showTextTab);
  if (first === undefined) return <span>{problems(errors, warnings)}</span>;
  const go = (): void => {
    setMode("rewrite");
    showTextTab("text");
    requestAnimationFrame(() => goTo(first.span));
  };
  return (
    <button
      className={errors > 0 ? "status-button status-error" : "status-button"}
      title={first.message.replaceAll("`", "")}
      onClick={go}
    >
      {problems(errors, warnings)}
    </button>
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
