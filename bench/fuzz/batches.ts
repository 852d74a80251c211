import { randomBatch } from "../../src/verifier/randomBatches.testing.ts";
import { fuzzSplits } from "./splits.ts";

/** The same of splits in which a relation goes over in batches. */
export function fuzz(cases: number, seed: number): number {
  return fuzzSplits("batches", randomBatch, cases, seed);
}
