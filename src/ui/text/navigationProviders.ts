import type { DocumentSymbol, Hover, Location } from "vscode-languageserver-types";
import type { editor, IDisposable, languages } from "monaco-editor/editor/editor.api.js";
import { fileOfUri } from "../../workers/languageApi.ts";
import { DEDALUS } from "./dedalusLanguage.ts";
import { about } from "./languageQuestion.ts";
import type { Model, Store } from "./languageQuestion.ts";
import { language } from "./languageWorker.ts";
import { monaco } from "./monaco.ts";
import { lspPosition, monacoRange } from "./monacoShapes.ts";
import { showFile } from "./shownFile.ts";
import { baseText } from "./shownText.ts";
import { fileOf, modelOf } from "./textModels.ts";

/** Hover, definition (F12), references (Shift F12), the places of a name, symbols (Ctrl Shift O). */
export function registerNavigation(store: Store): readonly IDisposable[] {
  const at = (model: Model, position: InstanceType<typeof monaco.Position>) => ({
    source: about(store, model),
    position: lspPosition(position),
  });
  return [
    monaco.editor.registerEditorOpener(opener(store)),
    monaco.languages.registerHoverProvider(DEDALUS, {
      provideHover: async (model, position) =>
        monacoHover(await language().call("hover", at(model, position))),
    }),
    monaco.languages.registerDefinitionProvider(DEDALUS, {
      provideDefinition: async (model, position) =>
        locations(store, model, await language().call("definition", at(model, position))),
    }),
    monaco.languages.registerReferenceProvider(DEDALUS, {
      provideReferences: async (model, position) =>
        locations(store, model, await language().call("references", at(model, position))),
    }),
    monaco.languages.registerDocumentSymbolProvider(DEDALUS, {
      provideDocumentSymbols: async (model) =>
        (await language().call("symbols", about(store, model))).map(monacoSymbol),
    }),
  ];
}

function monacoHover(hover: Hover | null): languages.Hover | null {
  if (hover === null || typeof hover.contents === "string" || !("value" in hover.contents)) {
    return null;
  }
  return {
    contents: [{ value: hover.contents.value }],
    ...(hover.range && { range: monacoRange(hover.range) }),
  };
}

/** The server knows files by their names; which models they are, Monaco knows. */
function locations(store: Store, model: Model, found: readonly Location[]): languages.Location[] {
  const { document } = store.getState();
  return found.flatMap(({ uri, range }) => {
    const file = fileOfUri(uri);
    const text = file === fileOf(model) ? undefined : document && baseText(document, file);
    const other = text && modelOf(text);
    return [{ uri: (other ?? model).uri, range: monacoRange(range) }];
  });
}

/** A jump to a place in another of the base's files shows that file. */
function opener(store: Store): editor.ICodeEditorOpener {
  return {
    openCodeEditor: (source, resource, at) => {
      const { document } = store.getState();
      const target = monaco.editor.getModel(resource);
      if (document === undefined || target === null) return false;
      showFile(document, fileOf(target));
      if (source.getModel() !== target) return false;
      if (at !== undefined) {
        const range = monaco.Range.lift("lineNumber" in at ? monaco.Range.fromPositions(at) : at);
        source.setSelection(range);
        source.revealRangeInCenterIfOutsideViewport(range);
      }
      source.focus();
      return true;
    },
  };
}

function monacoSymbol(symbol: DocumentSymbol): languages.DocumentSymbol {
  return {
    name: symbol.name,
    detail: symbol.detail ?? "",
    // Monaco counts kinds from 0.
    kind: symbol.kind - 1,
    tags: [],
    range: monacoRange(symbol.range),
    selectionRange: monacoRange(symbol.selectionRange),
    children: (symbol.children ?? []).map(monacoSymbol),
  };
}
