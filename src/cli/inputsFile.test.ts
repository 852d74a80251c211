import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import { example } from "../simulator/examples.testing.ts";
import { read as readProgram } from "../syntax/read.ts";
import { readInputs } from "./inputsFile.ts";

const text = `
input in(k: int, v: string)
timer beat every 10ms
component L {
  m(k)@async(l) :- in(k, v), other(l)
  s(k) :- m(k), beat()
  o(k)@async(c) :- s(k), client(c)
}`;
const p = analyze(readProgram(text).program, {
  ...example("echo").deployment!,
  instances: { L: ["a", "b"] },
});

function read(...facts: readonly object[]) {
  return readInputs({ format: "clew/inputs", version: 1, facts }, p);
}

test("a fact goes to the node named, or to every node that reads it", () => {
  const fact = { relation: "in", row: [1, "x"] };
  expect(read(fact)).toEqual({ inputs: ["a", "b"].map((to) => ({ ...fact, to })) });
  expect(read({ ...fact, to: "b" })).toEqual({ inputs: [{ ...fact, to: "b" }] });
});

test.each([
  [{ relation: "m", row: [1] }, "Nobody outside sends `m`, but `in`"],
  [{ relation: "beat", row: [] }, "Nobody outside sends `beat`, but `in`"],
  [{ relation: "gone", row: [1] }, "Nobody outside sends `gone`"],
  [{ relation: "in", row: [1] }, "`in` has 2 attributes, and the row has 1"],
  [{ relation: "in", row: ["1", "x"] }, "`k` of `in` is int, and the row has string"],
  [{ relation: "in", row: [1, "x"], to: "c" }, "`c` does not read `in`, but `a`, `b`"],
])("what nobody could send is said with its place: %j", (fact, message) => {
  expect(read({ relation: "in", row: [1, "x"] }, fact)).toEqual({
    problems: [{ pointer: "/facts/1", message: expect.stringContaining(message) as string }],
  });
});

test("another file is not read as one of inputs", () => {
  expect(readInputs({ format: "clew/faults", version: 1, faults: [] }, p)).toMatchObject({
    problems: [{ pointer: "/format" }],
  });
  expect(read({ relation: "in" })).toMatchObject({ problems: [{ pointer: "/facts/0" }] });
});
