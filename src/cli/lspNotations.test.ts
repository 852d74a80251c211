import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import {
  CodeActionRequest,
  CodeActionResolveRequest,
  DidOpenTextDocumentNotification,
  DocumentFormattingRequest,
  HoverRequest,
  PublishDiagnosticsNotification,
  RenameRequest,
} from "vscode-languageserver/node";
import type { CodeAction, Diagnostic, TextEdit } from "vscode-languageserver/node";
import { changedText } from "../language-server/renames.ts";
import { positionAt, spanOfRange, textLines } from "../language-server/textLines.ts";
import { endClient, startClient } from "./editorClient.testing.ts";

const folder = mkdtempSync(join(tmpdir(), "clew-notations-"));
const client = await startClient(folder, {});
const { connection } = client;

afterAll(async () => {
  expect(await endClient(client)).toBe(0);
  rmSync(folder, { recursive: true });
});

/** Opens a text; what the server says is wrong with it. */
async function open(name: string, text: string): Promise<readonly Diagnostic[]> {
  const uri = uriOf(name);
  const told = new Promise<readonly Diagnostic[]>((resolve) => {
    const listening = connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
      if (params.uri !== uri) return;
      listening.dispose();
      resolve(params.diagnostics);
    });
  });
  await connection.sendNotification(DidOpenTextDocumentNotification.type, {
    textDocument: { uri, languageId: "dedalus", version: 1, text },
  });
  return told;
}

function uriOf(name: string): string {
  return pathToFileURL(join(folder, name)).href;
}

function edited(text: string, edits: readonly TextEdit[] | undefined): string {
  const lines = textLines(text);
  return changedText(
    text,
    (edits ?? []).map((e) => ({ span: spanOfRange(lines, e.range), text: e.newText })),
  );
}

const RUST = `use hydroflow::*;
fn main() {
    let flow = datalog!(r#"
.input request \`source\`
.static peer \`peers\`
got(id, v) :- reqest(id, v)  # why
.persist got
out@d(v) :~ got(id, v), request(id, _), peer(d)
"#);
    run(flow);
}
`;

/** Each asks for `request` under a wrong name, and keeps `got`. */
const PROGRAMS: readonly (readonly [name: string, text: string, signature: string])[] = [
  [
    "compact.ded",
    "input request(id, v)\nnode peer(d)\ngot(id, v) :- reqest(id, v)  // why\ngot(id, v)@next :- got(id, v)\nout(v)@async(d) :- got(id, v), request(id, _), peer(d)\n",
    "got(id, v)",
  ],
  [
    "paper.ded",
    "// dialect: paper\ninput request(id, v)\nedb peer(d)\ngot(id, v, l, t) :- reqest(id, v, l, t)  // why\ngot(id, v, l, t') :- got(id, v, l, t), t'=t+1\nout(v, d, t') :- got(id, v, l, t), request(id, _, l, t), peer(d), delay((v, l, t, d), t')\n",
    "got(id, v)",
  ],
  [
    "flow.hf",
    ".input request `source`\n.static peer `peers`\ngot(id, v) :- reqest(id, v)  # why\n.persist got\nout@d(v) :~ got(id, v), request(id, _), peer(d)\n",
    "got(id, v)",
  ],
  ["flow.rs", RUST, "got(id, v)"],
  [
    "molly.ded",
    "// clew: input request(Id, V)\n// clew: node peer(D)\ngot(N, Id, V) :- reqest(N, Id, V);  // why\ngot(N, Id, V)@next :- got(N, Id, V);\nout(D, V)@async :- got(N, Id, V), request(N, Id, _), peer(N, D);\n",
    "got(Id, V)",
  ],
  [
    "prototype.ded",
    "% dialect: prototype\n% clew: input request(Id, V)\n% clew: node peer(D)\ngot(Id, V) :- reqest(Id, V);  % why\ngot(Id, V)@next :- got(Id, V);\nout(#D, V)@async :- got(Id, V), request(Id, _), peer(D);\n",
    "got(Id, V)",
  ],
];

