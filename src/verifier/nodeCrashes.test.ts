import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { compile } from "../evaluator/compile.ts";
import { nobleCrypto } from "../evaluator/nobleCrypto.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import { address } from "../program/value.ts";
import type { Row } from "../program/value.ts";
import { applyStep } from "../rewrites/driver.ts";
import { forceStep } from "../rewrites/force.ts";
import type { StepRequest } from "../rewrites/rewrite.ts";
import { oneNode } from "../simulator/examples.testing.ts";
import { createSimulation } from "../simulator/simulation.ts";
import { readCase } from "../syntax/readCase.ts";
import { FREE, originalOf, PARTITIONS } from "./allowedCases.testing.ts";
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

/** What the step is refused for. */
function forced(p: AnalyzedProgram, request: StepRequest): AnalyzedProgram {
  const step = applyStep(p, request);
  expect(step).toMatchObject({ kind: "refused" });
  expect(JSON.stringify(step)).toContain("durable-copy");
  const made = forceStep(p, request);
  if (typeof made === "string") throw new Error(made);
  return made;
}

function applied(p: AnalyzedProgram, request: StepRequest): AnalyzedProgram {
  const step = applyStep(p, request);
  if (step.kind !== "applied") throw new Error(JSON.stringify(step));
  return step.program;
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
  const partitioned = applied(store, { rewrite: "partitionByCohashing", target });
  expect(partitioned.deployment?.instances["L"]).toHaveLength(2);
  const facts: Facts = [["w", 0], ["w", 1], ["r", 0]]; // prettier-ignore
  expect(verdictOf(crashed(store, partitioned, facts))).toBe("refines");
  const forgetful = lacking(partitioned, "durable k");
  expect(verdictOf(crashed(store, forgetful, facts))).toBe("safety");
});

const AT_N = 'd := addr("N")';

test("who waits for a node that stays down owes an answer for ever", () => {
  const asking = `p(x) <- w(x); p@next(x) <- p(x); ask@async(d)(x) <- p(x), ${AT_N}`;
  const N = "o@async(c)(x) <- ask(x)";
  const channels = { "w/1": "L" };
  const original = program({ nodes: { L: `${asking}; o@async(c)(x) <- p(x)`, N }, channels });
  const waiting = program({ nodes: { L: asking, N }, channels });
  const found = (...crashes: readonly Crash[]) =>
    verdictOf(crashed(original, waiting, [["w", 1]], crashes));
  expect(found()).toBe("refines");
  expect(found({ node: "N", times: 1 })).toBe("refines");
  expect(found({ node: "N", times: "for good" })).toBe("quiescence");
  // And the other way round: nobody says what only a node that is down could say.
  const other = (times: Crash["times"]) =>
    verdictOf(crashed(waiting, original, [["w", 1]], [{ node: "N", times }]));
  expect(other(1)).toBe("refines");
  expect(other("for good")).toBe("safety");
  // Of a node that is down itself nobody expects anything, and it does not come back.
  expect(found({ node: "L", times: "for good" })).toBe("refines");
  expect(found({ node: "N", times: "for good" }, { node: "N", times: 1 })).toBe("quiescence");
});

test("with a node all that it became stays down", () => {
  const target = { component: "L", partitions: 2, keys: { w: [0], r: [0], k: [0] } };
  const partitioned = applied(store, { rewrite: "partitionByCohashing", target });
  const facts: Facts = [["w", 0], ["w", 1], ["r", 0]]; // prettier-ignore
  const forGood: readonly Crash[] = [{ node: "L", times: "for good" }];
  expect(verdictOf(crashed(store, partitioned, facts, forGood))).toBe("refines");
  // What is lost with it is not missed.
  expect(verdictOf(crashed(store, lacking(partitioned, "durable k"), facts, forGood))).toBe("refines"); // prettier-ignore
});

/** A node, and the same with the rules behind the bar moved away. */
function split(
  make: typeof applied,
  rewrite: "decoupleFunctional" | "decoupleMonotonic",
  received: string,
  rules: string,
  ...durable: readonly string[]
) {
  const channels = Object.fromEntries(received.split(" ").map((name) => [`${name}/1`, "L"]));
  const original = withDurable(program({ nodes: { L: rules }, channels }), ...durable);
  const target = { component: "L", rules: movedRules("L", rules), name: "M" };
  return [original, make(original, { rewrite, target })] as const;
}

