import type { CompletionItem, SignatureHelp } from "vscode-languageserver-types";
import type { IDisposable, languages } from "monaco-editor/editor/editor.api.js";
import { sayAtCursor } from "./cursorMessage.ts";
import { DEDALUS } from "./dedalusLanguage.ts";
import { about } from "./languageQuestion.ts";
import type { Store } from "./languageQuestion.ts";
import { language } from "./languageWorker.ts";
import { monaco } from "./monaco.ts";
import { lspPosition, monacoEdit, monacoRange } from "./monacoShapes.ts";

/** Completion (Ctrl Space), signature help (Ctrl Shift Space), formatting (Shift Alt F). */
export function registerWriting(store: Store): readonly IDisposable[] {
  return [
    monaco.languages.registerCompletionItemProvider(DEDALUS, {
      triggerCharacters: ["@", "!", "("],
      provideCompletionItems: async (model, position) => {
        const question = { source: about(store, model), position: lspPosition(position) };
        const items = await language().call("completion", question);
        return { suggestions: items.flatMap(suggestion) };
      },
    }),
    monaco.languages.registerSignatureHelpProvider(DEDALUS, {
      signatureHelpTriggerCharacters: ["(", ","],
      provideSignatureHelp: async (model, position) => {
        const question = { source: about(store, model), position: lspPosition(position) };
        const help = await language().call("signatureHelp", question);
        return help === null ? null : { value: monacoHelp(help), dispose: () => undefined };
      },
    }),
    monaco.languages.registerDocumentFormattingEditProvider(DEDALUS, {
      provideDocumentFormattingEdits: async (model) => {
        const answer = await language().call("formatting", about(store, model));
        if (answer.kind === "edits") return answer.edits.map(monacoEdit);
        sayAtCursor(model, answer.message);
        return [];
      },
    }),
  ];
}

function suggestion(item: CompletionItem): languages.CompletionItem[] {
  const { textEdit } = item;
  if (textEdit === undefined || !("range" in textEdit)) return [];
  return [
    {
      label: item.label,
      kind: kindOf(item.kind),
      detail: item.detail ?? "",
      ...(typeof item.documentation === "string" && { documentation: item.documentation }),
      ...(item.sortText !== undefined && { sortText: item.sortText }),
      insertText: textEdit.newText,
      range: monacoRange(textEdit.range),
      ...(item.insertTextFormat === 2 && {
        insertTextRules: monaco.languages.CompletionItemInsertTextRule.InsertAsSnippet,
      }),
    },
  ];
}

function kindOf(kind: CompletionItem["kind"]): languages.CompletionItemKind {
  const kinds = monaco.languages.CompletionItemKind;
  switch (kind) {
    case 3:
      return kinds.Function;
    case 6:
      return kinds.Variable;
    case 7:
      return kinds.Class;
    case 15:
      return kinds.Snippet;
    case 23:
      return kinds.Event;
    default:
      return kinds.Keyword;
  }
}

function monacoHelp(help: SignatureHelp): languages.SignatureHelp {
  return {
    activeSignature: help.activeSignature ?? 0,
    activeParameter: help.activeParameter ?? 0,
    signatures: help.signatures.map((signature) => ({
      label: signature.label,
      ...(typeof signature.documentation === "string" && {
        documentation: signature.documentation,
      }),
      parameters: (signature.parameters ?? []).map(({ label }) => ({ label })),
    })),
  };
}
