import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeEach, expect, test } from "vitest";
import {
  CodeActionRequest,
  CompletionRequest,
  DefinitionRequest,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentSymbolRequest,
  HoverRequest,
  PublishDiagnosticsNotification,
  ReferencesRequest,
  RenameRequest,
} from "vscode-languageserver/node";
import type {
  CodeAction,
  CompletionItem,
  Diagnostic,
  Location,
  TextDocumentPositionParams,
  WorkspaceEdit,
} from "vscode-languageserver/node";
import { changedText } from "../language-server/renames.ts";
import { positionAt, spanOfRange, textLines } from "../language-server/textLines.ts";
import { endClient, startClient } from "./editorClient.testing.ts";

const folder = mkdtempSync(join(tmpdir(), "clew-includes-"));
// Some editors end a folder's URI in a slash.
const client = await startClient(`${folder}/`, {});
const { connection } = client;

/** The files as they are, in the editor where it has them open. */
const texts = new Map<string, string>();
const opened = new Set<string>();
/** What was said last of each file. */
const said = new Map<string, readonly Diagnostic[]>();
let heard: () => void = () => undefined;
connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, diagnostics }) => {
  // Advice on rewrites is no problem.
  said.set(
    nameOf(uri),
    diagnostics.filter(({ severity }) => severity !== 3),
  );
  heard();
});

afterAll(async () => {
  expect(await endClient(client)).toBe(0);
  rmSync(folder, { recursive: true });
});

const MAIN = `include "lib/keep.ded";
include "lib/facts.ded";
got(D, M)@async :- said(N, M), peer(N, D);
got(N, M)@next :- got(N, M);
seen(N, M) :- kept(N, M);
`;
const KEEP = `// what is kept
kept(N, M) :- got(N, M);
kept(N, M)@next :- kept(N, M);
`;
const FACTS = 'peer("a", "b");\nsaid("a", 7);\n';
const OTHER = 'include "lib/keep.ded";\ngot(N, M) :- told(N, M), notin kept(N, M)@1;\n';

beforeEach(async () => {
  for (const name of opened) await close(name);
  texts.clear();
  onDisk("main.ded", MAIN);
  onDisk("lib/keep.ded", KEEP);
  onDisk("lib/facts.ded", FACTS);
  onDisk("other.ded", "p(x) :- q(x)\n");
});

function uriOf(name: string): string {
  return pathToFileURL(join(folder, name)).href;
}

function nameOf(uri: string): string {
  return uri.slice(pathToFileURL(folder).href.length + 1);
}

function onDisk(name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
  texts.set(name, text);
}

async function open(name: string, text = texts.get(name)!): Promise<void> {
  texts.set(name, text);
  opened.add(name);
  const textDocument = { uri: uriOf(name), languageId: "dedalus", version: 1, text };
  await connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument });
}

async function change(name: string, text: string): Promise<void> {
  texts.set(name, text);
  await connection.sendNotification(DidChangeTextDocumentNotification.type, {
    textDocument: { uri: uriOf(name), version: 2 },
    contentChanges: [{ text }],
  });
}

async function close(name: string): Promise<void> {
  opened.delete(name);
  const textDocument = { uri: uriOf(name) };
  await connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument });
}

/** Waits until that and nothing else is said of a file: what it is about, and what it says. */
async function untilSaid(
  name: string,
  expected: readonly (readonly [string, string])[],
): Promise<void> {
  const now = (): unknown =>
    said.get(name)?.map(({ range, message }) => {
      const text = texts.get(name)!;
      const { start, end } = spanOfRange(textLines(text), range);
      return [text.slice(start, end), message];
    });
  const isSo = (): boolean => JSON.stringify(now()) === JSON.stringify(expected);
  await Promise.race([
    new Promise<void>((resolve) => {
      heard = () => isSo() && resolve();
      heard();
    }),
    new Promise((resolve) => setTimeout(resolve, 3000)),
  ]);
  expect(now()).toEqual(expected);
}

/** Where a piece of a file's text begins. */
function at(name: string, piece: string): TextDocumentPositionParams {
  const offset = texts.get(name)!.indexOf(piece);
  expect(offset).toBeGreaterThanOrEqual(0);
  return {
    textDocument: { uri: uriOf(name) },
    position: positionAt(textLines(texts.get(name)!), offset),
  };
}

/** `main.ded:2` */
function places(locations: unknown): readonly string[] {
  return (locations as readonly Location[]).map(
    ({ uri, range }) => `${nameOf(uri)}:${range.start.line + 1}`,
  );
}

function afterEdit({ changes = {} }: WorkspaceEdit): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(changes).map(([uri, edits]) => {
      const text = texts.get(nameOf(uri))!;
      const own = edits.map((e) => ({
        span: spanOfRange(textLines(text), e.range),
        text: e.newText,
      }));
      return [nameOf(uri), changedText(text, own)];
    }),
  );
}

