import { expect, test } from "vitest";
import { assert, jsonValue, property } from "fast-check";
import { shareStructure } from "./shareStructure.ts";

test("what is equal keeps its identity, what differs does not", () => {
  const before = { text: "a", graph: { nodes: [{ id: 1 }, { id: 2 }] }, spans: [1, 2] };
  const after = { text: "b", graph: { nodes: [{ id: 1 }, { id: 2 }] }, spans: [1, 3] };
  const shared = shareStructure(before, after);
  expect(shared).toEqual(after);
  expect(shared.graph).toBe(before.graph);
  expect(shared.spans).not.toBe(before.spans);
  expect(shareStructure(before, structuredClone(before))).toBe(before);
});

test("a key that is gone, or that became undefined, is a difference", () => {
  expect(shareStructure({ a: 1, b: 2 }, { a: 1 })).toEqual({ a: 1 });
  expect(Object.keys(shareStructure({ a: 1 }, { a: 1, b: undefined }))).toEqual(["a", "b"]);
});

test("a key named __proto__ is a key", () => {
  const after = JSON.parse('{"__proto__":false}') as unknown;
  expect(shareStructure({}, after)).toEqual(after);
  expect(shareStructure(after, structuredClone(after))).toBe(after);
});

test("the result always equals what came", () => {
  assert(
    property(jsonValue(), jsonValue(), (before, after) => {
      expect(shareStructure(before, after)).toEqual(after);
      expect(shareStructure(after, structuredClone(after))).toBe(
        typeof after === "object" && after !== null ? after : shareStructure(after, after),
      );
    }),
  );
});
