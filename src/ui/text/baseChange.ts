import { StandaloneServices } from "monaco-editor/editor/standalone/browser/standaloneServices.js";
import { IUndoRedoService } from "monaco-editor/platform/undoRedo/common/undoRedo.js";
import type {
  ResourceElement,
  WorkspaceElement,
} from "monaco-editor/platform/undoRedo/common/undoRedo.js";
import type { editor } from "monaco-editor/editor/editor.api.js";
import type { TextEdit } from "vscode-languageserver-types";
import type { DocumentSource } from "../../workers/workspaceApi.ts";
import { clewStore } from "../store/clewStore.ts";
import { lspRange, monacoEdit } from "./monacoShapes.ts";
import { baseText } from "./shownText.ts";
import { modelOf } from "./textModels.ts";

type Model = ReturnType<typeof modelOf>;
type Along = Partial<Pick<DocumentSource, "deployment" | "includes" | "dialect" | "fileName">>;

/** A change of one or more of the base's files, and of what goes along with them: undone as one. */
export interface BaseChange {
  readonly label: string;
  readonly files: readonly {
    /** One that the base includes; undefined for its own text. */
    readonly file: string | undefined;
    readonly edits: readonly TextEdit[];
  }[];
  readonly along: Along;
}

let changing = false;

/** Whether the text changes because of a change that tells the store by itself. */
export function isChangingBase(): boolean {
  return changing;
}

/** Does it, so that one undo in any of the files takes all of it back. */
export function changeBase(change: BaseChange): void {
  const { document } = clewStore.getState();
  const undone = document && UndoneAsOne.of(document.id, change);
  if (undone !== undefined) StandaloneServices.get(IUndoRedoService).pushElement(undone);
}

/** What Monaco keeps in the histories of all its files. Undo and redo are one thing: each does what takes the last back. */
class UndoneAsOne implements WorkspaceElement {
  readonly type = 1;
  readonly label: string;
  readonly code = "base-change";
  readonly resources: readonly Model["uri"][];
  readonly #document: string;
  readonly #models: readonly Model[];
  #next: BaseChange;
  /** What `along` was set to, and the texts' versions then. */
  #set: Along;
  #versions: readonly number[];

  /** Undefined where there is nothing to change. */
  static of(document: string, change: BaseChange): UndoneAsOne | undefined {
    const models = change.files.flatMap(({ file }) => modelOfFile(document, file) ?? []);
    for (const model of models) model.pushStackElement();
    const back = models.length === 0 ? undefined : applied(document, change, {});
    return back && new UndoneAsOne(document, models, back, change.along);
  }

  private constructor(document: string, models: readonly Model[], next: BaseChange, set: Along) {
    this.label = next.label;
    this.resources = models.map((model) => model.uri);
    this.#document = document;
    this.#models = models;
    this.#next = next;
    this.#set = set;
    this.#versions = versions(models);
  }

  undo(): void {
    const { along } = this.#next;
    this.#next = applied(this.#document, this.#next, this.#set) ?? this.#next;
    this.#set = along;
    this.#versions = versions(this.#models);
  }

  redo(): void {
    this.undo();
  }

  /** Where a file has changed since, each is taken back by itself; else Monaco would ask every time. */
  get split(): (() => readonly ResourceElement[]) | undefined {
    const now = versions(this.#models);
    if (now.every((version, i) => version === this.#versions[i])) return undefined;
    return () => this.#models.map((model, i) => this.#part(model, i));
  }

  #part(model: Model, index: number): ResourceElement {
    const document = this.#document;
    let next: BaseChange = { ...this.#next, files: [this.#next.files[index]!], along: {} };
    const undo = (): void => {
      next = applied(document, next, {}) ?? next;
    };
    return { type: 0, resource: model.uri, label: this.label, code: this.code, undo, redo: undo };
  }
}

function versions(models: readonly Model[]): readonly number[] {
  return models.map((model) => model.getAlternativeVersionId());
}

/**
 * Changes texts and document; returns what takes it back. What goes along stays where it is no longer as the change
 * before this one had `set` it.
 */
function applied(id: string, change: BaseChange, set: Along): BaseChange | undefined {
  const { document, editBase } = clewStore.getState();
  if (document?.id !== id) return undefined;
  const { source } = document;
  const texts = new Map<string | undefined, string>();
  changing = true;
  let back: BaseChange["files"];
  try {
    back = change.files.map(({ file, edits }) => {
      const model = modelOfFile(id, file);
      const undone = model?.applyEdits(edits.map(monacoEdit), true) ?? [];
      if (model !== undefined) texts.set(file, model.getValue());
      return { file, edits: undone.map(lspEdit) };
    });
  } finally {
    changing = false;
  }
  const keys = Object.keys(change.along) as (keyof Along)[];
  const kept = keys.filter((key) => !(key in set) || same(source[key], set[key]));
  const pick = (from: Along): Along => Object.fromEntries(kept.map((key) => [key, from[key]]));
  const includes = source.includes?.map((each) => ({
    ...each,
    text: texts.get(each.name) ?? each.text,
  }));
  editBase(texts.get(undefined) ?? source.text, { includes, ...pick(change.along) });
  return { ...change, files: back, along: pick(source) };
}

function lspEdit({ range, text }: editor.IIdentifiedSingleEditOperation): TextEdit {
  return { range: lspRange(range), newText: text ?? "" };
}

function modelOfFile(id: string, file: string | undefined): Model | undefined {
  const { document } = clewStore.getState();
  const text = document?.id === id ? baseText(document, file) : undefined;
  return text && modelOf(text);
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
