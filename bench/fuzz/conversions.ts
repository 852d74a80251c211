import { caseText } from "../../src/evaluator/compareEngines.testing.ts";
import { conversion } from "../../src/evaluator/conversions.testing.ts";
import { randomCase } from "../../src/evaluator/randomComponent.testing.ts";
import { DIALECTS } from "../../src/syntax/dialect.ts";
import type { Search } from "../search.ts";

export const CASES = 10_000;

/** Runs random components before and after their way to each notation and back. */
export async function fuzz(cases: number, seed: number, search: Search): Promise<number> {
  let failures = 0;
  let rules = 0;
  for (let i = 0; i < cases && failures < 5 && (await search.next()); i++) {
    const test = randomCase(seed + i);
    for (const dialect of DIALECTS) {
      const found = conversion(test, dialect);
      rules += found.rules;
      if (found.difference === undefined) continue;
      failures++;
      console.log(
        `conversions, case ${seed + i}, ${dialect}:\n${caseText(test)}\n${found.difference}\n`,
      );
    }
  }
  console.log(`${rules} rules converted`);
  return failures;
}
