import { expect, test } from "vitest";
import { labelsThatFit, pillsThatFit } from "./labelsThatFit.ts";

const at = (id: number, x: number, y: number) => ({ id, x, y, characters: 10 });

test("a label that would lie over another is left out, one beside or below it stays", () => {
  const places = [at(1, 0, 0), at(2, 40, 5), at(3, 70, 5), at(4, -10, 13), at(5, 10, 20)];
  expect([...labelsThatFit(places, [], -Infinity)]).toEqual([1, 3, 4]);
});

test("a label that would lie over a tick or over the names on the left is left out", () => {
  const places = [at(1, 200, 50), at(2, 400, 50), at(3, 600, 50), at(4, 30, 50)];
  const marks = [
    { x: 220, y: 44 },
    { x: 400, y: 80 },
    { x: 660, y: 44 },
  ];
  expect([...labelsThatFit(places, marks, 0)]).toEqual([2, 3]);
});

test("no two pills lie over each other, and the first of those that would is there", () => {
  expect([...pillsThatFit([0, 5, 19, 20, 41, 39], 20)]).toEqual([0, 3, 4]);
  expect([...pillsThatFit([], 20)]).toEqual([]);
});
