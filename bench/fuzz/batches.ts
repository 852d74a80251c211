import { randomBatch } from "../../src/verifier/randomBatches.testing.ts";
import type { Search } from "../search.ts";
import { fuzzSplits } from "./splits.ts";

export const CASES = 10_000;

/** The same of splits in which a relation goes over in batches. */
export function fuzz(cases: number, seed: number, search: Search): Promise<number> {
  return fuzzSplits(randomBatch, cases, seed, search);
}
