import { createConnection, LSPErrorCodes, ResponseError } from "vscode-languageserver/node";
import type {
  CodeAction,
  Connection,
  InitializeParams,
  InitializeResult,
  RenameParams,
  TextEdit,
} from "vscode-languageserver/node";
import { documentSymbols } from "../language-server/documentSymbols.ts";
import { foldingRanges } from "../language-server/foldingRanges.ts";
import { formatting } from "../language-server/formatting.ts";
import {
  completionIn,
  definitionIn,
  fixesIn,
  highlightsIn,
  hintsIn,
  hoverIn,
  prepareRenameIn,
  referencesIn,
  renameIn,
  rewritesIn,
  signatureHelpIn,
} from "../language-server/inFile.ts";
import type { ProgramFile } from "../language-server/inFile.ts";
import { eachOnce, ownChanges, ownDiagnostics } from "../language-server/ownPlaces.ts";
import type { OpenProgram } from "../language-server/ownPlaces.ts";
import { deploymentChanges } from "../language-server/renamedDeployment.ts";
import type { TextChange } from "../language-server/renames.ts";
import type { RewriteData } from "../language-server/rewriteActions.ts";
import { rewriteEdit } from "../language-server/rewriteEdit.ts";
import { semanticTokens } from "../language-server/semanticTokens.ts";
import { semanticTokensLegend } from "../language-server/semanticTokensLegend.ts";
import { rangeOf, textLines } from "../language-server/textLines.ts";
import { writeDeployment } from "../plan/deploymentFile.ts";
import { EditorPrograms } from "./editorPrograms.ts";
import { EditorTexts, pathOf } from "./editorTexts.ts";
import type { DeploymentBeside } from "./editorTexts.ts";
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
  const programs = new EditorPrograms(texts);
  let client: Client = { snippets: false, inlayHints: false, disabledActions: false };
  connection.onInitialize((params) => {
    client = clientOf(params);
    programs.setFolders(foldersOf(params));
    return capabilities(version);
  });
  publishDiagnostics(connection, texts, programs);
  answerQuestions(connection, programs, () => client);
  answerChanges(connection, texts, programs, () => client);
  connection.listen();
}

/** What is open in the editor as a project, said in the newer way or in an older one. */
function foldersOf({ workspaceFolders, rootUri }: InitializeParams): readonly string[] {
  const folders = workspaceFolders?.map(({ uri }) => uri) ?? [];
  return folders.length === 0 && typeof rootUri === "string" ? [rootUri] : folders;
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

function publishDiagnostics(
  connection: Connection,
  texts: EditorTexts,
  programs: EditorPrograms,
): void {
  const waiting = new Map<string, ReturnType<typeof setTimeout>>();
  /** What was said last, of every file that anything was said of. */
  const said = new Map<string, string>();
  const publish = (touched: string): void => {
    waiting.delete(touched);
    const found = ownDiagnostics(programs.all());
    for (const uri of new Set([touched, ...texts.openUris(), ...said.keys(), ...found.keys()])) {
      const diagnostics = [...(found.get(uri) ?? [])];
      const now = JSON.stringify(diagnostics);
      if (uri !== touched && (said.get(uri) ?? "[]") === now) continue;
      said.set(uri, now);
      void connection.sendDiagnostics({ uri, diagnostics });
    }
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
    texts.lookAgain();
    publish(uri);
  });
  connection.onDidChangeTextDocument(({ textDocument: { uri }, contentChanges }) => {
    const last = contentChanges.at(-1);
    if (last === undefined) return;
    texts.set(uri, last.text);
    later(uri);
  });
  connection.onDidSaveTextDocument(({ textDocument: { uri } }) => {
    texts.lookAgain();
    later(uri);
  });
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    clearTimeout(waiting.get(uri));
    texts.close(uri);
    programs.lookAgain();
    publish(uri);
  });
}

function answerQuestions(
  connection: Connection,
  programs: EditorPrograms,
  client: () => Client,
): void {
  connection.onHover(({ textDocument: { uri }, position }) =>
    ask(programs, uri, null, (at) => hoverIn(at, position)),
  );
  connection.onCompletion(({ textDocument: { uri }, position }) =>
    ask(programs, uri, [], (at) => [...completionIn(at, position, client())]),
  );
  connection.onSignatureHelp(({ textDocument: { uri }, position }) =>
    ask(programs, uri, null, (at) => signatureHelpIn(at, position)),
  );
  connection.onDefinition(({ textDocument: { uri }, position }) =>
    askAll(programs, uri, (at) => definitionIn(at, position)),
  );
  connection.onReferences(({ textDocument: { uri }, position, context }) =>
    askAll(programs, uri, (at) => referencesIn(at, position, context)),
  );
  connection.onDocumentHighlight(({ textDocument: { uri }, position }) =>
    ask(programs, uri, [], (at) => [...highlightsIn(at, position)]),
  );
  connection.onDocumentSymbol(({ textDocument: { uri } }) =>
    ask(programs, uri, [], ({ program, file }) => [...documentSymbols(program.document, file)]),
  );
  connection.onFoldingRanges(({ textDocument: { uri } }) =>
    ask(programs, uri, [], ({ program, file }) => [...foldingRanges(program.document, file)]),
  );
  connection.languages.semanticTokens.on(({ textDocument: { uri } }) =>
    ask(programs, uri, { data: [] }, ({ program, file }) => semanticTokens(program.document, file)),
  );
  connection.languages.inlayHint.on(({ textDocument: { uri }, range }) =>
    ask(programs, uri, [], (at) => (client().inlayHints ? [...hintsIn(at, range)] : [])),
  );
}

