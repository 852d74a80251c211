import * as fc from "fast-check";
import { expect, test } from "vitest";
import { clearLabels, spread } from "./labelPlaces.ts";

test("labels keep their place where there is room, a line's height apart otherwise, above the bottom", () => {
  expect(spread([10, 100], 200)).toEqual([10, 100]);
  expect(spread([100, 98], 200)).toEqual([114, 98]);
  expect(spread([200, 199, 50], 200)).toEqual([200, 184, 50]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 8 }), (ys) => {
      const placed = [...spread(ys, 200)].sort((a, b) => a - b);
      expect(placed.every((y, i) => y <= 200 && (i === 0 || y - placed[i - 1]! >= 16))).toBe(true);
    }),
  );
});

test("a point right beside a labelled one has no label of its own", () => {
  const at = (x: number, y: number) => ({ x, y });
  expect(clearLabels([at(0, 0), at(10, 5), at(60, 5)])).toEqual([true, false, true]);
});
