import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { LayoutResult, Rectangle } from "../../workers/layoutApi.ts";
import { CONTROLS, fitWhole, fitWithLabels } from "./fitPicture.ts";

function picture(boxes: readonly Rectangle[]): LayoutResult {
  return {
    boxes: Object.fromEntries(boxes.map((box, i) => [`box ${i}`, box])),
    shapes: {},
    edges: {},
    width: 0,
    height: 0,
  };
}

const rectangle = fc.record({
  x: fc.integer({ min: -200, max: 800 }),
  y: fc.integer({ min: -200, max: 800 }),
  width: fc.integer({ min: 20, max: 600 }),
  height: fc.integer({ min: 20, max: 600 }),
});
const canvas = { width: 620, height: 500 };

test("no box of the whole picture lies outside of the canvas or below the controls", () => {
  fc.assert(
    fc.property(fc.array(rectangle, { minLength: 1, maxLength: 6 }), (boxes) => {
      const { x, y, zoom } = fitWhole(picture(boxes), canvas);
      for (const box of boxes) {
        expect(box.x * zoom + x).toBeGreaterThanOrEqual(0);
        expect(box.y * zoom + y).toBeGreaterThanOrEqual(0);
        expect((box.x + box.width) * zoom + x).toBeLessThanOrEqual(canvas.width);
        expect((box.y + box.height) * zoom + y).toBeLessThanOrEqual(canvas.height - CONTROLS);
      }
    }),
  );
});

test("a little too wide is shown with its labels; a little too high would lie below the controls", () => {
  const wide = picture([{ x: 40, y: 0, width: 880, height: 300 }]);
  expect(fitWhole(wide, canvas).zoom).toBeCloseTo(0.674, 2);
  expect(fitWithLabels(wide, canvas)).toMatchObject({ zoom: 0.7 });
  const high = picture([{ x: 0, y: 0, width: 300, height: 660 }]);
  const { zoom, y } = fitWithLabels(high, canvas);
  expect(zoom).toBeLessThan(0.7);
  expect(660 * zoom + y).toBeLessThanOrEqual(canvas.height - CONTROLS);
});

test("a margin in which nothing is drawn is no part of the picture", () => {
  const near = fitWhole(picture([{ x: 0, y: 0, width: 800, height: 300 }]), canvas);
  const far = fitWhole(picture([{ x: 90, y: 60, width: 800, height: 300 }]), canvas);
  expect(far.zoom).toBe(near.zoom);
});
