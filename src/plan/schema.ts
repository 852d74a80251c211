import { MAX_TUPLE_DEPTH } from "../program/limits.ts";
import { valueFromJson } from "../program/valueJson.ts";
import type { RowJson, ValueJson } from "../program/valueJson.ts";

/**
 * What a JSON document must look like: the single source of its TypeScript type (`Typed`), its check
 * (`checkJson`) and its published JSON Schema (`jsonSchema`). Unknown fields are always refused (files.md).
 */
export type Schema =
  | { readonly kind: "integer"; readonly minimum: number; readonly maximum: number }
  | { readonly kind: "number"; readonly minimum: number }
  | { readonly kind: "string"; readonly minLength: number }
  | { readonly kind: "boolean" }
  | { readonly kind: "constant"; readonly value: string | number }
  | { readonly kind: "oneOf"; readonly values: readonly string[] }
  /** A Dedalus value as in `valueToJson`. */
  | { readonly kind: "value" }
  /** Rows of one relation: an array of arrays of values. */
  | { readonly kind: "rows" }
  /** Anything at all: checked by whoever reads it. */
  | { readonly kind: "anything" }
  | { readonly kind: "array"; readonly items: Schema }
  /** Any field names, all values alike. */
  | { readonly kind: "record"; readonly values: Schema }
  | {
      readonly kind: "object";
      readonly required: Readonly<Record<string, Schema>>;
      readonly optional: Readonly<Record<string, Schema>>;
    }
  /** Objects told apart by the constant in their field `kind`. */
  | { readonly kind: "tagged"; readonly cases: Readonly<Record<string, ObjectSchema>> }
  /** The first that fits the kind of JSON found. */
  | { readonly kind: "either"; readonly options: readonly Schema[] };

export type ObjectSchema = Extract<Schema, { kind: "object" }>;

/** The TypeScript type of the documents that fit a schema made with the functions below. */
export type Typed<S> = S extends { kind: infer K } ? TypedBy<S>[K & keyof TypedBy<S>] : never;

interface TypedBy<S> {
  integer: number;
  number: number;
  string: string;
  boolean: boolean;
  constant: S extends { value: infer V } ? V : never;
  oneOf: S extends { values: readonly (infer V)[] } ? V : never;
  value: ValueJson;
  rows: readonly RowJson[];
  anything: unknown;
  array: S extends { items: infer I } ? readonly Typed<I>[] : never;
  record: S extends { values: infer V } ? Readonly<Record<string, Typed<V>>> : never;
  object: S extends { required: infer R; optional: infer O } ? TypedFields<R, O> : never;
  tagged: S extends { cases: infer C } ? TypedCases<C> : never;
  either: S extends { options: readonly (infer O)[] } ? Typed<O> : never;
}
type TypedFields<R, O> = Flat<
  { readonly [K in keyof R]: Typed<R[K]> } & { readonly [K in keyof O]?: Typed<O[K]> }
>;
type TypedCases<C> = { [K in keyof C]: Flat<{ readonly kind: K } & Typed<C[K]>> }[keyof C];
type Flat<T> = { [K in keyof T]: T[K] };

export function integerFrom(minimum: number, maximum: number = Number.MAX_SAFE_INTEGER) {
  return { kind: "integer", minimum, maximum } as const;
}
export function numberFrom(minimum: number) {
  return { kind: "number", minimum } as const;
}
export const text = { kind: "string", minLength: 0 } as const;
export const name = { kind: "string", minLength: 1 } as const;
export const bool = { kind: "boolean" } as const;
export const dedalusValue = { kind: "value" } as const;
export const anything = { kind: "anything" } as const;
export function constant<const V extends string | number>(value: V) {
  return { kind: "constant", value } as const;
}
export function oneOf<const V extends readonly string[]>(values: V) {
  return { kind: "oneOf", values } as const;
}
export function arrayOf<const S extends Schema>(items: S) {
  return { kind: "array", items } as const;
}
export function recordOf<const S extends Schema>(values: S) {
  return { kind: "record", values } as const;
}
export function object<const R extends Readonly<Record<string, Schema>>>(required: R) {
  return { kind: "object", required, optional: {} } as const;
}
export function objectWith<
  const R extends Readonly<Record<string, Schema>>,
  const O extends Readonly<Record<string, Schema>>,
