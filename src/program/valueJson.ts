import { MAX_TUPLE_DEPTH } from "./limits.ts";
import { MAX_INTEGER, MIN_INTEGER, isTuple } from "./value.ts";
import { address, bytes, integer } from "./value.ts";
import type { Row, Value } from "./value.ts";

/**
 * A value in a JSON file (files.md). Integers beyond 2^53 are `{"int": "…"}`, bytes `{"bytes": "hex"}`,
 * addresses `{"addr": "name"}`, tuples arrays.
 */
export type ValueJson =
  | number
  | string
  | boolean
  | { readonly int: string }
  | { readonly bytes: string }
  | { readonly addr: string }
  | readonly ValueJson[];

export type RowJson = readonly ValueJson[];

export function valueToJson(value: Value): ValueJson {
  switch (typeof value) {
    case "bigint":
      return { int: String(value) };
    case "object":
      if (isTuple(value)) return value.map(valueToJson);
      return value.kind === "bytes" ? { bytes: value.hex } : { addr: value.name };
    default:
      return value;
  }
}

export function rowToJson(row: Row): RowJson {
  return row.map(valueToJson);
}

/** Undefined when `json` is no value: a fraction, null, an unknown object, an integer beyond 64 bits, a tuple nested too deep. */
export function valueFromJson(json: unknown, depth = 0): Value | undefined {
  switch (typeof json) {
    case "number":
      // -0 and 0 are one integer.
      return Number.isSafeInteger(json) ? json + 0 : undefined;
    case "string":
    case "boolean":
      return json;
    case "object":
      if (json === null) return undefined;
      return Array.isArray(json) ? tupleFromJson(json, depth) : taggedFromJson(json);
    default:
      return undefined;
  }
}

/** Undefined when `json` is no array of values. The row itself is no tuple: its values nest as deep as any. */
export function rowFromJson(json: unknown): Row | undefined {
  return Array.isArray(json) ? tupleFromJson(json, -1) : undefined;
}

function tupleFromJson(json: readonly unknown[], depth: number): readonly Value[] | undefined {
  if (depth >= MAX_TUPLE_DEPTH) return undefined;
  const values: Value[] = [];
  for (const item of json) {
    const value = valueFromJson(item, depth + 1);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

function taggedFromJson(json: object): Value | undefined {
  const entries: readonly (readonly [string, unknown])[] = Object.entries(json);
  const entry = entries[0];
  if (entries.length !== 1 || entry === undefined || typeof entry[1] !== "string") return undefined;
  const [tag, text] = [entry[0], entry[1]];
  switch (tag) {
    case "int":
      return integerFromText(text);
    case "bytes":
      return /^(?:[0-9a-fA-F]{2})*$/.test(text) ? bytes(text) : undefined;
    case "addr":
      return text === "" ? undefined : address(text);
    default:
      return undefined;
  }
}

function integerFromText(text: string): Value | undefined {
  if (!/^-?[0-9]{1,19}$/.test(text)) return undefined;
  const value = BigInt(text);
  return value < MIN_INTEGER || value > MAX_INTEGER ? undefined : integer(value);
}
