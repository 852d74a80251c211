import type { Fix, Span } from "../../program/diagnostic.ts";
import type { RenamedFile } from "../../workers/languageApi.ts";

/** What other views may ask of the editor, once it is there. */
export interface EditorHandle {
  goTo(span: Span): void;
  applyFix(fix: Fix): void;
  /** Changes several of the base's files at once, and with them the deployment where it is given. */
  changeFiles(files: readonly RenamedFile[], along: { readonly deployment?: unknown }): void;
}

let handle: EditorHandle | undefined;

/** The mounted editor announces itself; `undefined` when it goes. */
export function setEditorHandle(next: EditorHandle | undefined): void {
  handle = next;
}

export function goTo(span: Span): void {
  handle?.goTo(span);
}

export function applyFix(fix: Fix): void {
  handle?.applyFix(fix);
}

export function changeFiles(...[files, along]: Parameters<EditorHandle["changeFiles"]>): void {
  handle?.changeFiles(files, along);
}
