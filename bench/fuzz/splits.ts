import {
  isWrong,
  judge,
  randomSplit,
  shrunkSplit,
  splitText,
} from "../../src/verifier/randomSplits.testing.ts";
import type { RandomSplit } from "../../src/verifier/randomSplits.testing.ts";

/** Asks the verifier about random splits that the rewrites accept; prints violations, shrunk. */
export function fuzz(cases: number, seed: number): number {
  return fuzzSplits("splits", randomSplit, cases, seed);
}

export function fuzzSplits(
  name: string,
  randomCase: (seed: number) => RandomSplit,
  cases: number,
  seed: number,
): number {
  let failures = 0;
  let accepted = 0;
  let known = 0;
  for (let i = 0; i < cases; i++) {
    const split = randomCase(seed + i);
    const judged = judge(split);
    if (judged.kind === "refused") continue;
    accepted++;
    if (judged.refinement.kind !== "not-known") known++;
    if (!isWrong(judged)) continue;
    failures++;
    console.log(`${name}, case ${seed + i}: ${splitText(shrunkSplit(split))}\n`);
    if (failures >= 5) break;
  }
  console.log(`${name}: ${accepted} accepted, ${known} of them explored whole`);
  return failures;
}
