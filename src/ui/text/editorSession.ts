import type { StoreApi } from "zustand";
import type { Span } from "../../program/diagnostic.ts";
import type { IncludedFile } from "../../program/programFiles.ts";
import { ruleSpan } from "../../workers/rulePlaces.ts";
import type { DocumentSource, ProgramView } from "../../workers/workspaceApi.ts";
import { lightText } from "../derivation/touchedText.ts";
import type { ClewDocument } from "../store/clewDocument.ts";
import type { ClewState } from "../store/clewState.ts";
import { focusedOfferView, marks, shownView } from "../store/selectors.ts";
import { changeBase, isChangingBase } from "./baseChange.ts";
import { componentZones, NO_ZONES } from "./componentZones.ts";
import { setEditorHandle } from "./editorCommands.ts";
import { fileOfRule, viewOfFile } from "./fileViews.ts";
import { DEDALUS } from "./dedalusLanguage.ts";
import { registerLanguageFeatures } from "./languageFeatures.ts";
import { language, languageText } from "./languageWorker.ts";
import { monaco } from "./monaco.ts";
import { monacoRange } from "./monacoShapes.ts";
import { focusRenameBox } from "./renameBox.ts";
import { RulePainter } from "./rulePainter.ts";
import { shownFile, showFile, useShownFile } from "./shownFile.ts";
import { shownText } from "./shownText.ts";
import { fileOf, modelOf, textOf } from "./textModels.ts";
import { offerWord } from "./offerWord.ts";

type Editor = ReturnType<typeof monaco.editor.create>;

/** Monaco knows it by this name only, and overrules what a model says of it when an editor's options change. */
const NO_BRACKET_COLOURS = { "bracketPairColorization.enabled": false };
/** In longer texts the bracket that belongs to the one at the cursor is not shown. */
const MOST_WITH_BRACKETS = 50_000;

/** Ctrl M, as Monaco counts it for all its editors; it tells nobody. */
let tabMoves = false;

/** Ties a new editor to the store both ways; returns what ends it. */
export function startEditor(
  host: HTMLElement,
  store: Pick<StoreApi<ClewState>, "getState" | "subscribe">,
  onTabMoves: (moves: boolean) => void,
): () => void {
  const editor = monaco.editor.create(host, {
    model: null,
    ariaLabel: "Program text. Press Ctrl M to leave with Tab.",
    fontFamily: "JetBrains Mono, DejaVu Sans Mono, monospace",
    fontLigatures: false,
    fontSize: 12,
    lineHeight: 20,
    minimap: { enabled: false },
    scrollBeyondLastLine: false,
    automaticLayout: true,
    wordWrap: "on",
    wrappingIndent: "deepIndent",
    lineNumbersMinChars: 3,
    lineDecorationsWidth: 26,
    lightbulb: { enabled: monaco.editor.ShowLightbulbIconMode.Off },
    scrollbar: { verticalScrollbarSize: 10, horizontal: "hidden" },
    glyphMargin: false,
    folding: true,
    renderLineHighlight: "none",
    renderWhitespace: "none",
    overviewRulerLanes: 1,
    overviewRulerBorder: false,
    guides: { indentation: false },
    padding: { top: 4, bottom: 8 },
    tabSize: 2,
    occurrencesHighlight: "off",
    ...NO_BRACKET_COLOURS,
    "semanticHighlighting.enabled": true,
    inlayHints: { enabled: "offUnlessPressed", fontSize: 11 },
    suggest: { showWords: false },
    wordBasedSuggestions: "off",
    fixedOverflowWidgets: true,
    accessibilitySupport: "auto",
  });
  const session = new EditorSession(editor, store);
  const stops = [
    store.subscribe((state, before) => session.update(state, before)),
    useShownFile.subscribe(() => session.update(store.getState(), undefined)),
    registerLanguageFeatures(store),
    lightText(editor, store),
    focusRenameBox(editor),
    disposer(
      editor.onDidChangeModelContent((event) => {
        if (movesLines(event)) session.linesMoved();
        session.typed();
      }),
    ),
    disposer(
      editor.onDidChangeCursorSelection((event) => session.cursorMoved(event.reason, event.source)),
    ),
    disposer(
      editor.onKeyDown((event) => {
        if (event.ctrlKey && event.keyCode === monaco.KeyCode.KeyM) {
          tabMoves = !tabMoves;
          onTabMoves(tabMoves);
        }
        if ((event.ctrlKey || event.metaKey) && event.keyCode === monaco.KeyCode.KeyZ) {
          if (!session.undoOutOfText(event.shiftKey)) return;
          // Monaco would undo in the text that is shown now.
          event.preventDefault();
          event.stopPropagation();
        }
      }),
    ),
  ];
  onTabMoves(tabMoves);
  setEditorHandle({
    goTo: (span) => session.goTo(span),
    applyFix: (fix) => session.applyFix(fix),
    changeBase,
  });
  session.update(store.getState(), undefined);
  return () => {
    setEditorHandle(undefined);
    for (const stop of stops) stop();
    session.stop();
    editor.dispose();
  };
}

