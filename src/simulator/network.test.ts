import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Fault } from "./faults.ts";
import { network } from "./network.ts";
import type { Fate, Sent } from "./network.ts";
import { DEFAULT_NETWORK } from "./simulationOptions.ts";

const unrelated = (a: string, b: string): boolean => a === b;
const siblings = (a: string, b: string): boolean => a[0] === b[0];
const message = (at: number, more: Partial<Sent> = {}): Sent => ({
  from: "l",
  to: "p",
  fact: () => ({ relation: "m", row: [1] }),
  at,
  again: false,
  ...more,
});

test("a delay lies between its bounds, and a lossless network delivers once", () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat(1_000_000), (seed, at) => {
      const fates = network(seed, DEFAULT_NETWORK, [], unrelated).send(message(at));
      expect(fates).toHaveLength(1);
      expect(fates[0]!.arrivesAt).toBeGreaterThanOrEqual(at + 1_000);
      expect(fates[0]!.arrivesAt).toBeLessThanOrEqual(at + 10_000);
    }),
  );
});

test("without reordering a link is first in, first out; with it, messages overtake", () => {
  const arrivals = (reordering: number): number[] => {
    const net = network(5, { ...DEFAULT_NETWORK, reordering }, [], unrelated);
    return Array.from({ length: 50 }, (_, i) => net.send(message(i * 100))[0]!.arrivesAt!);
  };
  const inOrder = (times: readonly number[]): boolean =>
    times.every((time, i) => i === 0 || time >= times[i - 1]!);
  expect(inOrder(arrivals(0))).toBe(true);
  expect(inOrder(arrivals(1))).toBe(false);
});

test("loss spares the links between siblings", () => {
  const net = network(5, { ...DEFAULT_NETWORK, loss: 1 }, [], siblings);
  expect(net.send(message(0))).toEqual([{ fault: "lost" }]);
  expect(net.send(message(0, { to: "l.2" }))[0]!.arrivesAt).toBeGreaterThan(0);
});

test("duplication makes a second copy", () => {
  const net = network(5, { ...DEFAULT_NETWORK, duplication: 1 }, [], unrelated);
  expect(net.send(message(0)).map((fate) => fate.fault)).toEqual([undefined, "duplicate"]);
});

test("a cut link loses; between siblings messages wait for the heal", () => {
  const net = network(5, DEFAULT_NETWORK, [], siblings);
  net.setCut({ from: "l", to: "p", bothWays: false }, true);
  net.setCut({ from: "l", to: "l.2", bothWays: true }, true);
  expect(net.send(message(0))).toEqual([{ fault: "lost" }]);
  expect(net.send(message(0, { from: "p", to: "l" }))[0]!.arrivesAt).toBeGreaterThan(0);
  expect(net.send(message(0, { from: "l.2", to: "l" }))).toEqual([
    { waits: true, fault: "delayed" },
  ]);
  net.setCut({ from: "l", to: "p", bothWays: false }, false);
  expect(net.send(message(0))[0]!.arrivesAt).toBeGreaterThan(0);
});

test("standing sends repeated leave all others as they were", () => {
  const [plain, repeating] = [0, 1].map(() => network(9, DEFAULT_NETWORK, [], unrelated));
  repeating!.send(message(0, { again: true }));
  expect(repeating!.send(message(5))).toEqual(plain!.send(message(5)));
});

test("a fault on one message leaves all others as they were", () => {
  const fates = (faults: readonly Fault[]): (readonly Fate[])[] => {
    const net = network(
      9,
      DEFAULT_NETWORK,
      faults.map((fault) => ({ fault, branch: 0 })),
      unrelated,
    );
    return [0, 1_000, 2_000].map((at) => net.send(message(at)));
  };
  const second = { from: "l", to: "p", relation: "m", row: [1], occurrence: 1 };
  const plain = fates([]);
  expect(fates([{ kind: "lose", message: second }])).toEqual([
    plain[0],
    [{ fault: "lost" }],
    plain[2],
  ]);
  expect(fates([{ kind: "delay", message: second, by: 30 }])).toEqual([
    plain[0],
    [{ arrivesAt: plain[1]![0]!.arrivesAt! + 30_000, fault: "delayed" }],
    plain[2],
  ]);
  expect(fates([{ kind: "duplicate", message: second, after: 5 }])).toEqual([
    plain[0],
    [plain[1]![0], { arrivesAt: plain[1]![0]!.arrivesAt! + 5_000, fault: "duplicate" }],
    plain[2],
  ]);
});
