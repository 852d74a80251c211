import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  accepted,
  forcedDeletion,
  isWrong,
  randomThreshold,
  referee,
  shrunk,
  splitText,
} from "./randomThresholds.testing.ts";

test(
  "what monotonic decoupling accepts of thresholds and deletions refines",
  { timeout: 120_000 },
  () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const split = randomThreshold(seed);
        if (isWrong(split)) throw new Error(splitText(shrunk(split)));
      }),
      { numRuns: 120 },
    );
  },
);

test("enough of them is accepted, for a deletion too, and much of what is refused for one differs", () => {
  const verdicts = { accepted: 0, deleting: 0, differs: 0 };
  for (let seed = 0; seed < 120; seed++) {
    const split = randomThreshold(seed);
    const step = accepted(split);
    if (step !== undefined) verdicts.accepted++;
    if (step !== undefined && step.deletions > 0) verdicts.deleting++;
    const forced = step === undefined && seed < 80 ? forcedDeletion(split) : undefined;
    if (forced !== undefined && referee(forced, split).kind === "counterexample")
      verdicts.differs++;
  }
  expect(verdicts.accepted).toBeGreaterThan(15);
  expect(verdicts.deleting).toBeGreaterThan(3);
  expect(verdicts.differs).toBeGreaterThan(1);
});
