import { expect, test } from "vitest";
import type { CodeAction } from "vscode-languageserver-types";
import { quickFixActions } from "./codeActions.ts";
import { URI } from "./examples.testing.ts";
import { openDocument } from "./languageDocument.ts";
import { changedText } from "./renames.ts";
import { positionAt, spanOfRange } from "./textLines.ts";

/** What is wrong and what mends it: the text that each fix gives, and that has one thing less wrong with it. */
function mended(text: string, title: RegExp): string {
  const document = openDocument({ text });
  const end = positionAt(document.lines, text.length);
  const actions = quickFixActions(document, { start: { line: 0, character: 0 }, end }, URI);
  const action = actions.find((a) => title.test(a.title));
  if (action === undefined) throw new Error(`there is ${actions.map((a) => a.title).join(", ")}`);
  const after = applied(text, action);
  const again = openDocument({ text: after });
  expect(again.read.dialect).toBe(document.read.dialect);
  expect(again.read.diagnostics).toEqual([]);
  expect(again.diagnostics.map((d) => d.code)).not.toContain(action.diagnostics![0]!.code);
  return after;
}

function applied(text: string, action: CodeAction): string {
  const { lines } = openDocument({ text });
  const changes = action.edit!.changes![URI]!.map((e) => ({
    span: spanOfRange(lines, e.range),
    text: e.newText,
  }));
  return changedText(text, changes);
}

function codes(text: string): readonly string[] {
  return openDocument({ text }).diagnostics.map((d) => d.code);
}

test("an input that is declared, and misspelt where it is read, is what is meant", () => {
  const text = "input request(x)\np(x) :- reqest(x)\np(x)@next :- p(x)\n";
  expect(codes(text)).toEqual(["misspelt-relation"]);
  expect(mended(text, /^Replace reqest with request/)).toContain("p(x) :- request(x)");
  const hydroflow = ".input request `source`\np(x) :- reqest(x)\n.persist p\n";
  expect(codes(hydroflow)).toEqual(["misspelt-relation"]);
  expect(mended(hydroflow, /^Replace reqest with request/)).toContain("p(x) :- request(x)");
});

test("what Rust is said to send is not misspelt, however near another name is", () => {
  expect(codes(".input id `source`\nidx(x) :- id(x)\n.persist idx\n")).toEqual([]);
  expect(codes(".async vote `a` `b`\nvotes(x) :- vote(x)\n.persist votes\n")).toEqual([]);
});

test("a function with a wrong number of attributes is told once, as that", () => {
  expect(codes("input q(x)\np(h) :- q(x), hash(h)\np(h)@next :- p(h)\n")).toEqual([
    "function-arity",
  ]);
});

test.each([
  [
    "input q(x)\np(x) :- q(x), other(x)\np(x)@next :- p(x)\n",
    "input other(x)\ninput q(x)\np(x) :- q(x), other(x)\np(x)@next :- p(x)\n",
  ],
  [
    "// clew: input q(X)\np(N, X) :- q(N, X), other(N, X);\np(N, X)@next :- p(N, X);\n",
    "// clew: input other(X)\n// clew: input q(X)\np(N, X) :- q(N, X), other(N, X);\np(N, X)@next :- p(N, X);\n",
  ],
  [
    "% dialect: prototype\n% clew: input q(X)\np(X) :- q(X), other(X);\np(X)@next :- p(X);\n",
    "% dialect: prototype\n% clew: input other(X)\n% clew: input q(X)\np(X) :- q(X), other(X);\np(X)@next :- p(X);\n",
  ],
  [
    ".input q `s`\np(x) :- q(x), other(x)\n.persist p\n",
    "# clew: input other(x)\n.input q `s`\np(x) :- q(x), other(x)\n.persist p\n",
  ],
  [
    'fn main() { datalog!(r#".input q `s`\np(x) :- q(x), other(x)\n.persist p\n"#) }\n',
    'fn main() { datalog!(r#"\n# clew: input other(x)\n.input q `s`\np(x) :- q(x), other(x)\n.persist p\n"#) }\n',
  ],
])("an input is declared as the notation can say it: %s", (text, declared) => {
  expect(mended(text, /^Declare other as an input/)).toBe(declared);
});
