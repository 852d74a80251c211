import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import { readDeployment } from "../plan/deploymentFile.ts";
import type { Fact } from "../evaluator/nodeEngine.ts";
import { read } from "../syntax/read.ts";
import { exampleDeployment } from "./examplePlan.ts";
import { startTimers } from "./nodeTimers.ts";

const TEXT = `timer beat every 10ms
timer pulse every 10ms
timer never every 20ms
component a { rung(n) :- beat(n)
  rung(0) :- pulse() }
component b { other() :- never() }`;

test("a node's timers ring for what its component reads, count, and stop", async () => {
  const deployment = readDeployment({
    ...exampleDeployment("voting/base"),
    instances: { a: ["a"], b: ["b"] },
  });
  if (deployment.kind === "problems") throw new Error(JSON.stringify(deployment.problems));
  const p = analyze(read(TEXT).program, deployment.deployment);
  const facts: Fact[] = [];
  const stop = startTimers(p, "a", "a", {
    arrive: (arrived) => void facts.push(...arrived),
    stop: () => undefined,
  });
  const beats = () => facts.filter((fact) => fact.relation === "beat");
  while (beats().length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  stop();
  expect(beats().map((fact) => fact.row)).toEqual(beats().map((_, i) => [i + 1]));
  expect(facts.find((fact) => fact.relation === "pulse")!.row).toEqual([]);
  expect(facts.filter((fact) => fact.relation === "never")).toEqual([]);
  const after = facts.length;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(facts).toHaveLength(after);
});
