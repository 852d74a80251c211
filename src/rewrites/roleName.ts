import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { idbLiterals } from "../analysis/componentRules.ts";
import { hasAggregate } from "../program/variables.ts";
import type { ComponentName, Rule } from "../program/program.ts";
import { freshComponent } from "./freshNames.ts";

/** A name for a component made of these rules, after what they do; the user may choose another. */
export function roleName(p: AnalyzedProgram, rules: readonly Rule[]): ComponentName {
  return freshComponent(p, role(p, rules));
}

function role(p: AnalyzedProgram, rules: readonly Rule[]): string {
  const keeps = rules.some((rule) => rule.head.timing.kind === "next");
  if (keeps || rules.some(hasAggregate)) return "collector";
  const sending = rules.filter((rule) => rule.head.timing.kind === "async");
  const compares = rules.some(
    (rule) => rule.body.some((l) => l.kind === "comparison") && idbLiterals(p, rule).length > 1,
  );
  if (compares) return "checker";
  if (sending.length === 0) return "worker";
  const toClients = sending.every((rule) => p.relations.get(rule.head.relation)?.toClients);
  return toClients ? "responder" : "broadcaster";
}
