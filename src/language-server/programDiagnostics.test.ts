import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import { read } from "../syntax/read.ts";
import { printCompact } from "../program/printCompact.ts";
import { quickFixActions } from "./codeActions.ts";
import { EXAMPLES, exampleDocument, URI } from "./examples.testing.ts";
import { changedInput, openDocument } from "./languageDocument.ts";
import type { LanguageDocument } from "./languageDocument.ts";
import { lspDiagnostics } from "./lspDiagnostics.ts";
import { programDiagnostics } from "./programDiagnostics.ts";
import { rename } from "./rename.ts";
import { namesOf } from "./textNames.ts";
import { offsetAt, positionAt, spanOfRange } from "./textLines.ts";
import { changedText } from "./renames.ts";

function codes(document: LanguageDocument): readonly string[] {
  return document.diagnostics.map((d) => d.code);
}

/** The text after the fix of that title. */
function mended(document: LanguageDocument, title: RegExp): string {
  const end = document.text.length;
  const range = {
    start: { line: 0, character: 0 },
    end: { line: document.lines.starts.length, character: end },
  };
  const action = quickFixActions(document, range, URI).find((a) => title.test(a.title));
  if (action === undefined) throw new Error(`no fix ${title}`);
  const edits = action.edit!.changes![URI]!;
  const changes = edits.map((e) => ({
    span: spanOfRange(document.lines, e.range),
    text: e.newText,
  }));
  return changedText(document.text, changes);
}

test.each(EXAMPLES)(
  "the shipped %s has nothing to complain about but what is said of it",
  (name) => {
    const found = exampleDocument(name).diagnostics.filter((d) => d.severity === "error");
    expect(found).toEqual([]);
    expect(codes(exampleDocument(name))).not.toContain("undeclared-relation");
  },
);

