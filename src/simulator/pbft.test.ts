import { expect, test } from "vitest";
import { address, rowKey } from "../program/value.ts";
import type { Row } from "../program/value.ts";
import { countAnswers } from "./answers.ts";
import { example, scaledExample } from "./examples.testing.ts";
import type { Fault } from "./faults.ts";
import {
  changed,
  conflicts,
  everHeld,
  finalStates,
  longRun,
  mutated,
  ROUGH,
} from "./protocols.testing.ts";
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

/** The base, and what the shipped derivation makes of it: on 40 nodes. */
const FORMS = [
  { form: "base", p: pbft, seeds: [1, 2, 3, 4] },
  {
    form: "scaled",
    p: scaledExample("pbft", "scaled"),
    seeds: [1, 2],
  },
] as const;

test.each(FORMS)(
  "$form: over a rough network every request is answered alike by all replicas",
  ({ p, seeds }) => {
    for (const seed of seeds) {
      const trace = longRun(p, { seed, requests: 8, network: ROUGH });
      expect(countAnswers(trace), `seed ${seed}`).toMatchObject({ answered: 8, strays: 0 });
      expect(agreeing(trace), `seed ${seed}`).toEqual(Array.from({ length: 8 }, () => 4));
      expect(violations(trace), `seed ${seed}`).toEqual([]);
    }
  },
);

test.each(FORMS)("$form: when nothing is lost, only what was accepted where is kept", ({ p }) => {
  const trace = longRun(p, { seed: 6, requests: 10 });
  const kept = ["replica", "preparer", "committer"]
    .flatMap((component) => finalStates(trace, component))
    .flatMap((state) => [...state.keys()])
    .filter((relation) => p.relations.get(relation)!.kind === "local");
  expect(new Set(kept)).toEqual(new Set(["accepted"]));
});

test.each(FORMS)("$form: with one replica crashed a quorum answers every request", ({ p }) => {
  const faults: readonly Fault[] = [{ kind: "crash", at: 30, node: "replica.3" }];
  const trace = longRun(p, { seed: 2, requests: 8, network: ROUGH, faults });
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

/** A leader that puts one request into a slot at two replicas, and another at the others; both are its own. */
const TWO_FACED = [
  ["propose(s, c), hash(c, d)", "propose(s, o), face(r, f), c := (f, 0x), hash(c, d)"],
  [
    "edb client(c: address)\n",
    `edb client(c: address)
edb face(r: address, f: int) = {
  (addr("replica.1"), -1), (addr("replica.2"), -1), (addr("replica.3"), -2), (addr("replica.4"), -2)
}
`,
  ],
] as const;

test.each(FORMS)("$form: a leader with two faces never splits the replicas", ({ p }) => {
  const twoFaced = changed(p, ...TWO_FACED);
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

test.each(FORMS)(
  "$form: were one vote enough, a leader with two faces would split them",
  ({ p }) => {
    const quorum = "numPrepares(n, s, d), quorum(q), n >= q, ";
    const weak = changed(p, [quorum, "numPrepares(n, s, d), "], ...TWO_FACED);
    const trace = longRun(weak, { seed: 1, requests: 2, patience: 300, network: ROUGH });
    expect(violations(trace)).not.toEqual([]);
  },
);
