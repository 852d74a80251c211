import { build, encodeIntoCompressedBase64 } from "hdr-histogram-js";
import type { Histogram } from "hdr-histogram-js";
import type { LoadFigures } from "./messages.ts";

/** Latencies in an HdrHistogram of microseconds, exact to three digits, up to a minute and beyond. */
export interface Latencies {
  record(milliseconds: number): void;
  /** In milliseconds; 0 when nothing was recorded. */
  percentile(percent: number): number;
  summary(): LoadFigures["latencyMs"];
  encoded(): string;
  reset(): void;
}

export function createLatencies(): Latencies {
  const histogram: Histogram = build({
    bitBucketSize: 32,
    autoResize: true,
    lowestDiscernibleValue: 1,
    highestTrackableValue: 60_000_000,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  });
  const percentile = (percent: number): number =>
    histogram.totalCount === 0 ? 0 : histogram.getValueAtPercentile(percent) / 1000;
  return {
    record: (milliseconds) => histogram.recordValue(Math.max(1, Math.round(milliseconds * 1000))),
    percentile,
    summary: () => ({
      p50: percentile(50),
      p90: percentile(90),
      p99: percentile(99),
      p999: percentile(99.9),
      max: histogram.totalCount === 0 ? 0 : histogram.maxValue / 1000,
    }),
    encoded: () => encodeIntoCompressedBase64(histogram),
    reset: () => histogram.reset(),
  };
}
