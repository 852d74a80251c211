import { existsSync, readFileSync } from "node:fs";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { nobleCrypto } from "../evaluator/nobleCrypto.ts";
import { reference } from "../evaluator/reference.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import { readDeployment } from "../plan/deploymentFile.ts";
import type { Deployment } from "../program/deployment.ts";
import { address } from "../program/value.ts";
import { readDerivation } from "../rewrites/derivation.ts";
import { replay } from "../rewrites/replay.ts";
import { read } from "../syntax/read.ts";
import type { SimulationEngines } from "./clusterNodes.ts";
import { createSimulation } from "./simulation.ts";
import type { SimulationSettings } from "./simulationOptions.ts";
import type { Trace } from "./trace.ts";

export const referenceEngines: SimulationEngines = {
  engine: reference,
  functions: standardFunctions(nobleCrypto),
  crypto: nobleCrypto,
};

/** An example protocol as it is shipped; with the deployment of a form that it is rewritten to, where that has its own. */
export function example(name: string, form = "base"): AnalyzedProgram {
  const folder = new URL(`../../public/examples/${name}/`, import.meta.url);
  const file = (path: string): string => readFileSync(new URL(path, folder), "utf8");
  const own = existsSync(new URL(`${form}.deployment.json`, folder)) ? form : "base";
  const deployment = readDeployment(JSON.parse(file(`${own}.deployment.json`)));
  if (deployment.kind !== "ok") throw new Error(JSON.stringify(deployment.problems));
  return analyzed(file("base.ded"), deployment.deployment);
}

/** The program at the end of a shipped derivation, such as "scaled": every step of it applies. */
export function scaledExample(
  name: string,
  form: string,
  base: AnalyzedProgram = example(name, form),
): AnalyzedProgram {
  const file = new URL(`../../public/examples/${name}/${form}.derivation.json`, import.meta.url);
  const result = readDerivation(JSON.parse(readFileSync(file, "utf8")));
  if (result.kind !== "derivation") throw new Error(JSON.stringify(result.problems));
  const { steps, last } = replay(base, result.derivation, () => "by hand");
  for (const step of steps) if (step.kind === "broken") throw new Error(step.reason);
  return last;
}

/** One node `n` of a component `main`; clients send `in(id)` and await `out(id, …)`, and are `client(c)`. */
export function oneNode(text: string, more: Partial<Deployment> = {}): AnalyzedProgram {
  return analyzed(text, {
    instances: { main: ["n"] },
    edb: { client: [[address("client")]] },
    node: {},
    originals: {},
    trusted: {},
    clients: {
      address: "client",
      input: "in",
      answers: ["out"],
      match: { out: { id: "id" } },
      template: { id: { kind: "unique" } },
      payloadBytes: 16,
    },
    partitions: {},
    seed: 1,
    ...more,
  });
}

function analyzed(text: string, deployment: Deployment): AnalyzedProgram {
  const { program, diagnostics } = read(text);
  const p = analyze(program, deployment);
  const errors = [...diagnostics, ...p.faults].filter((d) => d.severity === "error");
  if (errors.length > 0) throw new Error(errors.map((e) => e.message).join("\n"));
  return p;
}

export function simulated(
  p: AnalyzedProgram,
  settings: Partial<SimulationSettings> = {},
  engines: SimulationEngines = referenceEngines,
): Trace {
  const simulation = createSimulation(p, { seed: 1, ...engines, ...settings });
  while (simulation.advance(1_000) === "running");
  return simulation.trace();
}
