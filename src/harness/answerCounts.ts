import { createLatencies } from "./latencies.ts";
import type { LoadFigures } from "./messages.ts";

/** The part of a run in which an answer came. */
export type Part = "warmup" | "measured" | "drain";

/** Counts and times the answers of one run. */
export interface AnswerCounts {
  add(latencyMs: number, part: Part): void;
  /** What came since the last call; kept as a second of the measured part when it is one. */
  secondOver(part: Part): {
    readonly answered: number;
    readonly p50: number;
    readonly p99: number;
  };
  figures(): Pick<
    LoadFigures,
    "answered" | "answeredInTime" | "perSecond" | "latencyMs" | "histogram"
  >;
}

export function answerCounts(): AnswerCounts {
  const total = createLatencies();
  const lately = createLatencies();
  const perSecond: number[] = [];
  let answered = 0;
  let answeredInTime = 0;
  let answeredLately = 0;
  return {
    add(latencyMs, part) {
      answeredLately++;
      lately.record(latencyMs);
      if (part === "warmup") return;
      answered++;
      if (part === "drain") return;
      answeredInTime++;
      total.record(latencyMs);
    },
    secondOver(part) {
      if (part === "measured") perSecond.push(answeredLately);
      const [p50, p99] = [lately.percentile(50), lately.percentile(99)];
      const second = { answered: answeredLately, p50, p99 };
      answeredLately = 0;
      lately.reset();
      return second;
    },
    figures: () => ({
      answered,
      answeredInTime,
      perSecond,
      latencyMs: total.summary(),
      histogram: total.encoded(),
    }),
  };
}
