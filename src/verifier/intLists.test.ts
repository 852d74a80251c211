import * as fc from "fast-check";
import { expect, test } from "vitest";
import { IntLists } from "./intLists.ts";

test("equal lists have one number, different ones two, and the numbers go on without a gap", () => {
  const member = fc.integer({ min: -3, max: 3 });
  fc.assert(
    fc.property(fc.array(fc.array(member, { maxLength: 4 }), { maxLength: 400 }), (all) => {
      const lists = new IntLists();
      const ids = new Map([["[]", 0]]);
      for (const list of all) {
        const text = JSON.stringify(list);
        const id = lists.id(list);
        expect(id).toBe(ids.get(text) ?? ids.size);
        ids.set(text, id);
        expect(lists.array(id)).toEqual(list);
      }
      expect(lists.size).toBe(ids.size);
    }),
  );
});

test("a hundred thousand lists are found again after every growth", () => {
  const lists = new IntLists();
  const listOf = (i: number): number[] => Array.from({ length: i % 7 }, (_, k) => i * k + (i % 3));
  const ids = Array.from({ length: 100_000 }, (_, i) => lists.id(listOf(i)));
  expect(ids.every((id, i) => lists.id(listOf(i)) === id)).toBe(true);
  expect(lists.length(ids[99_999]!)).toBe(99_999 % 7);
  expect(lists.member(ids[99_999]!, 2)).toBe(2 * 99_999);
});
