import * as fc from "fast-check";
import { expect, test } from "vitest";
import { joinParts, splitParts } from "./parts.ts";

const list = (length: number) => Array.from({ length }, (_, id) => ({ id }));

test("long lists travel by themselves in pieces, the rest has empty ones, and the answer is unchanged", () => {
  const answer = { steps: [{ view: { rules: list(1000), names: ["a"] } }], notices: [] };
  const before = structuredClone(answer);
  const { rest, parts } = splitParts(answer);
  expect(rest).toEqual({ steps: [{ view: { rules: [], names: ["a"] } }], notices: [] });
  expect(parts.map(({ path, value }) => [path.join("/"), value.length])).toEqual([
    ["steps/0/view/rules", 400],
    ["steps/0/view/rules", 400],
    ["steps/0/view/rules", 200],
  ]);
  expect(answer).toEqual(before);
  expect(joinParts(structuredClone(rest), structuredClone(parts))).toEqual(before);
});

test("what is short stays the very same object", () => {
  const answer = { rules: list(10), map: new Map([[1, list(900)]]) };
  expect(splitParts(answer)).toEqual({ rest: answer, parts: [] });
  expect(splitParts(answer).rest).toBe(answer);
});

test("any answer that was split and joined is as it was", () => {
  const value = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.string(),
      fc.integer(),
      fc.integer({ min: 380, max: 900 }).map(list),
      fc.array(tie("tree"), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom("a", "b", "__proto__"), tie("tree"), {
        maxKeys: 3,
        noNullPrototype: true,
      }),
    ),
  })).tree;
  fc.assert(
    fc.property(value, (answer) => {
      const { rest, parts } = splitParts(answer);
      expect(joinParts(structuredClone(rest), structuredClone(parts))).toEqual(answer);
    }),
    { numRuns: 200 },
  );
});
