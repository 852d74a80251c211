import * as fc from "fast-check";
import { expect, test } from "vitest";
import { printCompact } from "../program/printCompact.ts";
import { mollyText, prototypeText } from "./clauseTexts.testing.ts";
import type { Dialect } from "./dialect.ts";
import { hydroflowText } from "./hydroflowTexts.testing.ts";
import { printProgram } from "./printProgram.ts";
import { read } from "./read.ts";

/** Reads, prints, reads again: nothing to complain about, and the same program. */
function printsBack(text: string, dialect: Dialect): void {
  const first = read(text, { dialect });
  // A relation that is sent cannot also be derived at once at another node, which the grammar alone does not see.
  fc.pre(first.diagnostics.every((d) => d.code !== "sent-and-remote"));
  expect(first.diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  expect(first.broken).toEqual([]);
  const printed = printProgram(first.program, dialect, () => false);
  if (printed.kind === "problems") throw new Error(printed.problems.join("\n"));
  const again = read(printed.text, { dialect });
  expect(again.diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  expect(again.program).toEqual(first.program);
  const compact = read(printCompact(first.program), { dialect: "compact" });
  expect(compact.program).toEqual(first.program);
}

test("whatever the grammar of Hydroflow datalog has is read, printed and read again", () => {
  fc.assert(
    fc.property(hydroflowText, (text) => printsBack(text, "hydroflow")),
    { numRuns: 200 },
  );
});

test("whatever the grammar of Molly has is read, printed and read again", () => {
  fc.assert(
    fc.property(mollyText, (text) => printsBack(text, "molly")),
    { numRuns: 200 },
  );
});

test("whatever the prototype notation has is read, printed and read again", () => {
  fc.assert(
    fc.property(prototypeText, (text) => printsBack(text, "prototype")),
    { numRuns: 200 },
  );
});
