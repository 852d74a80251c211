import { assert, property } from "fast-check";
import { expect, test } from "vitest";
import { read } from "../syntax/read.ts";
import { arbitraryProgram } from "./arbitraryProgram.testing.ts";
import { keepParts } from "./keepParts.ts";

const BEFORE = "component a { p(x) :- q(x)\n p(x) :- r(x, 1) }\ncomponent b { s(x) :- p(x) }";

function program(text: string) {
  return read(text, { dialect: "compact" }).program;
}

test("a program that is read again is the one from before", () => {
  const before = program(BEFORE);
  expect(keepParts(before, program(`// said\n${BEFORE}`))).toBe(before);
});

test("components keep their identity wherever they stand, rules by their ids", () => {
  const before = program(BEFORE);
  const after = program(
    "component new { t(x) :- q(x) }\ncomponent a { p(x) :- q(x)\n p(x) :- r(x, 2) }\ncomponent b { s(x) :- p(x) }",
  );
  const kept = keepParts(before, after);
  expect(kept).toEqual(after);
  expect(kept.components[2]).toBe(before.components[1]);
  expect(kept.components[1]).not.toBe(before.components[0]);
  expect(kept.components[1]!.rules[0]).toBe(before.components[0]!.rules[0]);
  expect(kept.components[1]!.rules[1]).not.toBe(before.components[0]!.rules[1]);
});

test("what is kept always equals what was read", () => {
  assert(
    property(arbitraryProgram, arbitraryProgram, (before, after) => {
      expect(keepParts(before, after)).toEqual(after);
      const again = structuredClone(after);
      expect(keepParts(again, structuredClone(after))).toBe(again);
    }),
  );
});
