import type { RelationLiteral, Term } from "./program.ts";
import { tupleItems } from "./variables.ts";

/** `choose((keys), (values))`: of the rows with equal keys, those with one and the same tuple of values. */
export interface Choice {
  readonly keys: readonly Term[];
  readonly values: readonly Term[];
}

/** The tuples of a well-formed `choose`. */
export function choiceOf({ negated, terms }: RelationLiteral): Choice | undefined {
  const [keys, values] = terms.map(tupleItems);
  return negated || keys === undefined || values === undefined || terms.length > 2
    ? undefined
    : { keys, values };
}
