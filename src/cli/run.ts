import { Command } from "commander";
import { startLocalRun } from "../harness/driver.ts";
import type { Results } from "../plan/results.ts";
import { resultsCsv } from "../plan/resultsCsv.ts";
import type { RunEvent } from "../plan/runApi.ts";
import { wholeNumber } from "./load.ts";
import { jsonText, print, printJson, Stop, writeFile } from "./output.ts";
import { loadPlan } from "./plan.ts";

interface Options {
  readonly target: string;
  readonly clients: string;
  readonly duration: string;
  readonly warmup: string;
  readonly output?: string;
  readonly json?: boolean;
}

/** `clew run plan.json`: deploy, drive, measure, tear down. */
export function runCommand(): Command {
  return new Command("run")
    .description("Run a plan on this machine, one process a node, and measure it.")
    .argument("<plan>", "plan file, made by clew plan")
    .option("--target <name>", "where to run; local is this machine", "local")
    .option("--clients <n>", "closed-loop clients", "20")
    .option("--duration <s>", "seconds to measure", "10")
    .option("--warmup <s>", "seconds before that", "2")
    .option("-o, --output <name>", "write NAME.json and NAME.csv")
    .option("--json", "print the results as JSON")
    .addHelpText("after", "\nExample:\n  clew run plan.json --clients 20 --duration 30 -o voting")
    .action(async (file: string, options: Options) => {
      if (options.target !== "local")
        throw new Stop(`there is no target "${options.target}"; there is local.`, 2);
      const settings = {
        clients: wholeNumber("--clients", options.clients, 1, 100_000),
        durationSeconds: wholeNumber("--duration", options.duration, 1, 86_400),
        warmupSeconds: wholeNumber("--warmup", options.warmup, 0, 3600),
      };
      const run = startLocalRun(
        loadPlan(file),
        settings,
        options.json ? () => undefined : showEvent,
      );
      // Each may come more than once: from the terminal to the whole group, and from whoever started this process.
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
        process.on(signal, () => run.stop());
      const end = await run.done;
      if (end.results) finish(end.results, options);
      if (end.kind === "failed") throw new Stop(end.message);
      if (end.kind === "stopped")
        throw new Stop("stopped before the end; what was measured is kept.");
      if (end.results.unanswered > 0 || end.results.errors.length > 0) throw new Stop("");
    });
}

function showEvent(event: RunEvent): void {
  switch (event.kind) {
    case "starting":
      return print(`Starting ${event.nodes} nodes and the clients`);
    case "second":
      return print(
        `${String(event.second).padStart(4)} s  ${String(event.answered).padStart(8)} answered  p50 ${event.p50.toFixed(2)} ms  p99 ${event.p99.toFixed(2)} ms`,
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
}
