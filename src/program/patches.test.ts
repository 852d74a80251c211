import * as fc from "fast-check";
import { expect, test } from "vitest";
import { patched, patchOf, shareStructure } from "./patches.ts";

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
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (before, after) => {
      expect(shareStructure(before, after)).toEqual(after);
      expect(shareStructure(after, structuredClone(after))).toBe(
        typeof after === "object" && after !== null ? after : shareStructure(after, after),
      );
    }),
  );
});

test("what is patched equals what was sent", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (before, after) => {
      const sent = structuredClone(patchOf(before, after));
      expect(patched(before, sent)).toEqual(after);
    }),
  );
});

test("a list that grows, shrinks or changes in the middle sends only that", () => {
  const items = fc.array(
    fc.constantFrom(1, 2, 3).map((id) => ({ id })),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(items, items, items, (head, tail, middle) => {
      const before = { list: [...head, ...tail] };
      const after = structuredClone({ list: [...head, ...middle, ...tail] });
      const received = patched(before, structuredClone(patchOf(before, after))) as typeof before;
      expect(received).toEqual(after);
      for (const [i, item] of head.entries()) expect(received.list[i]).toBe(item);
    }),
  );
});

test("members that go, that become undefined, or that are called __proto__", () => {
  for (const [before, after] of [
    [{ a: 1, b: 2 }, { a: 1 }],
    [{ a: 1 }, { a: 1, b: undefined }],
    [{ a: 1 }, JSON.parse('{"__proto__":{"a":2}}')],
  ] as const) {
    const received = patched(before, structuredClone(patchOf(before, after))) as object;
    expect(Object.entries(received)).toEqual(Object.entries(after));
  }
});
