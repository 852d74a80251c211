import * as fc from "fast-check";
import { expect, test } from "vitest";
import { clingo } from "./clingoReferee.testing.ts";
import { randomCase } from "./randomComponent.testing.ts";
import { disagreement } from "./referee.testing.ts";
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
      const found = await disagreement(randomCase(seed, referee.vocabulary), referee, code);
      ticks += found.ticks;
      expect(found.text).toBeUndefined();
    });
    await fc.assert(property, { numRuns: 60, endOnFailure: true });
    expect(ticks).toBeGreaterThan(200);
  },
);
