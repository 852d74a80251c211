import { busiestComponent, limitOf, limitSentence, percent } from "../plan/busyTime.ts";
import type { Results } from "../plan/results.ts";
import type { Sweep } from "../plan/sweepFile.ts";

const COLUMNS = ["clients", "commands/s", "p50 ms", "p99 ms", "busiest node", "busy"];

/** A sweep for people: one table a program, and its bottleneck where it answered most. */
export function sweepTable(sweep: Sweep): string {
  return sweep.programs
    .map(({ name, nodes }, program) => {
      const points = sweep.points.filter((point) => point.program === program);
      const rows = points.map(({ clients, state, results }) => [
        String(clients),
        ...(results ? figures(results) : ["–", "–", "–", "–", "–"]),
        ...(state === "finished" ? [] : [state]),
      ]);
      const finished = points.flatMap((p) =>
        p.state === "finished" && p.results ? p.results : [],
      );
      const peak = finished.reduce<Results | undefined>(
        (best, r) => (best === undefined || r.throughput.mean > best.throughput.mean ? r : best),
        undefined,
      );
      return [
        `${name}, ${nodes} nodes`,
        ...[COLUMNS, ...rows].map((row) => `  ${row.map(padded).join("  ").trimEnd()}`),
        ...(peak ? [`  At ${peak.clients} clients. ${bottleneckText(peak)}`] : []),
      ].join("\n");
    })
    .join("\n\n");
}

/** The busiest node by name, what it does, and what limited the run. */
export function bottleneckText(results: Results): string {
  const busiest = busiestComponent(results);
  if (busiest === undefined) return "No node was measured.";
  const word = limitOf(results) === "node" ? "Bottleneck" : "Busiest";
  return `${word}: ${busiest.most.address}, ${percent(busiest.most.busy)} of a core. ${limitSentence(results)}`;
}

function figures(results: Results): readonly string[] {
  const busiest = busiestComponent(results)?.most;
  return [
    Math.round(results.throughput.mean).toLocaleString("en"),
    results.latencyMs.p50.toFixed(2),
    results.latencyMs.p99.toFixed(2),
    busiest?.address ?? "–",
    busiest === undefined ? "–" : percent(busiest.busy),
  ];
}

function padded(text: string, column: number): string {
  return column === 4 ? text.padEnd(16) : text.padStart(10);
}
