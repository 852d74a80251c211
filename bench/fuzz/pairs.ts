import { corpus, pairsOf } from "../../src/verifier/pairs.testing.ts";
import type { Search } from "../search.ts";

/** More than there are. */
export const CASES = 1_000;

/** Asks the verifier about two rewrites in a row, so many of all pairs that apply to the corpus, from the seed on; prints violations. */
export async function fuzz(cases: number, seed: number, search: Search): Promise<number> {
  const all = corpus().flatMap((program) => [...pairsOf(program)]);
  const many = (search.cases = Math.min(cases, all.length));
  const kinds = new Set<string>();
  let failures = 0;
  let known = 0;
  for (let i = 0; i < many && (await search.next()); i++) {
    const { program, first, second, judged } = all[(seed + i) % all.length]!;
    const found = judged();
    kinds.add(`${first}, ${second}`);
    if (found.kind !== "not-known") known++;
    if (found.kind !== "counterexample") continue;
    failures++;
    console.log(`pairs: ${program}, ${first}, then ${second}: ${found.violation}`);
  }
  console.log(
    `pairs: ${many} of ${all.length} on the corpus, ${kinds.size} different; ${known} explored whole`,
  );
  return failures;
}
