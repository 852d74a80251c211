import { expect, test } from "vitest";
import { labelsThatFit } from "./labelsThatFit.ts";

test("a label that would lie over another is left out, one beside or below it stays", () => {
  const at = (id: number, x: number, y: number) => ({ id, x, y, characters: 10 });
  const fit = labelsThatFit([
    at(1, 0, 0),
    at(2, 40, 5),
    at(3, 70, 5),
    at(4, -10, 13),
    at(5, 10, 20),
  ]);
  expect([...fit]).toEqual([1, 3, 4]);
});
