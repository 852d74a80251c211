import type { TextEdit } from "vscode-languageserver-types";
import { expect, test } from "vitest";
import { atCursor, EXAMPLES, exampleDocument } from "./examples.testing.ts";
import { formatting } from "./formatting.ts";
import { inlayHints } from "./inlayHints.ts";
import { openDocument } from "./languageDocument.ts";
import type { LanguageDocument } from "./languageDocument.ts";
import { changedText } from "./renames.ts";
import { semanticTokens } from "./semanticTokens.ts";
import { semanticTokensLegend } from "./semanticTokensLegend.ts";
import { signatureHelp } from "./signatureHelp.ts";
import { offsetAt, positionAt, spanOfRange, textLines } from "./textLines.ts";
import { format } from "../syntax/format.ts";

/** "votes: class definition", one a token. */
function painted(document: LanguageDocument): readonly string[] {
  const { data } = semanticTokens(document);
  const { tokenTypes, tokenModifiers } = semanticTokensLegend;
  const told: string[] = [];
  let [line, character] = [0, 0];
  for (let i = 0; i < data.length; i += 5) {
    const [lines, characters, length, type, bits] = data.slice(i, i + 5) as [
      number,
      number,
      number,
      number,
      number,
    ];
    line += lines;
    character = lines === 0 ? character + characters : characters;
    const start = offsetAt(document.lines, { line, character });
    const modifiers = tokenModifiers.filter((_, bit) => (bits & (1 << bit)) !== 0);
    told.push(
      [`${document.text.slice(start, start + length)}:`, tokenTypes[type], ...modifiers].join(" "),
    );
  }
  return told;
}

test("every word is told what it is", () => {
  const text = `edb peers(p) = { (1) }
component a { // note
  p(count<x>)@next :- in(x, "s"), !p(x), hash(x, h)
  m(x)@async(d) :- p(x), peers(d)
}
`;
  expect(painted(openDocument({ text }))).toMatchInlineSnapshot(`
    [
      "edb: keyword",
      "peers: class declaration readonly",
      "p: property declaration",
      "1: number",
      "component: keyword",
      "a: namespace declaration",
      "// note: comment",
      "p: class definition",
      "count: keyword",
      "x: variable",
      "@next: decorator",
      "in: event async",
      "x: variable",
      ""s": string",
      "p: class",
      "x: variable",
      "hash: function",
      "x: variable",
      "h: variable",
      "m: event definition async",
      "x: variable",
      "@async: decorator async",
      "d: variable",
      "p: class",
      "x: variable",
      "peers: class readonly",
      "d: variable",
    ]
  `);
});

test.each(EXAMPLES)("tokens of %s come in order and do not overlap", (name) => {
  const document = exampleDocument(name);
  const { data } = semanticTokens(document);
  expect(data.length % 5).toBe(0);
  for (let i = 5; i < data.length; i += 5) {
    if (data[i] === 0) expect(data[i + 1]!).toBeGreaterThanOrEqual(data[i - 3]!);
  }
});

test("signature help: the attributes of a relation, and which one is written", () => {
  const kvs = "p(a, b) :- q(a, b), r(a)\n";
  const { document, position } = atCursor(`${kvs}s(x) :- q(x, ‸\n`);
  const help = signatureHelp(document, position)!;
  expect(help.signatures[0]!.label).toBe("q(a, b)");
  expect(help.activeParameter).toBe(1);
  const [start, end] = help.signatures[0]!.parameters![1]!.label as [number, number];
  expect(help.signatures[0]!.label.slice(start, end)).toBe("b");
});

test("signature help: of a function's forms the one that fits, with what it does", () => {
  const { document, position } = atCursor("p(h) :- q(x), hash(x, 16, ‸)\n");
  const help = signatureHelp(document, position)!;
  expect(help.signatures.map((s) => s.label)).toEqual([
    "hash(x -> h: bytes)",
    "hash(x, bits: int -> h: int)",
  ]);
  expect(help.activeSignature).toBe(1);
  expect(help.signatures[1]!.documentation).toContain("SHA-256");
});

test("signature help: tuples and closed literals do not count", () => {
  const inTuple = atCursor("p(a) :- q(a, (1, 2, ‸), 3)\nr(x) :- q(x, x, y)\n");
  expect(signatureHelp(inTuple.document, inTuple.position)?.activeParameter).toBe(1);
  const outside = atCursor("p(a) :- q(a), ‸\n");
  expect(signatureHelp(outside.document, outside.position)).toBeNull();
});

test("formatting is one edit that gives the canonical layout, and none where nothing changes", () => {
  const text = "component a {\np(x):-q(x),r(x)   // why\n\n\n\n  s(x) :- p(x)\n}\n";
  const document = openDocument({ text });
  const [edit, ...others] = editsOf(document);
  expect(others).toEqual([]);
  const span = spanOfRange(document.lines, edit!.range);
  expect(changedText(text, [{ span, text: edit!.newText }])).toBe(laidOut(text));
  expect(edit!.newText.length).toBeLessThan(text.length);
  expect(editsOf(openDocument({ text: laidOut(text) }))).toEqual([]);
});

test("a file that a program includes is laid out by itself", () => {
  const keep = "got( N,M )@next :-got(N,M) ;  // kept\n";
  const document = openDocument({
    text: 'include   "keep.ded";\n',
    dialect: "molly",
    includes: [{ name: "keep.ded", text: keep }],
  });
  const [edit] = editsOf(document, document.files[1]!);
  const span = spanOfRange(textLines(keep), edit!.range);
  expect(changedText(keep, [{ span, text: edit!.newText }])).toBe(
    "got(N, M)@next :- got(N, M); // kept\n",
  );
  expect(editsOf(document)).toMatchObject([{ newText: expect.not.stringContaining("got") }]);
});

function laidOut(text: string): string {
  const formatted = format(text);
  return formatted.kind === "formatted" ? formatted.text : formatted.message;
}

function editsOf(document: LanguageDocument, file = document.files[0]!): readonly TextEdit[] {
  const result = formatting(document, file);
  return result.kind === "edits" ? result.edits : [];
}

test("hints say when a head holds and what kind of relation a literal reads", () => {
  const text =
    "p(x) :- in(x)\np(x)@next :- p(x)\nm(x)@async(d) :- p(x), peers(d), !m(x)\nedb peers(d)\n";
  const document = openDocument({ text });
  const all = {
    start: positionAt(document.lines, 0),
    end: positionAt(document.lines, text.length),
  };
  const hints = inlayHints(document, all).map(({ position, label }) => ({
    span: { start: offsetAt(document.lines, position), end: offsetAt(document.lines, position) },
    text: `‹${String(label)}›`,
  }));
  expect(changedText(text, hints)).toMatchInlineSnapshot(`
    "p(x)‹same tick› :- ‹from clients›in(x)
    p(x)@next‹next tick› :- ‹kept›p(x)
    m(x)@async(d)‹some later tick, there› :- ‹kept›p(x), ‹constant›peers(d), ‹message›!m(x)
    edb peers(d)
    "
  `);
  const second = { start: { line: 1, character: 0 }, end: { line: 1, character: 3 } };
  expect(inlayHints(document, second)).toHaveLength(2);
});
