import { bytes, integer, isTuple, type Bytes, type Row, type Value } from "../program/value.ts";

const CANONICAL_HEX = /^(?:[\da-f]{2})*$/;

/**
 * The canonical form of what is given for a value from outside, the same object where it has that already; undefined for
 * what is no value, whatever its type says.
 */
export function canonicalValue(value: Value | null | undefined): Value | undefined {
  switch (typeof value) {
    case "number":
      // Of the two zeros, the one that is an integer.
      if (Number.isSafeInteger(value)) return value + 0;
      return Number.isInteger(value) ? integer(BigInt(value)) : undefined;
    case "bigint":
      return integer(value);
    case "string":
    case "boolean":
      return value;
    case "object":
      if (value === null) return undefined;
      if (isTuple(value)) return ofItems(value);
      if (value.kind === "address") return typeof value.name === "string" ? value : undefined;
      return value.kind === "bytes" ? ofBytes(value) : undefined;
    default:
      return undefined;
  }
}

function ofBytes(value: Bytes): Value | undefined {
  const { hex } = value;
  if (typeof hex !== "string") return undefined;
  if (CANONICAL_HEX.test(hex)) return value;
  const lower = bytes(hex);
  return CANONICAL_HEX.test(lower.hex) ? lower : undefined;
}

function ofItems(items: readonly Value[]): readonly Value[] | undefined {
  let found: readonly Value[] = items;
  for (let i = 0; i < items.length; i++) {
    const item = canonicalValue(items[i]);
    if (item === undefined) return undefined;
    if (!Object.is(item, items[i])) found = found.with(i, item);
  }
  return found;
}

/** The same for a row from outside. That something in it is no value is a fault of the embedding code. */
export function canonicalRow(row: Row): Row {
  const found = ofItems(row);
  if (found === undefined) noValue(row.find((v) => canonicalValue(v) === undefined));
  return found;
}

/** A value that came from outside and is none. */
export function noValue(given: unknown): never {
  throw new Error(`${shown(given)} is no value.`);
}

function shown(given: unknown): string {
  if (Array.isArray(given)) return `[${given.map(shown).join(", ")}]`;
  if (typeof given === "string") return JSON.stringify(given);
  return typeof given === "object" && given !== null ? JSON.stringify(given) : String(given);
}
