import { createConnection, LSPErrorCodes, ResponseError } from "vscode-languageserver/node";
import type {
  CodeAction,
  Connection,
  InitializeParams,
  InitializeResult,
  TextEdit,
  WorkspaceEdit,
} from "vscode-languageserver/node";
import { quickFixActions } from "../language-server/codeActions.ts";
import { completion } from "../language-server/completion.ts";
import { definition } from "../language-server/definition.ts";
import { documentSymbols } from "../language-server/documentSymbols.ts";
import { foldingRanges } from "../language-server/foldingRanges.ts";
import { formatting } from "../language-server/formatting.ts";
import { hover } from "../language-server/hover.ts";
import { inlayHints } from "../language-server/inlayHints.ts";
import type { LanguageDocument } from "../language-server/languageDocument.ts";
import { lspDiagnostics } from "../language-server/lspDiagnostics.ts";
import { highlights, references } from "../language-server/references.ts";
import { prepareRename, rename } from "../language-server/rename.ts";
import { deploymentChanges } from "../language-server/renamedDeployment.ts";
import type { TextChange } from "../language-server/renames.ts";
import { rewriteActions } from "../language-server/rewriteActions.ts";
import type { RewriteData } from "../language-server/rewriteActions.ts";
import { rewriteEdit } from "../language-server/rewriteEdit.ts";
import { semanticTokens } from "../language-server/semanticTokens.ts";
import { semanticTokensLegend } from "../language-server/semanticTokensLegend.ts";
import { signatureHelp } from "../language-server/signatureHelp.ts";
import { rangeOf, textLines } from "../language-server/textLines.ts";
import { writeDeployment } from "../plan/deploymentFile.ts";
import { EditorTexts } from "./editorTexts.ts";
import { jsonText } from "./output.ts";

/** What the editor can and wants, as it says when it starts the server. */
interface Client {
  readonly snippets: boolean;
  readonly inlayHints: boolean;
  /** Lists actions that cannot be done, with the reason. */
  readonly disabledActions: boolean;
}

/** Answers an editor on standard input and output until it says `exit` or goes. */
export function serveEditor(version: string): void {
  const connection = createConnection(process.stdin, process.stdout);
  const texts = new EditorTexts();
  let client: Client = { snippets: false, inlayHints: false, disabledActions: false };
  connection.onInitialize((params) => {
    client = clientOf(params);
    return capabilities(version);
  });
  publishDiagnostics(connection, texts);
  answerQuestions(connection, texts, () => client);
  answerChanges(connection, texts, () => client);
  connection.listen();
}

function clientOf({ capabilities: c, initializationOptions }: InitializeParams): Client {
  const wanted = initializationOptions as { readonly inlayHints?: unknown } | null | undefined;
  return {
    snippets: c.textDocument?.completion?.completionItem?.snippetSupport === true,
    inlayHints: wanted?.inlayHints === true,
    disabledActions: c.textDocument?.codeAction?.disabledSupport === true,
  };
}

function capabilities(version: string): InitializeResult {
  return {
    serverInfo: { name: "clew", version },
    capabilities: {
      // Whole texts: programs are small.
      textDocumentSync: 1,
      hoverProvider: true,
      completionProvider: { triggerCharacters: ["@", "!", "("] },
      signatureHelpProvider: { triggerCharacters: ["(", ","] },
      definitionProvider: true,
      referencesProvider: true,
      documentHighlightProvider: true,
      documentSymbolProvider: true,
      foldingRangeProvider: true,
      documentFormattingProvider: true,
      renameProvider: { prepareProvider: true },
      semanticTokensProvider: { legend: semanticTokensLegend, full: true },
      codeActionProvider: {
        codeActionKinds: ["quickfix", "refactor.rewrite"],
        resolveProvider: true,
      },
      inlayHintProvider: true,
    },
  };
}

/** Keystrokes that come faster than this are answered once. */
const QUIET_MILLISECONDS = 50;

function publishDiagnostics(connection: Connection, texts: EditorTexts): void {
  const waiting = new Map<string, ReturnType<typeof setTimeout>>();
  const publish = (uri: string): void => {
    waiting.delete(uri);
    const document = texts.document(uri);
    if (document === undefined) return;
    const diagnostics = [...lspDiagnostics(document, uri)];
    void connection.sendDiagnostics({ uri, diagnostics });
  };
  const later = (uri: string): void => {
    clearTimeout(waiting.get(uri));
    waiting.set(
      uri,
      setTimeout(() => publish(uri), QUIET_MILLISECONDS),
    );
  };
  connection.onDidOpenTextDocument(({ textDocument: { uri, text } }) => {
    texts.set(uri, text);
    publish(uri);
  });
  connection.onDidChangeTextDocument(({ textDocument: { uri }, contentChanges }) => {
    const last = contentChanges.at(-1);
    if (last === undefined) return;
    texts.set(uri, last.text);
    later(uri);
  });
  connection.onDidSaveTextDocument(({ textDocument: { uri } }) => later(uri));
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    clearTimeout(waiting.get(uri));
    texts.close(uri);
    void connection.sendDiagnostics({ uri, diagnostics: [] });
  });
}

