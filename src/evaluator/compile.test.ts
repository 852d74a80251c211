import * as fc from "fast-check";
import { expect, test } from "vitest";
import { caseText, failure, shrunk } from "./compareEngines.testing.ts";
import { randomBulk } from "./randomBulk.testing.ts";
import { randomCase } from "./randomComponent.testing.ts";

test.each(["generated", "interpreted"] as const)(
  "random components: the incremental evaluator (%s) equals the reference after every tick",
  (code) => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        if (failure(randomCase(seed), code) === undefined) return;
        const small = shrunk(randomCase(seed), code);
        expect.fail(`${caseText(small)}\n${failure(small, code)}`);
      }),
      { numRuns: 400, endOnFailure: true },
    );
  },
);

test.each([
  ["generated", 12],
  ["interpreted", 13],
] as const)("components that hold thousands of facts and lose them (%s)", (code, seed) => {
  expect(failure(randomBulk(seed), code)).toBeUndefined();
});
