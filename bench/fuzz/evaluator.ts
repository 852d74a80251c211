import { caseText, failure, shrunk } from "../../src/evaluator/compareEngines.testing.ts";
import { randomBulk } from "../../src/evaluator/randomBulk.testing.ts";
import {
  EVERYTHING,
  LOOKUPS,
  randomCase,
  WIDE,
} from "../../src/evaluator/randomComponent.testing.ts";
import type { Search } from "../search.ts";

export const CASES = 100_000;

/** One case in so many holds thousands of facts, which costs a hundred times as much. */
const BULK_EVERY = 500;
/** Every other case is about how rows are found and what fails meanwhile. */
const LOOKUPS_EVERY = 4;
/** Two of so many hold a hundred facts and more: between what fits into a screen and what makes tables give space back. */
const WIDE_EVERY = 16;

/** Compares the incremental evaluator with the reference on random components; prints failures shrunk. */
export async function fuzz(cases: number, seed: number, search: Search): Promise<number> {
  let failures = 0;
  for (let i = 0; i < cases && failures < 5 && (await search.next()); i++) {
    const number = seed + i;
    const narrow = number % LOOKUPS_EVERY < 2 ? LOOKUPS : EVERYTHING;
    const vocabulary = number % WIDE_EVERY < 14 ? narrow : WIDE;
    const test = number % BULK_EVERY < 2 ? randomBulk(number) : randomCase(number, vocabulary);
    // Both ways of running plans, in turn.
    const code = number % 2 === 0 ? "generated" : "interpreted";
    if (failure(test, code) === undefined) continue;
    failures++;
    const small = shrunk(test, code);
    console.log(
      `evaluator (${code}), case ${number}:\n${caseText(small)}\n${failure(small, code)}\n`,
    );
  }
  return failures;
}
