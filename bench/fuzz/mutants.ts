import { guards } from "../../src/verifier/mechanisms.testing.ts";
import type { Search } from "../search.ts";

/** More than there are. */
export const CASES = 1_000;

/** Deletes what mechanisms generate, one rule or literal at a time, so many of them from the seed on; prints what nothing notices. */
export async function fuzz(cases: number, seed: number, search: Search): Promise<number> {
  const all = guards();
  const counts = new Map<string, number>();
  let failures = 0;
  const many = (search.cases = Math.min(cases, all.length));
  for (let i = 0; i < many && (await search.next()); i++) {
    const { mechanism, name, equivalent, noticed } = all[(seed + i) % all.length]!;
    const how = equivalent === undefined ? noticed() : "equivalent";
    counts.set(how ?? "unnoticed", (counts.get(how ?? "unnoticed") ?? 0) + 1);
    if (how !== undefined) continue;
    failures++;
    console.log(`${mechanism}: ${name}`);
  }
  const words = [...counts].map(([how, count]) => `${how} ${count}`).join(", ");
  console.log(`mutants: ${many} of ${all.length}: ${words}`);
  return failures;
}
