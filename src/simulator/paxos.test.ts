import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { rowKey, valueKey } from "../program/value.ts";
import { countAnswers } from "./answers.ts";
import { example, scaledExample } from "./examples.testing.ts";
import {
  badNetworks,
  changed,
  everHeld,
  finalStates,
  firstWrong,
  longRun,
  mutated,
  outages,
  ROUGH,
  unanswered,
} from "./protocols.testing.ts";
import type { Fault } from "./faults.ts";
import { logViolations, NOTHING } from "./replicatedLog.testing.ts";
import type { SimulationSettings } from "./simulationOptions.ts";
import type { Trace } from "./trace.ts";

const paxos = example("paxos");
const scaled20 = scaledExample("paxos", "scaled20");
const scaled = scaledExample("paxos", "scaled");
const SEEDS = Array.from({ length: 8 }, (_, i) => i + 1);
const violations = (trace: Trace): readonly string[] => logViolations(trace, replicasOf(trace));

function replicasOf(trace: Trace): readonly string[] {
  return trace.nodes.flatMap((node) => (node.component === "replica" ? [node.address] : []));
}

/** The base, and what the shipped derivations make of it: on 20 nodes, and on 29. */
const FORMS = [
  { form: "base", p: paxos, seeds: SEEDS, runs: 20 },
  { form: "scaled20", p: scaled20, seeds: SEEDS.slice(0, 2), runs: 4 },
  { form: "scaled", p: scaled, seeds: SEEDS.slice(0, 2), runs: 6 },
] as const;

test.each(FORMS)(
  "$form: over a rough network every command is answered, from one log",
  ({ p, seeds }) => {
    for (const seed of seeds) {
      const trace = longRun(p, { seed, network: ROUGH });
      expect(countAnswers(trace), `seed ${seed}`).toMatchObject({ answered: 12, strays: 0 });
      expect(violations(trace), `seed ${seed}`).toEqual([]);
    }
  },
);

test("when nothing is lost, nothing is kept of slots that all replicas have executed", () => {
  const runs = SEEDS.map((seed) => longRun(paxos, { seed, requests: 40 }));
  // Votes in a ballot that was given up halfway stay.
  const calm = runs.filter((trace) => everHeld(trace, "elected").length === 1);
  expect(calm.length).toBeGreaterThan(2);
  for (const trace of calm) {
    expect(countAnswers(trace)).toMatchObject({ answered: 40, duplicates: 0 });
    const kept = (component: string, ...relations: readonly string[]): number =>
      finalStates(trace, component)
        .flatMap((state) => relations.map((relation) => state.get(relation)?.length ?? 0))
        .reduce((sum, rows) => sum + rows, 0);
    expect(kept("proposer", "pending", "waiting", "counted", "logs", "old", "stale")).toBe(0);
    expect(kept("acceptor", "voted")).toBe(0);
    expect(kept("replica", "log", "history")).toBe(0);
  }
});

test.each(FORMS)(
  "$form: loss, cut links, crashes and restarts never put two commands into one slot",
  ({ p, runs }) => {
    fc.assert(
      fc.property(badNetworks, outages(p, 2_000), (settings, faults) => {
        const trace = longRun(p, { ...settings, faults, patience: 4_000 });
        expect(violations(trace)).toEqual([]);
      }),
      { numRuns: runs },
    );
  },
);

test("loss alone leaves nobody waiting", () => {
  for (const seed of SEEDS) {
    const trace = longRun(paxos, { seed, network: { ...ROUGH, loss: 0.15 } });
    expect(violations(trace), `seed ${seed}`).toEqual([]);
    expect(unanswered(trace, 0), `seed ${seed}`).toEqual([]);
  }
});

test("two proposers that do not hear of each other duel, and still agree on every slot", () => {
  let most = 0;
  for (const seed of SEEDS) {
    const cut = { from: "proposer.1", to: "proposer.2", bothWays: true };
    const faults = [{ kind: "cut", at: 0, ...cut }, { kind: "heal", at: 3_000, ...cut }] as const; // prettier-ignore
    const network = { ...ROUGH, loss: 0.05 };
    const trace = longRun(paxos, { seed, network, faults, requests: 40 });
    expect(violations(trace), `seed ${seed}`).toEqual([]);
    most = Math.max(most, everHeld(trace, "elected").length);
  }
  expect(most).toBeGreaterThan(6);
});

test("when the leader crashes the other proposer takes over", () => {
  for (const seed of SEEDS) {
    const first = longRun(paxos, { seed, requests: 20, network: { delay: { min: 5, max: 15 } } });
    const leader = everHeld(first, "elected")[0]!.at;
    const half = first.requests[10]!.sentAt + 1;
    const faults = [{ kind: "crash", at: half, node: leader }] as const;
    const trace = longRun(paxos, { seed, requests: 20, network: { delay: { min: 5, max: 15 } }, faults }); // prettier-ignore
    expect(new Set(everHeld(trace, "elected").map(({ at }) => at)).size, `seed ${seed}`).toBe(2);
    expect(violations(trace), `seed ${seed}`).toEqual([]);
    expect(unanswered(trace, 0), `seed ${seed}`).toEqual([]);
  }
});

/** All acceptors start again, with their coordinators; then the proposers do, so that somebody has to be elected. */
function startingAgain(p: AnalyzedProgram, seed: number) {
  const again = (component: string, at: number): readonly Fault[] =>
    paxos.deployment!.instances[component]!.flatMap((original) => {
      const node = nodeOf(p, original);
      return [
        { kind: "crash", at, node },
        { kind: "restart", at: at + 100, node },
      ] as const;
    });
  const faults = [...again("acceptor", 1_200), ...again("proposer", 1_400)];
  const trace = longRun(p, { seed, requests: 60, patience: 1_000, network: ROUGH, faults });
  const elected = trace.ticks.some(
    (tick) => tick.at > 1_400 && tick.appeared.some(({ relation }) => relation === "elected"),
  );
  return { trace, elected };
}

