import { readFileSync } from "node:fs";
import { arch, cpus, platform, release, totalmem } from "node:os";
import type { Plan } from "../plan/plan.ts";
import type { Results } from "../plan/results.ts";
import type { LoadFigures, RunSettings } from "./messages.ts";

/** This package's version. */
export const VERSION = (
  JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string;
  }
).version;

/** The results document of a run (files.md, Results). */
export function runResults(
  plan: Plan,
  settings: RunSettings,
  figures: LoadFigures,
  errors: readonly string[],
  used: Pick<Results, "nodes" | "clientsCpuSeconds" | "machineBusy">,
): Results {
  return {
    format: "clew/results",
    version: 2,
    plan: { sha256: plan.sha256, name: plan.file.name },
    machine: {
      cpu: cpus()[0]?.model ?? "unknown",
      cores: cpus().length,
      memoryBytes: totalmem(),
      os: `${platform()} ${release()} ${arch()}`,
    },
    versions: { clew: VERSION, node: process.versions.node },
    seed: plan.deployment.seed,
    clients: settings.clients,
    warmupSeconds: settings.warmupSeconds,
    durationSeconds: figures.seconds,
    throughput: {
      mean: figures.seconds > 0 ? figures.answeredInTime / figures.seconds : 0,
      perSecond: figures.perSecond,
    },
    latencyMs: figures.latencyMs,
    sent: figures.sent,
    answered: figures.answered,
    unanswered: figures.unanswered,
    duplicates: figures.duplicates,
    errors: [...errors, ...figures.errors],
    ...used,
    histogram: figures.histogram,
  };
}
