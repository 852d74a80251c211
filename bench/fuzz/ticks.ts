import { caseText } from "../../src/evaluator/compareEngines.testing.ts";
import { EVERYTHING, LOOKUPS, randomCase } from "../../src/evaluator/randomComponent.testing.ts";
import { tickAbout } from "../../src/verifier/randomTicks.testing.ts";
import type { Search } from "../search.ts";

export const CASES = 20_000;

/** Compares how the verifier computes ticks, from states in any order, with the reference on random components. */
export async function fuzz(cases: number, seed: number, search: Search): Promise<number> {
  let failures = 0;
  for (let i = 0; i < cases && failures < 5 && (await search.next()); i++) {
    const test = randomCase(seed + i, (seed + i) % 2 === 0 ? EVERYTHING : LOOKUPS);
    try {
      tickAbout(test, seed + i);
    } catch (error) {
      failures++;
      console.log(`ticks, case ${seed + i}:\n${caseText(test)}\n${(error as Error).stack}\n`);
    }
  }
  return failures;
}
