import {
  crashText,
  isWrongCrash,
  judgeCrash,
  randomCrash,
  shrunkCrash,
} from "../../src/verifier/randomCrashes.testing.ts";
import type { Search } from "../search.ts";

export const CASES = 20_000;

/** Asks the verifier about random splits of a node that crashes once; prints violations, shrunk. */
export async function fuzz(cases: number, seed: number, search: Search): Promise<number> {
  const seen = { accepted: 0, known: 0, down: 0, forced: 0, differ: 0 };
  let failures = 0;
  for (let i = 0; i < cases && failures < 5 && (await search.next()); i++) {
    const split = randomCrash(seed + i);
    const judged = judgeCrash(split);
    if (judged.kind === "refused") continue;
    const { kind } = judged.refinement;
    if (judged.kind === "forced") {
      seen.forced++;
      if (kind === "counterexample") seen.differ++;
      continue;
    }
    seen.accepted++;
    if (judged.staysDown) seen.down++;
    if (kind !== "not-known") seen.known++;
    if (!isWrongCrash(judged)) continue;
    failures++;
    console.log(`crashes, case ${seed + i}: ${crashText(shrunkCrash(split))}\n`);
  }
  const { accepted, known, down, forced, differ } = seen;
  console.log(
    `crashes: ${accepted} accepted, ${down} that must stay down; ${known} explored whole`,
  );
  console.log(`crashes: ${forced} refused for what a crash takes alone, forced: ${differ} differ`);
  return failures;
}
