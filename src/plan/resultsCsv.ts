import type { Results } from "./results.ts";

const SECOND_COLUMNS = ["kind", "plan", "second", "answered"];
const FIGURES = [
  "component",
  "cpuSeconds",
  "memoryBytes",
  "messagesIn",
  "messagesOut",
  "rowsIn",
  "rowsOut",
] as const;
const NODE_COLUMNS = ["node", ...FIGURES];

/** Results as CSV (RFC 4180): one row a second, then one a node, told apart by the first column (files.md). */
export function resultsCsv(results: Results): string {
  const header = [...SECOND_COLUMNS, ...NODE_COLUMNS];
  const plan = results.plan.name;
  const seconds = results.throughput.perSecond.map((answered, i) => [
    "second",
    plan,
    i + 1,
    answered,
    ...NODE_COLUMNS.map(() => ""),
  ]);
  const nodes = Object.entries(results.nodes).map(([address, figures]) => [
    "node",
    plan,
    "",
    "",
    address,
    ...FIGURES.map((figure) => figures[figure]),
  ]);
  return [header, ...seconds, ...nodes].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

/** Quoted where needed, and never read as a formula by a spreadsheet. */
function cell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