>(required: R, optional: O) {
  return { kind: "object", required, optional } as const;
}
export function tagged<const C extends Readonly<Record<string, ObjectSchema>>>(cases: C) {
  return { kind: "tagged", cases } as const;
}
export function either<const S extends readonly Schema[]>(...options: S) {
  return { kind: "either", options } as const;
}
/** Rows of one relation. */
export const rows = { kind: "rows" } as const;

/** Something wrong in a file: where (a JSON pointer, "" for the whole), what was found and what was expected. */
export interface FileProblem {
  readonly pointer: string;
  readonly message: string;
}

export type Checked<T> =
  | { readonly kind: "ok"; readonly value: T }
  | { readonly kind: "problems"; readonly problems: readonly FileProblem[] };

/** Of what is read elsewhere: deeper nesting can only be an attack on whoever recurses into it. */
const MAX_DEPTH = 200;

/** More than this many problems are not reported: one is usually the cause of the others. */
const MAX_PROBLEMS = 50;

/** Whether `json` fits `schema`; every misfit with its place, in document order. */
export function checkJson<const S extends Schema>(schema: S, json: unknown): Checked<Typed<S>> {
  const problems: FileProblem[] = [];
  check(schema, json, "", problems);
  if (problems.length > 0) return { kind: "problems", problems: problems.slice(0, MAX_PROBLEMS) };
  return { kind: "ok", value: json as Typed<S> };
}