/** Of a file that several programs include the first one answers. */
function ask<T>(
  programs: EditorPrograms,
  uri: string,
  otherwise: T,
  answer: (at: ProgramFile) => T,
): T {
  const [first] = programs.files(uri);
  return first === undefined ? otherwise : answer(first);
}

/** All answer, and what they have in common is said once. */
function askAll<T>(
  programs: EditorPrograms,
  uri: string,
  answer: (at: ProgramFile) => readonly T[],
): T[] {
  return eachOnce(programs.files(uri).flatMap(answer));
}

function answerChanges(
  connection: Connection,
  texts: EditorTexts,
  programs: EditorPrograms,
  client: () => Client,
): void {
  connection.onDocumentFormatting(({ textDocument: { uri } }) =>
    ask(programs, uri, [], ({ program, file }) => {
      const formatted = formatting(program.document, file);
      return formatted.kind === "refused" ? refuse(formatted.message) : [...formatted.edits];
    }),
  );
  connection.onPrepareRename(({ textDocument: { uri }, position }) =>
    ask(programs, uri, null, (at) => {
      const prepared = prepareRenameIn(at, position);
      if (prepared.kind === "refused") return refuse(prepared.message);
      return { range: prepared.range, placeholder: prepared.placeholder };
    }),
  );
  connection.onRenameRequest((params) => ({
    changes: renameEverywhere(texts, programs, params),
  }));
  connection.onCodeAction(({ textDocument: { uri }, range, context }) =>
    ask(programs, uri, [], (at): CodeAction[] => {
      const { disabledActions } = client();
      const wants = (kind: string): boolean =>
        context.only?.some((only) => kind === only || kind.startsWith(`${only}.`)) ?? true;
      return [
        ...(wants("quickfix") ? fixesIn(at, range) : []),
        ...(wants("refactor.rewrite") ? rewritesIn(at, range) : []),
      ].filter((action) => disabledActions || action.disabled === undefined);
    }),
  );
  connection.onCodeActionResolve((action) => {
    const { uri, steps } = (action.data ?? {}) as Partial<RewriteData>;
    if (uri === undefined || steps === undefined) return action;
    const program = programs.all().find(({ uris }) => uris[0] === uri);
    if (program === undefined) return refuse("The text is no longer open.");
    const result = rewriteEdit(program.document, steps);
    if (result.kind === "refused") return refuse(result.message);
    const changes = ownChanges(program, result.changes);
    const beside = deploymentBeside(texts, program);
    if (beside !== undefined && result.deployment !== undefined) {
      const whole = { span: { start: 0, end: beside.text.length } };
      const text = jsonText(writeDeployment(result.deployment));
      changes[beside.uri] = edits(beside.text, [{ ...whole, text }]);
    }
    return { ...action, edit: { changes } };
  });
}

/** The edits by file. What a file gets that other programs include, too, these get as well. */
function renameEverywhere(
  texts: EditorTexts,
  programs: EditorPrograms,
  { textDocument, position: at, newName }: RenameParams,
): Record<string, TextEdit[]> {
  const changes: Record<string, TextEdit[]> = {};
  const done = new Set<string>();
  const places = [{ uri: textDocument.uri, position: at }];
  for (const { uri, position } of places) {
    for (const found of programs.files(uri)) {
      const { program } = found;
      if (done.has(program.uris[0]!)) continue;
      done.add(program.uris[0]!);
      const result = renameIn(found, position, newName);
      if (result.kind === "refused") return refuse(result.message);
      for (const [changed, more] of Object.entries(ownChanges(program, result.changes))) {
        changes[changed] = eachOnce([...(changes[changed] ?? []), ...more]);
        places.push({ uri: changed, position: more[0]!.range.start });
      }
      const beside = deploymentBeside(texts, program);
      if (beside === undefined || result.deployment === undefined) continue;
      changes[beside.uri] = edits(beside.text, deploymentChanges(beside.text, result.deployment));
    }
  }
  return changes;
}

function deploymentBeside(texts: EditorTexts, { uris }: OpenProgram): DeploymentBeside | undefined {
  const path = pathOf(uris[0]!);
  return path === undefined ? undefined : texts.deploymentBeside(path);
}

function edits(text: string, changes: readonly TextChange[]): TextEdit[] {
  const lines = textLines(text);
  return changes.map(({ span, text: newText }) => ({ range: rangeOf(lines, span), newText }));
}

/** Editors show the message. */
function refuse(message: string): never {
  throw new ResponseError(LSPErrorCodes.RequestFailed, message);
}