/** Itself, or one of the nodes that it has become: a crash is one of all of them. */
function nodeOf(p: AnalyzedProgram, original: string): string {
  const { instances, originals } = p.deployment!;
  return Object.values(instances).flat().find((at) => (originals[at] ?? at) === original)!; // prettier-ignore
}

/** The numbers under which each coordinator had all its partitions stand still, that it used twice. */
function usedTwice(trace: Trace): readonly string[] {
  const used = everHeld(trace, "done_acceptor").map(({ at, row }) => `${at} ${rowKey(row)}`);
  return used.filter((number, i) => used.indexOf(number) !== i);
}

test("acceptors that start again go on where they were, in partitions, too", () => {
  const { trace, elected } = startingAgain(scaled, 1);
  expect(violations(trace)).toEqual([]);
  expect(elected).toBe(true);
  expect(usedTwice(trace)).toEqual([]);
  for (const state of finalStates(trace, "coordinator")) {
    expect(state.get("nextIndex_acceptor")![0]![0]).toBeGreaterThan(10);
    // What replicas said last, one after the other, may be under way.
    const kept = ["open_acceptor", "settled_acceptor"].flatMap((r) => state.get(r) ?? []);
    expect(kept.length).toBeLessThanOrEqual(3);
  }
});

test.each([
  ["durable nextIndex_acceptor\n", ""],
  ["over_acceptor(i) :- acknowledgements_acceptor(3, i)\n", ""],
])("they do not with %j replaced by %j", (from, to) => {
  const { trace } = startingAgain(changed(scaled, [from, to]), 1);
  const settled = finalStates(trace, "coordinator").map((s) => s.get("settled_acceptor") ?? []);
  expect(usedTwice(trace).length > 0 || Math.max(...settled.map((r) => r.length)) > 3).toBe(true);
});

test("a new leader fills holes with commands that do nothing", () => {
  let filled = 0;
  for (const seed of SEEDS) {
    const faults = [
      { kind: "crash", at: 330, node: "proposer.1" },
      { kind: "restart", at: 900, node: "proposer.1" },
      { kind: "crash", at: 1_300, node: "proposer.2" },
      { kind: "restart", at: 1_900, node: "proposer.2" },
    ] as const;
    const network = { ...ROUGH, loss: 0.3 };
    const trace = longRun(paxos, { seed, network, faults, requests: 30, loops: 6, patience: 500 });
    expect(violations(trace), `seed ${seed}`).toEqual([]);
    filled += everHeld(trace, "chosen").filter(({ row }) => valueKey(row[1]!) === NOTHING).length;
  }
  expect(filled).toBeGreaterThan(0);
});

test("a replica that was down catches up", () => {
  const faults = [
    { kind: "crash", at: 350, node: "replica.2" },
    { kind: "restart", at: 2_000, node: "replica.2" },
  ] as const;
  const trace = longRun(paxos, { seed: 9, requests: 40, faults });
  const stores = finalStates(trace, "replica").map((state) => state.get("store"));
  expect(stores[0]!.length).toBeGreaterThan(0);
  expect(stores[1]).toEqual(stores[0]);
  expect(stores[2]).toEqual(stores[0]);
  expect(unanswered(trace, 0)).toEqual([]);
});

/** Many ballots: proposers do not hear of each other, and much is late or lost. */
const DUEL: Partial<SimulationSettings> = {
  loops: 4,
  requests: 60,
  patience: 300,
  linger: 0,
  maxTime: 3_000,
  network: { delay: { min: 0, max: 100 }, duplication: 0.1, loss: 0.1 },
  faults: [{ kind: "cut", at: 0, from: "proposer.1", to: "proposer.2", bothWays: true }],
};
const LOSSY: Partial<SimulationSettings> = {
  ...DUEL,
  network: { ...ROUGH, delay: { min: 0, max: 60 }, loss: 0.2 },
};

test("in a duel with many ballots they agree, too", () => {
  expect(firstWrong(paxos, violations, 8, DUEL)).toBeUndefined();
  expect(firstWrong(paxos, violations, 8, LOSSY)).toBeUndefined();
  expect(firstWrong(scaled20, violations, 1, DUEL)).toBeUndefined();
  expect(firstWrong(scaled, violations, 2, DUEL)).toBeUndefined();
});

test.each([
  ["durable voted\n", "", LOSSY],
  ["p2a(p, b, s, c), ballot(b)\n", "p2a(p, b, s, c)\n"],
  ["latest(max<v>, s)", "latest(min<v>, s)"],
  ["recovered(s, c) :- latest(v, s), ", "recovered(s, c) :- latest(v, s), s < 0, "],
  ["numComplete(n, b), quorum(q), n >= q", "numComplete(n, b)"],
  ["numVotes(n, b, s), quorum(q), n >= q, !", "numVotes(n, b, s), !"],
  ["promises(a, b, w, k, n), numLogs(n, a, b, w, k)", "promises(a, b, w, k, n)"],
  ["numWhole(6, a, b, w)", "numWhole(n, a, b, w)"],
  [", !done(id, _)", ""],
] as const)("with %j replaced by %j it goes wrong", (from, to, settings = DUEL) => {
  const mutant = mutated(paxos, "paxos", [from, to]);
  expect(firstWrong(mutant, violations, 100, settings)).toBeDefined();
});
