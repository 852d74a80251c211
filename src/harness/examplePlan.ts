import { readFileSync } from "node:fs";
import { analyze } from "../analysis/analyze.ts";
import { readDeployment } from "../plan/deploymentFile.ts";
import { makePlan } from "../plan/plan.ts";
import type { Plan } from "../plan/plan.ts";
import { read } from "../syntax/read.ts";

const EXAMPLES = new URL("../../public/examples/", import.meta.url);

/** The plan of one of the shipped examples, such as "voting/base": for tests and benchmarks. */
export function examplePlan(example: string): Plan {
  return planOf(example, exampleText(example), exampleDeployment(example));
}

export function exampleText(example: string): string {
  return readFileSync(new URL(`${example}.ded`, EXAMPLES), "utf8");
}

/** The parsed deployment file of an example. */
export function exampleDeployment(example: string): Readonly<Record<string, unknown>> {
  const text = readFileSync(new URL(`${example}.deployment.json`, EXAMPLES), "utf8");
  return JSON.parse(text) as Record<string, unknown>;
}

/** The plan of a program in compact notation with a deployment file; throws when there is none. */
export function planOf(name: string, text: string, deploymentJson: unknown): Plan {
  const deployment = readDeployment(deploymentJson);
  if (deployment.kind === "problems") throw new Error(JSON.stringify(deployment.problems));
  const analyzed = analyze(read(text).program, deployment.deployment);
  const made = makePlan(analyzed, { name, program: text });
  if (made.kind === "problems") throw new Error(JSON.stringify(made.problems));
  return made.plan;
}
