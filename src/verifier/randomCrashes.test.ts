import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  crashText,
  isWrongCrash,
  judgeCrash,
  randomCrash,
  shrunkCrash,
} from "./randomCrashes.testing.ts";

test("what the decouplings accept refines over one crash, on random components", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const split = randomCrash(seed);
      if (isWrongCrash(judgeCrash(split))) throw new Error(crashText(shrunkCrash(split)));
    }),
    { numRuns: 100 },
  );
});

test("the search finds what a crash takes, where its condition is ignored", () => {
  const forced = Array.from({ length: 150 }, (_, seed) => judgeCrash(randomCrash(seed)))
    .filter(({ kind }) => kind === "forced")
    .map((judged) => (judged.kind === "forced" ? judged.refinement.kind : ""));
  expect(forced.filter((kind) => kind === "counterexample").length).toBeGreaterThan(0);
});
