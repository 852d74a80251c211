import type { Rule } from "../program/program.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { idbLiterals, isTimeless } from "./componentRules.ts";
import { hasAggregate } from "../program/variables.ts";

/**
 * F-rule of rewrites.md section 1.4: no aggregate, no negated IDB literal, at most one IDB literal (H-02). Aggregation
 * and negation over EDB alone cannot change and are let through; chance cannot (W7).
 */
export function isFunctionalRule(p: AnalyzedProgram, rule: Rule): boolean {
  const literals = idbLiterals(p, rule);
  if (literals.length > 1 || !isTimeless(rule)) return false;
  return (
    literals.every(({ literal }) => !literal.negated) &&
    !(hasAggregate(rule) && literals.length > 0)
  );
}
