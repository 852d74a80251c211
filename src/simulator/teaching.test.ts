import { expect, test } from "vitest";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { countAnswers } from "./answers.ts";
import { example, scaledExample } from "./examples.testing.ts";
import { statedInvariants } from "./invariants.ts";
import { broken, firstWrong, longRun, mutated, ROUGH } from "./protocols.testing.ts";
import { whyUnchecked } from "./whyUnchecked.ts";

const TEACHING = [
  { name: "echo", scaled: "scaled" },
  { name: "election" },
  { name: "gset" },
  { name: "lww" },
  { name: "chain" },
  { name: "cart", scaled: "scaled" },
];

test.each(TEACHING)("$name: all is answered, and right whatever goes wrong", (protocol) => {
  const { name, scaled } = protocol;
  const forms: readonly AnalyzedProgram[] = [
    example(name),
    ...(scaled === undefined ? [] : [scaledExample(name, scaled)]),
  ];
  for (const p of forms) {
    const calm = longRun(p, { seed: 1, loops: 3, requests: 20, network: ROUGH });
    expect(countAnswers(calm)).toMatchObject({ answered: 20, strays: 0 });
    expect(broken(calm)).toEqual([]);
    expect(firstWrong(p, broken, 12, { patience: 1_000 })).toBeUndefined();
  }
});

test.each([
  ["echo", "echo(id, x)@async(c) :- in(id, x)", "echo(id, 0x)@async(c) :- in(id, x)"],
  ["election", "i > m", "i != m"],
  ["gset", "share(), replicas(r)", "share(), replicas(r), me(0)"],
  ["lww", ", t > s\n  beaten(s) :- register(s, v), register(t, w), t > s", ", t < s"],
  ["lww", "(s / n + k) * n + i", "s + k"],
  ["chain", 'in(id, "get", k, w), tail(), newest', 'in(id, "get", k, w), newest'],
  ["cart", "before(n, s, n, id), ", "before(m, s, n, id), "],
] as const)("%s with %j replaced by %j goes wrong", (name, from, to) => {
  const mutant = mutated(example(name), name, [from, to]);
  expect(firstWrong(mutant, broken, 200, { loops: 4 })).toBeDefined();
});

test("what an example states is checked, in its scaled form what does not ask for what is missing", () => {
  const unchecked = (p: AnalyzedProgram): readonly string[] =>
    statedInvariants(p).filter((relation) => whyUnchecked(p, relation) !== undefined);
  for (const { name } of TEACHING) expect(unchecked(example(name))).toEqual([]);
  expect(unchecked(scaledExample("echo", "scaled"))).toEqual([]);
  for (const name of ["twopc", "pbft", "paxos", "comppaxos"])
    expect(unchecked(example(name))).toEqual([]);
  for (const p of [example("paxos-proxies"), scaledExample("paxos-proxies", "scaled")])
    expect(unchecked(p)).toEqual([]);
  expect(unchecked(scaledExample("cart", "scaled"))).toEqual(["miscounted"]);
  expect(unchecked(scaledExample("twopc", "scaled"))).toEqual(["left_out"]);
  expect(unchecked(scaledExample("pbft", "scaled"))).toEqual(["two_certified", "made_up"]);
});
