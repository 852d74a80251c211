import { expect, test } from "vitest";
import { array, assert, constantFrom, property, string } from "fast-check";
import { editDistance, nearestName } from "./nearestName.ts";

test.each([
  ["comitted", ["committed", "command"], "committed"],
  ["akcs", ["ack", "acks"], "acks"],
  ["cer", ["cert"], "cert"],
  ["in", ["out", "on"], undefined],
  ["votes", ["acks", "certs"], undefined],
])("%s means one of %j", (name, candidates, meant) => {
  expect(nearestName(name, candidates)).toBe(meant);
});

test("stopping early changes no answer: the result is as near as the nearest", () => {
  const name = string({ unit: constantFrom("a", "b", "c"), minLength: 1, maxLength: 9 });
  const tolerance = (a: string, b: string): number => {
    const length = Math.max(a.length, b.length);
    return length <= 2 ? 0 : length <= 5 ? 1 : 2;
  };
  const distance = (a: string, b: string): number => {
    const [short, long] = a.length < b.length ? [a, b] : [b, a];
    return short.length >= 2 && long.startsWith(short) ? 1 : editDistance(a, b);
  };
  assert(
    property(name, array(name, { maxLength: 6 }), (wanted, candidates) => {
      const near = candidates
        .filter((c) => c !== wanted && distance(wanted, c) <= tolerance(wanted, c))
        .map((c) => distance(wanted, c));
      const found = nearestName(wanted, candidates);
      expect(found === undefined ? [] : [distance(wanted, found)]).toEqual(
        near.length === 0 ? [] : [Math.min(...near)],
      );
    }),
    { numRuns: 2000 },
  );
});

test("a swap of neighbours counts once, and a limit that is passed says Infinity", () => {
  expect(editDistance("acks", "akcs")).toBe(1);
  expect(editDistance("kitten", "sitting")).toBe(3);
  expect(editDistance("kitten", "sitting", 2)).toBe(Infinity);
});
