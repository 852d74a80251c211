import type { ComponentName, RelationLiteral, Rule } from "../program/program.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { headRules, idbLiterals, isTimeless } from "./componentRules.ts";
import { persistenceRule } from "./persistence.ts";
import { distinctVariables, hasAggregate } from "../program/variables.ts";

/**
 * The sending rule of a delta triple (rewrites.md sections 1.6 and 2): r_w@async(d)(…) <- r(x̄), !r_sent(x̄), … where r is
 * kept and settled and r_sent holds exactly what r held a tick ago. It is silent on ticks without input.
 */
export function isDeltaSend(
  p: AnalyzedProgram,
  component: ComponentName,
  rule: Rule,
  settled: ReadonlySet<string>,
): boolean {
  if (rule.head.timing.kind !== "async" || hasAggregate(rule) || !isTimeless(rule)) return false;
  const literals = idbLiterals(p, rule).map(({ literal }) => literal);
  const kept = literals.find((l) => !l.negated);
  const sent = literals.find((l) => l.negated);
  if (literals.length !== 2 || kept === undefined || sent === undefined) return false;
  const names = distinctVariables(kept.terms);
  return (
    names !== undefined &&
    settled.has(kept.relation) &&
    distinctVariables(sent.terms)?.join() === names.join() &&
    remembers(p, component, sent, kept)
  );
}

/** r_sent has two rules: r_sent@next(x̄) <- r(x̄) and its own persistence. */
function remembers(
  p: AnalyzedProgram,
  component: ComponentName,
  sent: RelationLiteral,
  kept: RelationLiteral,
): boolean {
  const { all } = headRules(p, component, sent.relation);
  const persistence = persistenceRule(p, component, sent.relation);
  const [fill, ...others] = all.filter((rule) => rule !== persistence);
  if (persistence === undefined || fill === undefined || others.length > 0) return false;
  const names = distinctVariables(fill.head.terms);
  const [source] = fill.body;
  return (
    fill.head.timing.kind === "next" &&
    fill.body.length === 1 &&
    names !== undefined &&
    source?.kind === "relation" &&
    !source.negated &&
    source.relation === kept.relation &&
    distinctVariables(source.terms)?.join() === names.join()
  );
}
