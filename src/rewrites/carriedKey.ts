import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { idbLiterals } from "../analysis/componentRules.ts";
import { dependencies, MOST_DEPTH } from "../analysis/dependencies.ts";
import type { KeyTerms } from "../analysis/keyTerm.ts";
import { ruleCongruence, termsFor } from "../analysis/ruleCongruence.ts";
import type { Rule } from "../program/program.ts";

/** Whether one function of what is sent is the key in all of the rules. */
export function carryKey(p: AnalyzedProgram, rules: readonly Rule[], keys: KeyTerms): boolean {
  const carried = rules.map((rule): readonly string[] => {
    const e = ruleCongruence(p, rule, dependencies(p));
    const literals = idbLiterals(p, rule).filter(({ literal }) => keys[literal.relation]);
    const source = literals.find(({ literal }) => !literal.negated) ?? literals[0];
    const key = source && keys[source.literal.relation];
    if (source === undefined || key === undefined) return [];
    const arity = rule.head.terms.length;
    return key.reduce<readonly string[]>(
      (prefixes, term) => {
        const own = e.key(source.index, term);
        if (own === undefined) return [];
        const ways = termsFor(p, e, "head", arity, own, MOST_DEPTH).map((t) => JSON.stringify(t));
        return prefixes.flatMap((prefix) => ways.map((way) => `${prefix};${way}`));
      },
      [""],
    );
  });
  const [first, ...others] = carried;
  return first?.some((way) => others.every((list) => list.includes(way))) ?? false;
}
