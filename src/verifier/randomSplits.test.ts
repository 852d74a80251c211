import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  accepted,
  isWrong,
  judge,
  randomSplit,
  referee,
  shrunkSplit,
  splitText,
  withoutAcknowledgement,
} from "./randomSplits.testing.ts";

test("what the decouplings accept refines, on random components", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const split = randomSplit(seed);
      if (isWrong(judge(split))) throw new Error(splitText(shrunkSplit(split)));
    }),
    { numRuns: 300 },
  );
});

test("the referee is no rubber stamp: an answer that is never sent always shows", () => {
  let caught = 0;
  for (let seed = 0; seed < 40; seed++) {
    const split = randomSplit(seed);
    const step = accepted(split);
    const mutant = step && withoutAcknowledgement(step, "b");
    if (mutant === undefined) continue;
    expect(referee(mutant, split.inputs)).toMatchObject({ violation: "quiescence" });
    caught++;
  }
  expect(caught).toBeGreaterThan(3);
});
