import { REWRITES } from "../../src/rewrites/rewrites.ts";
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
  const seen = { rewritten: 0, known: 0 };
  let failures = 0;
  const steps = new Map<string, number>();
  const pairs = new Map<string, number>();
  for (let i = 0; i < cases && failures < 5 && (await search.next()); i++) {
    const { test, made } = randomChain(seed + i);
    const judged = judgeChain(test, made);
    if (judged.kind === "none") continue;
    seen.rewritten++;
    if (judged.refinement.kind !== "not-known") seen.known++;
    for (const name of judged.steps) count(steps, name);
    const names = judged.links.map(({ rewrite }) => rewrite);
    names.slice(1).forEach((name, j) => count(pairs, `${names[j]}, then ${name}`));
    if (!isWrongChain(judged)) continue;
    failures++;
    console.log(`chains, case ${seed + i}: ${chainText(shrunkChain(test))}\n`);
  }
  // Every rewrite there is, also one that was never applied.
  for (const { name } of REWRITES) console.log(`  ${steps.get(name) ?? 0} × ${name}`);
  for (const [names, times] of [...pairs].sort()) console.log(`  ${times} × ${names}`);
  console.log(`chains: ${seen.rewritten} rewritten, ${seen.known} of them explored whole`);
  return failures;
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
