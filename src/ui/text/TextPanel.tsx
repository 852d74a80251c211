import { Suspense } from "react";
import type { ReactNode } from "react";
import type { TextTab } from "../store/clewState.ts";
import { useClew } from "../store/clewStore.ts";
import { firstError, shownView } from "../store/selectors.ts";
import "./text.css";
import { lazyPart } from "../shell/lazyPart.tsx";

const DedalusEditor = lazyPart(() => import("./DedalusEditor.tsx"));
const StepNotice = lazyPart(() => import("./StepNotice.tsx"));
const ProgramNotice = lazyPart(() => import("./ProgramNotice.tsx"));
const StepDiff = lazyPart(() => import("./StepDiff.tsx"));

/** The program at the current step, as text or as what the step (or the focused card) changes in it. */
export function TextPanel({ tabbed = false }: { readonly tabbed?: boolean }): ReactNode {
  const fileName = useClew((state) => state.document?.source.fileName ?? "");
  const at = useClew((state) => state.document?.at ?? 0);
  const tab = useClew((state) => state.textTab);
  const faulty = useClew((state) => {
    const view = shownView(state);
    return view !== undefined && firstError(view) !== undefined;
  });
  const previewing = useClew((state) => state.preview !== undefined);
  // A preview that goes away, or a walk to the base, leaves the text.
  const shown = (tab === "preview" && !previewing) || (tab === "diff" && at === 0) ? "text" : tab;
  return (
    <section className="panel" data-panel-id="text" aria-label="Text" tabIndex={-1}>
      {(at > 0 || shown === "preview" || !tabbed) && (
        <div className="panel-header">
          <h2 title={fileName}>{fileName}</h2>
          <span className="quiet">{at === 0 ? "base" : `after step ${at}`}</span>
          <span className="panel-space" />
          {(at > 0 || shown === "preview") && <TextTabs shown={shown} at={at} />}
        </div>
      )}
      {at > 0 && (
        <Suspense>
          <StepNotice at={at} />
        </Suspense>
      )}
      <div className="panel-body text-body">
        <Suspense fallback={<PlainText />}>
          {shown === "text" ? <DedalusEditor /> : <StepDiff of={shown} />}
        </Suspense>
      </div>
      {faulty && (
        <Suspense fallback={null}>
          <ProgramNotice />
        </Suspense>
      )}
    </section>
  );
}

function TextTabs({ shown, at }: { readonly shown: TextTab; readonly at: number }): ReactNode {
  const show = useClew((state) => state.showTextTab);
  const tabs: readonly (readonly [TextTab, string])[] = [
    ["text", "Text"],
    ...(at > 0 ? [["diff", `Diff to step ${at - 1}`] as const] : []),
    ...(shown === "preview" ? [["preview", "Diff to preview"] as const] : []),
  ];
  return (
    <div className="tab-group" role="group" aria-label="Show the program as">
      {tabs.map(([tab, title]) => (
        <button
          key={tab}
          className="tab-button"
          aria-pressed={tab === shown}
          onClick={() => show(tab)}
        >
          {title}
        </button>
      ))}
    </div>
  );
}

/** What stands in for the editor while it loads: the text itself, to be read at once. */
function PlainText(): ReactNode {
  const text = useClew((state) => state.document?.source.text ?? "");
  return <pre className="plain-text">{text}</pre>;
}
