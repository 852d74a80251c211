import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { printRule } from "../program/printCompact.ts";
import type { Literal, Rule, RuleId } from "../program/program.ts";
import type { RuleOrigin } from "../rewrites/rewrite.ts";

/** A rewritten program in which one generated rule, or one literal of one, is missing. */
export interface Mutant {
  /** `runs_M(i) :- expected_M(i), s_complete(i) without s_complete`, or `without …` of the whole rule. */
  readonly name: string;
  readonly program: AnalyzedProgram;
}

/** Every mutant of the rules that a step added, except those that are no programs: a variable without a value, a cycle. */
export function mutants(
  p: AnalyzedProgram,
  origins: ReadonlyMap<RuleId, RuleOrigin>,
): readonly Mutant[] {
  const generated = p.program.components
    .flatMap((component) => component.rules)
    .filter((rule) => origins.get(rule.id)?.kind === "added");
  return generated.flatMap((rule) => {
    const text = printRule(rule);
    const whole: Mutant = { name: `no ${text}`, program: replaced(p, rule, undefined) };
    const parts = rule.body.map((literal, index): Mutant => {
      const body = rule.body.filter((_, i) => i !== index);
      return {
        name: `${text} without ${shown(literal)}`,
        program: replaced(p, rule, { ...rule, body }),
      };
    });
    return [whole, ...parts].filter(({ program }) =>
      program.faults.every((fault) => fault.severity !== "error"),
    );
  });
}

function shown(literal: Literal): string {
  switch (literal.kind) {
    case "relation":
      return `${literal.negated ? "!" : ""}${literal.relation}`;
    case "comparison":
      return literal.operator;
    case "assignment":
      return ":=";
  }
}

function replaced(p: AnalyzedProgram, rule: Rule, by: Rule | undefined): AnalyzedProgram {
  const components = p.program.components.map((c) => ({
    ...c,
    rules: c.rules.flatMap((r) => (r.id !== rule.id ? [r] : by === undefined ? [] : [by])),
  }));
  return analyze({ ...p.program, components }, p.deployment);
}
