import type { Results } from "../../plan/results.ts";
import type { ClusterRun, ProgramSide } from "./clusterRun.ts";
import { failureOf } from "./clusterSweep.ts";
import type { ClusterSweep } from "./clusterSweep.ts";
import { overRepeats } from "./overRepeats.ts";
import type { OverRepeats } from "./overRepeats.ts";

/** One program with one number of clients in the throughput–latency picture, over all its repeats. */
export interface CurvePoint {
  readonly key: string;
  readonly side: ProgramSide;
  readonly clients: number;
  /** The repeats that it stands for; failed ones are not among them. */
  readonly runs: readonly ClusterRun[];
  /** The repeat in the middle by throughput; of an even number the lower one of two. */
  readonly middle: ClusterRun;
  /** Answered commands per second. */
  readonly throughput: OverRepeats;
  /** Median latency in milliseconds. */
  readonly latency: OverRepeats;
  /** Still running, or stopped before its end. */
  readonly partial: boolean;
}

export function pointKey(sweep: ClusterSweep, side: ProgramSide, clients: number): string {
  return `${sweep.id} ${side} ${clients}`;
}

/** The points of one program, fewest clients first; where every repeat failed there is none. */
export function curveOf(sweep: ClusterSweep, side: ProgramSide): readonly CurvePoint[] {
  const runs = sweep.runs.filter((run) => run.side === side);
  const counts = [...new Set(runs.map((run) => run.clients))].sort((a, b) => a - b);
  return counts.flatMap((clients) => {
    const repeats = runs.filter((run) => run.clients === clients);
    return pointOf(pointKey(sweep, side, clients), repeats) ?? [];
  });
}

/** Of the repeats measured to their end; of one in part only as long as there is no other. */
function pointOf(key: string, repeats: readonly ClusterRun[]): CurvePoint | undefined {
  const measured = repeats.flatMap((run) => measuredOf(run) ?? []);
  const whole = measured.filter(({ run }) => run.state === "finished");
  const taken = whole.length > 0 ? whole : measured;
  const [first] = taken;
  if (first === undefined) return undefined;
  const byThroughput = taken.toSorted((a, b) => a.throughput - b.throughput);
  return {
    key,
    side: first.run.side,
    clients: first.run.clients,
    runs: taken.map(({ run }) => run),
    middle: byThroughput[Math.floor((taken.length - 1) / 2)]!.run,
    throughput: overRepeats(taken.map((m) => m.throughput)),
    latency: overRepeats(taken.map((m) => m.latency)),
    partial: whole.length === 0,
  };
}

interface Measured {
  readonly run: ClusterRun;
  readonly throughput: number;
  readonly latency: number;
}

function measuredOf(run: ClusterRun): Measured | undefined {
  if (failureOf(run) !== undefined) return undefined;
  if (run.results !== undefined) {
    const { throughput, latencyMs } = run.results;
    return { run, throughput: throughput.mean, latency: latencyMs.p50 };
  }
  if (run.seconds.length === 0) return undefined;
  const answered = run.seconds.reduce((sum, second) => sum + second.answered, 0);
  const latency = overRepeats(run.seconds.map((second) => second.p50)).median;
  return { run, throughput: answered / run.seconds.length, latency };
}

/** One figure of a point's results over its repeats. Only of points that have results. */
export function resultOf(point: CurvePoint, value: (results: Results) => number): OverRepeats {
  return overRepeats(point.runs.flatMap(({ results }) => (results ? [value(results)] : [])));
}

function hasResults(point: CurvePoint): boolean {
  return point.middle.results !== undefined;
}

/** The measured point that answered most commands per second. */
export function peakOf(sweep: ClusterSweep, side: ProgramSide): CurvePoint | undefined {
  return curveOf(sweep, side)
    .filter(hasResults)
    .reduce<CurvePoint | undefined>(
      (best, point) =>
        best === undefined || point.throughput.median > best.throughput.median ? point : best,
      undefined,
    );
}

/** Both programs at the greatest number of clients that both were measured with. */
export function commonPair(
  sweep: ClusterSweep,
): { readonly original: CurvePoint; readonly rewritten: CurvePoint } | undefined {
  const originals = curveOf(sweep, "original").filter(hasResults);
  const rewrittens = curveOf(sweep, "rewritten").filter(hasResults);
  for (const original of originals.toReversed()) {
    const rewritten = rewrittens.find((point) => point.clients === original.clients);
    if (rewritten !== undefined) return { original, rewritten };
  }
  return undefined;
}
