import { expect, test } from "vitest";
import { endingOf } from "./programFiles.ts";

test("a program is saved with the ending that it came with", () => {
  expect(
    ["node.rs", "BASE.DED", "lib.v2.dl", "listing", "notes.md", "x.json"].map(endingOf),
  ).toEqual([".rs", ".ded", ".dl", ".ded", ".ded", ".ded"]);
});
