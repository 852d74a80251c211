import { isTuple } from "../program/value.ts";
import type { Row, Value } from "../program/value.ts";
import { FRAME_BYTES, TAG } from "./wire.ts";
import type { WireSchema } from "./wire.ts";

/** Encodes rows into one frame: a length of 4 bytes (little endian), then row after row. */
export interface FrameWriter {
  /** Throws when the row's relation is not in the schema or its arity differs: our own bug. */
  add(relation: string, row: Row): void;
  /** Bytes of the frame so far, 0 when it holds no row. */
  size(): number;
  /** The finished frame; the writer starts a new one. */
  take(): Buffer;
}

const HEADER_BYTES = 4;
/** Below this, a byte by byte copy beats a call into native code. */
const SHORT = 40;
const NIBBLE = nibbles();
const LONE_SURROGATE = /\p{Surrogate}/u;

export function createFrameWriter(schema: WireSchema): FrameWriter {
  const relations = new Map(
    schema.relations.map((r, index) => [r.name, { index, arity: r.arity }]),
  );
  const addresses = new Map(schema.addresses.map((name, index) => [name, index]));
  let buffer = Buffer.allocUnsafe(FRAME_BYTES + 4096);
  let at = HEADER_BYTES;

  function room(bytes: number): void {
    if (at + bytes <= buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, at + bytes));
    buffer.copy(larger, 0, 0, at);
    buffer = larger;
  }

  /** LEB128, for numbers below 2^31. */
  function count(n: number): void {
    while (n >= 0x80) {
      buffer[at++] = (n & 0x7f) | 0x80;
      n >>>= 7;
    }
    buffer[at++] = n;
  }

  function value(v: Value): void {
    switch (typeof v) {
      case "number":
        return integer(v);
      case "bigint":
        room(9);
        buffer[at++] = TAG.int64;
        at = buffer.writeBigInt64LE(v, at);
        return;
      case "string":
        return string(v);
      case "boolean":
        room(1);
        buffer[at++] = v ? TAG.true : TAG.false;
        return;
      default:
        if (isTuple(v)) return tuple(v);
        return v.kind === "bytes" ? octets(v.hex) : address(v.name);
    }
  }

  function integer(n: number): void {
    room(9);
    if (n >= 0 && n < 0x80) buffer[at++] = n;
    else if ((n | 0) === n) {
      buffer[at++] = TAG.int32;
      buffer[at++] = n;
      buffer[at++] = n >>> 8;
      buffer[at++] = n >>> 16;
      buffer[at++] = n >>> 24;
    } else {
      buffer[at++] = TAG.int64;
      at = buffer.writeBigInt64LE(BigInt(n), at);
    }
  }

  function string(s: string): void {
    const length = s.length;
    room(6 + 3 * length);
    const start = at;
    if (length < SHORT) {
      buffer[at++] = TAG.ascii;
      buffer[at++] = length;
      let all = 0;
      for (let i = 0; i < length; i++) {
        const code = s.charCodeAt(i);
        all |= code;
        buffer[at++] = code;
      }
      if (all < 0x80) return;
      at = start;
    }
    if (!LONE_SURROGATE.test(s)) {
      buffer[at++] = TAG.utf8;
      count(Buffer.byteLength(s, "utf8"));
      at += buffer.write(s, at, "utf8");
    } else {
      buffer[at++] = TAG.utf16;
      count(2 * length);
      at += buffer.write(s, at, "utf16le");
    }
  }

  function octets(hex: string): void {
    const length = hex.length >>> 1;
    room(6 + length);
    buffer[at++] = TAG.bytes;
    count(length);
    if (length < SHORT) {
      for (let i = 0; i < hex.length; i += 2) {
        buffer[at++] = (NIBBLE[hex.charCodeAt(i)]! << 4) | NIBBLE[hex.charCodeAt(i + 1)]!;
      }
    } else at += buffer.write(hex, at, "hex");
  }

  function address(name: string): void {
    const index = addresses.get(name);
    room(6 + 3 * name.length);
    if (index === undefined) {
      buffer[at++] = TAG.address;
      string(name);
    } else {
      buffer[at++] = TAG.knownAddress;
      count(index);
    }
  }

  function tuple(items: readonly Value[]): void {
    room(6);
    buffer[at++] = TAG.tuple;
    count(items.length);
    for (const item of items) value(item);
  }

  return {
    add(relation, row) {
      const known = relations.get(relation);
      if (known === undefined || known.arity !== row.length) {
        throw new Error(`no wire schema for ${relation} with ${row.length} columns`);
      }
      room(6);
      count(known.index);
      for (const v of row) value(v);
    },
    size: () => (at === HEADER_BYTES ? 0 : at),
    take() {
      buffer.writeUInt32LE(at - HEADER_BYTES, 0);
      const frame = Buffer.from(buffer.subarray(0, at));
      at = HEADER_BYTES;
      return frame;
    },
  };
}

function nibbles(): Uint8Array {
  const table = new Uint8Array(128);
  for (let n = 0; n < 16; n++) table[n.toString(16).charCodeAt(0)] = n;
  return table;
}
