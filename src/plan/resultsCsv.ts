import type { Results } from "./results.ts";

/** Results as CSV (RFC 4180): one row a second, then one a node, told apart by the first column (files.md). */
export function resultsCsv(results: Results): string {
  const header = [
    ...["kind", "plan", "second", "answered", "node", "component", "cpuSeconds", "memoryBytes"],
    ...["messagesIn", "messagesOut", "rowsIn", "rowsOut"],
  ];
  const plan = results.plan.name;
  const seconds = results.throughput.perSecond.map((answered, i) => [
    ...["second", plan, i + 1, answered],
    ...Array<string>(8).fill(""),
  ]);
  const nodes = Object.entries(results.nodes).map(([address, figures]) => [
    ...["node", plan, "", "", address, figures.component],
    ...[figures.cpuSeconds, figures.memoryBytes, figures.messagesIn, figures.messagesOut],
    ...[figures.rowsIn, figures.rowsOut],
  ]);
  return [header, ...seconds, ...nodes].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

/** Quoted where needed, and never read as a formula by a spreadsheet. */
function cell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
