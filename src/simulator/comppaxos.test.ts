import * as fc from "fast-check";
import { expect, test } from "vitest";
import { countAnswers } from "./answers.ts";
import { example } from "./examples.testing.ts";
import {
  badNetworks,
  broken,
  everHeld,
  finalStates,
  firstWrong,
  longRun,
  mutated,
  outages,
  ROUGH,
  unanswered,
} from "./protocols.testing.ts";
import { logViolations } from "./replicatedLog.testing.ts";
import type { SimulationSettings } from "./simulationOptions.ts";
import type { Trace } from "./trace.ts";

const comppaxos = example("comppaxos");
const REPLICAS = comppaxos.deployment!.instances["replica"]!;
const violations = (trace: Trace): readonly string[] => [
  ...logViolations(trace, REPLICAS),
  ...broken(trace),
];

test("it is the published shape: 20 machines", () => {
  const instances = Object.entries(comppaxos.deployment!.instances);
  expect(Object.fromEntries(instances.map(([c, at]) => [c, at.length]))).toEqual({
    proposer: 2,
    proxyLeader: 10,
    acceptor: 4,
    replica: 4,
  });
});

test("over a rough network every command is answered, from one log, by all proxy leaders", () => {
  for (const seed of [1, 2, 3]) {
    const trace = longRun(comppaxos, { seed, requests: 20, network: ROUGH });
    expect(countAnswers(trace), `seed ${seed}`).toMatchObject({ answered: 20, strays: 0 });
    expect(violations(trace), `seed ${seed}`).toEqual([]);
    expect(new Set(everHeld(trace, "chosen").map(({ at }) => at)).size).toBe(10);
  }
});

test("when nothing is lost, nothing is kept of slots that all replicas have executed", () => {
  const trace = longRun(comppaxos, { seed: 1, requests: 20 });
  expect(everHeld(trace, "elected").length).toBe(1);
  const kept = (component: string, ...relations: readonly string[]): number =>
    finalStates(trace, component)
      .flatMap((state) => relations.map((relation) => state.get(relation)?.length ?? 0))
      .reduce((sum, rows) => sum + rows, 0);
  expect(kept("proposer", "pending", "waiting", "promises", "logs", "old", "stale")).toBe(0);
  expect(kept("proxyLeader", "earlier")).toBe(0);
  expect(kept("acceptor", "voted")).toBe(0);
  expect(kept("replica", "log", "history")).toBe(0);
});

test("loss, cut links, crashes and restarts never put two commands into one slot", () => {
  fc.assert(
    fc.property(badNetworks, outages(comppaxos, 2_000), (settings, faults) => {
      const trace = longRun(comppaxos, { ...settings, faults, patience: 4_000 });
      expect(violations(trace)).toEqual([]);
    }),
    { numRuns: 10 },
  );
});

test.each(comppaxos.deployment!.instances["acceptor"]!)("without %s it goes on", (node) => {
  const faults = [{ kind: "crash", at: 20, node }] as const;
  const trace = longRun(comppaxos, { seed: 4, network: ROUGH, faults });
  expect(violations(trace)).toEqual([]);
  expect(unanswered(trace, 0)).toEqual([]);
});

/** Many ballots: proposers do not hear of each other, and much is late or lost. */
const DUEL: Partial<SimulationSettings> = {
  loops: 4,
  requests: 60,
  patience: 300,
  linger: 0,
  maxTime: 3_000,
  network: { delay: { min: 0, max: 80 }, duplication: 0.1, loss: 0.1 },
  faults: [{ kind: "cut", at: 0, from: "proposer.1", to: "proposer.2", bothWays: true }],
};

test("in a duel with many ballots they agree, too", () => {
  expect(firstWrong(comppaxos, violations, 8, DUEL)).toBeUndefined();
});

test.each([
  // Less than a row, or less than a column: they need not meet.
  ["inRow(n, row, b), side(n)", "inRow(n, row, b)"],
  ["inColumn(n, k, b, s), side(n)", "inColumn(n, k, b, s)"],
  ["voted(s, b, c) :- p2a(x, l, b, s, c), ballot(b)", "voted(s, b, c) :- p2a(x, l, b, s, c)"],
  // What the program says itself is broken, too.
  ["recovered(s, c) :- latest(v, s), ", "recovered(s, c) :- latest(v, s), s < 0, ", broken],
  ["c := (id, op, k, v)", "c := (id, op, k, 0x00)", broken],
] as const)("with %j replaced by %j it goes wrong", (from, to, wrong = violations) => {
  const mutant = mutated(comppaxos, "comppaxos", [from, to]);
  expect(firstWrong(mutant, wrong, 100, DUEL)).toBeDefined();
});
