import { bytes, integer, isTuple, type Value } from "../program/value.ts";
import { ValueFault } from "./evaluationError.ts";
import type { FunctionImplementation, FunctionTable } from "./functions.ts";
import { computed } from "./valueLimits.ts";

/** A function of the table, with canonical outputs: it may be the embedding code's, of which nothing is known. */
export function functionAt(functions: FunctionTable, key: string): FunctionImplementation {
  const implementation = functions.get(key);
  const name = key.slice(0, key.lastIndexOf("/"));
  if (implementation === undefined) throw new Error(`Function ${name} has no implementation.`);
  return (inputs) => implementation(inputs)?.map((v) => computed(canonical(name, v)));
}

function canonical(name: string, value: Value): Value {
  const found = canonicalForm(name, value);
  if (found === undefined) {
    throw new ValueFault(`function ${name} gave ${String(value)}, which is no value`);
  }
  return found;
}

/** Undefined for what is no value, whatever its type says. */
function canonicalForm(name: string, value: Value | null | undefined): Value | undefined {
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
      if (isTuple(value)) return value.map((item) => canonical(name, item));
      if (value.kind === "bytes" && typeof value.hex === "string") return bytes(value.hex);
      return value.kind === "address" && typeof value.name === "string" ? value : undefined;
    default:
      return undefined;
  }
}
