import type { StoreApi } from "zustand";
import type { Span } from "../../program/diagnostic.ts";
import type { ProgramView } from "../../workers/workspaceApi.ts";
import { lightText } from "../derivation/touchedText.ts";
import type { ClewState } from "../store/clewState.ts";
import { focusedOfferView, marks, shownView } from "../store/selectors.ts";
import { componentZones } from "./componentZones.ts";
import { setEditorHandle } from "./editorCommands.ts";
import { DEDALUS } from "./dedalusLanguage.ts";
import { registerLanguageFeatures } from "./languageFeatures.ts";
import { monaco } from "./monaco.ts";
import { deploymentAfter } from "./renamedTexts.ts";
import { RulePainter } from "./rulePainter.ts";
import { shownText } from "./shownText.ts";
import { offerWord } from "./offerWord.ts";

type Editor = ReturnType<typeof monaco.editor.create>;
type Model = ReturnType<typeof monaco.editor.createModel>;

/** Ctrl M, as Monaco counts it for all its editors; it tells nobody. */
let tabMoves = false;

/** Models outlive the editor: an edit can be undone after a change of mode. */
const models = new Map<string, Model>();

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
    registerLanguageFeatures(store),
    lightText(editor, store),
    disposer(editor.onDidChangeModelContent(() => session.typed())),
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
  private zoneIds: string[] = [];
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
    const view = this.currentView(state);
    if (view === undefined) return;
    if (before === undefined || paints(state, before)) this.paint(state, view);
    if (view !== this.zonesOf) {
      this.zoneIds = componentZones(
        this.editor,
        view,
        this.zoneIds,
        (span) => this.rangeOf(span).startLineNumber,
      );
      this.zonesOf = view;
      this.mark(view);
    }
    if (before !== undefined && state.revealInText !== before.revealInText)
      this.reveal(state, view);
  }

  stop(): void {
    this.painter.stop();
  }

  /** Editor to store. */
  typed(): void {
    if (this.programmatic) return;
    const text = this.editor.getModel()?.getValue();
    const state = this.store.getState();
    if (text === undefined || text === shownText(state)?.text) return;
    const { document } = state;
    if (document?.at === 0) {
      const { deployment = null } = document.source;
      state.editBase(text, deploymentAfter({ text: document.source.text, deployment }, text));
    } else state.editByHand(text);
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
        ? spans.some((span) => touches(rule.span, span))
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
    const range = this.rangeOf(span);
    this.editor.revealRangeInCenterIfOutsideViewport(range);
    this.editor.setPosition({ lineNumber: range.startLineNumber, column: range.startColumn });
    this.editor.focus();
  }

  applyFix(fix: {
    readonly edits: readonly { readonly span: Span; readonly text: string }[];
  }): void {
    this.editor.pushUndoStop();
    this.editor.executeEdits(
      "fix",
      fix.edits.map(({ span, text }) => ({ range: this.rangeOf(span), text })),
    );
    this.editor.focus();
  }

  private showText(state: ClewState): void {
    const shown = shownText(state);
    if (shown === undefined) return;
    let model = models.get(shown.key);
    this.programmatic = true;
    try {
      if (model === undefined) {
        model = monaco.editor.createModel(shown.text, DEDALUS);
        model.setEOL(monaco.editor.EndOfLineSequence.LF);
        model.updateOptions({
          tabSize: 2,
          bracketColorizationOptions: { enabled: false, independentColorPoolPerBracketType: false },
        });
        models.set(shown.key, model);
      } else if (model.getValue() !== shown.text) {
        model.setValue(shown.text);
      }
      if (this.editor.getModel() !== model) {
        this.editor.setModel(model);
        this.zoneIds = [];
        this.zonesOf = undefined;
      }
      this.editor.updateOptions({ readOnly: !shown.editable });
    } finally {
      this.programmatic = false;
    }
  }

  /** The program view, when it is of exactly the text in the editor: spans fit nothing else. */
  private currentView(state: ClewState): ProgramView | undefined {
    const view = shownView(state);
    return view !== undefined && view.text === this.editor.getModel()?.getValue()
      ? view
      : undefined;
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
    if (model === null) return;
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

  private reveal(state: ClewState, view: ProgramView): void {
    const rule = view.rules.find((r) => state.selectedRules.has(r.id));
    if (rule !== undefined)
      this.editor.revealRangeInCenterIfOutsideViewport(this.rangeOf(rule.span));
  }

  private rangeOf(span: Span): InstanceType<typeof monaco.Range> {
    const model = this.editor.getModel()!;
    return monaco.Range.fromPositions(
      model.getPositionAt(span.start),
      model.getPositionAt(span.end),
    );
  }
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

function touches(span: Span, selection: Span): boolean {
  return selection.start <= span.end && selection.end >= span.start;
}

function disposer(disposable: { dispose(): void }): () => void {
  return () => disposable.dispose();
}
