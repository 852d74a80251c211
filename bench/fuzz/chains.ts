import {
  chainText,
  isWrongChain,
  judgeChain,
  randomChain,
  shrunkChain,
} from "../../src/verifier/randomChains.testing.ts";
import type { Search } from "../search.ts";

export const CASES = 100_000;

/** Asks the verifier about random rewrites, one to three in a row, of random components; prints violations, shrunk. */
export async function fuzz(cases: number, seed: number, search: Search): Promise<number> {
  let failures = 0;
  let rewritten = 0;
  let known = 0;
  const taken = new Map<string, number>();
  for (let i = 0; i < cases && failures < 5 && (await search.next()); i++) {
    const test = randomChain(seed + i);
    const judged = judgeChain(test);
    if (judged.kind === "none") continue;
    rewritten++;
    if (judged.refinement.kind !== "not-known") known++;
    const names = judged.links.map((link) => link.rewrite);
    for (const name of [...names, ...names.slice(1).map((name, j) => `${names[j]}, ${name}`)]) {
      taken.set(name, (taken.get(name) ?? 0) + 1);
    }
    if (!isWrongChain(judged)) continue;
    failures++;
    console.log(`chains, case ${seed + i}: ${chainText(shrunkChain(test))}\n`);
  }
  for (const [name, count] of [...taken].sort()) console.log(`  ${count} × ${name}`);
  console.log(`chains: ${rewritten} rewritten, ${known} of them explored whole`);
  return failures;
}
