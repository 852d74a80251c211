import { variablesOf } from "./literalOrder.ts";
import type { NormalRule, Projections, StoredLiteral } from "./normalRules.ts";
import { isStored, ownLiteral } from "./ruleBody.ts";

/**
 * A rule over held relations counts its derivations, and one that keeps facts doubts them at each change of what it
 * reads. Where a literal leaves columns out and its rows are met from the side of another one, the rule reads the
 * projection to the other columns: a row of that for all rows that are equal in them.
 */
export function readProjected(
  rule: NormalRule,
  drivers: readonly StoredLiteral[],
  projections: Projections,
): NormalRule {
  const own = ownLiteral(rule);
  const isMet = (l: StoredLiteral): boolean =>
    own === undefined ? drivers.some((d) => d !== l) : !namesWhole(own, l);
  const body = rule.body.map((l) =>
    isStored(l) && !l.negated && l.columns.some((c) => c.kind === "wildcard") && isMet(l)
      ? projections.project(rule.source, l, "")
      : l,
  );
  return { ...rule, body };
}

/** Whether a row of the literal says which row is kept. */
function namesWhole(own: StoredLiteral, literal: StoredLiteral): boolean {
  const given = new Set(variablesOf(literal.columns));
  return variablesOf(own.columns).every((v) => given.has(v));
}