test("an answer that was on its way to the half that gives it is one that a crash may take", () => {
  const rules =
    "s(x) <- w(x); had@async(c)(x) <- w(x), k(x); k@next(x) <- w(x); k@next(x) <- k(x) | ok@async(c)(x) <- s(x)";
  const [original, rewritten] = split(applied, "decoupleFunctional", "w", rules, "k");
  const found = crashed(original, rewritten, [["w", 1], ["w", 1]]); // prettier-ignore
  expect(verdictOf(found), JSON.stringify(found)).toBe("refines");
});

test("the original may have done something before its crash that shows afterwards", () => {
  const rules =
    "f@next(x) <- a(x); f@next(x) <- f(x); t(x) <- b(x), f(x); n@async(c)(x) <- b(x), !f(x) | o@async(c)(x) <- t(x)";
  const [original, rewritten] = split(applied, "decoupleFunctional", "a b", rules);
  const found = crashed(original, rewritten, [["a", 1], ["b", 1], ["b", 1]]); // prettier-ignore
  expect(verdictOf(found), JSON.stringify(found)).toBe("refines");
});

/**
 * A fact on its way from half to half is lost with the crash, or outlives it, while the node had kept it or forgotten it. The
 * first is why monotonic decoupling is refused; the second why it says that a node with nothing durable must stay down.
 */
test.each([
  ["loses what was acknowledged", ["k"], "o@async(c)(x) <- k(x)", "quiescence"],
  ["knows what was forgotten", [], "o@async(c)(x,y) <- k(x), k(y), x < y", "safety"],
] as const)("after a crash monotonic decoupling %s", (_, durable, last, violation) => {
  const rules = `s(x) <- w(x); ok@async(c)(x) <- w(x) | k(x) <- s(x); k@next(x) <- k(x); ${last}`;
  const make = durable.length > 0 ? forced : applied;
  const [original, rewritten] = split(make, "decoupleMonotonic", "w", rules, ...durable);
  const inputs: Facts = [["w", 1], ["w", 2]]; // prettier-ignore
  expect(verdictOf(crashed(original, rewritten, inputs, []))).toBe("refines");
  const found = crashed(original, rewritten, inputs);
  expect(verdictOf(found), JSON.stringify(found)).toBe(violation);
  expect(verdictOf(crashed(original, original, inputs))).toBe("refines");
});

function kept(p: AnalyzedProgram): readonly string[] {
  const rules = p.program.components.filter(({ name }) => name === "L").flatMap((c) => c.rules);
  return rules.flatMap(({ head }) => (head.timing.kind === "next" ? [head.relation] : []));
}

/** What is found of case 29 with nothing durable is what is shown above. */
test.each(
  [...FREE, ...PARTITIONS].flatMap((one) => [
    { one, durable: true, verdict: "refines" },
    { one, durable: false, verdict: one.number === 29 ? "safety" : "refines" },
  ]),
)("case $one.number with a crash, all that is kept durable: $durable", (asked) => {
  const { one, durable, verdict } = asked;
  const base = originalOf(one);
  const original = withDurable(base, ...new Set(durable ? kept(base) : []));
  const first = "first" in one && one.first !== undefined ? applied(original, one.first) : original;
  const rewritten = applied(
    first,
    "keys" in one
      ? {
          rewrite: "partitionByCohashing",
          target: { component: "L", partitions: 2, keys: one.keys },
          waiver: "tick-counts",
        }
      : {
          rewrite: one.rewrite,
          target: { component: "L", rules: movedRules("L", one.rules), name: "M" },
        },
  );
  const told = { reduced: true, bound: { together: 2, states: 20_000 } };
  const found = crashed(original, rewritten, one.inputs, undefined, told);
  expect(verdictOf(found), JSON.stringify(found)).toBe(verdict);
});

