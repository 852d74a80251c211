import * as fc from "fast-check";
import type { Failure } from "../src/syntax/notationChecks.testing.ts";

const PATIENCE_MS = 5000;

/** Puts so many values to a check; prints the smallest one that fails, and answers how many did: none or one. */
export function checkProperty<T>(
  what: string,
  arbitrary: fc.Arbitrary<T>,
  numRuns: number,
  seed: number,
  failure: (value: T) => Failure,
): number {
  const result = fc.check(
    fc.property(arbitrary, (value) => {
      const started = performance.now();
      const found = failure(value);
      if (found !== undefined) throw new Error(found);
      if (performance.now() - started > PATIENCE_MS) throw new Error("took longer than 5 seconds");
    }),
    { numRuns, seed },
  );
  if (!result.failed) return 0;
  const value = JSON.stringify(result.counterexample?.[0], undefined, 1);
  console.log(`${what}, seed ${result.seed}, path ${result.counterexamplePath}:\n${value}`);
  console.log(String(result.errorInstance));
  return 1;
}
