import type { StoreApi } from "zustand";
import type { Span } from "../../program/diagnostic.ts";
import type { ProgramView, RelationView } from "../../workers/workspaceApi.ts";
import { relationSentence } from "../inspector/relationSentence.ts";
import { focusPanel } from "../shell/panels.ts";
import type { ClewState } from "../store/clewState.ts";
import { shownView } from "../store/selectors.ts";
import { DEDALUS } from "./dedalusLanguage.ts";
import { monaco } from "./monaco.ts";

type Store = Pick<StoreApi<ClewState>, "getState">;
type Model = NonNullable<ReturnType<ReturnType<typeof monaco.editor.create>["getModel"]>>;

const FOCUS_OFFER = "clew.focusOffer";

/** Hover, completion, quick fixes and rewrites under Ctrl+. ; all from what the worker has said. */
export function registerLanguageFeatures(store: Store): () => void {
  const parts = [
    monaco.editor.registerCommand(FOCUS_OFFER, (_accessor, key: string) => {
      store.getState().showInspectorTab("rewrites");
      store.getState().focusOffer(key);
      focusPanel("inspector");
    }),
    monaco.languages.registerHoverProvider(DEDALUS, {
      provideHover: (model, position) => hover(store, model, position),
    }),
    monaco.languages.registerCompletionItemProvider(DEDALUS, {
      provideCompletionItems: (model, position) => completions(store, model, position),
    }),
    monaco.languages.registerCodeActionProvider(DEDALUS, {
      provideCodeActions: (model, range) => ({
        actions: actions(store, model, range),
        dispose: () => {},
      }),
    }),
  ];
  return () => parts.forEach((part) => part.dispose());
}

function viewOf(store: Store, model: Model): ProgramView | undefined {
  const view = shownView(store.getState());
  return view?.text === model.getValue() ? view : undefined;
}

function hover(
  store: Store,
  model: Model,
  position: InstanceType<typeof monaco.Position>,
): { contents: { value: string }[] } | null {
  const view = viewOf(store, model);
  const word = model.getWordAtPosition(position);
  const relation = view?.relations.find((r) => r.name === word?.word);
  if (view === undefined || relation === undefined) return null;
  return {
    contents: [
      { value: `**${signature(relation)}**` },
      { value: relationSentence(relation, view) },
    ],
  };
}

function signature(relation: RelationView): string {
  return `${relation.name}(${relation.attributes.map((a) => a.name).join(", ")})`;
}

function completions(
  store: Store,
  model: Model,
  position: InstanceType<typeof monaco.Position>,
): { suggestions: monaco.languages.CompletionItem[] } {
  const view = shownView(store.getState());
  const word = model.getWordUntilPosition(position);
  const range = new monaco.Range(
    position.lineNumber,
    word.startColumn,
    position.lineNumber,
    word.endColumn,
  );
  const relations = (view?.relations ?? []).map((relation) => ({
    label: relation.name,
    detail: signature(relation),
    kind:
      relation.kind === "func" || relation.kind === "builtin"
        ? monaco.languages.CompletionItemKind.Function
        : monaco.languages.CompletionItemKind.Variable,
    insertText: signature(relation),
    range,
  }));
  const words = [
    "component",
    "next",
    "async",
    "count",
    "sum",
    "min",
    "max",
    "collect",
    "self",
    "tick",
  ].map((keyword) => ({
    label: keyword,
    kind: monaco.languages.CompletionItemKind.Keyword,
    insertText: keyword,
    range,
  }));
  return { suggestions: [...relations, ...words] };
}

function actions(
  store: Store,
  model: Model,
  range: InstanceType<typeof monaco.Range>,
): monaco.languages.CodeAction[] {
  const view = viewOf(store, model);
  if (view === undefined) return [];
  const toRange = (span: Span): InstanceType<typeof monaco.Range> =>
    monaco.Range.fromPositions(model.getPositionAt(span.start), model.getPositionAt(span.end));
  const fixes = view.diagnostics
    .filter(
      (d) => d.fix !== undefined && monaco.Range.areIntersectingOrTouching(toRange(d.span), range),
    )
    .map((d) => ({
      title: d.fix!.title.replaceAll("`", ""),
      kind: "quickfix",
      isPreferred: true,
      edit: {
        edits: d.fix!.edits.map((edit) => ({
          resource: model.uri,
          versionId: model.getVersionId(),
          textEdit: { range: toRange(edit.span), text: edit.text },
        })),
      },
    }));
  const rewrites = store.getState().offers.map((offer) => ({
    title: `${offer.title}: ${VERDICT_WORDS[offer.verdict]}`,
    kind: "refactor.rewrite",
    command: { id: FOCUS_OFFER, title: offer.title, arguments: [offer.key] },
  }));
  return [...fixes, ...rewrites];
}

const VERDICT_WORDS = {
  holds: "applies",
  lockstep: "lock-step only",
  violated: "refused",
} as const;
