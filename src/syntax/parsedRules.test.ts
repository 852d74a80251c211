import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { mutated } from "./mutatedTexts.testing.ts";
import { ParsedRules } from "./parsedRules.ts";
import { PlacedRules } from "./placedRules.ts";
import type { ReadOptions } from "./read.ts";
import { read } from "./read.ts";

const EXAMPLES = ["kvs", "voting", "election"].map((name) =>
  readFileSync(new URL(`../../public/examples/${name}/base.ded`, import.meta.url), "utf8"),
);
const LISTING = `1 out(v, n, t, sig) :- acks(v, n, t, sig)
2 twice(x, x) :- one(x), one(x)
3 a <- b, c <- 4
twice(x, x) :- one(x), one(x)`;

/** All that a reading says, in plain lists. */
function said(text: string, options: ReadOptions): unknown {
  const { sourceMap, ...rest } = read(text, options);
  const { rules, components, declarations } = sourceMap;
  return { ...rest, rules: [...rules], components: [...components], names: [...declarations] };
}

function readAlike(texts: readonly string[], options: ReadOptions): void {
  const known = new ParsedRules();
  for (const text of texts) expect(said(text, { ...options, known })).toEqual(said(text, options));
}

test("a text is read from memory as it is read afresh, whatever was edited before", () => {
  const edited = fc
    .constantFrom(...EXAMPLES, LISTING)
    .chain((text) => fc.array(mutated(fc.constant(text)), { minLength: 2, maxLength: 4 }));
  const dialect = fc.constantFrom(undefined, "compact", "paper");
  fc.assert(
    fc.property(edited, dialect, (texts, notation) =>
      readAlike(texts, notation === undefined ? {} : { dialect: notation }),
    ),
    { numRuns: 150 },
  );
});

/** What opens, closes and ends statements and blocks, whose marks reach over many lines. */
const PIECES = [
  "\n",
  "\r\n",
  "/*",
  "*/",
  "//",
  "{",
  "}",
  "}\n",
  "|",
  ";",
  ".",
  "1 ",
  "\n2 ",
  "(",
  ")",
  ",",
  "component x {\n",
  "component Y by a {",
  " a(x) :- b(x)",
  "\na(x) <- b(x)",
  "<-",
  ":-",
  "§§",
  "edb e(a) = {",
  "input q(a)\n",
  "durable q",
  "((((".repeat(17),
  '"',
  "x = y",
  "@next",
  "",
];
const BLOCKS = `a(x) :- b(x)
component c {
  d(x) :- e(x)
  f(x)@next :- f(x), !g(x)
}
component h { i(y) :- j(y) }
`;

test("so is one in which blocks, brackets and statements open and end elsewhere", () => {
  const some = fc.array(fc.constantFrom(...PIECES), { maxLength: 10 }).map((p) => p.join(""));
  const edit = fc.tuple(fc.constantFrom(...PIECES), fc.nat(), fc.nat(30));
  const texts = fc
    .tuple(fc.constantFrom("", BLOCKS), some, fc.array(edit, { minLength: 1, maxLength: 5 }))
    .map(([start, more, edits]) => {
      const all = [start + more];
      for (const [piece, at, length] of edits) {
        const last = all.at(-1)!;
        const place = at % (last.length + 1);
        const cut = length % 3 === 0 ? length : 0;
        all.push(last.slice(0, place) + piece + last.slice(place + cut));
      }
      return all;
    });
  const dialect = fc.constantFrom("compact" as const, "paper" as const);
  fc.assert(
    fc.property(texts, dialect, (all, notation) => readAlike(all, { dialect: notation })),
    { numRuns: 250 },
  );
});

test("a block that nobody closes, and an arrow at a rule's end, are where an edit moves them", () => {
  for (const text of ["component c {\na(x) :- b(x)\nc(x)", "a(x) :- b(x)\nc(x) <-"])
    readAlike([text, `d(x)\n${text}`, text.replace("a(", "more(")], { dialect: "compact" });
});

test("a rule that stays as it is keeps the places that count from it, and is told where it stands", () => {
  const known = new ParsedRules();
  const placesOf = (text: string): PlacedRules => {
    const { rules } = read(text, { known }).sourceMap;
    if (!(rules instanceof PlacedRules)) throw new Error("no places");
    return rules;
  };
  const before = placesOf("a(x) :- b(x)\nc(x) :- d(x)");
  const after = placesOf("a(x, x) :- b(x)\nc(x) :- d(x)");
  expect(after.within("main/c/1")?.spans).toBe(before.within("main/c/1")?.spans);
  expect(before.get("main/c/1")?.rule).toEqual({ start: 13, end: 25 });
  expect(after.get("main/c/1")?.rule).toEqual({ start: 16, end: 28 });
});

test("a rule that stays as it is keeps its identity, wherever an edit moves it", () => {
  const known = new ParsedRules();
  const before = read("a(x) :- b(x)\nc(x) :- d(x)", { known }).program;
  const after = read("a(x, x) :- b(x)\nc(x) :- d(x)", { known }).program;
  const [changed, kept] = before.components[0]!.rules;
  expect(after.components[0]!.rules[1]).toBe(kept);
  expect(after.components[0]!.rules[0]).not.toBe(changed);
});

test("a number at a line's start is a part of a rule or not, by the notation", () => {
  const known = new ParsedRules();
  const text = "a(x) :- b(x),\n7 c(x)";
  for (const dialect of ["paper", "compact"] as const)
    expect(read(text, { dialect, known })).toEqual(read(text, { dialect }));
});
