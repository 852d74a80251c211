import { expect, test } from "vitest";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
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
  unanswered,
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

const scaled = scaledExample("pbft", "scaled");
const hardened = scaledExample("pbft", "hardened");

/** The base, and what the shipped derivations make of it: on 40 nodes. */
const FORMS = [
  { form: "base", p: pbft, seeds: [1, 2, 3, 4] },
  { form: "scaled", p: scaled, seeds: [1, 2] },
  { form: "hardened", p: hardened, seeds: [1] },
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

/** Runs in which the leader crashes and starts again soon, at moments that differ. */
function restartedLeader(p: AnalyzedProgram, seeds: readonly number[]): readonly Trace[] {
  return seeds.map((seed) => {
    const at = 40 * seed + 90;
    const faults: readonly Fault[] = [
      { kind: "crash", at, node: "leader" },
      { kind: "restart", at: at + 10, node: "leader" },
    ];
    return longRun(p, { seed, requests: 16, loops: 2, patience: 400, linger: 500, faults });
  });
}

/** Slots for which two requests were signed. */
function signedTwice(trace: Trace): readonly string[] {
  const signed = trace.messages.filter(({ relation }) => relation === "prePrepare");
  return conflicts(signed.map(({ row }) => row.slice(0, 2)), 1); // prettier-ignore
}

test.each(FORMS)(
  "$form: a leader that starts again goes on with the next slot, and never signs twice for one",
  ({ p, seeds }) => {
    for (const trace of restartedLeader(p, seeds)) {
      expect(signedTwice(trace)).toEqual([]);
      expect(violations(trace)).toEqual([]);
      // On its way to a proxy leader a request may be lost when all of the leader crashes.
      if (p === pbft) expect(unanswered(trace, 1)).toEqual([]);
    }
  },
);

test.each(FORMS)("$form: a leader that forgot its next slot would sign for one twice", ({ p }) => {
  const [trace] = restartedLeader(changed(p, ["durable free\n", ""]), [2]);
  expect(signedTwice(trace!)).not.toEqual([]);
  expect(unanswered(trace!, 1)).not.toEqual([]);
});

/** A leader that puts one request into a slot at two replicas, and another at the others; both are its own. */
const TWO_FACED = [
  ["(s, c), hash(c, d)", "(s, o), face(r, f), c := (f, 0x), hash(c, d)"],
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

/** Rules of a Byzantine node, in one component of the rewritten program, and what they are given. */
interface Attack {
  readonly what: string;
  readonly component: string;
  readonly given: string;
  /** In place of SIGNED stands the forger's signature where the channel has one. */
  readonly rule: string;
  /** The check that it is up against, and what says nothing new in its place. */
  readonly check: readonly [string, string];
  /** What the attack brings about where nothing is checked. */
  readonly harm: (trace: Trace) => readonly unknown[];
}

function rowsOf(of: string): string {
  const at = Object.values(scaled.deployment!.instances).flat().filter((a) => a.startsWith(of)); // prettier-ignore
  return at.map((a) => `(addr("${a}"))`).join(", ");
}

/** Requests with which replicas answer and that nobody asked for. */
function invented(trace: Trace): readonly unknown[] {
  const asked = new Set(trace.requests.map(({ input }) => rowKey(input)));
  return everHeld(trace, "answer").filter(({ row }) => !asked.has(rowKey(row[2] as Row)));
}

const ATTACKS: readonly Attack[] = [
  {
    what: "a replica hands the committers of others a request of its own",
    component: "replica by s",
    given: `edb victims(x: address) = { ${rowsOf("committer.2")} }`,
    rule: `request(s, d, e SIGNED)@async(x) :-
      accept(s, d, (id, y)), orig(addr("replica.1")), victims(x), e := (id, 0xee), self(l) FORGED`,
    check: ['verify(pk, ("request", l, d2, s, c), sig), hash(c, d)', "orig(o)"],
    harm: invented,
  },
  {
    what: "a replica tells the leader's proxies what to sign",
    component: "replica by s",
    given: `edb victims(x: address) = { ${rowsOf("proxyLeader")} }`,
    rule: `propose(s, e SIGNED)@async(x) :-
      accept(s, d, (id, y)), orig(addr("replica.1")), victims(x), e := (id, 0xee), self(l) FORGED`,
    check: ['verify(pk, ("propose", l, d, s, c), sig)', "orig(o)"],
    harm: (trace) =>
      conflicts(trace.messages.filter((m) => m.relation === "prePrepare").map((m) => m.row), 1), // prettier-ignore
  },
  {
    what: "the leader tells each partition of a replica another request for one slot",
    component: "proxyLeader by s",
    given: `edb victims(x: address, n: int) = { ${replicas
      .flatMap((r) => [1, 2, 3].map((n) => `(addr("${r}/${n}"), ${-n})`))
      .join(", ")} }`,
    rule: `prePrepare(s, d, e, g)@async(x) :-
      PROPOSED(s, c), victims(x, n), e := (n, 0x), hash(e, d), sign(("pre-prepare", s, d), g)`,
    check: ["partition(s, 3, k), part_replica(k)", "boot()"],
    harm: (trace) => conflicts(everHeld(trace, "certified").map(({ row }) => row), 1), // prettier-ignore
  },
];

/** A form with the attack in it; the forger's signature is one that it can make. */
function attacked(p: AnalyzedProgram, { component, given, rule }: Attack): AnalyzedProgram {
  const isHardened = p === hardened;
  const channel = rule.slice(0, rule.indexOf("("));
  const forged = rule
    .replace("SIGNED", isHardened ? ", g" : "")
    .replace("FORGED", isHardened ? `, sign(("${channel}", l, x, s, e), g)` : "")
    .replace("PROPOSED", isHardened ? "propose_verified" : "propose");
  return changed(
    p,
    ["component leader {", `${given}\ncomponent leader {`],
    [`component ${component} {`, `component ${component} {\n${forged}`],
  );
}

const ATTACKED = { seed: 1, requests: 3, patience: 400, network: ROUGH };

test.each(ATTACKS)(
  "$what: harm before hardening, none after, and again without its check",
  (attack) => {
    expect(attack.harm(longRun(attacked(scaled, attack), ATTACKED))).not.toEqual([]);
    const safe = attacked(hardened, attack);
    expect(attack.harm(longRun(safe, ATTACKED))).toEqual([]);
    expect(attack.harm(longRun(changed(safe, attack.check), ATTACKED))).not.toEqual([]);
  },
);
