import { useEffect } from "react";
import type { ClewDocument } from "../store/clewDocument.ts";
import { useClew } from "../store/clewStore.ts";
import { keepAside, keepDocument, keptDocument } from "../store/documentStorage.ts";

const AUTOSAVE_MILLISECONDS = 150;

/**
 * Keeps the document in the browser shortly after every change, and at once when the page goes away. Tabs that show one
 * document follow each other, so that none saves an old text over a new one.
 */
export function useAutosave(): void {
  useEffect(() => {
    const tabs = new BroadcastChannel("clew/documents");
    const announce = tabs.postMessage.bind(tabs);
    let timer: ReturnType<typeof setTimeout> | undefined;
    /** As it stands in storage, saved here or by another tab. */
    let saved: ClewDocument | undefined;
    const keep = (document: ClewDocument | undefined, how: typeof keepDocument): void => {
      if (document === undefined || document === saved) return;
      saved = document;
      void how(document).then((problem) => {
        if (problem === undefined) announce(document.id);
        else useClew.getState().report(problem);
      });
    };
    const save = (): void => {
      clearTimeout(timer);
      timer = undefined;
      keep(useClew.getState().document, keepDocument);
    };
    tabs.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      // What was typed here just now is saved in a moment, and goes to the other tab.
      if (useClew.getState().document !== saved) return;
      void takeOver(data, (document) => (saved = document));
    });
    const stop = useClew.subscribe((state, before) => {
      if (state.document === before.document) return;
      // What was changed last in a document is kept before another takes its place.
      if (state.document?.id !== before.document?.id) keep(before.document, keepAside);
      timer ??= setTimeout(save, AUTOSAVE_MILLISECONDS);
    });
    window.addEventListener("pagehide", save);
    return () => {
      stop();
      clearTimeout(timer);
      tabs.close();
      window.removeEventListener("pagehide", save);
    };
  }, []);
}

/** Another tab saved this tab's document: its text and steps are shown here too, at the step that is open here. */
async function takeOver(id: unknown, saved: (document: ClewDocument) => void): Promise<void> {
  const before = useClew.getState().document;
  if (before === undefined || before.id !== id) return;
  const kept = await keptDocument(before.id);
  const { document, followTab } = useClew.getState();
  if (kept === undefined || document !== before) return;
  const at = Math.min(document.at, kept.source.steps.length);
  const same = JSON.stringify(kept.source) === JSON.stringify(document.source);
  const next = { ...kept, at, source: same ? document.source : kept.source };
  saved(next);
  followTab(next);
}
