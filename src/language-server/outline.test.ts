import { expect, test } from "vitest";
import { documentSymbols } from "./documentSymbols.ts";
import { EXAMPLES, exampleDocument } from "./examples.testing.ts";
import { foldingRanges } from "./foldingRanges.ts";
import { openDocument } from "./languageDocument.ts";

const TEXT = `// what
// and why
input in(id)

component a {
  p(id) :- in(id)
  p(id)@next :-
    p(id),
    !q(id)
}
/* one
   two */
component b { r(id)@async(d) :- s(id, d) }
`;

test("components hold their rules and declarations; each rule has its number", () => {
  const symbols = documentSymbols(openDocument({ text: TEXT }));
  const told = symbols.map((s) => ({
    [`${s.detail} ${s.name}`]: (s.children ?? []).map((c) => `${c.detail}: ${c.name}`),
  }));
  expect(told).toMatchInlineSnapshot(`
    [
      {
        "input in": [],
      },
      {
        "component a": [
          "rule 1: p(id)",
          "rule 2: p(id)@next",
        ],
      },
      {
        "component b": [
          "rule 3: r(id)@async",
        ],
      },
    ]
  `);
  expect(symbols[1]!.selectionRange).toEqual({
    start: { line: 4, character: 10 },
    end: { line: 4, character: 11 },
  });
});

test("components, long rules and comments fold; a closing brace stays in sight", () => {
  const folds = foldingRanges(openDocument({ text: TEXT })).map(
    (f) => `${f.startLine + 1}-${f.endLine + 1}${f.kind === undefined ? "" : ` ${f.kind}`}`,
  );
  expect(folds).toEqual(["1-2 comment", "5-9", "7-9", "11-12 comment"]);
});

test.each(EXAMPLES)(
  "every rule of %s is in the outline, inside ranges that hold their selection",
  (name) => {
    const document = exampleDocument(name);
    const symbols = documentSymbols(document);
    const rules = symbols
      .flatMap((s) => [s, ...(s.children ?? [])])
      .filter((s) => s.detail?.startsWith("rule "));
    expect(rules).toHaveLength(document.analyzed.rules.size);
    for (const { range, selectionRange } of rules) {
      expect(selectionRange.start.line).toBeGreaterThanOrEqual(range.start.line);
      expect(selectionRange.end.line).toBeLessThanOrEqual(range.end.line);
    }
  },
);
