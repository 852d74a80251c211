import { expect, test } from "vitest";
import type { Results } from "./results.ts";
import { readResults } from "./resultsFile.ts";
import { resultsCsv } from "./resultsCsv.ts";

const node = {
  cpuSeconds: 1.5,
  memoryBytes: 2,
  messagesIn: 3,
  messagesOut: 4,
  rowsIn: 5,
  rowsOut: 6,
};
const results: Results = {
  format: "clew/results",
  version: 1,
  plan: { sha256: "0", name: '=a, "b"' },
  machine: { cpu: "c", cores: 2, memoryBytes: 1, os: "o" },
  versions: { clew: "0", node: "24" },
  seed: 1,
  clients: 2,
  warmupSeconds: 0,
  durationSeconds: 2,
  throughput: { mean: 15, perSecond: [10, 20] },
  latencyMs: { p50: 1, p90: 1, p99: 1, p999: 1, max: 1 },
  sent: 30,
  answered: 30,
  unanswered: 0,
  duplicates: 0,
  errors: [],
  histogram: "",
  nodes: { leader: { component: "l", ...node } },
};

test("one row a second and one a node, with names quoted and never a formula", () => {
  expect(resultsCsv(results).split("\r\n").slice(1)).toEqual([
    `second,"'=a, ""b""",1,10,,,,,,,,`,
    `second,"'=a, ""b""",2,20,,,,,,,,`,
    `node,"'=a, ""b""",,,leader,l,1.5,2,3,4,5,6`,
    "",
  ]);
});

test("results are read back, and a field too many is refused", () => {
  expect(readResults(JSON.parse(JSON.stringify(results)))).toEqual({ kind: "ok", value: results });
  expect(readResults({ ...results, extra: 1 })).toMatchObject({
    kind: "problems",
    problems: [{ pointer: "/extra" }],
  });
});
