import { Suspense, useEffect } from "react";
import type { ReactNode } from "react";
import { RewriteMode } from "./rewrite/RewriteMode.tsx";
import { LiveRegion } from "./shell/LiveRegion.tsx";
import { Problem } from "./shell/Problem.tsx";
import { StatusBar } from "./shell/StatusBar.tsx";
import { TopBar } from "./shell/TopBar.tsx";
import { useKeptFocus } from "./shell/keepFocus.ts";
import { useKeyboard } from "./shell/keyboard.ts";
import { useAutosave } from "./shell/autosave.ts";
import { startDocument } from "./shell/openDocuments.ts";
import type { Dialog, Mode } from "./store/clewState.ts";
import { useClew } from "./store/clewStore.ts";
import { lazyPart } from "./shell/lazyPart.tsx";

const SimulateMode = lazyPart(() => import("./simulate/SimulateMode.tsx"));
const ClusterMode = lazyPart(() => import("./cluster/ClusterMode.tsx"));
const CommandPalette = lazyPart(() => import("./shell/CommandPalette.tsx"));
const FileDrop = lazyPart(() => import("./shell/FileDrop.tsx"));
const KeysSheet = lazyPart(() => import("./shell/KeysSheet.tsx"));
const DerivationDocument = lazyPart(() => import("./derivation/DerivationDocument.tsx"));

/** The whole window: top bar, the mode's work area, status bar, and what floats above. */
export function Clew(): ReactNode {
  const mode = useClew((state) => state.mode);
  const dialog = useClew((state) => state.dialog);
  useEffect(() => void startDocument(), []);
  useAutosave();
  useKeyboard();
  useKeptFocus();
  return (
    <div className="clew">
      <TopBar />
      <main className="clew-work">
        <div
          className="clew-mode"
          id={`mode-${mode}`}
          role="tabpanel"
          aria-labelledby={`tab-${mode}`}
        >
          <Suspense fallback={null}>{modeView(mode)}</Suspense>
        </div>
      </main>
      <Problem />
      <StatusBar />
      <Suspense fallback={null}>{dialogView(dialog)}</Suspense>
      <LiveRegion />
      <Suspense fallback={null}>
        <FileDrop />
      </Suspense>
    </div>
  );
}

function modeView(mode: Mode): ReactNode {
  switch (mode) {
    case "rewrite":
      return <RewriteMode />;
    case "simulate":
      return <SimulateMode />;
    case "cluster":
      return <ClusterMode />;
  }
}

function dialogView(dialog: Dialog | undefined): ReactNode {
  switch (dialog) {
    case "commands":
      return <CommandPalette />;
    case "keys":
      return <KeysSheet />;
    case "derivation":
      return <DerivationDocument />;
    case undefined:
      return null;
  }
}
