import { cpus } from "node:os";

/** One figure of a benchmark, beside its peer and its goal (performance.md). */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly peer?: string;
  readonly peerValue?: number;
  /** value / peerValue */
  readonly ratio?: number;
  readonly goal?: string;
  readonly met?: boolean;
  /** What stands in the way of the goal by the profile, and what would have to change: printed where it is not met. */
  readonly limit?: string;
}

/** Prints the figures as a table, or as JSON when the command line has `--json`. */
export function report(name: string, seed: number, figures: readonly Figure[]): void {
  const machine = {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    node: process.version,
  };
  if (process.argv.includes("--json")) {
    console.log(JSON.stringify({ name, seed, machine, figures }));
    return;
  }
  console.log(`\n${name}  (${machine.cores} × ${machine.cpu}, Node ${machine.node}, seed ${seed})`);
  for (const f of figures) {
    const peer = f.peer
      ? `   ${f.peer} ${amount(f.peerValue ?? 0)}, ratio ${amount(f.ratio ?? 0)}`
      : "";
    const goal = f.goal ? `   goal ${f.goal}: ${f.met ? "met" : "NOT met"}` : "";
    console.log(`  ${f.what.padEnd(52)} ${amount(f.value).padStart(10)} ${f.unit}${peer}${goal}`);
    if (f.met === false && f.limit !== undefined) console.log(`      ${f.limit}`);
  }
}

/** The value below which the share q of the samples lies. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
}

function amount(value: number): string {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en");
  return value.toPrecision(3);
}
