import { expect, test } from "vitest";
import type { Trace } from "../../simulator/trace.ts";
import { stopsOf } from "./stops.ts";

const node = (address: string, original = address) => ({ address, component: address, original });
const trace: Trace = {
  seed: 1,
  nodes: [node("a"), node("a.2", "a"), node("b")],
  messages: [],
  ticks: [],
  requests: [],
  end: { kind: "quiet", at: 50 },
};

test("a pause lasts until the node is resumed, or to the end", () => {
  const paused = { kind: "pause", at: 10, node: "b" } as const;
  expect(stopsOf(trace, [paused])).toMatchObject([{ address: "b", from: 10, to: 50 }]);
  const resumed = { kind: "resume", at: 20, node: "b" } as const;
  expect(stopsOf(trace, [paused, resumed])).toMatchObject([{ address: "b", from: 10, to: 20 }]);
});

test("a crash takes the siblings along; what happens after the end is not drawn", () => {
  const crashed = stopsOf(trace, [
    { kind: "crash", at: 10, node: "a.2" },
    { kind: "crash", at: 60, node: "b" },
  ]);
  expect(crashed.map((stop) => [stop.address, stop.kind, stop.to])).toEqual([
    ["a", "crashed", 50],
    ["a.2", "crashed", 50],
  ]);
});
