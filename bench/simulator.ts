// 1,000 simulated requests of voting, as the app's worker runs them, and how many deliveries a second that is.
import { readFileSync } from "node:fs";
import { analyze } from "../src/analysis/analyze.ts";
import { nobleCrypto } from "../src/evaluator/nobleCrypto.ts";
import { compile } from "../src/evaluator/compile.ts";
import { standardFunctions } from "../src/evaluator/standardFunctions.ts";
import { readDeployment } from "../src/plan/deploymentFile.ts";
import { createSimulation } from "../src/simulator/simulation.ts";
import { read } from "../src/syntax/read.ts";
import { quantile, report } from "./report.ts";

const SEED = 1;
const REQUESTS = 1_000;
const RUNS = 7;

const folder = new URL("../public/examples/voting/", import.meta.url);
const text = (file: string): string => readFileSync(new URL(file, folder), "utf8");
const deployment = readDeployment(JSON.parse(text("base.deployment.json")));
if (deployment.kind !== "ok") throw new Error(JSON.stringify(deployment.problems));
const voting = analyze(read(text("base.ded")).program, deployment.deployment);

const seconds: number[] = [];
const deliveries: number[] = [];
for (let i = 0; i < RUNS; i++) {
  const start = performance.now();
  const simulation = createSimulation(voting, {
    seed: SEED,
    requests: REQUESTS,
    engine: compile,
    functions: standardFunctions(nobleCrypto),
    crypto: nobleCrypto,
  });
  while (simulation.advance(1_000) === "running");
  const trace = simulation.trace();
  const took = (performance.now() - start) / 1_000;
  if (trace.requests.some((r) => r.answers.length === 0)) throw new Error("a request unanswered");
  seconds.push(took);
  deliveries.push(trace.messages.filter((m) => m.arrivedAt !== undefined).length / took);
}

const took = quantile(seconds, 0.5);
const rate = quantile(deliveries, 0.5);
report("simulator", SEED, [
  {
    what: "voting, 1,000 requests, every tick recorded (median)",
    value: took,
    unit: "s",
    goal: "≤ 1 s",
    met: took <= 1,
  },
  {
    what: "simulated deliveries a second, rules included",
    value: rate,
    unit: "/s",
    goal: "≥ 300,000",
    met: rate >= 300_000,
  },
]);
