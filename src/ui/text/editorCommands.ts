import type { Fix, Span } from "../../program/diagnostic.ts";
import type { BaseChange } from "./baseChange.ts";

/** What other views may ask of the editor, once it is there. */
export interface EditorHandle {
  goTo(span: Span): void;
  applyFix(fix: Fix): void;
  /** Changes the base's text and whatever goes along; one undo in the text takes all of it back. */
  changeBase(change: BaseChange): void;
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

/** Undefined while no editor is there. */
export function editorHandle(): EditorHandle | undefined {
  return handle;
}
