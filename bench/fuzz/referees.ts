import { clingo } from "../../src/evaluator/clingoReferee.testing.ts";
import { randomCase } from "../../src/evaluator/randomComponent.testing.ts";
import {
  disagreement,
  smallestDisagreement,
  type Referee,
} from "../../src/evaluator/referee.testing.ts";
import { sqlite } from "../../src/evaluator/sqliteReferee.testing.ts";
import type { Search } from "../search.ts";

export const CASES = 10_000;

const REFEREES: readonly (readonly [string, Referee])[] = [
  ["clingo", clingo],
  ["SQLite", sqlite],
];

/** Compares the incremental evaluator with engines of others on random components; each case is put to both. */
export async function fuzz(cases: number, seed: number, search: Search): Promise<number> {
  let failures = 0;
  let ticks = 0;
  for (let i = 0; i < cases && failures < 5 && (await search.next()); i++) {
    const code = (seed + i) % 2 === 0 ? "generated" : "interpreted";
    for (const [name, referee] of REFEREES) {
      const test = randomCase(seed + i, referee.vocabulary);
      const found = await disagreement(test, referee, code);
      ticks += found.ticks;
      if (found.text === undefined) continue;
      failures++;
      const small = await smallestDisagreement(test, referee, code);
      console.log(`referees (${name}, ${code}), case ${seed + i}:\n${small}\n`);
    }
  }
  console.log(`referees: ${ticks} ticks compared`);
  return failures;
}
