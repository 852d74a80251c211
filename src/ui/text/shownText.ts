import type { ClewDocument } from "../store/clewDocument.ts";
import type { ClewState } from "../store/clewState.ts";
import { shownStep, shownView } from "../store/selectors.ts";
import { shownFile } from "./shownFile.ts";

export interface ShownText {
  readonly text: string;
  /** Which of the document's texts it is: each keeps its own editing history. */
  readonly key: string;
  /** A broken step's text is that of the last program before it, and not for typing. */
  readonly editable: boolean;
  /** A file that the base includes, by its name. */
  readonly file?: string;
}

/** The text the editor must show: what the user typed at once, a rewrite's result when the worker has it. */
export function shownText(state: ClewState): ShownText | undefined {
  const { document } = state;
  if (document === undefined) return undefined;
  const { at, source, id } = document;
  if (at === 0) return baseText(document, shownFile(document)?.name);
  const key = `${id}/later`;
  const step = source.steps[at - 1];
  if (step?.rewrite === "by-hand") return { text: step.text, key, editable: true };
  const view = shownView(state);
  if (view === undefined || state.replayOf !== source) return undefined;
  return { text: view.text, key, editable: shownStep(state)?.broken === undefined };
}

/** The base's own text, or that of a file that it includes; undefined where there is no such file. */
export function baseText(
  { id, source }: ClewDocument,
  file: string | undefined,
): ShownText | undefined {
  if (file === undefined) return { text: source.text, key: `${id}/base`, editable: true };
  const text = source.includes?.find(({ name }) => name === file)?.text;
  return text === undefined ? undefined : { text, key: `${id}/file/${file}`, editable: true, file };
}