test.each(PROGRAMS)(
  "%s is diagnosed, mended, hovered over and renamed in",
  async (name, text, signature) => {
    const uri = uriOf(name);
    const diagnostics = await open(name, text);
    expect(diagnostics.map((d) => d.code)).toEqual(["misspelt-relation"]);
    const [{ range }] = diagnostics as readonly [Diagnostic];
    const actions = (await connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri },
      range,
      context: { diagnostics: [...diagnostics], only: ["quickfix"] },
    })) as readonly CodeAction[];
    const after = actions.map((a) => edited(text, a.edit!.changes![uri]));
    expect(after[0]).toBe(text.replace("reqest", "request"));
    for (const [i, mended] of [...after].entries()) {
      const again = await open(`${i}-${name}`, mended);
      expect(again.filter((d) => d.severity !== 3)).toEqual([]);
    }

    const offset = text.indexOf("got(");
    const at = { textDocument: { uri }, position: positionAt(textLines(text), offset) };
    const hover = await connection.sendRequest(HoverRequest.type, at);
    expect(JSON.stringify(hover)).toContain(signature);
    expect(JSON.stringify(hover)).toContain("Kept for good");
    const renamed = await connection.sendRequest(RenameRequest.type, { ...at, newName: "kept" });
    expect(edited(text, renamed!.changes![uri])).toBe(text.replaceAll(/\bgot\b/g, "kept"));
  },
);

test.each(PROGRAMS)("%s is laid out, and what it says stays", async (name, text) => {
  const uri = uriOf(`laid-out-${name}`);
  const crooked = text.replaceAll(/, (?=v|V)/g, " ,  ");
  expect(crooked).not.toBe(text);
  const said = (await open(`laid-out-${name}`, crooked)).map((d) => d.message);
  const format = async (): Promise<readonly TextEdit[]> =>
    (await connection.sendRequest(DocumentFormattingRequest.type, {
      textDocument: { uri },
      options: { tabSize: 2, insertSpaces: true },
    })) ?? [];
  const after = edited(crooked, await format());
  expect(after).toMatch(/got\((?:N, )?(?:id|Id), (?:v|V)(?:, l, t)?\) :- reqest/);
  expect(after).toContain("why");
  expect((await open(`laid-out-${name}`, after)).map((d) => d.message)).toEqual(said);
  expect(await format()).toEqual([]);
});

test("a text that cannot be laid out without a loss is left alone, and it is said why", async () => {
  await open("stray.ded", "p( x ) :- q(x)\n}\n");
  await expect(
    connection.sendRequest(DocumentFormattingRequest.type, {
      textDocument: { uri: uriOf("stray.ded") },
      options: { tabSize: 2, insertSpaces: true },
    }),
  ).rejects.toThrow("Line 2 cannot be read as a rule, so the text stays as it is.");
});

test.each(PROGRAMS)("no rewrite of %s loses what is around its rules", async (name, text) => {
  const uri = uriOf(`rewritten-${name}`);
  const good = text.replace("reqest", "request");
  await open(`rewritten-${name}`, good);
  const lines = textLines(good);
  const actions = (await connection.sendRequest(CodeActionRequest.type, {
    textDocument: { uri },
    range: {
      start: positionAt(lines, good.indexOf("got(")),
      end: positionAt(lines, good.indexOf("peer(", good.indexOf("out"))),
    },
    context: { diagnostics: [], only: ["refactor.rewrite"] },
  })) as readonly CodeAction[];
  expect(actions.length).toBeGreaterThan(0);
  const offered = actions.filter((a) => a.disabled === undefined);
  expect(offered.length).toBeGreaterThan(0);
  for (const action of offered) {
    // What is offered can be had.
    const { edit } = await connection.sendRequest(CodeActionResolveRequest.type, action);
    const after = edited(good, edit!.changes![uri]);
    if (!action.title.includes("without its comments")) expect(after).toContain("why");
    if (name.endsWith(".rs"))
      expect(after.replace(/r#"[^]*"#/, "")).toBe(RUST.replace(/r#"[^]*"#/, ""));
  }
});
