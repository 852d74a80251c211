import type { IDisposable } from "monaco-editor/editor/editor.api.js";
import { actionsTaken, offersSettled } from "./codeActionProvider.ts";
import type { Store } from "./languageQuestion.ts";
import { monaco } from "./monaco.ts";

type CodeEditor = ReturnType<typeof monaco.editor.getEditors>[number];

const OPEN_MENU = "clew.codeActions";
/** So long after the cursor or the markers changed Monaco looks for a lightbulb. */
const LIGHTBULB_MILLISECONDS = 250;

/**
 * Ctrl+. for whoever is quick. When Monaco looks for a lightbulb, which is off here, it forgets what Ctrl+. asked of it and
 * shows nothing: the menu is opened after that, when the offers are there too, and again if new markers came meanwhile.
 */
export function registerCodeActionMenu(store: Store): readonly IDisposable[] {
  let changedAt = -Infinity;
  const change = (): void => {
    changedAt = performance.now();
  };
  const follow = (editor: CodeEditor): IDisposable => editor.onDidChangeCursorPosition(change);
  const quiet = async (): Promise<void> => {
    let left: number;
    do {
      left = changedAt + LIGHTBULB_MILLISECONDS - performance.now();
      // Through a timer also where the time is over: on a busy page Monaco's may be due and not have run.
      await new Promise((resolve) => setTimeout(resolve, Math.max(left, 0) + 1));
    } while (left > 0);
  };
  const open = async (): Promise<void> => {
    const editor = monaco.editor.getEditors().find((each) => each.hasTextFocus());
    if (editor === undefined) return;
    const asked = placeIn(editor);
    for (;;) {
      await offersSettled(store);
      await quiet();
      // Whoever typed on wants no menu any more.
      if (!editor.hasTextFocus() || placeIn(editor) !== asked) return;
      editor.trigger("keyboard", "editor.action.quickFix", {});
      if (await actionsTaken()) return;
    }
  };
  return [
    ...monaco.editor.getEditors().map(follow),
    monaco.editor.onDidCreateEditor((editor) => {
      if ("onDidChangeCursorPosition" in editor) follow(editor as CodeEditor);
    }),
    monaco.editor.onDidChangeMarkers(change),
    monaco.editor.registerCommand(OPEN_MENU, () => void open()),
    monaco.editor.addKeybindingRule({
      keybinding: monaco.KeyMod.CtrlCmd | monaco.KeyCode.Period,
      command: OPEN_MENU,
      when: "editorTextFocus && !editorReadonly",
    }),
  ];
}

function placeIn(editor: CodeEditor): string {
  return `${editor.getModel()?.getVersionId()} ${editor.getPosition()?.toString()}`;
}
