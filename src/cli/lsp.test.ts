import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  CodeActionRequest,
  CodeActionResolveRequest,
  CompletionRequest,
  DefinitionRequest,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentFormattingRequest,
  DocumentHighlightRequest,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  HoverRequest,
  InlayHintRequest,
  PrepareRenameRequest,
  PublishDiagnosticsNotification,
  ReferencesRequest,
  RenameRequest,
  SemanticTokensRequest,
  SignatureHelpRequest,
} from "vscode-languageserver/node";
import type {
  CodeAction,
  CompletionItem,
  DocumentSymbol,
  Position,
  PublishDiagnosticsParams,
  TextEdit,
} from "vscode-languageserver/node";
import { readDeployment } from "../plan/deploymentFile.ts";
import { changedText } from "../language-server/renames.ts";
import { positionAt, spanOfRange, textLines } from "../language-server/textLines.ts";
import { read } from "../syntax/read.ts";
import { endClient, startClient } from "./editorClient.testing.ts";
import type { EditorClient } from "./editorClient.testing.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const folder = mkdtempSync(join(tmpdir(), "clew-lsp-"));
const file = join(folder, "base.ded");
const deploymentFile = join(folder, "base.deployment.json");
const uri = pathToFileURL(file).href;

interface Session extends EditorClient {
  text: string;
}

async function startSession(initializationOptions: object): Promise<Session> {
  return { ...(await startClient(folder, initializationOptions)), text: "" };
}

/** Opens or changes the text; what the server then says is wrong with it. */
async function show(session: Session, text: string): Promise<PublishDiagnosticsParams> {
  const told = new Promise<PublishDiagnosticsParams>((resolve) => {
    const listening = session.connection.onNotification(
      PublishDiagnosticsNotification.type,
      (params) => {
        listening.dispose();
        resolve(params);
      },
    );
  });
  if (session.text === "") {
    const textDocument = { uri, languageId: "dedalus", version: 1, text };
    await session.connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument,
    });
  } else {
    await session.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version: 2 },
      contentChanges: [{ text }],
    });
  }
  session.text = text;
  return told;
}

let session: Session;
let voting: string;

beforeAll(async () => {
  for (const name of ["base.ded", "base.deployment.json"]) {
    cpSync(join(root, "public/examples/voting", name), join(folder, name));
  }
  voting = readFileSync(file, "utf8");
  session = await startSession({ inlayHints: true });
  expect((await show(session, voting)).diagnostics).toEqual([]);
});

afterAll(async () => {
  expect(await endClient(session)).toBe(0);
  rmSync(folder, { recursive: true });
});

function at(piece: string, plus = 0): { textDocument: { uri: string }; position: Position } {
  const offset = session.text.indexOf(piece);
  expect(offset).toBeGreaterThanOrEqual(0);
  return {
    textDocument: { uri },
    position: positionAt(textLines(session.text), offset + plus),
  };
}

function edited(text: string, edits: readonly TextEdit[]): string {
  const lines = textLines(text);
  return changedText(
    text,
    edits.map((e) => ({ span: spanOfRange(lines, e.range), text: e.newText })),
  );
}

test("it says what it can, and who it is", () => {
  expect(session.initialized.serverInfo?.name).toBe("clew");
  expect(session.initialized.capabilities).toMatchObject({
    renameProvider: { prepareProvider: true },
    codeActionProvider: { resolveProvider: true },
  });
});

test("diagnostics come and go with the text, and a fix mends them", async () => {
  const wrong = voting.replace("reply(id)@async(c) :- committed", "reply(id)@async(c) :- comitted");
  const { diagnostics } = await show(session, wrong);
  expect(diagnostics.map((d) => d.code)).toContain("misspelt-relation");
  const range = diagnostics.find((d) => d.code === "misspelt-relation")!.range;
  const actions = (await session.connection.sendRequest(CodeActionRequest.type, {
    textDocument: { uri },
    range,
    context: { diagnostics, only: ["quickfix"] },
  })) as CodeAction[];
  expect(actions.every((a) => a.kind === "quickfix")).toBe(true);
  const fix = actions.find((a) => a.title === "Replace comitted with committed")!;
  const mended = edited(wrong, fix.edit!.changes![uri]!);
  expect(mended).toBe(voting);
  expect((await show(session, mended)).diagnostics).toEqual([]);
});

test("hover, completion, signature help", async () => {
  const { connection } = session;
  const hover = await connection.sendRequest(HoverRequest.type, at("votes(s, id) :-"));
  expect(JSON.stringify(hover)).toContain("Kept by rule 3 until");
  const items = (await connection.sendRequest(
    CompletionRequest.type,
    at("votes(s, id), !", 15),
  )) as CompletionItem[];
  expect(items.map((i) => i.label)).toContain("committed");
  expect(items.some((i) => i.insertTextFormat === 2)).toBe(true);
  const help = await connection.sendRequest(SignatureHelpRequest.type, at("votes(s, id), !", 9));
  expect(help).toMatchObject({
    activeParameter: 1,
    signatures: [{ label: "votes(s: address, id)" }],
  });
});

