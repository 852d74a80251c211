import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { compile } from "../evaluator/compile.ts";
import { nobleCrypto } from "../evaluator/nobleCrypto.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import type { Row } from "../program/value.ts";
import { applyStep } from "../rewrites/driver.ts";
import { oneNode } from "../simulator/examples.testing.ts";
import { createSimulation } from "../simulator/simulation.ts";
import { readCase } from "../syntax/readCase.ts";
import { clientRequests } from "./clientRequests.ts";
import { lacking } from "./crashes.testing.ts";
import { crashInputs } from "./nodeCrashes.ts";
import type { Crash } from "./nodeCrashes.ts";
import { checked, inputsOf, movedRules, program, verdictOf } from "./programs.testing.ts";
import { refines } from "./refines.ts";
import type { Counterexample, Refinement, RefinementOptions } from "./refines.ts";
import { replayedCounterexample } from "./replayedCounterexample.ts";
import { shortest } from "./shortest.ts";

type Facts = readonly (readonly [string, ...Row])[];

function withDurable(p: AnalyzedProgram, ...names: readonly string[]): AnalyzedProgram {
  const text = names.map((name) => `durable ${name}`).join("\n");
  const { declarations } = readCase(`${text}\ncomponent M {\n}`).program;
  const all = [...p.program.declarations, ...declarations];
  return analyze({ ...p.program, declarations: all }, p.deployment);
}

function crashed(
  original: AnalyzedProgram,
  rewritten: AnalyzedProgram,
  facts: Facts,
  crashes: readonly Crash[] = [{ node: "L", times: 1 }],
  more: Partial<RefinementOptions> = {},
): Refinement {
  const crashing = crashInputs(original, crashes);
  if (typeof crashing === "string") throw new Error(crashing);
  return checked(original, rewritten, [], { inputs: [...inputsOf(facts), ...crashing], ...more });
}

/** What is written outlives a crash, and a reader is told. */
const STORE = "k(x) <- w(x); k@next(x) <- k(x); ok@async(c)(x) <- w(x); o@async(c)(x) <- r(x), k(x); no@async(c)(x) <- r(x), !k(x)"; // prettier-ignore
const store = withDurable(program({ nodes: { L: STORE }, channels: { "w/1": "L", "r/1": "L" } }), "k"); // prettier-ignore
const WRITE_AND_READ: Facts = [["w", 1], ["r", 1]]; // prettier-ignore

test("a program with the same crashes does what it does", () => {
  const found = crashed(store, store, WRITE_AND_READ, [{ node: "L", times: 2 }]);
  expect(verdictOf(found)).toBe("refines");
});

test("what is no longer durable shows after a crash, and only then", () => {
  const forgetful = lacking(store, "durable k");
  expect(verdictOf(crashed(store, forgetful, WRITE_AND_READ, []))).toBe("refines");
  const found = crashed(store, forgetful, WRITE_AND_READ);
  expect(verdictOf(found)).toBe("safety");
  const schedule = (found as Counterexample).schedule;
  expect(schedule.map((step) => step.crashed).filter((at) => at !== undefined)).toEqual(["L"]);
  // To remember more than has to be remembered is no fault where the environment cannot ask for what was lost.
  expect(verdictOf(crashed(forgetful, store, [["w", 1]]))).toBe("refines");
  expect(verdictOf(crashed(forgetful, store, WRITE_AND_READ))).toBe("safety");
});

test("a store in two partitions loses no more in a crash of both than it did in one node", () => {
  const target = { component: "L", partitions: 2, keys: { w: [0], r: [0], k: [0] } };
  const step = applyStep(store, { rewrite: "partitionByCohashing", target });
  if (step.kind !== "applied") throw new Error(JSON.stringify(step));
  expect(step.program.deployment?.instances["L"]).toHaveLength(2);
  const facts: Facts = [["w", 0], ["w", 1], ["r", 0]]; // prettier-ignore
  expect(verdictOf(crashed(store, step.program, facts))).toBe("refines");
  const forgetful = lacking(step.program, "durable k");
  expect(verdictOf(crashed(store, forgetful, facts))).toBe("safety");
});

/** A node, and the same with the rules behind the bar moved away. */
function split(
  rewrite: "decoupleFunctional" | "decoupleMonotonic",
  received: string,
  rules: string,
  ...durable: readonly string[]
) {
  const channels = Object.fromEntries(received.split(" ").map((name) => [`${name}/1`, "L"]));
  const original = withDurable(program({ nodes: { L: rules }, channels }), ...durable);
  const target = { component: "L", rules: movedRules("L", rules), name: "M" };
  const step = applyStep(original, { rewrite, target });
  if (step.kind !== "applied") throw new Error(JSON.stringify(step));
  expect(step.verdict).toBe("holds");
  return [original, step.program] as const;
}

