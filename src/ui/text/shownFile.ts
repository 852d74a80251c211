import { create } from "zustand";
import type { IncludedFile } from "../../program/programFiles.ts";
import type { ClewDocument } from "../store/clewDocument.ts";

/** Which of the files that the base includes the editor shows, and of which document; else it shows the text itself. */
export const useShownFile = create<{
  readonly document: string | undefined;
  readonly name: string | undefined;
}>(() => ({ document: undefined, name: undefined }));

export function showFile(document: ClewDocument, name: string | undefined): void {
  const shown = useShownFile.getState();
  if (shown.document === document.id && shown.name === name) return;
  useShownFile.setState({ document: document.id, name });
}

/** Undefined while the text itself is shown, and at later steps, which are programs of their own. */
export function shownFile(document: ClewDocument): IncludedFile | undefined {
  const shown = useShownFile.getState();
  if (document.at > 0 || shown.document !== document.id) return undefined;
  return document.source.includes?.find(({ name }) => name === shown.name);
}
