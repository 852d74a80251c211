import { analyze } from "../../src/analysis/analyze.ts";
import { compile } from "../../src/evaluator/compile.ts";
import type { NodeEngine } from "../../src/evaluator/nodeEngine.ts";
import type { Row } from "../../src/program/value.ts";
import { read } from "../../src/syntax/read.ts";
import { quantile } from "../report.ts";

export const SEED = 1;
/** Runs of each contender; one that takes long runs less often. */
const RUNS = 7;
const SLOW_RUNS = 3;
const SLOW_SECONDS = 1;

/** Starts nodes of one component, from rules in compact notation. It is compiled once, as it is in a process. */
export function runnable(
  rules: string,
  edb: Readonly<Record<string, readonly Row[]>> = {},
): () => NodeEngine {
  const declared = Object.entries(edb).map(([r, rows]) => {
    const columns = (rows[0] ?? []).map((_, i) => `a${i}`);
    return `edb ${r}(${columns.join(", ")})`;
  });
  const text = [...declared, `component c {`, rules, `}`].join("\n");
  const { program, diagnostics } = read(text);
  if (diagnostics.some((d) => d.severity === "error")) throw new Error(JSON.stringify(diagnostics));
  const compiled = compile(analyze(program), "c");
  const environment = { address: "c", edb: new Map(Object.entries(edb)), functions: new Map() };
  return () => compiled.start(environment);
}

/** One run; answers the seconds that count. */
export type Contender = () => number | Promise<number>;

/** Medians of the seconds that the contenders take. They take turns, so that a busy machine is busy for all. */
export async function contest(contenders: readonly Contender[]): Promise<readonly number[]> {
  const samples = contenders.map((): number[] => []);
  for (let i = 0; i < RUNS; i++) {
    for (const [k, contender] of contenders.entries()) {
      if (i >= SLOW_RUNS && samples[k]![0]! > SLOW_SECONDS) continue;
      samples[k]!.push(await contender());
    }
  }
  return samples.map((s) => quantile(s, 0.5));
}

export function timed(work: () => void): number {
  const from = performance.now();
  work();
  return (performance.now() - from) / 1_000;
}