test("an answer that was on its way to the half that gives it is one that a crash may take", () => {
  const rules =
    "s(x) <- w(x); had@async(c)(x) <- w(x), k(x); k@next(x) <- w(x); k@next(x) <- k(x) | ok@async(c)(x) <- s(x)";
  const [original, rewritten] = split("decoupleFunctional", "w", rules, "k");
  const found = crashed(original, rewritten, [["w", 1], ["w", 1]]); // prettier-ignore
  expect(verdictOf(found), JSON.stringify(found)).toBe("refines");
});

test("the original may have done something before its crash that shows afterwards", () => {
  const rules =
    "f@next(x) <- a(x); f@next(x) <- f(x); t(x) <- b(x), f(x); n@async(c)(x) <- b(x), !f(x) | o@async(c)(x) <- t(x)";
  const [original, rewritten] = split("decoupleFunctional", "a b", rules);
  const found = crashed(original, rewritten, [["a", 1], ["b", 1], ["b", 1]]); // prettier-ignore
  expect(verdictOf(found), JSON.stringify(found)).toBe("refines");
});

/**
 * A fact on its way from half to half is lost with the crash, or outlives it, while the node had kept it or forgotten it. The
 * conditions of the rewrite do not look at crashes: docs/soundness.md.
 */
test.each([
  ["loses what was acknowledged", ["k"], "o@async(c)(x) <- k(x)", "quiescence"],
  ["knows what was forgotten", [], "o@async(c)(x,y) <- k(x), k(y), x < y", "safety"],
] as const)("after a crash monotonic decoupling %s", (_, durable, last, violation) => {
  const rules = `s(x) <- w(x); ok@async(c)(x) <- w(x) | k(x) <- s(x); k@next(x) <- k(x); ${last}`;
  const [original, rewritten] = split("decoupleMonotonic", "w", rules, ...durable);
  const inputs: Facts = [["w", 1], ["w", 2]]; // prettier-ignore
  expect(verdictOf(crashed(original, rewritten, inputs, []))).toBe("refines");
  const found = crashed(original, rewritten, inputs);
  expect(verdictOf(found), JSON.stringify(found)).toBe(violation);
  expect(verdictOf(crashed(original, original, inputs))).toBe("refines");
});

test("which nodes may crash is said where it is asked for another one", () => {
  const [original] = split("decoupleFunctional", "w", "k@next(x) <- w(x) | ok@async(c)(x) <- k(x)", "k"); // prettier-ignore
  const { deployment } = original;
  const siblings = {
    ...deployment!,
    instances: { L: ["L", "L2"], K: ["K"] },
    originals: { L2: "L" },
  };
  const p = analyze(original.program, siblings);
  const asked = (node: string) => crashInputs(p, [{ node, times: 1 }]);
  expect(asked("X")).toBe("There is no node `X`; there is `L` and `K`.");
  expect(asked("L2")).toBe("`L2` does not crash alone, but with all that `L` became: name `L`.");
  expect(asked("L")).toHaveLength(1);
});

test("a counterexample with a crash runs in the simulator, and shows the same there", () => {
  const rules = `
    k(id) :- in(id)
    k(id)@next :- k(id)
    n(count<id>) :- k(id)
    out(id, n)@async(c) :- in(id), n(n), client(c)`;
  const [original, rewritten] = [oneNode(`durable k\n${rules}`), oneNode(rules)];
  const functions = standardFunctions(nobleCrypto);
  const asked = clientRequests(original, 2);
  const crashing = crashInputs(original, [{ node: "n", times: 1 }]);
  if (typeof crashing === "string") throw new Error(crashing);
  const told = { observer: "first", clocks: "free", functions, crypto: nobleCrypto } as const;
  const options = { ...told, inputs: [...asked.flat(), ...crashing] };
  const first = refines(original, rewritten, options);
  if (first.kind !== "counterexample") throw new Error(first.kind);
  const found = shortest(original, rewritten, options, first);
  expect(found.violation).toBe("safety");
  const replay = replayedCounterexample(original, rewritten, found, asked, options);
  if (replay === undefined) throw new Error("not to be simulated");
  expect(replay.difference).toMatchObject({
    index: 1,
    original: { fact: { relation: "out", row: [2, 2] } },
    rewritten: { fact: { relation: "out", row: [2, 1] } },
  });
  for (const [p, settings] of [
    [original, replay.original],
    [rewritten, replay.rewritten],
  ] as const) {
    // prettier-ignore
    expect(settings.faults?.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(["crash", "restart"]),
    );
    const simulation = createSimulation(p, { ...settings, ...told, engine: compile });
    while (simulation.advance(1_000) === "running");
    const { requests, ticks } = simulation.trace();
    expect(requests[1]?.answers).toHaveLength(1);
    // Who starts again waits for its turn.
    expect(ticks.filter(({ arrived }) => arrived.length > 0).map(({ at }) => at % 100)).toEqual([0, 0]); // prettier-ignore
  }
});
