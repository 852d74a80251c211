import { expect, test } from "vitest";
import { busiestComponent, busyComponents, limitOf, limitSentence } from "./busyTime.ts";
import type { NodeFigures, Results } from "./results.ts";

function node(component: string, cpuSeconds: number, sampledSeconds?: number): NodeFigures {
  const counts = { memoryBytes: 1, messagesIn: 1, messagesOut: 1, rowsIn: 400, rowsOut: 300 };
  return {
    component,
    cpuSeconds,
    ...counts,
    ...(sampledSeconds === undefined ? {} : { sampledSeconds }),
  };
}

function results(
  nodes: Readonly<Record<string, NodeFigures>>,
  clientsCpuSeconds = 1,
  cores = 16,
): Results {
  return {
    format: "clew/results",
    version: 2,
    plan: { sha256: "0", name: "p" },
    machine: { cpu: "c", cores, memoryBytes: 1, os: "o" },
    versions: { clew: "0", node: "24" },
    seed: 1,
    clients: 2,
    warmupSeconds: 0,
    durationSeconds: 10,
    throughput: { mean: 10, perSecond: [] },
    latencyMs: { p50: 1, p90: 1, p99: 1, p999: 1, max: 1 },
    sent: 100,
    answered: 100,
    unanswered: 0,
    duplicates: 0,
    errors: [],
    histogram: "",
    nodes,
    clientsCpuSeconds,
  };
}

test("busy time is by each node's own clock: one that was lost early is not called idle", () => {
  const run = results({
    a: node("leader", 5),
    "p.1": node("part", 1.8, 2),
    "p.2": node("part", 1),
  });
  expect(busyComponents(run)).toMatchObject([
    { component: "leader", nodes: 1, mean: 0.5 },
    { component: "part", nodes: 2, mean: 0.5, most: { address: "p.1", busy: 0.9 } },
  ]);
  expect(busiestComponent(run)?.component).toBe("part");
});

test.each([
  ["a node that uses its core", results({ a: node("leader", 9.5) }), "node", /no more of its core/],
  ["the clients' process", results({ a: node("leader", 9) }, 9.8), "clients", /clients.*98 %/],
  ["idle all round", results({ a: node("leader", 2) }), "nothing", /went into waiting/],
  [
    "a full machine",
    results({ a: node("leader", 9) }, 9.8, 2),
    "machine",
    /2 cores were in use, 1\.9 of/,
  ],
  [
    "a machine that others fill",
    { ...results({ a: node("leader", 3) }, 1, 2), machineBusy: 0.95 },
    "machine",
    /0\.4 of them by this run/,
  ],
] as const)("what limits a run: %s", (_, run, limit, sentence) => {
  expect(limitOf(run)).toBe(limit);
  expect(limitSentence(run)).toMatch(sentence);
  expect(limitSentence(run)).toContain("It receives 4.0 and sends 3.0 facts per command.");
});
