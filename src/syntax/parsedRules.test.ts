import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { mutated } from "./mutatedTexts.testing.ts";
import { ParsedRules } from "./parsedRules.ts";
import { read } from "./read.ts";

const EXAMPLES = ["kvs", "voting", "election"].map((name) =>
  readFileSync(new URL(`../../public/examples/${name}/base.ded`, import.meta.url), "utf8"),
);
const LISTING = `1 out(v, n, t, sig) :- acks(v, n, t, sig)
2 twice(x, x) :- one(x), one(x)
3 a <- b, c <- 4
twice(x, x) :- one(x), one(x)`;

test("a text is read from memory as it is read afresh, whatever was edited before", () => {
  const edited = fc
    .constantFrom(...EXAMPLES, LISTING)
    .chain((text) => fc.array(mutated(fc.constant(text)), { minLength: 2, maxLength: 4 }));
  const dialect = fc.constantFrom(undefined, "compact", "paper");
  fc.assert(
    fc.property(edited, dialect, (texts, notation) => {
      const options = notation === undefined ? {} : { dialect: notation };
      const known = new ParsedRules();
      for (const text of texts)
        expect(read(text, { ...options, known })).toEqual(read(text, options));
    }),
    { numRuns: 150 },
  );
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
