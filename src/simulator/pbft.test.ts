import { expect, test } from "vitest";
import { address, rowKey } from "../program/value.ts";
import type { Row } from "../program/value.ts";
import { countAnswers } from "./answers.ts";
import { example } from "./examples.testing.ts";
import type { Fault } from "./faults.ts";
import { conflicts, everHeld, finalStates, longRun, mutated, ROUGH } from "./protocols.testing.ts";
import type { Trace } from "./trace.ts";

const pbft = example("pbft");
const replicas = pbft.deployment!.instances["replica"]!;

/** What is wrong with the order that replicas agreed on, in sentences. */
function violations(trace: Trace): readonly string[] {
  const rows = (relation: string): readonly Row[] =>
    everHeld(trace, relation).map(({ row }) => row);
  const wrong = [
    ...conflicts(rows("certified"), 1),
    ...conflicts(rows("answer"), 1),
    // A slot and a digest, so that a certificate speaks of one request only.
    ...conflicts([...rows("accept"), ...rows("answer")], 2),
  ];
  const asked = new Set(trace.requests.map(({ input }) => rowKey(input)));
  for (const [slot, , request] of rows("answer")) {
    if (!asked.has(rowKey(request as Row))) wrong.push(`slot ${String(slot)}: nobody asked for it`);
  }
  for (const at of replicas) {
    const own = everHeld(trace, "accept").filter((held) => held.at === at);
    wrong.push(...conflicts(own.map(({ row }) => row), 1)); // prettier-ignore
  }
  return wrong;
}

/** By how many replicas each request was answered alike. */
function agreeing(trace: Trace): readonly number[] {
  return trace.requests.map(({ answers }) => {
    const bySlot = new Map<unknown, Set<string>>();
    for (const { row } of answers) {
      const replied = bySlot.get(row[2]) ?? new Set();
      bySlot.set(row[2], replied.add(rowKey([row[0]!])));
    }
    return Math.max(0, ...[...bySlot.values()].map((by) => by.size));
  });
}

test("over a rough network every request is answered alike by all replicas", () => {
  for (const seed of [1, 2, 3, 4]) {
    const trace = longRun(pbft, { seed, requests: 8, network: ROUGH });
    expect(countAnswers(trace), `seed ${seed}`).toMatchObject({ answered: 8, strays: 0 });
    expect(agreeing(trace), `seed ${seed}`).toEqual(Array.from({ length: 8 }, () => 4));
    expect(violations(trace), `seed ${seed}`).toEqual([]);
  }
});

test("when nothing is lost, only what was accepted where is kept", () => {
  const trace = longRun(pbft, { seed: 6, requests: 10 });
  for (const state of finalStates(trace, "replica"))
    expect([...state.keys()]).toEqual(["accepted"]);
});

test("with one replica crashed every request is answered by a quorum", () => {
  const faults: readonly Fault[] = [{ kind: "crash", at: 30, node: "replica.3" }];
  const trace = longRun(pbft, { seed: 2, requests: 8, network: ROUGH, faults });
  expect(Math.min(...agreeing(trace))).toBeGreaterThanOrEqual(3);
  expect(violations(trace)).toEqual([]);
});

test("with two of four crashed nobody is answered", () => {
  const faults: readonly Fault[] = [
    { kind: "crash", at: 0, node: "replica.3" },
    { kind: "crash", at: 0, node: "replica.1" },
  ];
  const trace = longRun(pbft, { seed: 2, requests: 4, patience: 200, faults });
  expect(countAnswers(trace).answered).toBe(0);
});

/** A leader that gives a slot to one request at two replicas, and to another at the others. */
const TWO_FACED: readonly [string, string] = [
  "replicas(r)\n}\n\ncomponent replica",
  `replicas(r), !swayed(r)
  prePrepare(s, d, (0, 0x), g)@async(r) :-
    propose(s, c), hash((0, 0x), d), sign(("pre-prepare", s, d), g), swayed(r)
  edb swayed(r: address) = { (addr("replica.1")), (addr("replica.2")) }
}

component replica`,
];

test("a leader that says different things to different replicas never splits them", () => {
  const twoFaced = mutated(pbft, "pbft", TWO_FACED);
  for (const seed of [1, 2]) {
    const trace = longRun(twoFaced, { seed, requests: 3, patience: 300, network: ROUGH });
    expect(everHeld(trace, "accept").length).toBeGreaterThan(8);
    expect(violations(trace)).toEqual([]);
    expect(everHeld(trace, "answer")).toEqual([]);
  }
});

/** A replica that speaks for another one, with its own key. */
const IMPOSTOR: readonly [string, string] = [
  "\n  // The preparer",
  `
  prepare(o, s, d, g)@async(r) :-
    accept(s, d, c), self(addr("replica.1")), replicas(o), sign(("prepare", o, s, d), g), replicas(r)
  // The preparer`,
];

test("nobody can speak for others: their signatures are missing", () => {
  const faults: readonly Fault[] = [
    { kind: "crash", at: 0, node: "replica.3" },
    { kind: "crash", at: 0, node: "replica.4" },
  ];
  const settings = { seed: 3, requests: 2, patience: 200, faults };
  const impostor = mutated(pbft, "pbft", IMPOSTOR);
  const trace = longRun(impostor, settings);
  const forged = trace.messages.filter((m) => {
    return m.relation === "prepare" && rowKey([m.row[0]!]) !== rowKey([address(m.from)]);
  });
  expect(forged.length).toBeGreaterThan(0);
  expect(everHeld(trace, "prepared").length).toBeGreaterThan(0);
  expect(everHeld(trace, "certified")).toEqual([]);
});

test("were one vote enough, a leader with two faces would split them", () => {
  const quorum = "numPrepares(n, s, d), quorum(q), n >= q, ";
  const weak = mutated(pbft, "pbft", [quorum, "numPrepares(n, s, d), "], TWO_FACED);
  const trace = longRun(weak, { seed: 1, requests: 2, patience: 300, network: ROUGH });
  expect(violations(trace)).not.toEqual([]);
});
