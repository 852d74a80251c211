import type { CodeAction as Fix } from "vscode-languageserver-types";
import type { IDisposable, languages, Range } from "monaco-editor/editor/editor.api.js";
import { fileUri } from "../../workers/languageApi.ts";
import type { OfferView } from "../../workers/workspaceApi.ts";
import { focusPanel } from "../shell/panels.ts";
import { shownView } from "../store/selectors.ts";
import { DEDALUS } from "./dedalusLanguage.ts";
import { about } from "./languageQuestion.ts";
import type { Model, Store } from "./languageQuestion.ts";
import { language } from "./languageWorker.ts";
import { monaco } from "./monaco.ts";
import { lspRange, monacoEdit } from "./monacoShapes.ts";
import { fileOf, textOf } from "./textModels.ts";

const FOCUS_OFFER = "clew.focusOffer";
const APPLY_OFFER = "clew.applyOffer";
/** Longer than this nobody waits for a menu. */
const MOST_MILLISECONDS = 3000;

/**
 * Fixes and rewrites under Ctrl+. ; the rewrites are the inspector's own offers for what is selected. One that applies is
 * applied as a step; of the others the card is shown, with its reason, its culprits and its waiver.
 */
export function registerCodeActions(store: Store): readonly IDisposable[] {
  const offer = (key: string): OfferView | undefined =>
    store.getState().offers.find((each) => each.key === key);
  return [
    monaco.editor.registerCommand(FOCUS_OFFER, (_accessor, key: string) => {
      store.getState().showInspectorTab("rewrites");
      store.getState().focusOffer(key);
      focusPanel("inspector");
    }),
    monaco.editor.registerCommand(APPLY_OFFER, (_accessor, key: string) => {
      const chosen = offer(key);
      if (chosen !== undefined) void store.getState().applyOffer(requestOf(chosen));
    }),
    monaco.languages.registerCodeActionProvider(DEDALUS, {
      provideCodeActions: (model, range, _context, token) => {
        const actions = codeActions(store, model, range);
        taken = actions.then(
          () => !token.isCancellationRequested,
          () => true,
        );
        return actions;
      },
    }),
  ];
}

let taken: Promise<boolean> = Promise.resolve(true);

/** Whether Monaco still wanted the actions that it asked for last when they were there. */
export function actionsTaken(): Promise<boolean> {
  return taken;
}

async function codeActions(
  store: Store,
  model: Model,
  range: Range,
): Promise<languages.CodeActionList> {
  const question = { source: about(store, model), range: lspRange(range) };
  const fixes = await language().call("fixes", question);
  await offersSettled(store);
  return {
    actions: [...fixes.flatMap((fix) => fixAction(model, fix)), ...rewrites(store, model)],
    dispose: () => undefined,
  };
}

function fixAction(model: Model, fix: Fix): languages.CodeAction[] {
  const { [fileUri(fileOf(model))]: edits, ...elsewhere } = fix.edit?.changes ?? {};
  if (edits === undefined || Object.keys(elsewhere).length > 0) return [];
  return [
    {
      title: fix.title,
      kind: "quickfix",
      isPreferred: fix.isPreferred ?? false,
      edit: {
        edits: edits.map((edit) => ({
          resource: model.uri,
          versionId: model.getVersionId(),
          textEdit: monacoEdit(edit),
        })),
      },
    },
  ];
}

/** Offers follow the cursor a moment later: whoever is quick with the keys gets them too. */
export function offersSettled(store: Store): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      clearTimeout(patience);
      stop();
      resolve();
    };
    const stop = store.subscribe((state) => {
      if (!state.offersStale) settle();
    });
    const patience = setTimeout(settle, MOST_MILLISECONDS);
    if (!store.getState().offersStale) settle();
  });
}

function rewrites(store: Store, model: Model): readonly languages.CodeAction[] {
  const state = store.getState();
  // Offers for an older text would be of other rules.
  if (shownView(state)?.text !== textOf(model) || state.offersStale) return [];
  return state.offers.map((offer) => {
    const command = { title: offer.title, arguments: [offer.key] };
    const applies = offer.verdict === "holds";
    return {
      title: applies ? `Apply ${offer.title}` : `${offer.title}: ${VERDICT_WORDS[offer.verdict]}`,
      kind: "refactor.rewrite",
      command: { id: applies ? APPLY_OFFER : FOCUS_OFFER, ...command },
    };
  });
}

const VERDICT_WORDS = { lockstep: "lock-step only", violated: "refused" } as const;

/** As the card would apply it untouched. */
function requestOf({ steps, defaultName, partitions }: OfferView) {
  return { steps, name: defaultName, ...(partitions === undefined ? {} : { partitions }) };
}
