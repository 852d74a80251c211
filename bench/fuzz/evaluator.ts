import { caseText, failure, shrunk } from "../../src/evaluator/compareEngines.testing.ts";
import { randomCase } from "../../src/evaluator/randomComponent.testing.ts";

/** Compares the incremental evaluator with the reference on random components; prints failures shrunk. */
export function fuzz(cases: number, seed: number): number {
  let failures = 0;
  for (let i = 0; i < cases; i++) {
    const test = randomCase(seed + i);
    if (i > 0 && i % 10_000 === 0) console.error(`evaluator: ${i} of ${cases} cases`);
    // Both ways of running plans, in turn.
    const code = i % 2 === 0 ? "generated" : "interpreted";
    if (failure(test, code) === undefined) continue;
    failures++;
    const small = shrunk(test, code);
    console.log(
      `evaluator (${code}), case ${seed + i}:\n${caseText(small)}\n${failure(small, code)}\n`,
    );
    if (failures >= 5) break;
  }
  return failures;
}
