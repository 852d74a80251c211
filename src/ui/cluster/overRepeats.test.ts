import { expect, test } from "vitest";
import { overRepeats, rangeText } from "./overRepeats.ts";

test("the median of repeats, halfway between the middle two of an even number, and how far they lie apart", () => {
  expect(overRepeats([5, 1, 3])).toEqual({ median: 3, from: 1, to: 5, of: 3 });
  expect(overRepeats([10, 1, 4, 2])).toEqual({ median: 3, from: 1, to: 10, of: 4 });
  expect(rangeText(overRepeats([5, 1, 3]), String)).toBe("median of 3, from 1 to 5");
  expect(rangeText(overRepeats([7]), String)).toBe("one run");
});
