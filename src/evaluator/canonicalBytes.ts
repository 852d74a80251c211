import { MAX_TUPLE_DEPTH } from "../program/limits.ts";
import { address, bytes, integer, isTuple, type Value } from "../program/value.ts";

const INTEGER = 1;
const FALSE = 2;
const TRUE = 3;
const STRING = 4;
const BYTES = 5;
const ADDRESS = 6;
const TUPLE = 7;

/**
 * The bytes of a value that functions hash, sign and encrypt: equal exactly when the values are equal. One tag byte,
 * then 8 bytes big-endian of an integer, or a 4-byte length and the contents.
 */
export function canonicalBytes(value: Value): Uint8Array {
  const out: number[] = [];
  write(value, out);
  return Uint8Array.from(out);
}

function write(value: Value, out: number[]): void {
  switch (typeof value) {
    case "number":
    case "bigint":
      out.push(INTEGER);
      writeInteger(value, out);
      return;
    case "boolean":
      out.push(value ? TRUE : FALSE);
      return;
    case "string":
      writeText(STRING, value, out);
      return;
    default:
      if (isTuple(value)) {
        out.push(TUPLE);
        writeLength(value.length, out);
        for (const item of value) write(item, out);
      } else if (value.kind === "bytes") {
        out.push(BYTES);
        writeLength(value.hex.length / 2, out);
        for (const byte of fromHex(value.hex)) out.push(byte);
      } else {
        writeText(ADDRESS, value.name, out);
      }
  }
}

function writeInteger(value: number | bigint, out: number[]): void {
  if (typeof value === "number") {
    const high = Math.floor(value / 2 ** 32);
    writeLength(high, out);
    writeLength(value - high * 2 ** 32, out);
    return;
  }
  const bits = BigInt.asUintN(64, value);
  writeLength(Number(bits >> 32n), out);
  writeLength(Number(bits & 0xffffffffn), out);
}

function writeLength(length: number, out: number[]): void {
  out.push((length >>> 24) & 255, (length >>> 16) & 255, (length >>> 8) & 255, length & 255);
}

function writeText(tag: number, text: string, out: number[]): void {
  out.push(tag, 0, 0, 0, 0);
  const start = out.length;
  writeUtf8(text, out);
  const length = out.length - start;
  for (let i = 0; i < 4; i++) out[start - 4 + i] = (length >>> (24 - 8 * i)) & 255;
}

/** UTF-8, except that half a surrogate pair keeps its three bytes: a replacement character would merge strings. */
function writeUtf8(text: string, out: number[]): void {
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code < 0x80) out.push(code);
    else if (code < 0x800) out.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) {
      out.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    } else {
      out.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63));
      out.push(0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    }
  }
}

/** The value whose canonical bytes these are, or undefined when they are of no value. */
export function valueOfCanonicalBytes(data: Uint8Array): Value | undefined {
  const reader = { data, at: 0 };
  const value = readValue(reader, 0);
  return reader.at === data.length ? value : undefined;
}

interface Reader {
  readonly data: Uint8Array;
  at: number;
}

function readValue(reader: Reader, depth: number): Value | undefined {
  const tag = reader.data[reader.at++];
  switch (tag) {
    case INTEGER: {
      if (reader.at + 8 > reader.data.length) return undefined;
      const high = BigInt(readLength(reader));
      return integer(BigInt.asIntN(64, (high << 32n) | BigInt(readLength(reader))));
    }
    case FALSE:
      return false;
    case TRUE:
      return true;
    case STRING:
    case BYTES:
    case ADDRESS: {
      const content = readContent(reader);
      if (content === undefined) return undefined;
      if (tag === BYTES) return bytes(toHex(content));
      return tag === STRING ? readUtf8(content) : address(readUtf8(content));
    }
    case TUPLE:
      return readTuple(reader, depth);
    default:
      return undefined;
  }
}

function readTuple(reader: Reader, depth: number): Value | undefined {
  if (depth >= MAX_TUPLE_DEPTH) return undefined;
  const length = readLength(reader);
  if (length > reader.data.length - reader.at) return undefined;
  const items: Value[] = [];
  for (let i = 0; i < length; i++) {
    const item = readValue(reader, depth + 1);
    if (item === undefined) return undefined;
    items.push(item);
  }
  return items;
}

function readLength(reader: Reader): number {
  let length = 0;
  for (let i = 0; i < 4; i++) length = length * 256 + (reader.data[reader.at++] ?? 0);
  return length;
}

function readContent(reader: Reader): Uint8Array | undefined {
  const length = readLength(reader);
  if (length > reader.data.length - reader.at) return undefined;
  reader.at += length;
  return reader.data.subarray(reader.at - length, reader.at);
}

function readUtf8(content: Uint8Array): string {
  let text = "";
  for (let i = 0; i < content.length;) {
    const first = content[i++]!;
    const more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    let code = more === 0 ? first : first & (0x3f >> more);
    for (let k = 0; k < more; k++) code = (code << 6) | ((content[i++] ?? 0) & 63);
    text += String.fromCodePoint(code);
  }
  return text;
}

export function toHex(data: Uint8Array): string {
  let hex = "";
  for (const byte of data) hex += byte < 16 ? `0${byte.toString(16)}` : byte.toString(16);
  return hex;
}

export function fromHex(hex: string): Uint8Array {
  const data = new Uint8Array(hex.length >> 1);
  for (let i = 0; i < data.length; i++) data[i] = parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return data;
}
