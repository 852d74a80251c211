import {
  accepted,
  isWrong,
  randomThreshold,
  referee,
  shrunk,
  splitText,
} from "../../src/verifier/randomThresholds.testing.ts";
import type { Search } from "../search.ts";

export const CASES = 10_000;

/** Asks the verifier about random programs that count to a number and delete what is answered; prints violations, shrunk. */
export async function fuzz(cases: number, seed: number, search: Search): Promise<number> {
  const seen = { accepted: 0, deleting: 0, known: 0 };
  let failures = 0;
  for (let i = 0; i < cases && failures < 5 && (await search.next()); i++) {
    const split = randomThreshold(seed + i);
    const step = accepted(split);
    if (step === undefined) continue;
    seen.accepted++;
    if (step.deletions > 0) seen.deleting++;
    if (referee(step, split).kind !== "not-known") seen.known++;
    if (!isWrong(split)) continue;
    failures++;
    console.log(`thresholds, ${splitText(shrunk(split))}\n`);
  }
  console.log(
    `thresholds: ${seen.accepted} accepted, ${seen.deleting} with deletions, ${seen.known} of them explored whole`,
  );
  return failures;
}
