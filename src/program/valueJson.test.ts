import * as fc from "fast-check";
import { expect, test } from "vitest";
import { MAX_TUPLE_DEPTH } from "./limits.ts";
import { rowFromJson, valueFromJson, valueToJson } from "./valueJson.ts";
import { MAX_INTEGER, MIN_INTEGER, address, bytes, integer } from "./value.ts";
import type { Value } from "./value.ts";

const value = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.bigInt({ min: MIN_INTEGER, max: MAX_INTEGER }).map((n) => integer(n)!),
    fc.string(),
    fc.boolean(),
    fc.uint8Array().map((octets) => bytes(Buffer.from(octets).toString("hex"))),
    fc.string({ minLength: 1 }).map(address),
    fc.array(tie("value"), { maxLength: 4 }),
  ),
})).value;

test("a value survives JSON text and back", () => {
  fc.assert(
    fc.property(value, (v) => {
      expect(valueFromJson(JSON.parse(JSON.stringify(valueToJson(v))))).toEqual(v);
    }),
  );
});

test("what is no value is refused", () => {
  const wrong: unknown[] = [
    null,
    1.5,
    2 ** 53,
    { int: "9223372036854775808" },
    { int: "1e3" },
    { bytes: "abc" },
    { bytes: "zz" },
    { addr: "" },
    { addr: "a", bytes: "" },
    {},
    [1, null],
  ];
  for (const json of wrong) expect([json, valueFromJson(json)]).toEqual([json, undefined]);
  expect(rowFromJson({})).toBeUndefined();
});

test("a small integer written the long way has the same one form", () => {
  expect(valueFromJson({ int: "7" })).toBe(7);
  expect(Object.is(valueFromJson(-0), 0)).toBe(true);
});

test("a tuple nested without end is refused, not recursed into", () => {
  let nested: unknown = 1;
  for (let i = 0; i < 100_000; i++) nested = [nested];
  expect(valueFromJson(nested)).toBeUndefined();
});

test("values nest as deep in a row as alone", () => {
  let deepest: unknown = 1;
  for (let i = 0; i < MAX_TUPLE_DEPTH; i++) deepest = [deepest];
  expect(valueFromJson(deepest)).toEqual(deepest);
  expect(rowFromJson([deepest])).toEqual([deepest]);
  expect(valueFromJson([deepest])).toBeUndefined();
  expect(rowFromJson([[deepest]])).toBeUndefined();
});