function answerQuestions(connection: Connection, texts: EditorTexts, client: () => Client): void {
  connection.onHover(({ textDocument, position }) =>
    ask(texts, textDocument.uri, null, (d) => hover(d, position)),
  );
  connection.onCompletion(({ textDocument, position }) =>
    ask(texts, textDocument.uri, [], (d) => [...completion(d, position, client())]),
  );
  connection.onSignatureHelp(({ textDocument, position }) =>
    ask(texts, textDocument.uri, null, (d) => signatureHelp(d, position)),
  );
  connection.onDefinition(({ textDocument: { uri }, position }) =>
    ask(texts, uri, [], (d) => [...definition(d, position, uri)]),
  );
  connection.onReferences(({ textDocument: { uri }, position, context }) =>
    ask(texts, uri, [], (d) => [...references(d, position, uri, context)]),
  );
  connection.onDocumentHighlight(({ textDocument, position }) =>
    ask(texts, textDocument.uri, [], (d) => [...highlights(d, position)]),
  );
  connection.onDocumentSymbol(({ textDocument }) =>
    ask(texts, textDocument.uri, [], (d) => [...documentSymbols(d)]),
  );
  connection.onFoldingRanges(({ textDocument }) =>
    ask(texts, textDocument.uri, [], (d) => [...foldingRanges(d)]),
  );
  connection.languages.semanticTokens.on(({ textDocument }) =>
    ask(texts, textDocument.uri, { data: [] }, semanticTokens),
  );
  connection.languages.inlayHint.on(({ textDocument, range }) =>
    ask(texts, textDocument.uri, [], (d) => (client().inlayHints ? [...inlayHints(d, range)] : [])),
  );
}

function ask<T>(
  texts: EditorTexts,
  uri: string,
  otherwise: T,
  answer: (document: LanguageDocument) => T,
): T {
  const document = texts.document(uri);
  return document === undefined ? otherwise : answer(document);
}

function answerChanges(connection: Connection, texts: EditorTexts, client: () => Client): void {
  connection.onDocumentFormatting(({ textDocument }) =>
    ask(texts, textDocument.uri, [], (d) => [...formatting(d)]),
  );
  connection.onPrepareRename(({ textDocument, position }) =>
    ask(texts, textDocument.uri, null, (d) => {
      const prepared = prepareRename(d, position);
      if (prepared.kind === "refused") return refuse(prepared.message);
      return { range: prepared.range, placeholder: prepared.placeholder };
    }),
  );
  connection.onRenameRequest(({ textDocument: { uri }, position, newName }) =>
    ask(texts, uri, null, (document): WorkspaceEdit => {
      const result = rename(document, position, newName);
      if (result.kind === "refused") return refuse(result.message);
      const changes = { [uri]: edits(document.text, result.changes) };
      const beside = texts.deploymentBeside(uri);
      if (beside !== undefined && result.deployment !== undefined) {
        const own = deploymentChanges(beside.text, result.deployment);
        changes[beside.uri] = edits(beside.text, own);
      }
      return { changes };
    }),
  );
  connection.onCodeAction(({ textDocument: { uri }, range, context }) =>
    ask(texts, uri, [], (document): CodeAction[] => {
      const { disabledActions } = client();
      const wants = (kind: string): boolean =>
        context.only?.some((only) => kind === only || kind.startsWith(`${only}.`)) ?? true;
      return [
        ...(wants("quickfix") ? quickFixActions(document, range, uri) : []),
        ...(wants("refactor.rewrite") ? rewriteActions(document, range, uri) : []),
      ].filter((action) => disabledActions || action.disabled === undefined);
    }),
  );
  connection.onCodeActionResolve((action) => {
    const { uri, steps } = (action.data ?? {}) as Partial<RewriteData>;
    if (uri === undefined || steps === undefined) return action;
    const document = texts.document(uri);
    if (document === undefined) return refuse("The text is no longer open.");
    const result = rewriteEdit(document, steps);
    if (result.kind === "refused") return refuse(result.message);
    const changes = { [uri]: edits(document.text, result.changes) };
    const beside = texts.deploymentBeside(uri);
    if (beside !== undefined && result.deployment !== undefined) {
      const whole = { span: { start: 0, end: beside.text.length } };
      const text = jsonText(writeDeployment(result.deployment));
      changes[beside.uri] = edits(beside.text, [{ ...whole, text }]);
    }
    return { ...action, edit: { changes } };
  });
}

function edits(text: string, changes: readonly TextChange[]): TextEdit[] {
  const lines = textLines(text);
  return changes.map(({ span, text: newText }) => ({ range: rangeOf(lines, span), newText }));
}

/** Editors show the message. */
function refuse(message: string): never {
  throw new ResponseError(LSPErrorCodes.RequestFailed, message);
}
