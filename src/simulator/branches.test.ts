import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compile } from "../evaluator/compile.ts";
import { example, referenceEngines, simulated } from "./examples.testing.ts";
import { messageSelector } from "./faults.ts";
import type { Fault } from "./faults.ts";
import type { Branch, SimulationSettings } from "./simulationOptions.ts";
import type { Trace } from "./trace.ts";
import { traceText } from "./traceJson.ts";
import { tracePrefix } from "./tracePrefix.ts";

const engines = { ...referenceEngines, engine: compile };
const voting = example("voting");
/** It repeats standing sends, more of them where messages may be lost. */
const kvs = example("kvs");

function run(settings: Partial<SimulationSettings>, p = voting): Trace {
  return simulated(p, { requests: 6, ...settings }, engines);
}

/** The moments at which something happens in a trace, which is where one branches. */
function moments(trace: Trace): readonly number[] {
  return [...trace.ticks.map((t) => t.at), ...trace.messages.map((m) => m.sentAt)];
}

const roughness: fc.Arbitrary<Partial<SimulationSettings>> = fc.record({
  seed: fc.nat(1_000),
  network: fc.record({
    delay: fc.constant({ min: 0.5, max: 9 }),
    loss: fc.constantFrom(0, 0.1),
    duplication: fc.constantFrom(0, 0.3),
  }),
});

/** Faults of every kind, of any message of the run and at any time of it, before and after the branch. */
function faultsOf(trace: Trace, picks: readonly number[]): readonly Fault[] {
  return picks.map((pick, i): Fault => {
    const message = messageSelector(trace, pick % trace.messages.length);
    const at = moments(trace)[pick % moments(trace).length]!;
    const kinds: readonly Fault[] = [
      { kind: "delay", message, by: 1 + (pick % 30) },
      { kind: "lose", message },
      { kind: "duplicate", message, after: 3 },
      { kind: "cut", at, from: message.from, to: message.to, bothWays: pick % 2 === 0 },
      { kind: "pause", at, node: trace.nodes[pick % trace.nodes.length]!.address },
      { kind: "crash", at, node: trace.nodes[pick % trace.nodes.length]!.address },
    ];
    return kinds[(pick + i) % kinds.length]!;
  });
}

test("a branch leaves everything through its moment as it was, to the byte", () => {
  let different = 0;
  const property = fc.property(
    fc.constantFrom(voting, kvs),
    roughness,
    fc.nat(),
    fc.array(fc.nat(), { maxLength: 3 }),
    fc.array(fc.nat(), { maxLength: 4 }),
    fc.option(fc.nat(50), { nil: undefined }),
    (p, settings, where, before, after, seed) => {
      const plain = run(settings, p);
      const faults = faultsOf(plain, before);
      const parent = run({ ...settings, faults }, p);
      const at = moments(parent)[where % moments(parent).length]!;
      const branch: Branch = {
        at,
        faults: faultsOf(parent, after),
        ...(seed !== undefined && { seed }),
      };
      const child = run({ ...settings, faults, branches: [branch] }, p);
      expect(traceText(tracePrefix(child, at))).toBe(traceText(tracePrefix(parent, at)));
      if (traceText(child) !== traceText(parent)) different++;
    },
  );
  fc.assert(property, { numRuns: 60 });
  expect(different).toBeGreaterThan(30);
});

test("a branch without faults and seed of its own is the run it left", () => {
  const parent = run({});
  const at = parent.end.at / 2;
  expect(traceText(run({ branches: [{ at, faults: [] }] }))).toBe(traceText(parent));
});

test("a branch of a branch keeps what both left", () => {
  const parent = run({});
  const first: Branch = { at: parent.end.at / 3, faults: [], seed: 77 };
  const child = run({ branches: [first] });
  const at = child.end.at / 2;
  const grandchild = run({ branches: [first, { at, faults: [], seed: 78 }] });
  expect(traceText(tracePrefix(grandchild, at))).toBe(traceText(tracePrefix(child, at)));
  expect(traceText(grandchild)).not.toBe(traceText(child));
});

test("a message under way when a branch begins can be lost, delayed or doubled there", () => {
  const parent = run({});
  const vote = parent.messages.find((m) => m.relation === "vote")!;
  const at = (vote.sentAt + vote.arrivedAt!) / 2;
  const message = messageSelector(parent, vote.id);
  const child = (fault: Fault): Trace => run({ branches: [{ at, faults: [fault] }] });
  const lost = child({ kind: "lose", message }).messages[vote.id]!;
  expect([lost.fault, lost.arrivedAt]).toEqual(["lost", undefined]);
  expect(child({ kind: "delay", message, by: 50 }).messages[vote.id]).toMatchObject({
    fault: "delayed",
    arrivedAt: vote.arrivedAt! + 50,
  });
  const doubled = child({ kind: "duplicate", message, after: 5 }).messages;
  const copy = doubled.find((m) => m.fault === "duplicate")!;
  expect(doubled[vote.id]!.arrivedAt).toBe(vote.arrivedAt);
  expect(copy).toMatchObject({ row: vote.row, to: vote.to, arrivedAt: vote.arrivedAt! + 5 });
});

test("a message that had arrived is out of a branch's reach", () => {
  const parent = run({});
  const vote = parent.messages.find((m) => m.relation === "vote")!;
  const fault: Fault = { kind: "delay", message: messageSelector(parent, vote.id), by: 50 };
  const late = run({ branches: [{ at: vote.arrivedAt!, faults: [fault] }] });
  expect(traceText(late)).toBe(traceText(parent));
});
