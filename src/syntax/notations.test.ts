import * as fc from "fast-check";
import { expect, test } from "vitest";
import { arbitraryProgram, isGeneratedConstant } from "../program/arbitraryProgram.testing.ts";
import { mollyText, prototypeText } from "./clauseTexts.testing.ts";
import { hydroflowText } from "./hydroflowTexts.testing.ts";
import { mutated } from "./mutatedTexts.testing.ts";
import { converts, printsBack, survives } from "./notationChecks.testing.ts";

// `npm run fuzz -- notations` looks longer.
const NOTATIONS = [
  ["hydroflow", hydroflowText],
  ["molly", mollyText],
  ["prototype", prototypeText],
] as const;

test.each(NOTATIONS)(
  "whatever the grammar of %s has is read, printed and read again",
  (dialect, text) => {
    fc.assert(
      fc.property(text, (t) => {
        expect(printsBack(t, dialect)).toBeUndefined();
      }),
      { numRuns: 150 },
    );
  },
);

test("a program prints in every notation that can express it, each time the same", () => {
  fc.assert(
    fc.property(arbitraryProgram, (p) => {
      expect(converts(p, isGeneratedConstant)).toBeUndefined();
    }),
    { numRuns: 100 },
  );
});

test.each(NOTATIONS)("no text near %s does harm", (_, text) => {
  fc.assert(
    fc.property(mutated(text), (t) => {
      expect(survives(t)).toBeUndefined();
    }),
    { numRuns: 60 },
  );
});
