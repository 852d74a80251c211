import { expect, test } from "vitest";
import { arrowLabels } from "./arrowLabels.ts";

const from = { x: 0, y: 0 };

test("labels of lines that leave one place stand apart, each on its line", () => {
  const ends = [
    { x: 100, y: 60 },
    { x: 200, y: 60 },
  ];
  const [first, second] = arrowLabels(ends.map((to) => ({ from, to, width: 80 })));
  expect(first).toMatchObject({ x: 50, y: 30 });
  expect(second!.y / second!.x).toBeCloseTo(60 / 200);
  const apart = Math.abs(first!.x - second!.x) >= 80 || Math.abs(first!.y - second!.y) >= 16;
  expect(apart).toBe(true);
});

test("where there is no room, the middle has to do", () => {
  const same = Array.from({ length: 3 }, () => ({ from, to: { x: 10, y: 0 }, width: 80 }));
  expect(arrowLabels(same).map(({ x }) => x)).toEqual([5, 5, 5]);
});
