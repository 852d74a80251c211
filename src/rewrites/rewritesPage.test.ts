import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { REFUSAL_CODES } from "./conditions.ts";
import { EXPLAINED } from "./explainedConditions.testing.ts";
import { answerTo, rewritesPage } from "./rewritesPage.testing.ts";

const sourceOf = (file: string) => readFileSync(new URL(file, import.meta.url), "utf8");

test("docs/rewrites.md is what `npm run docs` makes of the rewrites", () => {
  const page = readFileSync(new URL("../../docs/rewrites.md", import.meta.url), "utf8");
  expect(page).toBe(rewritesPage(sourceOf));
});

test.each(EXPLAINED)("$code: the program shown has the verdict shown", (condition) => {
  expect(answerTo(condition)?.verdict).toBe(condition.verdict);
});

test("every code that a rewrite can refuse by is explained, once", () => {
  const codes = EXPLAINED.map(({ code }) => code);
  expect(REFUSAL_CODES.filter((code) => !codes.includes(code))).toEqual([]);
  expect(codes).toEqual([...new Set(codes)]);
});
