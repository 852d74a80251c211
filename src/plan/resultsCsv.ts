import { csvText } from "./csvText.ts";
import type { Results } from "./results.ts";

const FIGURES = [
  "component",
  "cpuSeconds",
  "memoryBytes",
  "messagesIn",
  "messagesOut",
  "rowsIn",
  "rowsOut",
] as const;
export const NODE_COLUMNS = ["node", ...FIGURES] as const;

/** Results as CSV: one row a second, then one a node, told apart by the first column (files.md). */
export function resultsCsv(results: Results): string {
  const plan = results.plan.name;
  return csvText([
    ["kind", "plan", "second", "answered", ...NODE_COLUMNS],
    ...secondRows(results).map((row) => ["second", plan, ...row]),
    ...nodeRows(results).map((row) => ["node", plan, ...row]),
  ]);
}

/** Second, answered and empty cells for a node's. */
export function secondRows(results: Results): readonly (string | number)[][] {
  return results.throughput.perSecond.map((answered, i) => [
    i + 1,
    answered,
    ...NODE_COLUMNS.map(() => ""),
  ]);
}

/** Empty cells for a second's, then the node's. */
export function nodeRows(results: Results): readonly (string | number)[][] {
  return Object.entries(results.nodes).map(([address, node]) => [
    "",
    "",
    address,
    ...FIGURES.map((figure) => node[figure]),
  ]);
}