test("definition, references and highlights", async () => {
  const { connection } = session;
  const defined = await connection.sendRequest(DefinitionRequest.type, at("vote(s, id)"));
  expect(defined).toMatchObject([{ uri, range: { start: { line: 13 } } }]);
  const context = { includeDeclaration: true };
  const uses = await connection.sendRequest(ReferencesRequest.type, {
    ...at("vote(s, id)"),
    context,
  });
  expect(uses).toHaveLength(2);
  expect(
    await connection.sendRequest(DocumentHighlightRequest.type, at("votes(s, id)")),
  ).toHaveLength(4);
});

test("symbols, folding, tokens, hints, formatting", async () => {
  const { connection } = session;
  const textDocument = { uri };
  const symbols = (await connection.sendRequest(DocumentSymbolRequest.type, {
    textDocument,
  })) as DocumentSymbol[];
  expect(symbols.map((s) => s.name)).toEqual(["leader", "participant"]);
  expect(await connection.sendRequest(FoldingRangeRequest.type, { textDocument })).toHaveLength(3);
  const tokens = await connection.sendRequest(SemanticTokensRequest.type, { textDocument });
  expect(tokens!.data.length).toBeGreaterThan(100);
  const range = { start: { line: 0, character: 0 }, end: { line: 30, character: 0 } };
  const hints = await connection.sendRequest(InlayHintRequest.type, { textDocument, range });
  expect(hints!.length).toBeGreaterThan(7);
  const options = { tabSize: 2, insertSpaces: true };
  expect(
    await connection.sendRequest(DocumentFormattingRequest.type, { textDocument, options }),
  ).toEqual([]);
});

test("a rename changes the program and the deployment beside it; a refusal says why", async () => {
  const { connection } = session;
  expect(await connection.sendRequest(PrepareRenameRequest.type, at("reply(id)"))).toMatchObject({
    placeholder: "reply",
  });
  const edit = await connection.sendRequest(RenameRequest.type, {
    ...at("reply(id)"),
    newName: "answer",
  });
  expect(edited(voting, edit!.changes![uri]!)).toContain("answer(id)@async(c) :- committed(id)");
  const before = readFileSync(deploymentFile, "utf8");
  const after = edited(before, edit!.changes![pathToFileURL(deploymentFile).href]!);
  const result = readDeployment(JSON.parse(after));
  expect(result.kind === "ok" && result.deployment.clients.answers).toEqual(["answer"]);
  expect(after.length).toBe(before.length + 2 * ("answer".length - "reply".length));
  await expect(
    connection.sendRequest(RenameRequest.type, { ...at("reply(id)"), newName: "votes" }),
  ).rejects.toThrow("There is a relation `votes` already.");
});

test("a rewrite is a code action: its edit is made when it is chosen, with the deployment", async () => {
  const { connection } = session;
  const actions = (await connection.sendRequest(CodeActionRequest.type, {
    textDocument: { uri },
    range: { start: at("votes(s, id) :-").position, end: at("reply(id)").position },
    context: { diagnostics: [] },
  })) as CodeAction[];
  const decouple = actions.find((a) => a.title === "Mutually independent decoupling: applies")!;
  expect(decouple.edit).toBeUndefined();
  expect(actions.some((a) => (a.disabled?.reason ?? "") !== "")).toBe(true);
  const resolved = await connection.sendRequest(CodeActionResolveRequest.type, decouple);
  const { program } = read(edited(voting, resolved.edit!.changes![uri]!));
  expect(program.components.map((c) => c.name)).toEqual(["leader", "collector", "participant"]);
  const [whole] = resolved.edit!.changes![pathToFileURL(deploymentFile).href]!;
  const deployment = readDeployment(JSON.parse(whole!.newText));
  expect(deployment.kind === "ok" && Object.keys(deployment.deployment.instances)).toContain(
    "collector",
  );
});

test("a text that is closed has no diagnostics and no answers", async () => {
  const told = new Promise<PublishDiagnosticsParams>((resolve) => {
    session.connection.onNotification(PublishDiagnosticsNotification.type, resolve);
  });
  await session.connection.sendNotification(DidCloseTextDocumentNotification.type, {
    textDocument: { uri },
  });
  expect((await told).diagnostics).toEqual([]);
  expect(await session.connection.sendRequest(HoverRequest.type, at("votes(s, id)"))).toBeNull();
});

test("hints are off unless the editor asks for them; a server whose editor goes ends", async () => {
  const other = await startSession({});
  await show(other, voting);
  const range = { start: { line: 0, character: 0 }, end: { line: 30, character: 0 } };
  expect(
    await other.connection.sendRequest(InlayHintRequest.type, { textDocument: { uri }, range }),
  ).toEqual([]);
  other.connection.end();
  expect(await other.ended).toBe(1);
});