test("a misspelt relation can be mended or declared", () => {
  const document = openDocument({
    text: "component a {\n  votes(x) :- in(x)\n  r(x)@async(d) :- votse(x), client(d)\n}\nedb client(a)\n",
  });
  expect(codes(document)).toEqual(["misspelt-relation"]);
  expect(mended(document, /Replace votse/)).toContain("r(x)@async(d) :- votes(x), client(d)");
  expect(mended(document, /constant/)).toMatch(/^edb votse\(x\)\ncomponent a \{/);
});

test("a relation that nobody derives or sends is said to be so once it is known what clients send", () => {
  const text = "component a {\n  p(x) :- q(x), other(x)\n  p(x)@next :- p(x)\n}\n";
  expect(codes(openDocument({ text }))).toEqual([]);
  const document = openDocument({ text: `input q(x)\n${text}` });
  expect(codes(document)).toEqual(["undeclared-relation"]);
  const declared = mended(document, /Declare other as an input/);
  expect(declared).toBe(`input other(x)\ninput q(x)\n${text}`);
  expect(codes(openDocument({ text: declared }))).toEqual([]);
});

const CHANNEL_AND_INPUT =
  "  r(x)@async(d) :- in(x), peer(d)\n  p(x) :- r(x)\n  p(x)@next :- p(x)\n";

test.each([
  ["a channel", "durable r", "durable r\n", /`r` cannot be durable: it is sent/],
  ["an input", "durable in", "  durable in.\n", /`in` cannot be durable: it comes from outside/],
  ["a constant", "durable peer", "durable peer; ", /`peer` cannot be durable: it is constant/],
  [
    "a timer",
    "durable beat",
    "timer beat every 5ms durable beat\n",
    /`beat` cannot be durable: a timer/,
  ],
  [
    "nothing",
    "durable prepared",
    "durable prepared // said\n",
    /`prepared` cannot be durable: no rule/,
  ],
])("durable on %s is said to do nothing, and can be taken away", (_, written, line, message) => {
  const text = `input in(x)\nedb peer(d) // durable r, durable in\ndurable p\n${line}component a {\n${CHANNEL_AND_INPUT}  p(1) :- beat()\n}\n`;
  const document = openDocument({ text: text.replace("5ms durable", "5ms\ndurable") });
  const found = document.diagnostics.filter((d) => d.code === "durable-passes");
  expect(found.map((d) => d.message)).toEqual([expect.stringMatching(message)]);
  expect(found[0]!.severity).toBe("warning");
  const { start, end } = found[0]!.span;
  expect(document.text.slice(start, end)).toBe(written);
  expect(document.text.lastIndexOf(written)).toBe(start);
  const after = mended(document, /Take durable \w+ away/);
  expect(openDocument({ text: after }).diagnostics.map((d) => d.code)).not.toContain(
    "durable-passes",
  );
  expect(after).toContain("durable p\n");
  expect(after).toContain("// durable r, durable in\n");
  expect(after).not.toContain("\n\n");
});

test("durable in another notation's comment is taken away with the comment", () => {
  const text =
    'a(N, X) :- in(N, X);\n// clew: durable in\n// clew: durable a\na(N, X)@next :- a(N, X);\nin("n", 1)@1;\nb(D, X)@async :- a(N, X), in(N, D);\n';
  const document = openDocument({ text: text.replace("durable in", "durable b") });
  expect(codes(document)).toContain("durable-passes");
  expect(mended(document, /Take durable b away/)).toBe(text.replace("// clew: durable in\n", ""));
});

test.each([
  ["invariant nope\n", "Take invariant nope away", ""],
  ["sink nope\n", "Take sink nope away", ""],
  ["invariant kep\n", "Replace kep with kept", "invariant kept\n"],
  ["sink kep // kep\n", "Replace kep with kept", "sink kept // kep\n"],
  ["invariant wrog\n", "Replace wrog with wrong", "invariant wrong\n"],
])("what nothing derives cannot break or be logged: %s", (statement, title, expected) => {
  const rest =
    "input in(x)\nsink kept\ninvariant kept\ninvariant wrong\ninvariant in\nkept(x) :- in(x)\nglobal wrong(x) :- kept_everywhere(n, x)\n";
  expect(codes(openDocument({ text: rest }))).toEqual([]);
  const document = openDocument({ text: `${statement}${rest}` });
  expect(document.diagnostics.map(({ severity, span }) => [severity, span.start])).toEqual([
    ["warning", 0],
  ]);
  expect(mended(document, new RegExp(title))).toBe(`${expected}${rest}`);
});

test("a wrong number of attributes gets wildcards or loses the last", () => {
  const base = "p(x, y) :- q(x, y)\np(x, y)@next :- p(x, y)\n";
  const few = openDocument({ text: `${base}a(x) :- p(x)\n` });
  expect(codes(few)).toEqual(["arity"]);
  expect(mended(few, /Add _/)).toBe(`${base}a(x) :- p(x, _)\n`);
  const many = openDocument({ text: `${base}a(x) :- p(x, _, _, _)\n` });
  expect(mended(many, /Remove the last 2/)).toBe(`${base}a(x) :- p(x, _)\n`);
});

test.each([
  ["p(x, y, /* c */ 3)", "p(x, y /* c */)"],
  ["p(x, y, // c, d\n  3, 4)", "p(x, y // c, d\n)"],
  ["p(x, y /* c */, 3)", "p(x, y /* c */)"],
])("comments before attributes too many stay: %s", (written, expected) => {
  const base = "p(x, y) :- q(x, y)\np(x, y)@next :- p(x, y)\na(x) :- q(x, y), ";
  const document = openDocument({ text: `${base}${written}\n` });
  expect(mended(document, /Remove the last/)).toBe(`${base}${expected}\n`);
});

test("in the comments of prototype notation and before a location, too", () => {
  const prototype = (last: string): string =>
    `% dialect: prototype\np(A) :- q(A, B);\np(A)@next :- p(A);\na(A) :- q(A, _), p(A${last});\n`;
  const three = openDocument({ text: prototype(", % c, d\n  C") });
  expect(mended(three, /Remove the last/)).toBe(prototype(" % c, d\n"));
  const paper = (first: string): string =>
    `p(l,t) :- q(l,t)\np(l,t') :- p(l,t), t'=t+1\na(x,l,t) :- q(l,t), r(x,l,t), p(${first}l,t)\n`;
  const located = openDocument({ text: paper("x /* c */, ") });
  expect(mended(located, /Remove the last/)).toBe(paper(" /* c */"));
});

test("a wildcard for what is missing stands before a comment", () => {
  const text = "p(x) :- q(x)\np(x)@next :- p(x)\na(x) :- q(x), p(/* c */)\n";
  expect(mended(openDocument({ text }), /Add _/)).toBe(text.replace("p(/*", "p(_/*"));
});

test("an unbound variable is replaced by the one that is meant", () => {
  const document = openDocument({ text: "p(vall) :- q(val, sig), sig != 1\n" });
  expect(codes(document)).toEqual(["unbound-variable"]);
  expect(mended(document, /Replace vall with val/)).toBe("p(val) :- q(val, sig), sig != 1\n");
});

test("a cycle through a negation is told as the cycle, literal by literal, and can be broken", () => {
  const text = "a(x) :- in(x), !c(x)\nb(x) :- a(x)\nc(x) :- b(x), in(x)\n";
  const document = openDocument({ text });
  const [shown] = lspDiagnostics(document, URI);
  expect(shown?.code).toBe("unstratified");
  const told = shown!.relatedInformation!.map(({ message, location }) => {
    const span = spanOfRange(document.lines, location.range);
    return `${text.slice(span.start, span.end)}: ${message}`;
  });
  expect(told).toMatchInlineSnapshot(`
    [
      "a(x): rule 2 derives \`b\` from \`a\`",
      "b(x): rule 3 derives \`c\` from \`b\`",
      "!c(x): rule 1 derives \`a\` from the absence of \`c\`",
    ]
  `);
  const closing = text.slice(
    offsetAt(document.lines, shown!.range.start),
    offsetAt(document.lines, shown!.range.end),
  );
  expect(told.at(-1)).toContain(`${closing}:`);
  const broken = openDocument({ text: mended(document, /in the next tick/) });
  expect(codes(broken)).toEqual([]);
});

test("W5: what arrives is copied before it is derived here as well", () => {
  const text =
    "component a {\n  m(x)@async(d) :- in(x), peer(d)\n}\ncomponent b {\n  m(x) :- own(x)\n  seen(x) :- m(x)\n}\n";
  const document = openDocument({ text });
  expect(codes(document)).toEqual(["mixed-channel"]);
  const after = mended(document, /Copy what arrives/);
  expect(after).toMatchInlineSnapshot(`
    "component a {
      m(x)@async(d) :- in(x), peer(d)
    }
    component b {
      m_here(x) :- m(x)
      m_here(x) :- own(x)
      seen(x) :- m_here(x)
    }
    "
  `);
  expect(codes(openDocument({ text: after }))).toEqual([]);
});

test("W6: an aggregate is computed first and then sent", () => {
  const document = openDocument({
    text: "component a {\n  total(count<v>, k)@async(d) :- w(v, k), leader(d) // all of them\n}\nedb leader(d)\n",
  });
  expect(codes(document)).toEqual(["aggregate-sent"]);
  const after = mended(document, /Compute first/);
  expect(after).toMatchInlineSnapshot(`
    "component a {
      total_computed(count<v>, k, d) :- w(v, k), leader(d)
      total(count, k)@async(d) :- total_computed(count, k, d) // all of them
    }
    edb leader(d)
    "
  `);
  expect(codes(openDocument({ text: after }))).toEqual([]);
});

test("slips of printed listings have their fixes", () => {
  const text = [
    "signed(val,sig,l,t) :- in(val,l,t), sign(val,sig)",
    "toStorage(val,leaderSig,l',t') :- signed(val,sig,l,t), storageNodes(l'), delay((val,sig,l,t,l'),t')",
  ].join("\n");
  const document = openDocument({ text });
  expect(document.read.dialect).toBe("paper");
  expect(codes(document)).toEqual(["unbound-variable"]);
  const kept = openDocument({ text: "acks(s,l,t') :- acks(s,l,t)\np(s,l,t) :- acks(s,l,t)" });
  expect(codes(kept)).toContain("unbound-time");
  const after = mended(kept, /t'=t\+1/);
  expect(after).toContain("acks(s,l,t') :- acks(s,l,t), t'=t+1");
});

test("a text that is too large is not read", () => {
  const document = openDocument({ text: "p(x) :- q(x)\n".repeat(80_000) });
  expect(codes(document)).toEqual(["text-too-large"]);
});

test("the fixes of every diagnostic leave a text that reads as far as before", () => {
  const document = openDocument({ text: "p(x, y) :- q(x = 3), r(y), x = y\nz(a) :- b(a)\n" });
  for (const { fix } of document.diagnostics) {
    if (fix === undefined) continue;
    const changes = fix.edits.map(({ span, text }) => ({ span, text }));
    const again = read(changedText(document.text, changes));
    expect(again.broken.length).toBeLessThanOrEqual(document.read.broken.length);
    expect(printCompact(again.program)).toContain("z(a) :- b(a)");
  }
});

const INCLUDING =
  'include "counts.ded";\nvotes(N, X) :- in(N, X);\nvotes(N, X)@next :- votes(N, X);\n';
const COUNTS = "result(N, X) :- votse(N, X);\nall(N, X) :- votes(N, X), notin old(N, X)@1;";

test("what is wrong in an included file is said, mended and renamed there", () => {
  const document = openDocument({
    text: INCLUDING,
    fileName: "main.ded",
    includes: [{ name: "counts.ded", text: COUNTS }],
  });
  const [, counts] = document.files;
  expect(document.text.slice(counts!.span.start, counts!.span.end)).toBe(COUNTS);
  const wrong = document.diagnostics.filter((d) => d.code !== "tick-as-data");
  expect(wrong.map((d) => [d.code, d.span.start - counts!.span.start])).toEqual([
    ["misspelt-relation", COUNTS.indexOf("votse")],
  ]);
  const after = openDocument(changedInput(document, wrong[0]!.fix!.edits));
  expect(after.input).toMatchObject({
    text: INCLUDING,
    includes: [{ text: COUNTS.replace("votse", "votes") }],
  });
  for (const [name, uses] of [
    ["votes", 5],
    ["old", 1],
  ] as const) {
    const { start } = namesOf(after).find((use) => use.name === name)!.span;
    const renamed = rename(after, positionAt(after.lines, start), "ballots");
    expect(renamed.kind === "renamed" && renamed.changes).toHaveLength(uses);
  }
});

test("where only the text's own places are known it is said at the include, which no fix overwrites", () => {
  const result = read(INCLUDING, { includes: [{ name: "counts.ded", text: COUNTS }] });
  const said = programDiagnostics(INCLUDING, result, analyze(result.program));
  const wrong = said.filter((d) => d.code !== "tick-as-data");
  expect(wrong.map((d) => [d.code, d.span.start, d.fix])).toEqual([
    ["misspelt-relation", 0, undefined],
  ]);
});

test.each([
  ['{ (1, "x"), (-2, "y"), ("two", "z") }', '"two"', "1"],
  ['{ (1, "x"), (2, ("z", 3)) }', '("z", 3)', '"x"'],
  ['{ (1, "x"), (true, "y") }', "true", "1"],
])(
  "types that meet in the rows of one declaration are shown at the cells: %s",
  (rows, ...cells) => {
    const text = `edb r(a, b) = ${rows}\np(a) :- r(a, b)\n`;
    const { diagnostics } = openDocument({ text });
    const conflicts = diagnostics.filter((d) => d.code === "type-conflict");
    const shown = conflicts.map(({ span, related = [] }) =>
      [span, ...related.map((each) => each.span)].map((s) => text.slice(s.start, s.end)),
    );
    const [second, first] = cells;
    expect(shown).toEqual([[second, first, "r", second, "r"]]);
  },
);
