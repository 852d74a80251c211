import { expect, test } from "vitest";
import type { Trace, TraceMessage } from "../../simulator/trace.ts";
import { axisStep, fittingScale, lanesOf, momentsOf, pendingAt, timeline } from "./timeline.ts";

const message = (id: number, sentAt: number, arrivedAt?: number): TraceMessage => ({
  id,
  from: "client",
  to: "leader",
  relation: "in",
  row: [id],
  sentAt,
  ...(arrivedAt === undefined ? {} : { arrivedAt }),
});

const trace: Trace = {
  seed: 1,
  nodes: [{ address: "leader", component: "leader", original: "leader" }],
  messages: [message(0, 0, 4), message(1, 2), { ...message(2, 3), fault: "lost" }],
  ticks: [{ node: 0, tick: 1, at: 4, arrived: [0], appeared: [], disappeared: [] }],
  requests: [],
  end: { kind: "limit", at: 10 },
};

test("clients stand above the nodes", () => {
  expect(lanesOf(trace)).toEqual(["client", "leader"]);
});

test("a message is pending from its sending until its arrival, a lost one never", () => {
  expect(pendingAt(trace, 1).map((m) => m.id)).toEqual([0]);
  expect(pendingAt(trace, 3).map((m) => m.id)).toEqual([0, 1]);
  expect(pendingAt(trace, 4).map((m) => m.id)).toEqual([1]);
});

test("moments are in order, each once", () => {
  expect(momentsOf([trace, trace])).toEqual([0, 2, 3, 4]);
});

test("a place on the axis and its time answer each other", () => {
  const line = timeline(8);
  expect(line.at(line.x(12.5))).toBeCloseTo(12.5);
});

test("axis steps are round and far enough apart, at any scale", () => {
  for (const scale of [0.05, 0.3, 1, 8, 40]) {
    const step = axisStep(scale);
    expect(step * scale).toBeGreaterThanOrEqual(56);
    expect(String(step)).toMatch(/^0?\.?0*[125]0*(\.0+)?$/);
  }
  expect(fittingScale(1000, 100)).toBeGreaterThan(fittingScale(1000, 1000));
});
