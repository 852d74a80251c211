import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { mutated } from "./mutatedTexts.testing.ts";
import { ScannedText } from "./scannedText.ts";
import { scan } from "./tokens.ts";

const EXAMPLES = ["kvs", "voting"].map((name) =>
  readFileSync(new URL(`../../public/examples/${name}/base.ded`, import.meta.url), "utf8"),
);
/** What words of several lines, and words that look ahead, are made of. */
const PIECES = ["\n", "\r\n", "/*", "*/", "//", "#", '"', "“", "addr(", ")", "a", "1.5", "0xf"];
const MORE = [" ", "\\", "@ next", "@", ":", "-", "<-", "§§", "\u2028", "_", "x'", ".", "{", "}"];

function scansAlike(texts: readonly string[]): void {
  const memory = new ScannedText();
  for (const text of texts) expect(memory.scan(text)).toEqual(scan(text));
}

test("a text is scanned from memory as it is scanned afresh, whatever was edited before", () => {
  const edited = fc
    .constantFrom(...EXAMPLES)
    .chain((text) => fc.array(mutated(fc.constant(text)), { minLength: 2, maxLength: 4 }));
  fc.assert(fc.property(edited, scansAlike), { numRuns: 60 });
});

test("so are comments, strings and foreign signs that open, close and meet line ends", () => {
  const text = fc
    .array(fc.constantFrom(...PIECES, ...MORE), { maxLength: 12 })
    .map((pieces) => pieces.join(""));
  const edits = fc
    .tuple(text, fc.array(fc.tuple(text, fc.nat(), fc.nat()), { maxLength: 4 }))
    .map(([first, changes]) => {
      const texts = [first];
      for (const [put, at, over] of changes) {
        const last = texts.at(-1)!;
        const start = at % (last.length + 1);
        texts.push(last.slice(0, start) + put + last.slice(start + (over % 4)));
      }
      return texts;
    });
  fc.assert(fc.property(edits, scansAlike), { numRuns: 2000 });
});

test("lines that stay keep their tokens", () => {
  const memory = new ScannedText();
  const [first] = memory.scan("a(x) :- b(x)\nc(x) :- d(x)").tokens;
  const last = memory.scan("a(x) :- b(x)\nc(x) :- d(x)").tokens.at(-1);
  const after = memory.scan("a(x) :- b(x)\nnew(x)\nc(x) :- d(x)").tokens;
  expect(after[0]).toBe(first);
  expect(after.at(-1)).toBe(last);
});