class EditorSession {
  private readonly editor: Editor;
  private readonly store: Pick<StoreApi<ClewState>, "getState">;
  private readonly painter: RulePainter;
  private zones = NO_ZONES;
  private zonesOf: ProgramView | undefined;
  private programmatic = false;

  constructor(editor: Editor, store: Pick<StoreApi<ClewState>, "getState">) {
    this.editor = editor;
    this.store = store;
    this.painter = new RulePainter(editor);
  }

  /** Store to editor. */
  update(state: ClewState, before: ClewState | undefined): void {
    this.showText(state);
    if (before === undefined || state.replay !== before.replay) void this.markFile();
    const view = this.currentView(state);
    if (view === undefined) return;
    if (before === undefined || paints(state, before)) this.paint(state, view);
    if (view !== this.zonesOf) {
      this.zones = componentZones(
        this.editor,
        view,
        this.zones,
        (span) => this.rangeOf(span).startLineNumber,
      );
      this.zonesOf = view;
      this.mark(view);
    }
    if (before !== undefined && state.revealInText !== before.revealInText) this.reveal(state);
  }

  stop(): void {
    this.painter.stop();
  }

  /** Monaco moves zones with the lines, but not back to where they were when lines go and come again. */
  linesMoved(): void {
    this.zones = { ...this.zones, shown: "" };
  }

  /** Editor to store. */
  typed(): void {
    if (this.programmatic || isChangingBase()) return;
    const model = this.editor.getModel();
    const text = model === null ? undefined : textOf(model);
    const state = this.store.getState();
    if (text === undefined || text === shownText(state)?.text) return;
    const { document } = state;
    const file = document && shownFile(document);
    if (document !== undefined && file !== undefined) {
      this.store.getState().editBase(document.source.text, {
        includes: withText(document.source, { ...file, text }),
      });
    } else if (document?.at === 0) state.editBase(text);
    else state.editByHand(text);
  }

  cursorMoved(reason: number, source: string): void {
    const state = this.store.getState();
    const view = this.currentView(state);
    if (this.programmatic || view === undefined) return;
    if (source !== "mouse" && reason !== monaco.editor.CursorChangeReason.Explicit) return;
    const model = this.editor.getModel();
    if (model === null) return;
    const spans = (this.editor.getSelections() ?? []).map((selection) => ({
      start: model.getOffsetAt(selection.getStartPosition()),
      end: model.getOffsetAt(selection.getEndPosition()),
    }));
    const component = view.components.find(
      (c) => spans.length === 1 && touches(c.nameSpan, spans[0]!),
    );
    const rules = view.rules.filter((rule) =>
      component === undefined
        ? spans.some((span) => touches(withEnd(ruleSpan(view, rule), view.text), span))
        : rule.component === component.name,
    );
    state.select({ rules: rules.map((rule) => rule.id) }, "replace", "text");
  }

  /** When the text has nothing left to undo, undo walks the derivation. True when it did. */
  undoOutOfText(redo: boolean): boolean {
    const model = this.editor.getModel();
    const state = this.store.getState();
    if (model === null || (redo ? model.canRedo() : model.canUndo())) return false;
    if (redo) state.redo();
    else state.undo();
    return true;
  }

  goTo(span: Span): void {
    this.showBase();
    const { document } = this.store.getState();
    const included = document && includedAt(document, span);
    // What is said of an include is about that file where it is here.
    if (document !== undefined && included !== undefined) {
      showFile(document, included);
      return this.editor.focus();
    }
    const range = this.rangeOf(span);
    this.editor.revealRangeInCenterIfOutsideViewport(range);
    this.editor.setPosition({ lineNumber: range.startLineNumber, column: range.startColumn });
    this.editor.focus();
  }

  applyFix(fix: {
    readonly edits: readonly { readonly span: Span; readonly text: string }[];
  }): void {
    this.showBase();
    this.editor.pushUndoStop();
    this.editor.executeEdits(
      "fix",
      fix.edits.map(({ span, text }) => ({ range: this.rangeOf(span), text })),
    );
    this.editor.focus();
  }

  /** Spans that others know are the base's own. */
  private showBase(): void {
    const { document } = this.store.getState();
    if (document !== undefined) showFile(document, undefined);
  }

  /** What is wrong in an included file: the workspace says it where the file is included. */
  private async markFile(): Promise<void> {
    const model = this.editor.getModel();
    const file = model === null ? undefined : fileOf(model);
    if (model === null || file === undefined) return;
    const version = model.getVersionId();
    const source = languageText(this.store.getState(), textOf(model), file);
    const found = await language().call("problems", source);
    if (model.isDisposed() || model.getVersionId() !== version) return;
    monaco.editor.setModelMarkers(
      model,
      DEDALUS,
      found.map(({ range, message, severity, code }) => ({
        ...monacoRange(range),
        message: (typeof message === "string" ? message : message.value).replaceAll("`", ""),
        code: String(code),
        severity: LSP_SEVERITY[severity ?? 1],
      })),
    );
  }

