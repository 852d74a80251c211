import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { layOut } from "./layout.ts";
import { mutated } from "./mutatedTexts.testing.ts";
import { parseByGrammar, parseHeaderByGrammar } from "./parseStatement.ts";
import { plainHeader, plainRule } from "./plainRule.ts";
import { scan } from "./tokens.ts";

const EXAMPLES = ["kvs", "voting", "election", "paxos"].map((name) =>
  readFileSync(new URL(`../../public/examples/${name}/base.ded`, import.meta.url), "utf8"),
);
/** All that a rule is made of, where most of it is wrong. */
const WORDS =
  "p x addr count cert avg self _ _y 1 99999999999999999999 1.5 true false 0xab 0xa".split(" ");
const MARKS = [
  ..."(),!<>+-*/%=@",
  "(",
  ")",
  ",",
  "==",
  "!=",
  ":=",
  "<=",
  "->",
  "p(",
  "count<",
  ":-",
];
const MORE = [
  "@next",
  "@async(x)",
  '"s"',
  '"\\q"',
  'addr("n")',
  "<-",
  "(x, 1)",
  "(x,)",
  "- 1",
  "p(x)",
];

/** What is plain is what the grammar reads; how many rules of the text are. */
function plainRules(text: string): { readonly rules: number; readonly plain: number } {
  let [rules, plain] = [0, 0];
  for (const { tokens } of layOut(scan(text).tokens, text, { lineNumbers: false }).statements) {
    const read = plainRule(tokens);
    const parsed = parseByGrammar(tokens);
    if (read !== undefined) expect(parsed).toEqual({ ok: true, value: read });
    if (parsed.ok) rules++;
    if (read !== undefined) plain++;
  }
  return { rules, plain };
}

test("all rules of the examples are plain", () => {
  for (const example of EXAMPLES) {
    const { rules, plain } = plainRules(example);
    expect(plain).toBe(rules);
    expect(rules).toBeGreaterThan(0);
  }
});

test("a plain rule is read as the grammar reads it, and what the grammar reads is plain", () => {
  const rule = fc
    .array(fc.constantFrom(...WORDS, ...MARKS, ...MORE), { maxLength: 9 })
    .chain((words) =>
      fc.constantFrom(
        words.join(" "),
        `p(x) :- ${words.join("")}`,
        `p(x) :- x == ${words.join(" ")}, q(x)`,
        `p(${words.join("")}) :- q(x)`,
      ),
    );
  fc.assert(
    fc.property(rule, (text) => {
      const { rules, plain } = plainRules(text);
      expect(plain).toBe(rules);
    }),
    { numRuns: 1000 },
  );
});

test("so are the examples' rules after edits", () => {
  const text = fc.constantFrom(...EXAMPLES).chain((example) => mutated(fc.constant(example)));
  fc.assert(
    fc.property(text, (edited) => {
      const { rules, plain } = plainRules(edited);
      expect(plain).toBe(rules);
    }),
    { numRuns: 15 },
  );
});

test("a plain header is read as the grammar reads it, and what the grammar reads is plain", () => {
  const words = fc.array(fc.constantFrom("by", "by", ",", ",", "a", "b", "9", "‘q’"), {
    maxLength: 7,
  });
  fc.assert(
    fc.property(words, fc.constantFrom("", "x by a,"), (more, start) => {
      const { tokens } = scan(["component", start, ...more].join(" "));
      const parsed = parseHeaderByGrammar(tokens);
      expect(plainHeader(tokens)).toEqual(parsed.ok ? parsed.value : undefined);
    }),
    { numRuns: 500 },
  );
});

test("places count from where they are told to", () => {
  const { tokens } = scan("  p(x) :- q(x)");
  expect(plainRule(tokens, 2)?.span).toEqual({ start: 0, end: 12 });
});
