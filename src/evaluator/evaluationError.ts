import type { RuleId } from "../program/program.ts";
import { printValue } from "../program/printTerm.ts";
import type { Fact } from "./nodeEngine.ts";

/** A value that an expression or a function cannot be computed from; the engine adds the rule and the facts. */
export class ValueFault extends Error {
  override readonly name = "ValueFault";
}

/** A run-time error of the program's own: what went wrong, in which rule, for which facts (language.md section 1). */
export class EvaluationError extends Error {
  override readonly name = "EvaluationError";
  readonly rule: RuleId;
  readonly reason: string;
  readonly facts: readonly Fact[];

  constructor(rule: RuleId, reason: string, facts: readonly Fact[]) {
    const where = facts.length === 0 ? "" : ` for ${facts.map(factText).join(", ")}`;
    super(`${reason} in rule ${rule}${where}.`);
    this.rule = rule;
    this.reason = reason;
    this.facts = facts;
  }
}

/** More of a fact than this helps nobody to find it. */
const SHOWN = 500;

/** `votes("a", 1)`: how a fact is shown in messages; of a long one, its beginning. */
export function factText(fact: Fact): string {
  const text = `${fact.relation}(${fact.row.map(printValue).join(", ")})`;
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
