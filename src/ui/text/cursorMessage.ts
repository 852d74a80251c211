import type { editor, IPosition } from "monaco-editor/editor/editor.api.js";
import type { Model } from "./languageQuestion.ts";
import { monaco } from "./monaco.ts";

/** Says a sentence over the text, at the cursor or another place: Monaco by itself would say it to the console only. */
export function sayAtCursor(model: Model, message: string, position?: IPosition): void {
  const shown = monaco.editor.getEditors().find((each) => each.getModel() === model);
  const at = position ?? shown?.getPosition();
  if (at == null) return;
  shown
    ?.getContribution<MessageContribution>("editor.contrib.messageController")
    ?.showMessage(plain(message), at);
}

interface MessageContribution extends editor.IEditorContribution {
  showMessage(message: string, position: IPosition): void;
}

export function plain(sentence: string): string {
  return sentence.replaceAll("`", "");
}
