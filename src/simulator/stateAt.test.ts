import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Fact } from "../evaluator/nodeEngine.ts";
import { compareRows } from "../program/value.ts";
import { example, simulated } from "./examples.testing.ts";
import { traceIndex } from "./stateAt.ts";
import type { Trace, TraceTick } from "./trace.ts";

/** What each of two nodes holds in each tick, as sets of small numbers. */
const holdings = fc.array(fc.tuple(fc.nat(1), fc.uniqueArray(fc.nat(5), { maxLength: 6 })), {
  minLength: 1,
  maxLength: 300,
});

function traceOf(steps: readonly (readonly [number, readonly number[]])[]): Trace {
  const held: number[][] = [[], []];
  const count = [0, 0];
  const ticks = steps.map(([node, now], index): TraceTick => {
    const before = held[node]!;
    held[node] = [...now];
    return {
      node,
      tick: ++count[node]!,
      at: index,
      arrived: [],
      appeared: now.filter((x) => !before.includes(x)).map(fact),
      disappeared: before.filter((x) => !now.includes(x)).map(fact),
    };
  });
  const nodes = ["a", "b"].map((address) => ({ address, component: "c", original: address }));
  return { seed: 1, nodes, messages: [], ticks, requests: [], end: { kind: "quiet", at: 0 } };
}

const fact = (x: number): Fact => ({ relation: x % 2 === 0 ? "even" : "odd", row: [x] });

test("the state at any tick is what the node held then, forwards and backwards", () => {
  fc.assert(
    fc.property(holdings, fc.infiniteStream(fc.nat()), (steps, jumps) => {
      const trace = traceOf(steps);
      const index = traceIndex(trace);
      for (const jump of jumps.take(20)) {
        const at = jump % steps.length;
        const { node, tick } = trace.ticks[at]!;
        const rows = [...index.stateAt(node, tick).values()].flat(2);
        expect([...rows].sort()).toEqual([...steps[at]![1]].sort());
        expect(index.tickAtTime(node, at)).toBe(tick);
        expect(index.ticksOf(node)[tick - 1]).toBe(at);
      }
    }),
  );
});

test("before its first tick a node holds nothing, after its last what it held then", () => {
  const index = traceIndex(traceOf([[0, [4, 2, 1]]]));
  expect(index.stateAt(0, 0).size).toBe(0);
  expect(index.stateAt(1, 7).size).toBe(0);
  expect([...index.stateAt(0, 99)]).toEqual([
    ["even", [[2], [4]]],
    ["odd", [[1]]],
  ]);
  expect(index.tickAtTime(1, 1_000)).toBe(0);
});

test("some relations alone are the same rows", () => {
  const trace = simulated(example("voting"), { requests: 40 });
  const index = traceIndex(trace);
  for (let tick = 0; tick <= index.ticksOf(0).length; tick++) {
    const all = index.stateAt(0, tick).get("votes") ?? [];
    const some = index.rowsAt(0, tick, new Set(["votes"]));
    expect([...some.keys()].filter((name) => name !== "votes")).toEqual([]);
    expect([...(some.get("votes") ?? [])].sort(compareRows)).toEqual(all);
  }
});
