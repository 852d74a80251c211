import type { ClusterRun, ProgramSide, Second } from "./clusterRun.ts";
import { failureOf } from "./clusterSweep.ts";
import { overRepeats } from "./overRepeats.ts";
import type { OverRepeats } from "./overRepeats.ts";

/** A second of one program, over the repeats that reached it. */
export interface RepeatedSecond {
  readonly second: number;
  readonly answered: OverRepeats;
  /** Of the repeats in which anything was answered in this second, if there is one. */
  readonly p50: OverRepeats | undefined;
  readonly p99: OverRepeats | undefined;
}

/** One program's seconds with one number of clients. */
export interface SecondsLine {
  readonly key: string;
  readonly side: ProgramSide;
  readonly title: string;
  /** How many repeats were measured. */
  readonly of: number;
  readonly seconds: readonly RepeatedSecond[];
}

/** Nothing answered has no latency, not one of zero. */
function latencyOver(
  all: readonly Second[],
  latency: (second: Second) => number,
): OverRepeats | undefined {
  const answering = all.filter((second) => second.answered > 0);
  return answering.length === 0 ? undefined : overRepeats(answering.map(latency));
}

/** The seconds of one program's repeats as one line. Those of repeats that failed count only where no other has any. */
export function secondsLine(key: string, runs: readonly ClusterRun[]): SecondsLine | undefined {
  const measured = runs.filter((run) => run.seconds.length > 0);
  const good = measured.filter((run) => failureOf(run) === undefined);
  const taken = good.length > 0 ? good : measured;
  const [first] = taken;
  if (first === undefined) return undefined;
  const bySecond = new Map<number, Second[]>();
  for (const second of taken.flatMap((run) => run.seconds)) {
    bySecond.set(second.second, [...(bySecond.get(second.second) ?? []), second]);
  }
  const seconds = [...bySecond]
    .sort(([a], [b]) => a - b)
    .map(([second, all]) => ({
      second,
      answered: overRepeats(all.map((s) => s.answered)),
      p50: latencyOver(all, (s) => s.p50),
      p99: latencyOver(all, (s) => s.p99),
    }));
  return { key, side: first.side, title: first.title, of: taken.length, seconds };
}
