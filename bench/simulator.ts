// Simulated requests of voting, every tick recorded, as the app's worker runs them, and how many deliveries a second
// that is: in short runs, which pay for compiling, and in long ones. Reading a trace out of what was recorded is not
// simulating; it has a figure of its own. On a machine that others use, the time on the clock says little: the rate in
// the processor time of the thread that simulates stands beside it.
import { readFileSync } from "node:fs";
import { analyze } from "../src/analysis/analyze.ts";
import { nobleCrypto } from "../src/evaluator/nobleCrypto.ts";
import { compile } from "../src/evaluator/compile.ts";
import { standardFunctions } from "../src/evaluator/standardFunctions.ts";
import { readDeployment } from "../src/plan/deploymentFile.ts";
import { createSimulation } from "../src/simulator/simulation.ts";
import { read } from "../src/syntax/read.ts";
import { quantile, report, type Figure } from "./report.ts";

const SEED = 1;
const SHORT = 1_000;
const LONG = 20_000;
const RUNS = 9;

const folder = new URL("../public/examples/voting/", import.meta.url);
const text = (file: string): string => readFileSync(new URL(file, folder), "utf8");
const deployment = readDeployment(JSON.parse(text("base.deployment.json")));
if (deployment.kind !== "ok") throw new Error(JSON.stringify(deployment.problems));
const voting = analyze(read(text("base.ded")).program, deployment.deployment);

interface Sample {
  /** Seconds. */
  readonly simulating: number;
  /** Of the processor, in the thread that simulates. */
  readonly thread: number;
  readonly readingOut: number;
  readonly deliveries: number;
}

function sample(requests: number): Sample {
  const start = performance.now();
  const threadStart = threadSeconds();
  const simulation = createSimulation(voting, {
    seed: SEED,
    requests,
    engine: compile,
    functions: standardFunctions(nobleCrypto),
    crypto: nobleCrypto,
  });
  while (simulation.advance(1_000) === "running");
  const trace = simulation.trace();
  const thread = threadSeconds() - threadStart;
  const simulated = performance.now();
  const { messages, ticks } = trace;
  const readOut = performance.now();
  if (trace.requests.some((r) => r.answers.length === 0)) throw new Error("a request unanswered");
  if (ticks.every((t) => t.appeared.length === 0)) throw new Error("a tick unrecorded");
  return {
    simulating: (simulated - start) / 1_000,
    thread,
    readingOut: (readOut - simulated) / 1_000,
    deliveries: messages.filter((m) => m.arrivedAt !== undefined).length,
  };
}

function threadSeconds(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e6;
}

function medians(requests: number): Record<"whole" | "rate" | "threadRate" | "readingOut", number> {
  const samples = Array.from({ length: RUNS }, () => sample(requests));
  const median = (of: (s: Sample) => number): number => quantile(samples.map(of), 0.5);
  return {
    whole: median((s) => s.simulating + s.readingOut),
    rate: median((s) => s.deliveries / s.simulating),
    threadRate: median((s) => s.deliveries / s.thread),
    readingOut: median((s) => s.readingOut),
  };
}

function rates(
  requests: string,
  { rate, threadRate }: ReturnType<typeof medians>,
): readonly Figure[] {
  const goal = (value: number) => ({ unit: "/s", goal: "≥ 300,000", met: value >= 300_000 });
  const what = `deliveries a second, ${requests} requests`;
  return [
    { what, value: rate, ...goal(rate) },
    { what: `${what}, of CPU time`, value: threadRate, ...goal(threadRate) },
  ];
}

const short = medians(SHORT);
const long = medians(LONG);
report("simulator", SEED, [
  {
    what: "voting, 1,000 requests, every tick recorded",
    value: short.whole,
    unit: "s",
    goal: "≤ 1 s",
    met: short.whole <= 1,
  },
  ...rates("1,000", short),
  ...rates("20,000", long),
  { what: "reading out the trace of 20,000 requests", value: long.readingOut, unit: "s" },
]);
