import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { countAnswers } from "./answers.ts";
import { example } from "./examples.testing.ts";
import type { Fault } from "./faults.ts";
import { broken, everHeld, firstWrong, longRun, mutated, ROUGH } from "./protocols.testing.ts";
import type { SimulationSettings } from "./simulationOptions.ts";
import type { Trace } from "./trace.ts";

const twopc = example("twopc-timeouts");
const threepc = example("threepc");
const timed = example("threepc-timeouts");

/** Transactions that were committed at one node and aborted at another. */
function split(trace: Trace): readonly string[] {
  return broken(trace).filter((one) => one.startsWith("split("));
}

/** How many transactions wait for ever at participants that are up. */
function undecided(trace: Trace): number {
  const waiting = trace.invariants?.find(({ relation }) => relation === "post");
  return waiting?.kind === "broken" ? waiting.found : 0;
}

const FORMS = [
  { name: "twopc-timeouts", p: twopc },
  { name: "threepc", p: threepc },
  { name: "threepc-timeouts", p: timed },
] as const;

test.each(FORMS)("$name: all is answered, some of it committed, some aborted", ({ p }) => {
  const trace = longRun(p, { seed: 1, loops: 3, requests: 30, network: ROUGH });
  expect(countAnswers(trace)).toMatchObject({ answered: 30, strays: 0 });
  expect(split(trace)).toEqual([]);
  expect(undecided(trace)).toBe(0);
  const outcomes = new Set(everHeld(trace, "decided").map(({ row }) => row[1]));
  expect(outcomes).toEqual(new Set(["committed", "aborted"]));
});

test.each(FORMS.slice(0, 2))(
  "$name: whatever goes wrong, nobody commits what another aborts",
  ({ p }) => {
    expect(firstWrong(p, split, 40, { patience: 1_000, requests: 20, loops: 4 })).toBeUndefined();
  },
);

/** Nothing is lost, nobody starts again; some nodes crash. */
function crashes(p: AnalyzedProgram, runs: number): readonly Partial<SimulationSettings>[] {
  const nodes = Object.values(p.deployment!.instances).flat();
  const crash = fc.record({ node: fc.constantFrom(...nodes), at: fc.nat(900) });
  const all = fc.tuple(fc.nat(1_000), fc.uniqueArray(crash, { minLength: 1, maxLength: 3, selector: (c) => c.node })); // prettier-ignore
  return fc.sample(all, { numRuns: runs, seed: 1 }).map(([seed, list]) => ({
    seed,
    requests: 20,
    loops: 4,
    patience: 500,
    network: ROUGH,
    faults: list.map(({ node, at }): Fault => ({ kind: "crash", at, node })),
  }));
}

test("threepc-timeouts: where nodes only crash, nobody is split and nobody waits for ever", () => {
  for (const settings of crashes(timed, 40)) {
    const trace = longRun(timed, settings);
    expect(split(trace), JSON.stringify(settings)).toEqual([]);
    expect(undecided(trace), JSON.stringify(settings)).toBe(0);
  }
});

test.each([
  { name: "twopc-timeouts", p: twopc },
  { name: "threepc", p: threepc },
])("$name: where nodes crash, others may wait for ever", ({ p }) => {
  const waiting = crashes(p, 40).map((settings) => undecided(longRun(p, settings)));
  expect(Math.max(...waiting)).toBeGreaterThan(0);
});

test("threepc-timeouts: a cut link splits it", () => {
  const cut = { from: "coordinator", to: "participant.1", bothWays: false };
  const wrong = Array.from({ length: 20 }, (_, i) => {
    const faults: readonly Fault[] = [
      { kind: "cut", at: 100 + 7 * i, ...cut },
      { kind: "heal", at: 800, ...cut },
    ];
    return split(longRun(timed, { seed: i, requests: 20, loops: 4, network: ROUGH, faults }));
  });
  expect(wrong.flat()).not.toEqual([]);
});

const ALONE = 'outcome(id, "aborted") :- waits(id), expire(), prepared(id)';

test.each([
  // It has voted yes, and decides alone.
  ["twopc-timeouts", "ask(l, id)@async(q) :- waits(id), expire(), prepared(id), everybody(q), self(l)", ALONE], // prettier-ignore
  // The first yes counts for all.
  ["twopc-timeouts", "numYes(n, id), numParticipants(n)", "numYes(n, id)"],
  ["threepc", "numYes(n, id), numParticipants(n)", "numYes(n, id)"],
] as const)("%s with %j replaced by %j splits", (name, from, to) => {
  const mutant = mutated(example(name), name, [from, to]);
  expect(firstWrong(mutant, split, 100, { patience: 1_000, loops: 4 })).toBeDefined();
});

test.each([
  // Who is sure aborts, though others may have been told to commit.
  ['outcome(id, "committed") :- waits(id), expire(), sure(id)', 'outcome(id, "aborted") :- waits(id), expire(), sure(id)'], // prettier-ignore
  // Who is not sure commits, though another may have said no.
  ['outcome(id, "aborted") :- doubts(id), expire(), !sure(id)', 'outcome(id, "committed") :- doubts(id), expire(), !sure(id)'], // prettier-ignore
])("threepc-timeouts with %j replaced by %j is split by a crash", (from, to) => {
  const mutant = mutated(timed, "threepc-timeouts", [from, to]);
  const wrong = crashes(mutant, 60).flatMap((settings) => split(longRun(mutant, settings)));
  expect(wrong).not.toEqual([]);
});
