import type { Fact } from "../evaluator/nodeEngine.ts";
import { MAX_TUPLE_DEPTH } from "../program/limits.ts";
import { address, bytes, integer } from "../program/value.ts";
import type { Address, Value } from "../program/value.ts";
import { TAG } from "./wire.ts";
import type { WireSchema } from "./wire.ts";

/** A frame that no writer with the same schema made. */
export class WireError extends Error {}

/** Decodes the rows between `start` and `end` of a buffer; throws WireError on anything malformed. */
export type FrameReader = (
  buffer: Buffer,
  start: number,
  end: number,
  deliver: (fact: Fact) => void,
) => void;

const SHORT = 24;

export function createFrameReader(schema: WireSchema): FrameReader {
  const relations = schema.relations;
  const addresses: readonly Address[] = schema.addresses.map(address);
  let buffer: Buffer = Buffer.alloc(0);
  let at = 0;
  let end = 0;

  function count(): number {
    let n = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = take();
      n |= (byte & 0x7f) << shift;
      if (byte < 0x80) return n >>> 0;
    }
    throw new WireError("a length runs on without end");
  }

  function take(): number {
    if (at >= end) throw new WireError("a row is cut short");
    return buffer[at++]!;
  }

  /** The position before the next `length` bytes, which are consumed. */
  function skip(length: number): number {
    if (length > end - at) throw new WireError("a value is cut short");
    at += length;
    return at - length;
  }

  function value(depth: number): Value {
    const tag = take();
    if (tag < 0x80) return tag;
    switch (tag) {
      case TAG.false:
        return false;
      case TAG.true:
        return true;
      case TAG.int32:
        return buffer.readInt32LE(skip(4));
      case TAG.int64:
        return integer(buffer.readBigInt64LE(skip(8)))!;
      case TAG.ascii:
        return ascii(count());
      case TAG.utf8:
        return text("utf8", count());
      case TAG.utf16:
        return text("utf16le", count());
      case TAG.bytes:
        return bytesOf(count());
      case TAG.knownAddress:
        return addresses[count()] ?? fail("an address is unknown");
      case TAG.address:
        return namedAddress(depth);
      case TAG.tuple:
        return tuple(count(), depth);
      default:
        return fail(`tag ${tag} is unknown`);
    }
  }

  function ascii(length: number): string {
    const start = skip(length);
    if (length > SHORT) return buffer.toString("latin1", start, start + length);
    let s = "";
    for (let i = start; i < start + length; i++) s += String.fromCharCode(buffer[i]!);
    return s;
  }

  function text(encoding: "utf8" | "utf16le", length: number): string {
    const start = skip(length);
    return buffer.toString(encoding, start, start + length);
  }

  function bytesOf(length: number): Value {
    const start = skip(length);
    return bytes(buffer.toString("hex", start, start + length));
  }

  function namedAddress(depth: number): Value {
    const name = value(depth);
    return typeof name === "string" ? address(name) : fail("an address has no name");
  }

  function tuple(length: number, depth: number): Value {
    if (depth >= MAX_TUPLE_DEPTH)
      return fail(`a tuple is nested more than ${MAX_TUPLE_DEPTH} deep`);
    if (length > end - at) return fail("a tuple is malformed");
    const items: Value[] = [];
    for (let i = 0; i < length; i++) items.push(value(depth + 1));
    return items;
  }

  return (source, start, stop, deliver) => {
    buffer = source;
    at = start;
    end = stop;
    for (;;) {
      if (at >= end) return;
      const relation = relations[count()] ?? fail("a relation is unknown");
      const row: Value[] = [];
      for (let i = 0; i < relation.arity; i++) row.push(value(0));
      deliver({ relation: relation.name, row });
    }
  };
}

function fail(message: string): never {
  throw new WireError(message);
}
