import { readFileSync } from "node:fs";
import { analyze } from "../analysis/analyze.ts";
import { readDeployment } from "../plan/deploymentFile.ts";
import { makePlan } from "../plan/plan.ts";
import type { Plan } from "../plan/plan.ts";
import { read } from "../syntax/read.ts";

const EXAMPLES = new URL("../../public/examples/", import.meta.url);

/** The plan of one of the shipped examples, such as "voting/base": for tests and benchmarks. */
export function examplePlan(example: string): Plan {
  const text = readFileSync(new URL(`${example}.ded`, EXAMPLES), "utf8");
  const json: unknown = JSON.parse(
    readFileSync(new URL(`${example}.deployment.json`, EXAMPLES), "utf8"),
  );
  const deployment = readDeployment(json);
  if (deployment.kind === "problems") throw new Error(JSON.stringify(deployment.problems));
  const analyzed = analyze(read(text).program, deployment.deployment);
  const made = makePlan(analyzed, { name: example, program: text });
  if (made.kind === "problems") throw new Error(JSON.stringify(made.problems));
  return made.plan;
}
