import type { Value } from "../program/value.ts";
import { canonicalValue } from "./canonicalValue.ts";
import { ValueFault } from "./evaluationError.ts";
import type { FunctionImplementation, FunctionTable } from "./functions.ts";
import { OWN_FUNCTIONS } from "./placeFunction.ts";
import { computed } from "./valueLimits.ts";

/** A function of the table, with canonical outputs: it may be the embedding code's, of which nothing is known. */
export function functionAt(functions: FunctionTable, key: string): FunctionImplementation {
  const implementation = OWN_FUNCTIONS.get(key) ?? functions.get(key);
  const name = key.slice(0, key.lastIndexOf("/"));
  if (implementation === undefined) throw new Error(`Function ${name} has no implementation.`);
  return (inputs) => implementation(inputs)?.map((v) => computed(canonical(name, v)));
}

function canonical(name: string, value: Value): Value {
  const found = canonicalValue(value);
  if (found === undefined) {
    throw new ValueFault(`function ${name} gave ${String(value)}, which is no value`);
  }
  return found;
}
