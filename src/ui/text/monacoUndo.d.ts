/** Monaco ships these without types: where its editors keep what can be undone. */
declare module "monaco-editor/platform/undoRedo/common/undoRedo.js" {
  import type { Uri } from "monaco-editor/editor/editor.api.js";

  interface Element {
    readonly label: string;
    readonly code: string;
    undo(): void;
    redo(): void;
  }
  export interface ResourceElement extends Element {
    readonly type: 0;
    readonly resource: Uri;
  }
  export interface WorkspaceElement extends Element {
    readonly type: 1;
    readonly resources: readonly Uri[];
    /** Asks the user whether all or this one is meant wherever it is a function. */
    readonly split?: (() => readonly ResourceElement[]) | undefined;
  }
  export interface UndoRedoService {
    pushElement(element: ResourceElement | WorkspaceElement): void;
  }
  export const IUndoRedoService: { readonly serves: UndoRedoService };
}

declare module "monaco-editor/editor/standalone/browser/standaloneServices.js" {
  export const StandaloneServices: {
    get<Service>(id: { readonly serves: Service }): Service;
  };
}
