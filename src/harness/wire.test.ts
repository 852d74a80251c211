import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Fact } from "../evaluator/nodeEngine.ts";
import { MAX_INTEGER, MIN_INTEGER, address, bytes, integer } from "../program/value.ts";
import type { Value } from "../program/value.ts";
import { WireError, createFrameReader } from "./frameReader.ts";
import { createFrameWriter } from "./frameWriter.ts";
import type { WireSchema } from "./wire.ts";

const schema: WireSchema = {
  relations: [
    { name: "none", arity: 0 },
    { name: "one", arity: 1 },
    { name: "three", arity: 3 },
  ],
  addresses: ["leader", "participant.1"],
};

const value = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.bigInt({ min: MIN_INTEGER, max: MAX_INTEGER }).map((n) => integer(n)!),
    fc.integer(),
    fc.nat(300),
    fc.string({ unit: "binary", maxLength: 80 }),
    fc.constant("\ud800 alone"),
    fc.boolean(),
    fc.uint8Array({ maxLength: 80 }).map((o) => bytes(Buffer.from(o).toString("hex"))),
    fc.constantFrom("leader", "participant.1", "nobody").map(address),
    fc.array(tie("value"), { maxLength: 4 }),
  ),
})).value;

const fact: fc.Arbitrary<Fact> = fc.oneof(
  fc.constant({ relation: "none", row: [] }),
  fc.tuple(value).map((row) => ({ relation: "one", row })),
  fc.tuple(value, value, value).map((row) => ({ relation: "three", row })),
);

function decode(frame: Buffer): Fact[] {
  const facts: Fact[] = [];
  createFrameReader(schema)(frame, 4, frame.length, (f) => facts.push(f));
  return facts;
}

test("what one end writes, the other reads", () => {
  const writer = createFrameWriter(schema);
  fc.assert(
    fc.property(fc.array(fact, { maxLength: 20 }), (facts) => {
      for (const f of facts) writer.add(f.relation, f.row);
      const frame = writer.take();
      expect(frame.readUInt32LE(0)).toBe(frame.length - 4);
      expect(decode(frame)).toEqual(facts);
    }),
  );
});

test("a row longer than a frame makes a longer frame", () => {
  const writer = createFrameWriter(schema);
  const long = bytes("ab".repeat(200_000));
  writer.add("one", [long]);
  expect(decode(writer.take())).toEqual([{ relation: "one", row: [long] }]);
});

test("a tuple nested too deep is refused and said to be", () => {
  const nested = (depth: number): Value => (depth === 0 ? 1 : [nested(depth - 1)]);
  const frame = (depth: number): Buffer => {
    const writer = createFrameWriter(schema);
    writer.add("one", [nested(depth)]);
    return writer.take();
  };
  expect(decode(frame(64))).toEqual([{ relation: "one", row: [nested(64)] }]);
  expect(() => decode(frame(65))).toThrow("a tuple is nested more than 64 deep");
});

test("arbitrary bytes are refused or read, never worse", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => {
      const frame = Buffer.concat([Buffer.alloc(4), octets]);
      try {
        for (const f of decode(frame)) expect(f.row.length).toBeLessThanOrEqual(3);
      } catch (error) {
        expect(error).toBeInstanceOf(WireError);
      }
    }),
  );
});

test("a frame cut anywhere inside a row is refused", () => {
  const writer = createFrameWriter(schema);
  writer.add("three", [address("leader"), "text", [1, 2, 300]]);
  const frame = writer.take();
  for (let cut = 5; cut < frame.length; cut++) {
    expect(() => decode(frame.subarray(0, cut))).toThrow(WireError);
  }
});
