import * as fc from "fast-check";
import { expect, test } from "vitest";
import { randomBatch } from "./randomBatches.testing.ts";
import {
  accepted,
  isWrong,
  judge,
  referee,
  shrunkSplit,
  splitText,
  withoutAcknowledgement,
} from "./randomSplits.testing.ts";

test("what goes over in batches refines, on random components", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const split = randomBatch(seed);
      if (isWrong(judge(split))) throw new Error(splitText(shrunkSplit(split)));
    }),
    { numRuns: 20 },
  );
});

test("an answer that is never sent always shows, and both rewrites are among what is accepted", () => {
  const caught = new Set<string>();
  for (let seed = 0; seed < 30; seed++) {
    const split = randomBatch(seed);
    const isSent = split.inputs.some(([relation]) => relation === "a");
    const step = isSent ? accepted(split) : undefined;
    const mutant = step && withoutAcknowledgement(step, "a");
    if (mutant === undefined) continue;
    expect(referee(mutant, split.inputs)).toMatchObject({ violation: "quiescence" });
    caught.add(split.rewrite);
  }
  expect([...caught].sort()).toEqual(["decoupleAsymmetric", "decoupleStateMachine"]);
});
