import { expect, test } from "vitest";
import { readClientCounts, sweepPoints } from "./sweepPoints.ts";

test("numbers of clients are read in any order, each once, smallest first", () => {
  for (const text of ["1,4,16", "16, 4 1", " 4;16;1, 4,"])
    expect(readClientCounts(text, 100)).toEqual({ kind: "ok", counts: [1, 4, 16] });
});

test.each([
  ["", /at least one/],
  ["0", /“0” is no number of clients/],
  ["1,-4", /“-4”/],
  ["101", /from 1 to 100,/],
  ["1e2", /“1e2”/],
  ["9999999999999999999999", /“9999/],
  [Array.from({ length: 33 }, (_, i) => i + 1).join(), /33 numbers of clients; at most 32/],
])("what is no list of numbers of clients is said: %s", (text, message) => {
  const read = readClientCounts(text, 100);
  expect(read.kind === "problem" ? read.message : "").toMatch(message);
});

test("programs are run in turn at each number of clients and each repeat", () => {
  const order = (repeats: number): readonly string[] =>
    sweepPoints(2, [1, 4], repeats).map((p) => `${p.clients}, ${p.repeat}: ${p.program}`);
  expect(order(1)).toEqual(["1, 1: 0", "1, 1: 1", "4, 1: 0", "4, 1: 1"]);
  expect(order(2)).toEqual([
    "1, 1: 0",
    "1, 1: 1",
    "1, 2: 0",
    "1, 2: 1",
    "4, 1: 0",
    "4, 1: 1",
    "4, 2: 0",
    "4, 2: 1",
  ]);
});
