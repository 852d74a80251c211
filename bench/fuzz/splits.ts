import {
  isWrong,
  judge,
  randomSplit,
  shrunkSplit,
  splitText,
} from "../../src/verifier/randomSplits.testing.ts";
import type { RandomSplit } from "../../src/verifier/randomSplits.testing.ts";
import type { Search } from "../search.ts";

export const CASES = 100_000;

/** Asks the verifier about random splits that the rewrites accept; prints violations, shrunk. */
export function fuzz(cases: number, seed: number, search: Search): Promise<number> {
  return fuzzSplits(randomSplit, cases, seed, search);
}

export async function fuzzSplits(
  randomCase: (seed: number) => RandomSplit,
  cases: number,
  seed: number,
  search: Search,
): Promise<number> {
  const { name } = search;
  let failures = 0;
  let accepted = 0;
  let known = 0;
  for (let i = 0; i < cases && failures < 5 && (await search.next()); i++) {
    const split = randomCase(seed + i);
    const judged = judge(split);
    if (judged.kind === "refused") continue;
    accepted++;
    if (judged.refinement.kind !== "not-known") known++;
    if (!isWrong(judged)) continue;
    failures++;
    console.log(`${name}, case ${seed + i}: ${splitText(shrunkSplit(split))}\n`);
  }
  console.log(`${name}: ${accepted} accepted, ${known} of them explored whole`);
  return failures;
}
