import { expect, test } from "vitest";
import { compile } from "../evaluator/compile.ts";
import type { Fact } from "../evaluator/nodeEngine.ts";
import { answerCauses, causeQuestion } from "./causes.ts";
import { oneNode, referenceEngines, simulated } from "./examples.testing.ts";
import type { Fault } from "./faults.ts";
import { shivizLog } from "./shivizLog.ts";
import { traceIndex } from "./stateAt.ts";
import { tickSinceStart } from "./trace.ts";
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

/** It stamps what it is asked, and what it has on disk, with its ticks. */
const STAMPED = `
  durable disk
  timer beat every 20ms
  disk(id) :- in(id)
  disk(id)@next :- disk(id)
  late(id)@next :- disk(id)
  now(id, t) :- disk(id), tick(t)
  then(id, t)@next :- in(id), tick(t)
  out(id, t)@async(c) :- in(id), tick(t), client(c)`;

test.each([
  ["reference", referenceEngines],
  ["compiled", engines],
])("a node that starts again counts its ticks from 1, and the trace says so (%s)", (_, e) => {
  const p = oneNode(STAMPED);
  const trace = simulated(p, { ...settings, requests: 12, faults: OUTAGE }, e);
  const first = trace.ticks.findIndex((tick) => tick.at >= 80);
  expect(trace.ticks[first]).toMatchObject({ tick: first + 1, startedAfter: first });
  expect(first).toBeGreaterThan(3);
  expect(trace.ticks.slice(0, first).every((t) => t.startedAfter === undefined)).toBe(true);
  expect(trace.ticks.slice(first).every((t) => t.startedAfter === first)).toBe(true);
  for (const message of trace.messages.filter((m) => m.relation === "out")) {
    expect(message.row[1]).toBe(tickSinceStart(trace.ticks[message.sentBy!]!));
  }
  const told = trace.messages.filter((m) => m.relation === "out").map((m) => m.row[1] as number);
  expect(told.some((t, i) => t < (told[i - 1] ?? 0))).toBe(true);
  expect(shivizLog(trace)).toContain(`tick ${first + 2} (tick 2 since it started again) at`);
  expect(simulated(p, settings, e).ticks.some((t) => "startedAfter" in t)).toBe(false);
});

function named(facts: readonly Fact[], relation: string): Fact | undefined {
  return facts.find((fact) => fact.relation === relation);
}

test("why a fact is there after a crash: by the ticks that its node counts, and by nothing that the crash took", () => {
  const p = oneNode(STAMPED);
  const trace = simulated(p, { ...settings, requests: 12, faults: OUTAGE }, engines);
  const index = traceIndex(trace);
  const first = trace.ticks.findIndex((tick) => tick.at >= 80) + 1;
  const causes = (tick: number, relation: string, ...row: readonly number[]) => {
    const subject = { kind: "fact", node: 0, tick, fact: { relation, row } } as const;
    const question = causeQuestion(p.program, trace, index, subject)!;
    return answerCauses(p, engines, structuredClone(question)).causes;
  };
  const ticks = (found: ReturnType<typeof causes>): readonly unknown[] =>
    found.flatMap((c) => c.facts.flatMap((f) => (f.fact.relation === "tick" ? f.fact.row : [])));
  expect(ticks(causes(first, "now", 1, 1))).toEqual([1]);
  expect(ticks(causes(first + 1, "now", 1, 2))).toEqual([2]);
  const later = trace.ticks.find((t) => t.tick > first + 1 && named(t.appeared, "then"))!;
  const { row } = named(later.appeared, "then")!;
  expect(row[1]).toBe(tickSinceStart(later) - 1);
  expect(ticks(causes(later.tick, "then", ...(row as number[])))).toEqual([row[1]]);
  expect(causes(first + 1, "now", 1, first + 1)).toEqual([]);
  // What the tick before the crash would have led to is gone, but for what is durable.
  expect(causes(first, "late", 1)).toEqual([]);
  expect(causes(first, "disk", 1)).toMatchObject([{ timing: "next" }]);
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
