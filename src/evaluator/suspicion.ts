import type { RuleId, Term } from "../program/program.ts";
import type { ShapedRule } from "./componentShape.ts";

/** The ids that variables of a rule have. */
export interface KnownValues {
  readonly variables: readonly string[];
  readonly ids: readonly number[];
}

/**
 * Something of a rule could not be computed for a valuation of which this much is known. Whether that is an error is
 * found out when the tick is done (`suspicionChecks`).
 */
export interface Suspicion extends KnownValues {
  readonly rule: RuleId;
  /** What could not be computed is an aggregate, of all valuations with these values. */
  readonly group: boolean;
}

/** Columns of the head that hold values of variables which stored literals bind, by the variable. */
export function headVariables(rule: ShapedRule): ReadonlyMap<string, number> {
  const columns = rule.terms.flatMap((term, i): readonly (readonly [string, number])[] =>
    term.kind === "variable" && rule.stored.has(term.name) ? [[term.name, i]] : [],
  );
  return new Map(columns);
}

/** Whether something in the rule's body or head may fail to be computed for one valuation. */
export function mayBeSuspect({ body, terms, untold }: ShapedRule): boolean {
  if (untold === true) return false;
  const computes = (t: Term): boolean => t.kind === "arithmetic" || t.kind === "tuple";
  return (
    terms.some((t) => t.kind !== "aggregate" && computes(t)) ||
    body.some((l) => {
      if (l.kind === "assign") return computes(l.value);
      if (l.kind === "compare") return computes(l.left) || computes(l.right);
      return l.kind === "call";
    })
  );
}