test("crashes of nodes that are alike are told apart only where it shows", () => {
  const both = program({
    nodes: { L: "k(x) <- w(x); k@next(x) <- k(x); ok@async(c)(l,x) <- w(x), self(l); no@async(c)(l,x) <- r(x), !k(x), self(l)" }, // prettier-ignore
    channels: { "w/1": "all(d)", "r/1": "all(d)" },
    deployment: {
      instances: { L: ["L1", "L2"], K: ["K"] },
      edb: { all: [[address("L1")], [address("L2")]] },
    },
  });
  const durable = withDurable(both, "k");
  const crashes = ["L1", "L2"].map((node) => ({ node, times: 1 }));
  expect(verdictOf(crashed(durable, durable, [["w", 1]], crashes))).toBe("refines");
  const found = crashed(durable, both, WRITE_AND_READ, crashes, { reduced: true });
  if (found.kind !== "counterexample") throw new Error(found.kind);
  const { crashed: node, ticks } = found.schedule.find((step) => step.crashed !== undefined)!;
  expect(ticks.map((tick) => tick.address)).toEqual([node]);
  expect(found.schedule.at(-1)!.outputs).toEqual([{ relation: "no", row: [address(node!), 1], to: "c" }]); // prettier-ignore
});

test("which nodes may crash is said where it is asked for another one", () => {
  const [original] = split(applied, "decoupleFunctional", "w", "k@next(x) <- w(x) | ok@async(c)(x) <- k(x)", "k"); // prettier-ignore
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

const COUNT = `
  k(id) :- in(id)
  k(id)@next :- k(id)
  n(count<id>) :- k(id)
  out(id, n)@async(c) :- in(id), n(n), client(c)`;

test("a counterexample with a crash runs in the simulator, and shows the same there", () => {
  const [original, rewritten] = [oneNode(`durable k\n${COUNT}`), oneNode(COUNT)];
  const { replay, traces } = replayed(original, rewritten, 2);
  expect(replay.difference).toMatchObject({
    index: 1,
    original: { fact: { relation: "out", row: [2, 2] } },
    rewritten: { fact: { relation: "out", row: [2, 1] } },
  });
  for (const { requests, ticks } of traces) {
    expect(requests[1]?.answers).toHaveLength(1);
    // Who starts again waits for its turn.
    const busy = ticks.filter(({ arrived }) => arrived.length > 0);
    expect(busy.map(({ at }) => at % 100)).toEqual([0, 0]);
  }
});

/** What a step says has to be seen to where the program runs. */
function cautions(p: AnalyzedProgram, request: StepRequest): readonly string[] {
  const step = applyStep(p, request);
  if (step.kind !== "applied") throw new Error(JSON.stringify(step));
  return step.preconditions.flatMap((c) => (c.verdict === "holds" && c.caution ? [c.code] : []));
}

const BALLOT =
  "l(b) <- p(b); l@next(b) <- l(b); kp@async(c)(b) <- p(b); o@async(c)(x,b) <- w(x), l(b)";
const COUNTING =
  "s(x) <- w(x); kw@async(c)(x) <- w(x) | n(count<x>) <- s(x); o@async(c)(x,n) <- s(x), n(n)";
const TOLD_FIRST =
  "k(x) <- k2(x); k@next(x) <- k(x); a@async(c)(x) <- p(_), k(x) | k2(x) <- w(x); o@async(c)(x) <- w(x)";

test.each([
  {
    rules: BALLOT,
    request: {
      rewrite: "partitionPartially",
      target: { component: "L", partitions: 2, replicated: ["p", "l"], keys: { w: [0] }, name: "proxy" }, // prettier-ignore
    },
    inputs: [["p", 1], ["p", 2]], // prettier-ignore
  },
  {
    rules: COUNTING,
    request: {
      rewrite: "decoupleStateMachine",
      target: { component: "L", rules: movedRules("L", COUNTING), name: "M" },
    },
    inputs: [["w", 1], ["w", 2]], // prettier-ignore
  },
  {
    rules: TOLD_FIRST,
    request: {
      rewrite: "decoupleAsymmetric",
      target: { component: "L", rules: movedRules("L", TOLD_FIRST), name: "M" },
    },
    inputs: [["w", 1], ["w", 2]], // prettier-ignore
  },
] as const)(
  "$request.rewrite of what keeps nothing says that it must stay down, and has to",
  (one) => {
    const { rules, request, inputs } = one;
    const original = program({ nodes: { L: rules }, channels: { "p/1": "L", "w/1": "L" } });
    expect(cautions(original, request)).toEqual(["durable-copy"]);
    const rewritten = applied(original, request);
    const told = { reduced: true, bound: { together: 2, states: 200_000 } };
    const found = (times: Crash["times"]) =>
      verdictOf(crashed(original, rewritten, inputs, [{ node: "L", times }], told));
    expect(["safety", "quiescence"]).toContain(found(1));
    expect(found("for good")).toBe("refines");
  },
);

test("nothing has to stay down where what is kept is durable", () => {
  const target = { component: "L", partitions: 2, replicated: ["p", "l"], keys: { w: [0] }, name: "proxy" }; // prettier-ignore
  const p = withDurable(program({ nodes: { L: BALLOT }, channels: { "p/1": "L", "w/1": "L" } }), "l"); // prettier-ignore
  expect(cautions(p, { rewrite: "partitionPartially", target })).toEqual([]);
});

test("in the simulator, too, siblings crash together, and what is on its way between them is lost", () => {
  const original = oneNode(`durable k
    s(id) :- in(id)
    ok(id)@async(c) :- in(id), client(c)
    k(id) :- s(id)
    k(id)@next :- k(id)
    out(id)@async(c) :- k(id), client(c)`);
  const rules = ["main/k/1", "main/k/2", "main/out/1"];
  const target = { component: "main", rules, name: "keeper" };
  const rewritten = forced(original, { rewrite: "decoupleMonotonic", target });
  const { replay, traces } = replayed(original, rewritten, 1);
  expect(replay.difference).toMatchObject({ original: { fact: { relation: "out", row: [1] } } });
  expect(replay.difference.rewritten.fact).toBeUndefined();
  expect(traces.map(({ requests }) => requests[0]!.answers.length > 0)).toEqual([true, false]);
});

test("in the simulator, too, a node that stays down is not started again", () => {
  const asking = `component main {
    p(id) :- in(id)
    p(id)@next :- p(id)
    ask(id)@async(d) :- p(id), helper(d)
  }
  component helper {
    out(id)@async(c) :- ask(id), client(c)
  }`;
  const saying = asking.replace("}", "out(id)@async(c) :- p(id), client(c)\n}");
  const edb = { client: [[address("client")]], helper: [[address("h")]] };
  const placed = { instances: { main: ["n"], helper: ["h"] }, edb };
  const [original, waiting] = [oneNode(saying, placed), oneNode(asking, placed)];
  const crash: Crash = { node: "h", times: "for good" };
  const { replay, traces } = replayed(original, waiting, 1, crash, ["crash"]);
  expect(replay.difference).toMatchObject({ original: { fact: { relation: "out", row: [1] } } });
  expect(replay.difference.rewritten.fact).toBeUndefined();
  expect(traces.map(({ requests }) => requests[0]!.answers.length > 0)).toEqual([true, false]);
  const other = replayed(waiting, original, 1, crash, ["crash"]);
  const answered = other.traces.map(({ requests }) => requests[0]!.answers.length > 0);
  expect(answered).toEqual([false, true]);
});

/** The difference that one crash makes, as it is simulated. */
function replayed(
  original: AnalyzedProgram,
  rewritten: AnalyzedProgram,
  requests: number,
  crash: Crash = { node: "n", times: 1 },
  faults: readonly string[] = ["crash", "restart"],
) {
  const functions = standardFunctions(nobleCrypto);
  const asked = clientRequests(original, requests);
  const crashing = crashInputs(original, [crash]);
  if (typeof crashing === "string") throw new Error(crashing);
  const told = { observer: "first", clocks: "free", functions, crypto: nobleCrypto } as const;
  const options = { ...told, inputs: [...asked.flat(), ...crashing] };
  const first = refines(original, rewritten, options);
  if (first.kind !== "counterexample") throw new Error(first.kind);
  const found = shortest(original, rewritten, options, first);
  const replay = replayedCounterexample(original, rewritten, found, asked, options);
  if (replay === undefined) throw new Error("not to be simulated");
  const sides = [
    [original, replay.original],
    [rewritten, replay.rewritten],
  ] as const;
  const traces = sides.map(([p, settings]) => {
    const kinds = settings.faults?.map(({ kind }) => kind);
    const ofNodes = kinds?.filter((kind) => kind === "crash" || kind === "restart");
    expect(new Set(ofNodes)).toEqual(new Set(faults));
    const simulation = createSimulation(p, { ...settings, ...told, engine: compile });
    while (simulation.advance(1_000) === "running");
    return simulation.trace();
  });
  return { replay, traces };
}
