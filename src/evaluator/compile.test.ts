import fc from "fast-check";
import { expect, test } from "vitest";
import { caseText, failure, shrunk } from "./compareEngines.testing.ts";
import { randomCase } from "./randomComponent.testing.ts";

test("random components: the incremental evaluator equals the reference after every tick", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const found = failure(randomCase(seed));
      if (found === undefined) return;
      const small = shrunk(randomCase(seed));
      expect.fail(`${caseText(small)}\n${failure(small)}`);
    }),
    { numRuns: 1500, endOnFailure: true },
  );
});
