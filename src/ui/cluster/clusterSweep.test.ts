import { expect, test } from "vitest";
import type { Results } from "../../plan/results.ts";
import { readSweep } from "../../plan/sweepFile.ts";
import type { ClusterRun } from "./clusterRun.ts";
import { sweepCsv } from "../../plan/sweepCsv.ts";
import { failureOf, progressOf, sweepDocument } from "./clusterSweep.ts";
import type { ClusterSweep } from "./clusterSweep.ts";
import { commonPair, curveOf, peakOf } from "./curvePoints.ts";
import { secondsLine } from "./secondsLines.ts";

function run(clients: number, changes: Partial<ClusterRun> = {}): ClusterRun {
  return {
    id: `r${clients}`,
    side: "original",
    title: "Voting, original",
    nodes: 4,
    clients,
    repeat: 1,
    startedAt: "2026-11-21T00:00:00Z",
    state: "running",
    status: "",
    seconds: [],
    lost: [],
    ...changes,
  };
}

function results(clients: number, mean: number, p50: number): Results {
  return {
    format: "clew/results",
    version: 1,
    plan: { sha256: "0", name: "voting" },
    machine: { cpu: "c", cores: 2, memoryBytes: 1, os: "o" },
    versions: { clew: "0", node: "24" },
    seed: 1,
    clients,
    warmupSeconds: 0,
    durationSeconds: 1,
    throughput: { mean, perSecond: [mean] },
    latencyMs: { p50, p90: p50, p99: p50 * 2, p999: p50 * 2, max: p50 * 3 },
    sent: mean,
    answered: mean,
    unanswered: 0,
    duplicates: 0,
    errors: [],
    nodes: {},
    histogram: "",
  };
}

function measured(clients: number, repeat: number, mean: number, p50: number): ClusterRun {
  return run(clients, {
    id: `r${clients}.${repeat}`,
    repeat,
    state: "finished",
    results: results(clients, mean, p50),
    seconds: [{ second: 1, answered: mean, p50, p99: p50 * 2 }],
  });
}

function sweep(runs: readonly ClusterRun[], repeats = 1): ClusterSweep {
  return {
    id: "s",
    name: "Voting",
    startedAt: "2026-11-21T00:00:00Z",
    clients: [1, 4],
    repeats,
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
  expect(
    curveOf(one, "original").map((p) => [p.clients, p.throughput.median, p.latency.median]),
  ).toEqual([
    [1, 200, 2],
    [4, 200, 2],
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
      repeat: 1,
      state: "failed",
      why: "“participant.2” was ended by signal SIGKILL.",
    },
  ]);
});

test("repeats make one point: their median, from the lowest to the highest; a failed one keeps the others", () => {
  const failed = run(4, { id: "f", repeat: 3, state: "failed", status: "It broke.", seconds });
  const repeats = [measured(4, 1, 300, 9), measured(4, 2, 100, 2), failed, measured(4, 4, 200, 3)];
  const all = sweep([measured(1, 1, 50, 1), ...repeats], 4);
  const [one, four] = curveOf(all, "original");
  expect([one?.clients, one?.throughput]).toEqual([1, { median: 50, from: 50, to: 50, of: 1 }]);
  expect(four?.throughput).toEqual({ median: 200, from: 100, to: 300, of: 3 });
  expect(four?.latency).toEqual({ median: 3, from: 2, to: 9, of: 3 });
  expect(four?.middle.id).toBe("r4.4");
  expect([four?.partial, peakOf(all, "original")?.clients]).toEqual([false, 4]);
  expect(progressOf(all)).toMatchObject({ ended: 5, of: 8 });
  const line = secondsLine("k", repeats);
  expect([line?.of, line?.seconds.map((s) => s.answered)]).toEqual([
    3,
    [{ median: 200, from: 100, to: 300, of: 3 }],
  ]);
});

test("the seconds of failed repeats are shown where there are no others", () => {
  const failed = run(4, { state: "failed", status: "It broke.", seconds });
  expect(secondsLine("k", [failed])?.seconds.map((s) => s.answered.median)).toEqual([100, 300]);
  expect(secondsLine("k", [run(4)])).toBeUndefined();
  const silent = run(4, { seconds: [{ second: 1, answered: 0, p50: 0, p99: 0 }] });
  expect(secondsLine("k", [silent])?.seconds.map((s) => s.p50)).toEqual([undefined]);
});

test("a repeat under way moves no point that has whole ones", () => {
  const under = run(4, { id: "u", repeat: 2, seconds });
  const [point] = curveOf(sweep([measured(4, 1, 300, 9), under], 2), "original");
  expect([point?.throughput.of, point?.partial]).toEqual([1, false]);
});

test("programs are compared at the greatest number of clients that both were measured with", () => {
  const rewritten = { ...measured(1, 1, 80, 1), side: "rewritten" as const };
  const both = sweep([measured(1, 1, 50, 1), rewritten, measured(4, 1, 70, 2)]);
  expect(commonPair(both)?.rewritten.clients).toBe(1);
  expect(commonPair(sweep([measured(4, 1, 70, 2)]))).toBeUndefined();
});

test("the document and its CSV hold every repeat", () => {
  const document = sweepDocument(sweep([measured(4, 1, 300, 9), measured(4, 2, 100, 2)], 2));
  const parsed: unknown = JSON.parse(JSON.stringify(document));
  expect(readSweep(parsed)).toEqual({ kind: "ok", value: document });
  expect([document.repeats, document.points.map((p) => p.repeat)]).toEqual([2, [1, 2]]);
  const rows = sweepCsv(document).split("\r\n");
  const column = rows[0]?.split(",").indexOf("repeat") ?? -1;
  const repeatsOf = (kind: string): (string | undefined)[] =>
    rows.filter((row) => row.startsWith(`${kind},`)).map((row) => row.split(/,(?! )/)[column]);
  expect([repeatsOf("point"), repeatsOf("second")]).toEqual([
    ["1", "2"],
    ["1", "2"],
  ]);
});
