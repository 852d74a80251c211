import type { monaco } from "./monaco.ts";

/** How long after asking for the box Monaco gives it the keyboard (renameWidget's own delay), in ms. */
const DELAY = 100;

/**
 * Monaco gives the rename box the keyboard a fixed time after asking for it. A slow frame may show the box only then: a
 * hidden box takes no focus, and the new name is typed into the program. This gives it the keyboard once it is shown.
 */
export function focusRenameBox(editor: monaco.editor.IStandaloneCodeEditor): () => void {
  let wasShown = false;
  const observer = new MutationObserver(() => {
    const input = editor.getDomNode()?.querySelector<HTMLInputElement>("input.rename-input");
    const isShown = input != null && shows(input);
    if (isShown && !wasShown) setTimeout(() => take(input), DELAY);
    wasShown = isShown;
  });
  // Each model has a view of its own, and the box is moved there.
  const watch = (): void => {
    observer.disconnect();
    for (const layer of editor.getDomNode()?.querySelectorAll(".overflowingContentWidgets") ?? [])
      observer.observe(layer, { attributes: true, attributeFilter: ["style"], subtree: true });
  };
  const models = editor.onDidChangeModel(watch);
  watch();
  return () => {
    models.dispose();
    observer.disconnect();
  };
}

function take(input: HTMLInputElement): void {
  if (document.activeElement === input || !shows(input)) return;
  input.focus();
  input.select();
}

function shows(input: HTMLInputElement): boolean {
  return input.checkVisibility({ visibilityProperty: true });
}
