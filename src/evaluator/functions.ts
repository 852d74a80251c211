import type { RelationName } from "../program/program.ts";
import type { Value } from "../program/value.ts";

/**
 * The implementation behind a function literal: given the inputs, the outputs, or undefined when there is no such row
 * (a failed test, a decryption that does not open). Pure.
 */
export type FunctionImplementation = (inputs: readonly Value[]) => readonly Value[] | undefined;

/** By `name/terms`, as in `hash/3`. */
export type FunctionTable = ReadonlyMap<string, FunctionImplementation>;

export function functionKey(name: RelationName, terms: number): string {
  return `${name}/${terms}`;
}
