import * as fc from "fast-check";
import { expect, test } from "vitest";
import { address, bytes } from "../../program/value.ts";
import type { Row, Value } from "../../program/value.ts";
import { factText } from "./factText.ts";
import { fits, readPattern } from "./factPattern.ts";

function fitsText(text: string, relation: string, row: Row): boolean {
  const read = readPattern(text);
  if (read.kind === "problem") throw new Error(read.sentence);
  return fits(read.pattern, relation, row);
}

function problem(text: string): string | undefined {
  const read = readPattern(text);
  return read.kind === "problem" ? read.sentence : undefined;
}

const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.integer(),
    fc.constant(2n ** 62n),
    fc.string(),
    fc.boolean(),
    fc.constantFrom("leader", "participant.2", "collector/3").map(address),
    fc.uint8Array({ maxLength: 9 }).map((all) => bytes(Buffer.from(all).toString("hex"))),
    fc.array(tie("value"), { maxLength: 3 }),
  ),
})).value;

test("a fact as the panels show it is a pattern that it fits", () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 4 }), (row) => {
      expect(fitsText(factText("votes", row), "votes", row)).toBe(true);
    }),
  );
});

test("a wildcard fits any value, a name alone any fact, and nothing fits another relation or width", () => {
  expect(fitsText("votes(_, 3)", "votes", [address("p1"), 3])).toBe(true);
  expect(fitsText("votes(_, 3)", "votes", [address("p1"), 4])).toBe(false);
  expect(fitsText("votes", "votes", [1, 2, 3])).toBe(true);
  expect(fitsText("votes", "vote", [1, 2, 3])).toBe(false);
  expect(fitsText("votes(_)", "votes", [1, 2])).toBe(false);
  expect(fitsText("p((_, 2))", "p", [[1, 2]])).toBe(true);
  expect(fitsText("p((_, 2))", "p", [[1, 3]])).toBe(false);
});

test("a bare word is an address or a string; whole bytes are not their beginning", () => {
  expect(fitsText("p(leader)", "p", [address("leader")])).toBe(true);
  expect(fitsText("p(leader)", "p", ["leader"])).toBe(true);
  expect(fitsText('p("leader")', "p", [address("leader")])).toBe(false);
  expect(fitsText("p(0x0a1b…)", "p", [bytes("0a1bff")])).toBe(true);
  expect(fitsText("p(0x0a1b...)", "p", [bytes("0a1bff")])).toBe(true);
  expect(fitsText("p(0x0a1b)", "p", [bytes("0a1bff")])).toBe(false);
});

test("what is no pattern is refused with a sentence", () => {
  expect(problem("")).toContain("begins with the name");
  expect(problem("(1)")).toContain("begins with the name");
  expect(problem("votes(1")).toContain("bracket");
  expect(problem("votes(1 2)")).toContain("comma");
  expect(problem("votes(,)")).toContain("needs a value");
  expect(problem("votes(1) x")).toContain("Nothing may follow");
  expect(problem("votes[1]")).toContain("cannot stand in a pattern");
  expect(problem("votes(99999999999999999999)")).toContain("64 bits");
});
