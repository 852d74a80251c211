import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { countAnswers } from "./answers.ts";
import { example, scaledExample } from "./examples.testing.ts";
import { badNetworks, broken, changed, everHeld, firstWrong, longRun, mutated, outages, ROUGH, unanswered } from "./protocols.testing.ts"; // prettier-ignore
import type { Fault } from "./faults.ts";
import { logViolations } from "./replicatedLog.testing.ts";
import type { Trace } from "./trace.ts";

const base = example("paxos-proxies");
const scaled = scaledExample("paxos-proxies", "scaled");
const REPLICAS = base.deployment!.instances["replica"]!;
const violations = (trace: Trace): readonly string[] => [
  ...logViolations(trace, REPLICAS),
  ...broken(trace),
];

/** The base, and what the shipped derivation makes of it, on 29 nodes. */
const FORMS = [
  { form: "base", p: base, runs: 4 },
  { form: "scaled", p: scaled, runs: 4 },
] as const;

test.each(FORMS)("$form: over a rough network every command is answered, from one log", ({ p }) => {
  const trace = longRun(p, { seed: 1, network: ROUGH });
  expect(countAnswers(trace)).toMatchObject({ answered: 12, strays: 0 });
  expect(violations(trace)).toEqual([]);
});

/** A proposer has forgotten its ballots after a crash: it must not start again. */
function proposersStayDown(p: AnalyzedProgram, faults: readonly Fault[]): readonly Fault[] {
  const { instances, originals } = p.deployment!;
  const proposers = new Set(instances["proposer"]);
  return faults.filter(
    (fault) =>
      fault.kind !== "restart" ||
      !(proposers.has(fault.node) || proposers.has(originals[fault.node] ?? "")),
  );
}

test.each(FORMS)(
  "$form: loss, cut links and crashes never put two commands into one slot",
  ({ p, runs }) => {
    fc.assert(
      fc.property(badNetworks, outages(p, 2_000), (settings, outage) => {
        const faults = proposersStayDown(p, outage);
        const trace = longRun(p, { ...settings, faults, patience: 4_000 });
        expect(violations(trace)).toEqual([]);
      }),
      { numRuns: runs },
    );
  },
);

test("when the leader crashes with its proxies the other proposer takes over", () => {
  const settings = { seed: 3, requests: 20, network: { delay: { min: 5, max: 15 } } };
  const first = longRun(scaled, settings);
  const leader = everHeld(first, "elected")[0]!.at;
  const faults = [{ kind: "crash", at: first.requests[10]!.sentAt + 1, node: leader }] as const;
  const trace = longRun(scaled, { ...settings, faults });
  expect(new Set(everHeld(trace, "elected").map(({ at }) => at)).size).toBe(2);
  expect(violations(trace)).toEqual([]);
  expect(unanswered(trace, 0)).toEqual([]);
});

/** For a while the proposers do not hear of each other, and take higher and higher ballots. */
function duel(p: AnalyzedProgram): Trace {
  const cut = { from: "proposer.1", to: "proposer.2", bothWays: true };
  const faults = [{ kind: "cut", at: 0, ...cut }, { kind: "heal", at: 2_000, ...cut }] as const; // prettier-ignore
  const network = { ...ROUGH, loss: 0.05 };
  return longRun(p, { seed: 2, network, faults, requests: 24, linger: 0, maxTime: 4_000 });
}

test.each(FORMS)(
  "$form: proposers that duel agree on every slot, and all are answered",
  ({ p }) => {
    const trace = duel(p);
    expect(violations(trace)).toEqual([]);
    expect(unanswered(trace, 0)).toEqual([]);
    expect(everHeld(trace, "preempted").length).toBeGreaterThan(0);
  },
);

test("without confirmations what proxies hold back is lost", () => {
  const confirms =
    "  ran_p2bProxy(i)@async(d) :- runs_p2bProxy(k, i), base_p2bProxy(a), route_p2bProxy(a, k, d)\n";
  const trace = duel(changed(scaled, [confirms, ""]));
  expect(everHeld(trace, "commit_held").length).toBeGreaterThan(0);
  expect(unanswered(trace, 0).length).toBeGreaterThan(0);
});

test.each([
  // A new leader forgets what was voted for; a command is changed on its way.
  ["recovered(s, c) :- latest(v, s), ", "recovered(s, c) :- latest(v, s), s < 0, ", "two_settled"],
  ["c := (id, op, k, v)", "c := (id, op, k, 0x00)", "made_up"],
])("with %j replaced by %j what the program says is broken", (from, to, invariant) => {
  const mutant = mutated(base, "paxos-proxies", [from, to]);
  const cut = { kind: "cut", at: 0, from: "proposer.1", to: "proposer.2", bothWays: true } as const;
  const network = { delay: { min: 0, max: 100 }, duplication: 0.1, loss: 0.1 };
  const settings = { loops: 4, requests: 60, patience: 300, linger: 0, maxTime: 3_000, network, faults: [cut] }; // prettier-ignore
  expect(firstWrong(mutant, broken, 100, settings)).toContain(invariant);
});
