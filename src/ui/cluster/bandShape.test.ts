import * as fc from "fast-check";
import { expect, test } from "vitest";
import { bandPaths, hull } from "./bandShape.ts";

test("a band goes around every two neighbouring boxes, and around a single one", () => {
  const box = (left: number, top: number) => ({ left, right: left + 2, top, bottom: top + 1 });
  expect(bandPaths([])).toEqual([]);
  expect(bandPaths([box(0, 0)])).toEqual(["M0 0L2 0L2 1L0 1Z"]);
  expect(bandPaths([box(0, 0), box(4, 4), box(8, 0)])).toEqual([
    "M0 0L2 0L6 4L6 5L4 5L0 1Z",
    "M4 4L8 0L10 0L10 1L6 5L4 5Z",
  ]);
});

test("every point lies within the hull", () => {
  const corner = fc.record({
    x: fc.integer({ min: 0, max: 50 }),
    y: fc.integer({ min: 0, max: 50 }),
  });
  fc.assert(
    fc.property(fc.array(corner, { minLength: 3, maxLength: 8 }), (points) => {
      const around = hull(points);
      const inside = (p: { readonly x: number; readonly y: number }): boolean =>
        around.every((a, i) => {
          const b = around[(i + 1) % around.length]!;
          return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x) >= 0;
        });
      expect(points.every(inside)).toBe(true);
    }),
  );
});
