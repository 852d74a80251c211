import { expect, test } from "vitest";
import { corpus, pairsOf } from "./pairs.testing.ts";

/** `npm run fuzz -- pairs` takes all. */
const PAIRS = 6;

test("two rewrites in a row of a program of the corpus, another one each time", () => {
  const seed = Date.now();
  const programs = corpus();
  let judged = 0;
  for (const pair of pairsOf(programs[seed % programs.length]!)) {
    const told = `seed ${seed}: ${pair.program}, ${pair.first}, then ${pair.second}`;
    expect(pair.judged().kind, told).not.toBe("counterexample");
    if (++judged === PAIRS) break;
  }
  expect(judged, `seed ${seed}`).toBeGreaterThan(0);
});
