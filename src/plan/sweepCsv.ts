import { busiestComponent } from "./busyTime.ts";
import { csvText } from "./csvText.ts";
import type { Results } from "./results.ts";
import { nodeRows, NODE_COLUMNS, secondRows } from "./resultsCsv.ts";
import type { Sweep, SweepPoint } from "./sweepFile.ts";

const POINT_COLUMNS = [
  "state",
  "throughput",
  "p50Ms",
  "p90Ms",
  "p99Ms",
  "p999Ms",
  "maxMs",
  "sent",
  "unanswered",
  "duplicates",
  "busiest",
  "busyShare",
  "why",
] as const;

/** A sweep as CSV: one row a point, each followed by its seconds and its nodes; the first column tells them apart. */
export function sweepCsv(sweep: Sweep): string {
  const header = [
    "kind",
    "plan",
    "clients",
    "repeat",
    "second",
    "answered",
    ...NODE_COLUMNS,
    ...POINT_COLUMNS,
  ];
  const rows = sweep.points.flatMap((point) => {
    const plan = sweep.programs[point.program]?.name ?? "";
    const { results } = point;
    const none = POINT_COLUMNS.map(() => "");
    const own = (kind: string, row: readonly (string | number)[]): (string | number)[] => [
      kind,
      plan,
      point.clients,
      point.repeat ?? 1,
      ...row,
      ...none,
    ];
    return [
      pointRow(plan, point),
      ...(results ? secondRows(results).map((row) => own("second", row)) : []),
      ...(results ? nodeRows(results).map((row) => own("node", row)) : []),
    ];
  });
  return csvText([header, ...rows]);
}

function pointRow(plan: string, point: SweepPoint): (string | number)[] {
  const { results } = point;
  const nodes = NODE_COLUMNS.map(() => "");
  return [
    "point",
    plan,
    point.clients,
    point.repeat ?? 1,
    "",
    results?.answered ?? "",
    ...nodes,
    point.state,
    ...(results ? figures(results) : POINT_COLUMNS.slice(1, -1).map(() => "")),
    point.why ?? "",
  ];
}

function figures(results: Results): (string | number)[] {
  const { p50, p90, p99, p999, max } = results.latencyMs;
  const busiest = busiestComponent(results)?.most;
  return [
    results.throughput.mean,
    p50,
    p90,
    p99,
    p999,
    max,
    results.sent,
    results.unanswered,
    results.duplicates,
    busiest?.address ?? "",
    busiest?.busy ?? "",
  ];
}
