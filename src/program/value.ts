/**
 * Dedalus values and their one canonical form (language.md section 1).
 *
 * An integer has exactly one representation: a `number` while it is a safe integer, a `bigint` beyond,
 * never outside the 64-bit signed range. Everything here is plain data, so values cross worker
 * boundaries by structured clone.
 */
export type Value = number | bigint | string | boolean | Bytes | Address | readonly Value[];

/** Immutable bytes as lower-case hexadecimal, two digits a byte. */
export interface Bytes {
  readonly kind: "bytes";
  readonly hex: string;
}

/** The name of a place where a component instance or a client runs. */
export interface Address {
  readonly kind: "address";
  readonly name: string;
}

/** A fact's columns, without location and time. */
export type Row = readonly Value[];

export const MIN_INTEGER = -(2n ** 63n);
export const MAX_INTEGER = 2n ** 63n - 1n;

export function address(name: string): Address {
  return { kind: "address", name };
}

export function bytes(hex: string): Bytes {
  return { kind: "bytes", hex: hex.toLowerCase() };
}

/** The canonical form of an integer, or undefined when it does not fit 64 bits signed. */
export function integer(value: bigint): number | bigint | undefined {
  if (value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)) {
    return Number(value);
  }
  return value >= MIN_INTEGER && value <= MAX_INTEGER ? value : undefined;
}

export type ValueKind = "integer" | "string" | "boolean" | "bytes" | "address" | "tuple";

export function kindOf(value: Value): ValueKind {
  switch (typeof value) {
    case "number":
    case "bigint":
      return "integer";
    case "string":
      return "string";
    case "boolean":
      return "boolean";
    default:
      return isTuple(value) ? "tuple" : value.kind;
  }
}

export function isTuple(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** An injective text for a value: equal keys exactly when the values are equal. */
export function valueKey(value: Value): string {
  switch (typeof value) {
    case "number":
    case "bigint":
      return `i${value}`;
    case "string":
      return `s${value.length}:${value}`;
    case "boolean":
      return value ? "t" : "f";
    default:
      if (isTuple(value)) return `(${rowKey(value)})`;
      return value.kind === "bytes" ? `x${value.hex}` : `a${value.name.length}:${value.name}`;
  }
}

/** An injective text for a row of any arity. */
export function rowKey(row: Row): string {
  return row.map(valueKey).join(",");
}

const KIND_ORDER: readonly ValueKind[] = [
  "boolean",
  "integer",
  "string",
  "bytes",
  "address",
  "tuple",
];

/** A total order over all values: by kind, then within the kind; strings by code unit. */
export function compareValues(a: Value, b: Value): number {
  const kindA = kindOf(a);
  const kindB = kindOf(b);
  if (kindA !== kindB) return KIND_ORDER.indexOf(kindA) - KIND_ORDER.indexOf(kindB);
  if (isTuple(a) && isTuple(b)) return compareRows(a, b);
  const x = scalar(a);
  const y = scalar(b);
  return x < y ? -1 : x > y ? 1 : 0;
}

export function compareRows(a: Row, b: Row): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const order = compareValues(a[i]!, b[i]!);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

export function equalValues(a: Value, b: Value): boolean {
  return a === b || compareValues(a, b) === 0;
}

/** How large a value is that is no tuple: one, and one for each character or byte. */
export function scalarSize(value: Exclude<Value, readonly Value[]>): number {
  if (typeof value === "string") return 1 + value.length;
  if (typeof value !== "object") return 1;
  return 1 + (value.kind === "bytes" ? value.hex.length / 2 : value.name.length);
}

function scalar(value: Value): number | bigint | string | boolean {
  if (typeof value !== "object") return value;
  if (isTuple(value)) throw new Error("a tuple is no scalar");
  return value.kind === "bytes" ? value.hex : value.name;
}
