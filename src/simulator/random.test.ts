import * as fc from "fast-check";
import { expect, test } from "vitest";
import { random } from "./random.ts";

const draw = (count: number, seed: number, ...name: string[]): number[] => {
  const stream = random(seed, ...name);
  return Array.from({ length: count }, () => stream.next());
};

test("a stream is the same for ever: recorded runs depend on it", () => {
  expect(draw(3, 1, "link", "a", "b")).toMatchInlineSnapshot(`
    [
      2639476138,
      3872246133,
      871639363,
    ]
  `);
});

test("seed and name both choose the stream", () => {
  const streams = [draw(4, 1, "a"), draw(4, 2, "a"), draw(4, 1, "b"), draw(4, 1, "a", "")];
  expect(new Set(streams.map(String)).size).toBe(4);
});

test("draws stay below their limit, and chance draws as often as it is asked", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 2 ** 32 }), (seed, limit) => {
      const n = random(seed).below(limit);
      expect(n).toBeGreaterThanOrEqual(0);
      expect(n).toBeLessThan(limit);
      expect(Number.isInteger(n)).toBe(true);
    }),
  );
  const [a, b] = [random(7), random(7)];
  a.chance(0);
  b.chance(1);
  expect(a.next()).toBe(b.next());
});

test("chance is close to its probability", () => {
  const stream = random(3, "chance");
  const hits = Array.from({ length: 10_000 }, () => stream.chance(0.2)).filter(Boolean).length;
  expect(hits).toBeGreaterThan(1_800);
  expect(hits).toBeLessThan(2_200);
});
