import type { ObjectSchema, Schema } from "./schema.ts";

/** A JSON Schema document, as published under `docs/schemas/`. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const DIALECT = "https://json-schema.org/draft/2020-12/schema";
const VALUE: JsonSchema = { $ref: "#/$defs/value" };

/** The published form of a schema: what `checkJson` accepts, as far as JSON Schema can say it. */
export function jsonSchema(title: string, schema: Schema): JsonSchema {
  return { $schema: DIALECT, title, ...published(schema), $defs: { value: valueDefinition() } };
}

function published(schema: Schema): JsonSchema {
  switch (schema.kind) {
    case "integer":
      return { type: "integer", minimum: schema.minimum, maximum: schema.maximum };
    case "number":
      return { type: "number", minimum: schema.minimum };
    case "string":
      return schema.minLength > 0
        ? { type: "string", minLength: schema.minLength }
        : { type: "string" };
    case "boolean":
      return { type: "boolean" };
    case "constant":
      return { const: schema.value };
    case "oneOf":
      return { enum: schema.values };
    case "value":
      return VALUE;
    case "rows":
      return { type: "array", items: { type: "array", items: VALUE } };
    case "anything":
      return {};
    case "array":
      return { type: "array", items: published(schema.items) };
    case "record":
      return { type: "object", additionalProperties: published(schema.values) };
    case "object":
      return publishedObject(schema, {});
    case "tagged":
      return {
        oneOf: Object.entries(schema.cases).map(([kind, fields]) =>
          publishedObject(fields, { kind: { const: kind } }),
        ),
      };
    case "either":
      return { anyOf: schema.options.map(published) };
  }
}

function publishedObject(schema: ObjectSchema, tag: JsonSchema): JsonSchema {
  const fields = Object.entries({ ...schema.required, ...schema.optional });
  return {
    type: "object",
    properties: {
      ...tag,
      ...Object.fromEntries(fields.map(([field, s]) => [field, published(s)])),
    },
    required: [...Object.keys(tag), ...Object.keys(schema.required)],
    additionalProperties: false,
  };
}

function valueDefinition(): JsonSchema {
  const one = (field: string, string: JsonSchema): JsonSchema => ({
    type: "object",
    properties: { [field]: { type: "string", ...string } },
    required: [field],
    additionalProperties: false,
  });
  return {
    description: "A Dedalus value; integers beyond 2^53 are written as text, tuples as arrays.",
    anyOf: [
      { type: "integer", minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
      { type: "string" },
      { type: "boolean" },
      one("int", { pattern: "^-?[0-9]{1,19}$" }),
      one("bytes", { pattern: "^([0-9a-fA-F]{2})*$" }),
      one("addr", { minLength: 1 }),
      { type: "array", items: VALUE },
    ],
  };
}
