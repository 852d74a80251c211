import { expect, test } from "vitest";
import { compile } from "../evaluator/compile.ts";
import { oneNode, referenceEngines, simulated } from "./examples.testing.ts";
import type { Fault } from "./faults.ts";
import { traceIndex } from "./stateAt.ts";
import { traceText } from "./traceJson.ts";

const OUTAGE: readonly Fault[] = [
  { kind: "crash", at: 50, node: "n" },
  { kind: "restart", at: 80, node: "n" },
];

/** It answers how many requests it remembers: on disk, in memory. */
const TWO_MEMORIES = `
  durable disk
  timer beat every 20ms
  disk(id) :- in(id)
  disk(id)@next :- disk(id)
  memory(id) :- in(id)
  memory(id)@next :- memory(id)
  late(id)@next :- disk(id)
  onDisk(count<id>) :- disk(id)
  inMemory(count<id>) :- memory(id)
  out(id, n, m)@async(c) :- in(id), onDisk(n), inMemory(m), client(c)`;

const engines = { ...referenceEngines, engine: compile };
const settings = { requests: 4, loops: 1, patience: 40, network: { delay: { min: 5, max: 5 } } };

test.each([
  ["reference", referenceEngines],
  ["compiled", engines],
])("a node that starts again has what was on its disk and nothing else (%s)", (_, e) => {
  const p = oneNode(TWO_MEMORIES);
  const trace = simulated(p, { ...settings, requests: 12, faults: OUTAGE }, e);
  const answers = trace.requests.map(({ answers: [first] }) => first?.row.slice(1));
  // Four or five are answered before the crash; one is lost while the node is down.
  const lost = answers.indexOf(undefined);
  expect(lost).toBeGreaterThan(3);
  expect(answers.slice(0, lost)).toEqual(Array.from({ length: lost }, (__, i) => [i + 1, i + 1]));
  expect(answers.slice(lost + 1)).toEqual(
    Array.from({ length: 11 - lost }, (__, i) => [lost + i + 1, i + 1]),
  );
});

test("the trace says what the crash took away, and goes on counting ticks", () => {
  const p = oneNode(TWO_MEMORIES);
  const trace = simulated(p, { ...settings, requests: 12, faults: OUTAGE }, engines);
  expect(trace.ticks.map((tick) => tick.tick)).toEqual(trace.ticks.map((__, i) => i + 1));
  const index = traceIndex(trace);
  const again = trace.ticks.findIndex((tick) => tick.at >= 80);
  const before = index.stateAt(0, again);
  const after = index.stateAt(0, again + 1);
  expect(before.get("memory")!.length).toBeGreaterThan(2);
  expect(after.get("memory")).toBeUndefined();
  expect(after.get("disk")).toEqual(before.get("disk"));
  // What an inductive rule makes of durable facts is not itself durable.
  expect(before.get("late")).toBeDefined();
  expect(after.get("late")).toBeUndefined();
  const known = new Set(p.relations.keys());
  const named = trace.ticks.flatMap((tick) => tick.appeared.map((fact) => fact.relation));
  expect(named.filter((relation) => !known.has(relation))).toEqual([]);
  expect(traceText(simulated(p, { ...settings, requests: 12, faults: OUTAGE }, engines))).toBe(
    traceText(trace),
  );
});

test("what is to be on disk in the next tick is there when the node crashes right after this one", () => {
  const p = oneNode(`
    durable log
    log(id)@next :- in(id)
    log(id)@next :- log(id)
    out(id)@async(c) :- log(id), client(c)`);
  const run = (faults: readonly Fault[]) =>
    simulated(p, { ...settings, requests: 1, patience: 500, faults }, engines);
  const [first] = run([]).ticks.filter((tick) => tick.arrived.length > 0);
  const faults = [
    { kind: "crash", at: first!.at + 0.05, node: "n" },
    { kind: "restart", at: 60, node: "n" },
  ] as const;
  expect(run(faults.slice(0, 1)).requests[0]!.answers).toEqual([]);
  expect(run(faults).requests[0]!.answers[0]!.at).toBeGreaterThan(60);
});

test("a node that has not crashed is not started again", () => {
  const p = oneNode(TWO_MEMORIES);
  const restart: readonly Fault[] = [{ kind: "restart", at: 30, node: "n" }];
  const plain = simulated(p, settings, engines);
  const trace = simulated(p, { ...settings, faults: restart }, engines);
  expect(trace.ticks).toEqual(plain.ticks);
});

test("a tick that fails between crash and restart ends the run with its error", () => {
  const p = oneNode(`
    durable disk
    disk(id)@next :- in(id)
    disk(id)@next :- disk(id)
    soon(id)@next :- in(id)
    wrong(z) :- soon(id), z := 1 / (id - 1)
    out(id)@async(c) :- disk(id), client(c)`);
  const faults: readonly Fault[] = [
    { kind: "crash", at: 5.05, node: "n" },
    { kind: "restart", at: 80, node: "n" },
  ];
  const trace = simulated(p, { ...settings, faults }, engines);
  expect(trace.end).toMatchObject({ kind: "error", at: 80 });
});
