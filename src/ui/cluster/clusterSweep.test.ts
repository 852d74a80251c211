import { expect, test } from "vitest";
import { readSweep } from "../../plan/sweepFile.ts";
import type { ClusterRun } from "./clusterRun.ts";
import { curveOf, failureOf, peakOf, progressOf, sweepDocument } from "./clusterSweep.ts";
import type { ClusterSweep } from "./clusterSweep.ts";

function run(clients: number, changes: Partial<ClusterRun> = {}): ClusterRun {
  return {
    id: `r${clients}`,
    side: "original",
    title: "Voting, original",
    nodes: 4,
    clients,
    startedAt: "2026-11-21T00:00:00Z",
    state: "running",
    status: "",
    seconds: [],
    lost: [],
    ...changes,
  };
}

function sweep(runs: readonly ClusterRun[]): ClusterSweep {
  return {
    id: "s",
    name: "Voting",
    startedAt: "2026-11-21T00:00:00Z",
    clients: [1, 4],
    warmupSeconds: 1,
    durationSeconds: 4,
    programs: [{ side: "original", title: "Voting, original", nodes: 4, planKey: "k" }],
    runs,
    state: "running",
    status: "",
  };
}

const seconds = [
  { second: 1, answered: 100, p50: 1, p99: 2 },
  { second: 2, answered: 300, p50: 3, p99: 4 },
];
const lost = [{ address: "participant.2", how: "was ended by signal SIGKILL", output: "" }];

test("the run under way is a partial point from its first second on, and counts towards the progress", () => {
  const one = sweep([run(1, { state: "stopped", seconds }), run(4, { seconds })]);
  expect(curveOf(one, "original").map((p) => [p.run.clients, p.throughput, p.latency])).toEqual([
    [1, 200, 1],
    [4, 200, 1],
  ]);
  expect(curveOf(one, "original").every((p) => p.partial)).toBe(true);
  expect(curveOf(one, "rewritten")).toEqual([]);
  expect(progressOf(one)).toEqual({ ended: 1, of: 2, share: 0.75 });
  expect(peakOf(one, "original")).toBeUndefined();
});

test("a run that lost a node is no point of the curve, and the document says why", () => {
  const dead = sweep([run(1, { state: "finished", seconds, lost })]);
  expect(curveOf(dead, "original")).toEqual([]);
  expect(failureOf(dead.runs[0]!)).toBe("“participant.2” was ended by signal SIGKILL.");
  const document = sweepDocument(dead);
  expect(readSweep(document)).toMatchObject({ kind: "ok" });
  expect(document.points).toEqual([
    {
      program: 0,
      clients: 1,
      state: "failed",
      why: "“participant.2” was ended by signal SIGKILL.",
    },
  ]);
});