  private showText(state: ClewState): void {
    const shown = shownText(state);
    if (shown === undefined) return;
    this.programmatic = true;
    try {
      const model = modelOf(shown);
      if (this.editor.getModel() !== model) {
        this.editor.setModel(model);
        this.zones = NO_ZONES;
        this.zonesOf = undefined;
      }
      this.editor.updateOptions({
        readOnly: !shown.editable,
        // Monaco parses all brackets of the text again after each key, on the page's thread.
        matchBrackets: shown.text.length <= MOST_WITH_BRACKETS ? "always" : "never",
      });
    } finally {
      this.programmatic = false;
    }
  }

  /** The program view, when it is of exactly the text in the editor: spans fit nothing else. */
  private currentView(state: ClewState): ProgramView | undefined {
    const model = this.editor.getModel();
    const view = shownView(state);
    if (model === null || view === undefined) return undefined;
    const file = fileOf(model);
    const own = file === undefined ? view : viewOfFile(view, file);
    return own?.text === textOf(model) ? own : undefined;
  }

  private paint(state: ClewState, view: ProgramView): void {
    const offer = focusedOfferView(state);
    this.painter.paint({
      view,
      selected: state.selectedRules,
      marks: marks(state),
      verdicts: state.ruleVerdicts,
      focused: offer === undefined ? undefined : offerWord(offer),
      toRange: (span) => this.rangeOf(span),
    });
  }

  private mark(view: ProgramView): void {
    const model = this.editor.getModel();
    // An included file is marked by what is said of it alone.
    if (model === null || fileOf(model) !== undefined) return;
    const severity = {
      error: monaco.MarkerSeverity.Error,
      warning: monaco.MarkerSeverity.Warning,
      information: monaco.MarkerSeverity.Info,
    };
    monaco.editor.setModelMarkers(
      model,
      DEDALUS,
      view.diagnostics.map((diagnostic) => ({
        ...this.rangeOf(diagnostic.span),
        severity: severity[diagnostic.severity],
        message: diagnostic.message.replaceAll("`", ""),
        code: diagnostic.code,
        relatedInformation: (diagnostic.related ?? []).map((related) => ({
          ...this.rangeOf(related.span),
          resource: model.uri,
          message: related.message,
        })),
      })),
    );
  }

  private reveal(state: ClewState): void {
    const rule = shownView(state)?.rules.find((r) => state.selectedRules.has(r.id));
    const { document } = state;
    if (rule === undefined || document === undefined) return;
    if (document.at === 0) showFile(document, fileOfRule(shownView(state), rule));
    const view = this.currentView(state);
    if (view?.rules.some(({ id }) => id === rule.id))
      this.editor.revealRangeInCenterIfOutsideViewport(this.rangeOf(ruleSpan(view, rule)));
  }

  private rangeOf(span: Span): InstanceType<typeof monaco.Range> {
    const model = this.editor.getModel()!;
    return monaco.Range.fromPositions(
      model.getPositionAt(span.start),
      model.getPositionAt(span.end),
    );
  }
}

function movesLines({ changes }: { readonly changes: readonly LineChange[] }): boolean {
  return changes.some(
    ({ range, text }) => range.startLineNumber !== range.endLineNumber || text.includes("\n"),
  );
}

interface LineChange {
  readonly range: { readonly startLineNumber: number; readonly endLineNumber: number };
  readonly text: string;
}

const LSP_SEVERITY = {
  1: monaco.MarkerSeverity.Error,
  2: monaco.MarkerSeverity.Warning,
  3: monaco.MarkerSeverity.Info,
  4: monaco.MarkerSeverity.Hint,
} as const;

/** The files that a base includes, one of them with a new text. */
function withText(
  { includes = [] }: DocumentSource,
  changed: IncludedFile,
): readonly IncludedFile[] {
  return includes.map((file) => (file.name === changed.name ? changed : file));
}

/** The file that the base includes at a place, where it has it. */
function includedAt({ at, source }: ClewDocument, { start, end }: Span): string | undefined {
  const path = /^include\s*"(.*)"$/.exec(source.text.slice(start, end))?.[1];
  const name = path?.slice(path.lastIndexOf("/") + 1);
  return at === 0 && source.includes?.some((file) => file.name === name) ? name : undefined;
}

/** Whether anything that is painted has changed. */
function paints(state: ClewState, before: ClewState): boolean {
  return (
    state.replay !== before.replay ||
    state.document !== before.document ||
    state.selectedRules !== before.selectedRules ||
    state.offers !== before.offers ||
    state.focusedOffer !== before.focusedOffer ||
    state.ruleVerdicts !== before.ruleVerdicts
  );
}

/** With what ends it: the cursor behind a rule is at it. */
function withEnd({ start, end }: Span, text: string): Span {
  return { start, end: end + (/^[ \t]*[.;]/.exec(text.slice(end, end + 8))?.[0].length ?? 0) };
}

function touches(span: Span, selection: Span): boolean {
  return selection.start <= span.end && selection.end >= span.start;
}

function disposer(disposable: { dispose(): void }): () => void {
  return () => disposable.dispose();
}
