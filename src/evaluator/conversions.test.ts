import { expect, test } from "vitest";
import { DIALECTS } from "../syntax/dialect.ts";
import { conversion } from "./conversions.testing.ts";
import { randomCase } from "./randomComponent.testing.ts";

// `npm run fuzz -- conversions` looks longer.
test.each(DIALECTS)("a component does the same after its way to %s and back", (dialect) => {
  let rules = 0;
  for (let seed = 1; seed <= 25; seed++) {
    const found = conversion(randomCase(seed), dialect);
    expect(found.difference, `seed ${seed}`).toBeUndefined();
    rules += found.rules;
  }
  expect(rules).toBeGreaterThan(30);
});
