import * as fc from "fast-check";
import { expect, test } from "vitest";
import { arbitraryProgram, isGeneratedConstant } from "../program/arbitraryProgram.testing.ts";
import { canonicalText, printCompact, printCompactWithMap } from "../program/printCompact.ts";
import { printPaper } from "./printPaper.ts";
import { read } from "./read.ts";

test("reading what compact notation prints gives the same program", () => {
  fc.assert(
    fc.property(arbitraryProgram, (program) => {
      const result = read(printCompact(program), { dialect: "compact" });
      expect(result.diagnostics).toEqual([]);
      expect(result.program).toEqual(program);
    }),
    { numRuns: 400 },
  );
});

test("reading what paper notation prints gives the same program", () => {
  fc.assert(
    fc.property(arbitraryProgram, (program) => {
      const printed = printPaper(program, isGeneratedConstant);
      if (printed.kind === "problems") throw new Error(printed.problems.join("\n"));
      const result = read(printed.text, { dialect: "paper" });
      // The generated programs need not bind what they use, which paper notation sees where it concerns delays.
      const faults = result.diagnostics.filter((d) => d.code !== "unbound-delayed");
      expect(faults).toEqual([]);
      expect(result.program).toEqual(program);
    }),
    { numRuns: 400 },
  );
});

test("the spans that the printer gives are those that reading its text gives", () => {
  fc.assert(
    fc.property(arbitraryProgram, (program) => {
      const printed = printCompactWithMap(program);
      const { sourceMap } = read(printed.text, { dialect: "compact" });
      expect(sorted(printed.sourceMap)).toEqual(sorted(sourceMap));
    }),
    { numRuns: 200 },
  );
});

test("canonical text ignores layout and comments, and nothing else", () => {
  const a = read("// first\np(x):-q(x) , r(x,_).  p(y)@next :-\n  p(y)");
  const b = read("p(x) :- q(x),\n   r(x, _) # why\np@next(y) <- p(y)");
  const c = read("p(x) :- r(x, _), q(x)\np@next(y) <- p(y)");
  expect(canonicalText(a.program)).toBe(canonicalText(b.program));
  expect(canonicalText(a.program)).not.toBe(canonicalText(c.program));
});

function sorted(map: ReturnType<typeof read>["sourceMap"]): unknown {
  const rules = [...map.rules].map(([id, spans]) => [
    id,
    { ...spans, names: spans.names.toSorted((a, b) => a.span.start - b.span.start) },
  ]);
  return { ...map, rules };
}
