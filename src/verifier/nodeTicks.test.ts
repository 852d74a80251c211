import * as fc from "fast-check";
import { expect, test } from "vitest";
import { EVERYTHING, LOOKUPS, randomCase } from "../evaluator/randomComponent.testing.ts";
import { tickAbout } from "./randomTicks.testing.ts";

test("a tick from any state is what the reference says, whatever tick was computed before", () => {
  const vocabularies = fc.constantFrom(EVERYTHING, LOOKUPS);
  let ticks = 0;
  fc.assert(
    fc.property(fc.nat(), fc.nat(), vocabularies, (component, order, vocabulary) => {
      ticks += tickAbout(randomCase(component, vocabulary), order);
    }),
    { numRuns: 150 },
  );
  expect(ticks).toBeGreaterThan(1_000);
});
