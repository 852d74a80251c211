import { useComputedColorScheme } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import { clewStore } from "../store/clewStore.ts";
import { FileTabs } from "./FileTabs.tsx";
import { startEditor } from "./editorSession.ts";
import { monaco } from "./monaco.ts";
import "./editor.css";

// The editor comes when the picture stands: then what was checked before the page was left is known again.
void import("../verify/keptChecks.ts");

/** Monaco over the shown text; loaded after the shell. */
export default function DedalusEditor(): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const [tabMoves, setTabMoves] = useState(false);
  const scheme = useComputedColorScheme("light");
  useEffect(() => {
    if (host.current === null) return undefined;
    return startEditor(host.current, clewStore, setTabMoves);
  }, []);
  const contrast = useMediaQuery("(prefers-contrast: more)") ? "-contrast" : "";
  useEffect(() => monaco.editor.setTheme(`clew-${scheme}${contrast}`), [scheme, contrast]);
  return (
    <div className="editor-column">
      <FileTabs />
      {/* nokey: React Flow listens to the whole document and would keep spaces from the editor. */}
      <div className="editor-place">
        <div className="editor-host nokey" ref={host} />
      </div>
      {tabMoves && (
        <p className="tab-hint" role="status">
          Tab now leaves the editor. <kbd>Ctrl M</kbd> makes it indent again.
        </p>
      )}
    </div>
  );
}
