import { existsSync, readFileSync } from "node:fs";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { readDeployment } from "../plan/deploymentFile.ts";
import { printRule } from "../program/printCompact.ts";
import type { RuleId } from "../program/program.ts";
import { read } from "../syntax/read.ts";
import { readDerivation } from "./derivation.ts";
import type { Derivation } from "./derivation.ts";

const at = (path: string): URL => new URL(`../../public/examples/${path}`, import.meta.url);

function file(path: string): string {
  return readFileSync(at(path), "utf8");
}

/** An example protocol as it is shipped; with the deployment of a form that it is rewritten to, where that has its own. */
export function example(name: string, form = "base"): AnalyzedProgram {
  const own = existsSync(at(`${name}/${form}.deployment.json`)) ? form : "base";
  const deployment = readDeployment(JSON.parse(file(`${name}/${own}.deployment.json`)));
  if (deployment.kind !== "ok") throw new Error(JSON.stringify(deployment.problems));
  const { program } = read(file(`${name}/base.ded`));
  return analyze(program, deployment.deployment);
}

export function shippedDerivation(name: string, form: string): Derivation {
  const result = readDerivation(JSON.parse(file(`${name}/${form}.derivation.json`)));
  if (result.kind !== "derivation") throw new Error(JSON.stringify(result.problems));
  return result.derivation;
}

/** Ids of rules by the numbers in the gutter. */
export function ruleIds(p: AnalyzedProgram, ...numbers: readonly number[]): readonly RuleId[] {
  return [...p.rules.values()].filter((r) => numbers.includes(r.number)).map((r) => r.rule.id);
}

/** Components and rules, a rule a line: what a snapshot shows. */
export function printed(p: AnalyzedProgram): string {
  return p.program.components
    .map((c) => {
      const by = c.by.length > 0 ? ` by ${c.by.join(", ")}` : "";
      return [`${c.name}${by}`, ...c.rules.map((rule) => `  ${printRule(rule)}`)].join("\n");
    })
    .join("\n");
}