/** A field name or array index appended to a JSON pointer (RFC 6901). */
export function pointerTo(pointer: string, field: string | number): string {
  return `${pointer}/${String(field).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

function check(schema: Schema, json: unknown, at: string, problems: FileProblem[]): void {
  if (problems.length >= MAX_PROBLEMS) return;
  switch (schema.kind) {
    case "array":
      if (!Array.isArray(json)) return misfit(schema, json, at, problems);
      json.forEach((item, i) => check(schema.items, item, pointerTo(at, i), problems));
      return;
    case "record":
      if (!isObject(json)) return misfit(schema, json, at, problems);
      for (const [field, value] of Object.entries(json)) {
        check(schema.values, value, pointerTo(at, field), problems);
      }
      return;
    case "object":
      if (!isObject(json)) return misfit(schema, json, at, problems);
      return checkFields(schema, json, at, [], problems);
    case "tagged":
      return checkTagged(schema, json, at, problems);
    case "either": {
      const option = schema.options.find((o) => fitsShape(o, json));
      if (option === undefined) return misfit(schema, json, at, problems);
      return check(option, json, at, problems);
    }
    case "value":
      return checkValue(json, at, 0, problems);
    case "anything":
      if (isDeeperThan(MAX_DEPTH, json)) {
        problems.push({ pointer: at, message: `This is nested deeper than ${MAX_DEPTH} levels.` });
      }
      return;
    case "rows":
      return check(arrayOf(arrayOf(dedalusValue)), json, at, problems);
    default:
      if (!fitsShape(schema, json)) misfit(schema, json, at, problems);
  }
}

function checkFields(
  schema: ObjectSchema,
  json: Readonly<Record<string, unknown>>,
  at: string,
  also: readonly string[],
  problems: FileProblem[],
): void {
  for (const field of Object.keys(schema.required)) {
    if (Object.hasOwn(json, field)) continue;
    problems.push({ pointer: at, message: `The field “${field}” is missing.` });
  }
  for (const [field, value] of Object.entries(json)) {
    if (also.includes(field)) continue;
    const fieldSchema = own(schema.required, field) ?? own(schema.optional, field);
    if (fieldSchema !== undefined) check(fieldSchema, value, pointerTo(at, field), problems);
    else {
      const known = [...also, ...Object.keys(schema.required), ...Object.keys(schema.optional)];
      problems.push({
        pointer: pointerTo(at, field),
        message: `There is no field “${field}” here; expected ${known.join(", ") || "no field at all"}.`,
      });
    }
  }
}

function checkTagged(
  schema: Extract<Schema, { kind: "tagged" }>,
  json: unknown,
  at: string,
  problems: FileProblem[],
): void {
  if (!isObject(json)) return misfit(schema, json, at, problems);
  const tag = own(json, "kind");
  const found = typeof tag === "string" ? own(schema.cases, tag) : undefined;
  if (found !== undefined) return checkFields(found, json, at, ["kind"], problems);
  problems.push({
    pointer: pointerTo(at, "kind"),
    message: `Found ${shown(tag)}, expected one of ${Object.keys(schema.cases).join(", ")}.`,
  });
}

function checkValue(json: unknown, at: string, depth: number, problems: FileProblem[]): void {
  if (Array.isArray(json)) {
    if (depth < MAX_TUPLE_DEPTH) {
      json.forEach((item, i) => checkValue(item, pointerTo(at, i), depth + 1, problems));
    } else problems.push({ pointer: at, message: tooDeepText() });
  } else if (valueFromJson(json, depth) === undefined) misfit(dedalusValue, json, at, problems);
}

function tooDeepText(): string {
  return `Tuples nest at most ${MAX_TUPLE_DEPTH} deep; this one is in too many others.`;
}

/** Whether the outermost layer of `json` is of the schema's kind. */
function fitsShape(schema: Schema, json: unknown): boolean {
  switch (schema.kind) {
    case "integer":
      return Number.isSafeInteger(json) && inRange(json as number, schema.minimum, schema.maximum);
    case "number":
      return typeof json === "number" && inRange(json, schema.minimum, Infinity);
    case "string":
      return typeof json === "string" && json.length >= schema.minLength;
    case "boolean":
      return typeof json === "boolean";
    case "constant":
      return json === schema.value;
    case "oneOf":
      return typeof json === "string" && schema.values.includes(json);
    case "value":
      return json !== null && json !== undefined;
    case "anything":
      return true;
    case "array":
    case "rows":
      return Array.isArray(json);
    case "record":
    case "object":
    case "tagged":
      return isObject(json);
    case "either":
      return schema.options.some((o) => fitsShape(o, json));
  }
}

function misfit(schema: Schema, json: unknown, pointer: string, problems: FileProblem[]): void {
  problems.push({ pointer, message: `Found ${shown(json)}, expected ${expected(schema)}.` });
}

function expected(schema: Schema): string {
  switch (schema.kind) {
    case "integer": {
      const upTo =
        schema.maximum === Number.MAX_SAFE_INTEGER ? "" : ` and at most ${schema.maximum}`;
      return schema.minimum === Number.MIN_SAFE_INTEGER
        ? "an integer"
        : `an integer of at least ${schema.minimum}${upTo}`;
    }
    case "number":
      return `a number of at least ${schema.minimum}`;
    case "string":
      return schema.minLength > 0 ? "a string that is not empty" : "a string";
    case "boolean":
      return "true or false";
    case "constant":
      return JSON.stringify(schema.value);
    case "oneOf":
      return `one of ${schema.values.map((v) => JSON.stringify(v)).join(", ")}`;
    case "value":
      return 'a value: an integer, {"int": "…"}, a string, true, false, {"bytes": "hex"}, {"addr": "name"} or an array of values';
    case "anything":
      return "anything";
    case "array":
    case "rows":
      return "an array";
    case "record":
    case "object":
    case "tagged":
      return "an object";
    case "either":
      return schema.options.map(expected).join(" or ");
  }
}

/** Level by level, so that no depth overflows the stack. */
function isDeeperThan(levels: number, json: unknown): boolean {
  let level: readonly unknown[] = [json];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > levels) return true;
    level = level.flatMap((item) =>
      typeof item === "object" && item !== null ? Object.values(item) : [],
    );
  }
  return false;
}

/** A short rendering of what was found; long documents are cut. */
function shown(json: unknown): string {
  if (json === undefined) return "nothing";
  if (Array.isArray(json)) return json.length === 0 ? "an empty array" : "an array";
  if (isObject(json)) return "an object";
  const whole = JSON.stringify(json);
  return whole.length > 60 ? `${whole.slice(0, 60)}…` : whole;
}

function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

function inRange(n: number, minimum: number, maximum: number): boolean {
  return Number.isFinite(n) && n >= minimum && n <= maximum;
}

function own<T>(record: Readonly<Record<string, T>>, field: string): T | undefined {
  return Object.hasOwn(record, field) ? record[field] : undefined;
}
