import type { DocumentSymbol, Hover, Location } from "vscode-languageserver-types";
import type { IDisposable, languages } from "monaco-editor/editor/editor.api.js";
import { DEDALUS } from "./dedalusLanguage.ts";
import { about } from "./languageQuestion.ts";
import type { Model, Store } from "./languageQuestion.ts";
import { language } from "./languageWorker.ts";
import { monaco } from "./monaco.ts";
import { lspPosition, monacoRange } from "./monacoShapes.ts";

/** Hover, definition (F12), references (Shift F12), the places of a name, symbols (Ctrl Shift O). */
export function registerNavigation(store: Store): readonly IDisposable[] {
  const at = (model: Model, position: InstanceType<typeof monaco.Position>) => ({
    source: about(store, model),
    position: lspPosition(position),
  });
  return [
    monaco.languages.registerHoverProvider(DEDALUS, {
      provideHover: async (model, position) =>
        monacoHover(await language().call("hover", at(model, position))),
    }),
    monaco.languages.registerDefinitionProvider(DEDALUS, {
      provideDefinition: async (model, position) =>
        locations(model, await language().call("definition", at(model, position))),
    }),
    monaco.languages.registerReferenceProvider(DEDALUS, {
      provideReferences: async (model, position) =>
        locations(model, await language().call("references", at(model, position))),
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

/** The server knows one text; which model that is, Monaco knows. */
function locations(model: Model, found: readonly Location[]): languages.Location[] {
  return found.map(({ range }) => ({ uri: model.uri, range: monacoRange(range) }));
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
