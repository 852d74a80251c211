import * as fc from "fast-check";
import { expect, test } from "vitest";
import { clingo } from "./clingoReferee.testing.ts";
import { randomCase } from "./randomComponent.testing.ts";
import { disagreement, smallestDisagreement } from "./referee.testing.ts";
import { sqlite } from "./sqliteReferee.testing.ts";

test.each([
  ["clingo", clingo],
  ["SQLite", sqlite],
])(
  "random components: %s derives, carries over and sends the same in every tick",
  async (_, referee) => {
    let ticks = 0;
    const property = fc.asyncProperty(fc.nat(), fc.boolean(), async (seed, generated) => {
      const code = generated ? "generated" : "interpreted";
      const test = randomCase(seed, referee.vocabulary);
      const found = await disagreement(test, referee, code);
      ticks += found.ticks;
      if (found.text === undefined) return;
      expect.fail(await smallestDisagreement(test, referee, code));
    });
    await fc.assert(property, { numRuns: 60, endOnFailure: true });
    expect(ticks).toBeGreaterThan(200);
  },
);
