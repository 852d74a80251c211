import * as fc from "fast-check";
import { expect, test } from "vitest";
import { address, bytes, valueKey, type Value } from "../program/value.ts";
import { Interner } from "./interner.ts";

/** Where numbers of values start again is near. */
const LAST = 2 ** 30 - 1;

const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.integer({ min: -5, max: 300 }),
    fc.nat(300).map((n) => `text ${n}`),
    fc.nat(300).map((n) => 2n ** 60n + BigInt(n)),
    fc.nat(9).map((n) => address(`n${n}`)),
    fc.nat(99).map((n) => bytes(n.toString(16).padStart(4, "0"))),
    fc.boolean(),
    fc.array(tie("value"), { maxLength: 3 }),
  ),
})).value;

test("a tuple keeps its id also where room for more is made with it", () => {
  const interner = new Interner();
  const ids = Array.from({ length: 1_000 }, (_, i) => interner.intern([i]));
  expect(ids.map((id) => interner.valueOf(id))).toEqual(ids.map((_, i) => [i]));
  const more = ids.map((id) => interner.tuple([id, 1]));
  expect(more.map((id) => interner.valueOf(id))).toEqual(ids.map((_, i) => [[i], 0]));
});

test("ids are equal exactly when values are, whatever was forgotten in between", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.array(value, { maxLength: 40 }), fc.nat(3)), { maxLength: 12 }),
      (rounds) => {
        const interner = new Interner(LAST - 20);
        const constant = interner.constant(["for", "ever"]);
        const held = new Map<string, number>();
        for (const [values, keepOneOf] of rounds) {
          for (const v of values) {
            const id = interner.intern(v);
            const key = valueKey(v);
            expect(held.get(key) ?? id).toBe(id);
            expect(interner.valueOf(id)).toEqual(v);
            expect(interner.isAddress(id)).toBe(key === valueKey(v) && isAddress(v));
            held.set(key, id);
          }
          expect(new Set(held.values()).size).toBe(held.size);
          for (const [i, key] of [...held.keys()].entries()) {
            if (i % (keepOneOf + 1) !== 0) held.delete(key);
          }
          interner.sweep((mark) => held.forEach(mark));
        }
        for (const [key, id] of held) expect(valueKey(interner.valueOf(id))).toBe(key);
        expect(interner.intern(["for", "ever"])).toBe(constant);
      },
    ),
    { numRuns: 200 },
  );
});

test("a sweep is due when much was interned or much of what tables held is gone", () => {
  const interner = new Interner();
  const ids = Array.from({ length: 2_000 }, (_, i) => interner.intern(`text ${i}`));
  expect(interner.needsSweep()).toBe(true);
  interner.sweep((mark) => ids.forEach((id) => mark(id)));
  expect(interner.needsSweep()).toBe(false);
  interner.lost(100);
  expect(interner.needsSweep()).toBe(false);
  interner.lost(1_900);
  expect(interner.needsSweep()).toBe(true);
  interner.sweep((mark) => ids.slice(0, 10).forEach((id) => mark(id)));
  expect(interner.needsSweep()).toBe(false);
});

function isAddress(v: Value): boolean {
  return typeof v === "object" && "kind" in v && v.kind === "address";
}
