import { Command } from "commander";
import { startLocalRun } from "../harness/driver.ts";
import { startLocalSweep } from "../harness/sweep.ts";
import type { Plan } from "../plan/plan.ts";
import type { Results } from "../plan/results.ts";
import { resultsCsv } from "../plan/resultsCsv.ts";
import type { RunEvent } from "../plan/runApi.ts";
import { sweepCsv } from "../plan/sweepCsv.ts";
import { readClientCounts } from "../plan/sweepPoints.ts";
import { wholeNumber } from "./load.ts";
import { codeOfRules, jsonText, print, printJson, Stop, writeFile } from "./output.ts";
import { loadPlan } from "./plan.ts";
import { bottleneckText, sweepTable } from "./sweepTable.ts";

interface Options {
  readonly target: string;
  readonly clients: string;
  readonly duration: string;
  readonly warmup: string;
  readonly output?: string;
  readonly json?: boolean;
}

interface Settings {
  readonly clients: readonly number[];
  readonly durationSeconds: number;
  readonly warmupSeconds: number;
}

/** `clew run plan.json…`: deploy, drive, measure, tear down. */
export function runCommand(): Command {
  return new Command("run")
    .description("Run plans on this machine, one process a node, and measure them.")
    .argument("<plan...>", "plan files, made by clew plan; several are run in turn")
    .option("--target <name>", "where to run; local is this machine", "local")
    .option("--clients <n,...>", "closed-loop clients; several numbers make a sweep", "20")
    .option("--duration <s>", "seconds to measure", "10")
    .option("--warmup <s>", "seconds before that", "2")
    .option("-o, --output <name>", "write NAME.json and NAME.csv")
    .option("--json", "print the results as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  clew run plan.json --clients 20 --duration 30 -o voting\n  clew run base.plan.json scaled.plan.json --clients 1,4,16,64 -o voting",
    )
    .action(async (files: readonly string[], options: Options) => {
      if (options.target !== "local")
        throw new Stop(`there is no target "${options.target}"; there is local.`, 2);
      const settings = {
        clients: clientCounts(options.clients),
        durationSeconds: wholeNumber("--duration", options.duration, 1, 86_400),
        warmupSeconds: wholeNumber("--warmup", options.warmup, 0, 3600),
      };
      const plans = files.map(loadPlan);
      codeOfRules();
      const [only] = plans;
      if (plans.length === 1 && only !== undefined && settings.clients.length === 1)
        return runOnce(only, settings, options);
      return runSweep(plans, settings, options);
    });
}

function clientCounts(text: string): readonly number[] {
  const read = readClientCounts(text, 100_000);
  if (read.kind === "ok") return read.counts;
  throw new Stop(`--clients: ${read.message}`, 2);
}

async function runOnce(plan: Plan, settings: Settings, options: Options): Promise<void> {
  const clients = settings.clients[0] ?? 1;
  const show = options.json ? () => undefined : showEvent;
  const run = startLocalRun(plan, { ...settings, clients }, show);
  onInterrupt(() => run.stop());
  const end = await run.done;
  if (end.results) finish(end.results, options);
  if (end.kind === "failed") throw new Stop(end.message);
  if (end.kind === "stopped") throw new Stop("stopped before the end; what was measured is kept.");
  if (end.results.unanswered > 0 || end.results.errors.length > 0) throw new Stop("");
}

async function runSweep(
  plans: readonly Plan[],
  settings: Settings,
  options: Options,
): Promise<void> {
  const say = options.json ? () => undefined : print;
  const nameOf = (program: number): string => plans[program]?.file.name ?? "";
  const sweep = startLocalSweep(plans, settings, {
    begins: (point, index, of) =>
      say(`Run ${index + 1} of ${of}: ${nameOf(point.program)}, ${point.clients} clients`),
    event: (event) => {
      if (event.kind === "node-lost" && !options.json) showEvent(event);
    },
    ended: ({ results, why }) => {
      if (results) say(`  ${Math.round(results.throughput.mean).toLocaleString("en")} commands/s`);
      if (why !== undefined) say(`  ${why}`);
      for (const error of results?.errors ?? []) say(`  ${error}`);
    },
  });
  onInterrupt(() => sweep.stop());
  const done = await sweep.done;
  if (options.output) {
    writeFile(`${options.output}.json`, jsonText(done));
    writeFile(`${options.output}.csv`, sweepCsv(done));
  }
  if (options.json) printJson(done);
  else print(`\n${sweepTable(done)}`);
  const planned = plans.length * settings.clients.length;
  if (done.points.length < planned || done.points.some((p) => p.state === "stopped"))
    throw new Stop("stopped before the end; what was measured is kept.");
  const bad = done.points.filter(
    (p) => p.state !== "finished" || (p.results?.errors.length ?? 0) > 0,
  );
  if (bad.length > 0) throw new Stop(`${bad.length} of ${planned} runs went wrong, as said above.`);
}

/** Each signal may come more than once: from the terminal to the whole group, and from whoever started this process. */
function onInterrupt(stop: () => void): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
}

function showEvent(event: RunEvent): void {
  switch (event.kind) {
    case "starting":
      return print(`Starting ${event.nodes} nodes and the clients`);
    case "second":
      return print(
        `${String(event.second).padStart(4)} s  ${String(event.answered).padStart(8)} answered${event.answered === 0 ? "" : `  p50 ${event.p50.toFixed(2)} ms  p99 ${event.p99.toFixed(2)} ms`}`,
      );
    case "node-lost":
      return print(
        `${event.address} ended: ${event.how}${event.output ? `\n${event.output}` : ""}`,
      );
    default:
      return undefined;
  }
}

function finish(results: Results, options: Options): void {
  if (options.output) {
    writeFile(`${options.output}.json`, jsonText(results));
    writeFile(`${options.output}.csv`, resultsCsv(results));
  }
  if (options.json) return printJson(results);
  const { throughput, latencyMs } = results;
  print(
    `\n${Math.round(throughput.mean).toLocaleString("en")} commands/s, ${results.answered} of ${results.sent} answered`,
  );
  if (results.answered > 0)
    print(
      `latency p50 ${latencyMs.p50} ms, p90 ${latencyMs.p90} ms, p99 ${latencyMs.p99} ms, max ${latencyMs.max} ms`,
    );
  if (results.unanswered > 0) print(`${results.unanswered} without an answer`);
  for (const error of results.errors) print(error);
  for (const [address, n] of Object.entries(results.nodes)) {
    print(
      `  ${address.padEnd(20)} ${n.cpuSeconds.toFixed(2).padStart(7)} s CPU  ${(n.memoryBytes / 1e6).toFixed(0).padStart(5)} MB  ${String(n.messagesIn).padStart(9)} in  ${String(n.messagesOut).padStart(9)} out`,
    );
  }
  print(bottleneckText(results));
}
