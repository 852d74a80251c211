import type { IDisposable } from "monaco-editor/editor/editor.api.js";
import { semanticTokensLegend } from "../../language-server/semanticTokensLegend.ts";
import { DEDALUS } from "./dedalusLanguage.ts";
import { offersSettled } from "./codeActionProvider.ts";
import { about } from "./languageQuestion.ts";
import type { Store } from "./languageQuestion.ts";
import { language } from "./languageWorker.ts";
import { monaco } from "./monaco.ts";
import { lspRange, monacoPosition } from "./monacoShapes.ts";

/**
 * What words are, what folds, which places are the same name, and the hints that Ctrl Alt shows. While somebody types the
 * verdicts come first: both read the text, and there may be no more than two processors.
 */
export function registerPainting(store: Store): readonly IDisposable[] {
  return [
    monaco.languages.registerDocumentSemanticTokensProvider(DEDALUS, {
      getLegend: () => semanticTokensLegend,
      provideDocumentSemanticTokens: async (model) => {
        await offersSettled(store);
        return { data: await language().call("tokens", about(store, model)) };
      },
      releaseDocumentSemanticTokens: () => undefined,
    }),
    monaco.languages.registerFoldingRangeProvider(DEDALUS, {
      provideFoldingRanges: async (model) => {
        await offersSettled(store);
        const ranges = await language().call("folding", about(store, model));
        return ranges.map((range) => ({
          start: range.startLine + 1,
          end: range.endLine + 1,
          ...(range.kind === "comment" && { kind: monaco.languages.FoldingRangeKind.Comment }),
        }));
      },
    }),
    monaco.languages.registerInlayHintsProvider(DEDALUS, {
      provideInlayHints: async (model, range) => {
        await offersSettled(store);
        const question = { source: about(store, model), range: lspRange(range) };
        const hints = (await language().call("hints", question)).map((hint) => ({
          label: String(hint.label),
          position: monacoPosition(hint.position),
          paddingLeft: hint.paddingLeft ?? false,
          paddingRight: hint.paddingRight ?? false,
        }));
        return { hints, dispose: () => undefined };
      },
    }),
  ];
}
