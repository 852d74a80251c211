import { corpus, pairsOf } from "../../src/verifier/pairs.testing.ts";

/** Asks the verifier about two rewrites in a row, so many of all pairs that apply to the corpus, from the seed on; prints violations. */
export function fuzz(cases: number, seed: number): number {
  const all = corpus().flatMap((program) => [...pairsOf(program)]);
  const many = Math.min(cases, all.length);
  const kinds = new Set<string>();
  let failures = 0;
  let known = 0;
  for (let i = 0; i < many; i++) {
    if (i > 0 && i % 200 === 0) console.error(`pairs: ${i} of ${many}`);
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