test("a program knows what the files say that it includes", async () => {
  await open("main.ded");
  await untilSaid("main.ded", []);
  const used = at("main.ded", "kept(N, M)");
  expect(places(await connection.sendRequest(DefinitionRequest.type, used))).toEqual([
    "lib/keep.ded:2",
    "lib/keep.ded:3",
  ]);
  expect(JSON.stringify(await connection.sendRequest(HoverRequest.type, used))).toContain(
    "kept(M: int)",
  );
  await open("lib/keep.ded");
  const context = { includeDeclaration: true };
  for (const from of [used, at("lib/keep.ded", "kept(N, M) :-")]) {
    const found = await connection.sendRequest(ReferencesRequest.type, { ...from, context });
    expect(places(found)).toEqual([
      "main.ded:5",
      "lib/keep.ded:2",
      "lib/keep.ded:3",
      "lib/keep.ded:3",
    ]);
  }
  const items = (await connection.sendRequest(
    CompletionRequest.type,
    at("lib/keep.ded", "got(N, M);"),
  )) as CompletionItem[];
  expect(items.find((i) => i.label === "seen")?.textEdit).toMatchObject({
    range: { start: { line: 1 } },
  });
  const { textDocument } = at("lib/keep.ded", "");
  const symbols = await connection.sendRequest(DocumentSymbolRequest.type, { textDocument });
  expect(symbols!.map((s) => s.name)).toEqual(["kept(M)", "kept(M)@next"]);
});

test("what is wrong is said in the file that it is in, and unsaved text counts", async () => {
  await open("main.ded");
  await open("lib/keep.ded", KEEP.replace(":- got(N, M)", ":- got(N, _)"));
  await untilSaid("main.ded", []);
  await untilSaid("lib/keep.ded", [
    ["kept(N, M)", "`M` in the head of rule 1 has no value: no positive literal binds it."],
  ]);
  // An open file's new text, in the program that includes it.
  await change("lib/keep.ded", KEEP.replaceAll("kept(N, M)", "kept(N, M, M)"));
  await untilSaid("main.ded", [
    ["kept(N, M)", "`kept` has 2 attributes here and 3 attributes elsewhere."],
  ]);
  await close("lib/keep.ded");
  texts.set("lib/keep.ded", KEEP);
  await untilSaid("main.ded", []);
});

test("a rename is made in every file, and in every program that includes a file that it changes", async () => {
  onDisk("other.ded", OTHER);
  await open("main.ded");
  const rename = async (name: string, piece: string, newName: string) =>
    afterEdit((await connection.sendRequest(RenameRequest.type, { ...at(name, piece), newName }))!);
  // A file of which two programs are made, one of them not open.
  await open("lib/keep.ded");
  for (const [name, piece] of [
    ["lib/keep.ded", "kept(N, M) :-"],
    ["main.ded", "kept(N, M)"],
  ] as const) {
    expect(await rename(name, piece, "stored")).toEqual({
      "main.ded": MAIN.replaceAll("kept(", "stored("),
      "lib/keep.ded": KEEP.replaceAll("kept(", "stored("),
      "other.ded": OTHER.replaceAll("kept(", "stored("),
    });
  }
  // What is sent and derived, and so two relations of the program; and what only one program has.
  expect(Object.keys(await rename("main.ded", "got(D, M)", "heard")).toSorted()).toEqual([
    "lib/keep.ded",
    "main.ded",
    "other.ded",
  ]);
  expect(Object.keys(await rename("main.ded", "seen", "all"))).toEqual(["main.ded"]);
  await expect(rename("lib/keep.ded", "kept(N, M) :-", "told")).rejects.toThrow(
    "There is a relation `told` already.",
  );
});

test("a file that is missing and one that includes itself are said where they are included", async () => {
  await open("main.ded", `include "nowhere.ded";\n${MAIN}`);
  await open("lib/keep.ded", `include "facts.ded";\ninclude "gone.ded";\n${KEEP}`);
  await open("lib/facts.ded", `include "../main.ded";\n${FACTS}`);
  await untilSaid("main.ded", [
    ['include "nowhere.ded"', "`nowhere.ded` cannot be included: there is no such file."],
  ]);
  await untilSaid("lib/keep.ded", [
    ['include "gone.ded"', "`gone.ded` cannot be included: there is no file `lib/gone.ded`."],
  ]);
  await untilSaid("lib/facts.ded", [
    [
      'include "../main.ded"',
      "`main.ded` includes itself by way of `keep.ded` and `facts.ded`. It counts once.",
    ],
  ]);
});

test("a fix is made in the file that is wrong; a rewrite of rules in any file is one of the program", async () => {
  const main = 'include "lib/keep.ded";\nout(C, M)@async :- ask(N, M), who(N, C);\n';
  onDisk("main.ded", main);
  onDisk("lib/keep.ded", "kept(N, M) :- in(N, M);\nkept(N, M)@next :- kpet(N, M);\n");
  await open("main.ded");
  await open("lib/keep.ded");
  const ask = async (piece: string, kind: string): Promise<readonly CodeAction[]> => {
    const { textDocument, position } = at("lib/keep.ded", piece);
    const range = { start: position, end: position };
    const context = { diagnostics: [], only: [kind] };
    return (await connection.sendRequest(CodeActionRequest.type, {
      textDocument,
      range,
      context,
    })) as CodeAction[];
  };
  const [fix] = await ask("kpet", "quickfix");
  const mended = afterEdit(fix!.edit!);
  expect(mended).toEqual({
    "lib/keep.ded": "kept(N, M) :- in(N, M);\nkept(N, M)@next :- kept(N, M);\n",
  });
  await change("lib/keep.ded", mended["lib/keep.ded"]!);
  const rewrites = await ask("kept(N, M) :-", "refactor.rewrite");
  const decouple = rewrites.find((a) => a.title === "State-machine decoupling: refused")!;
  expect(decouple.disabled!.reason).toContain("This notation cannot say what comes out");
});
