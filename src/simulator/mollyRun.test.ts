import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import { nobleCrypto } from "../evaluator/nobleCrypto.ts";
import type { Fact } from "../evaluator/nodeEngine.ts";
import { INITIAL_STATE, referenceTick } from "../evaluator/reference.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import type { Program } from "../program/program.ts";
import { address, rowKey } from "../program/value.ts";
import { read } from "../syntax/read.ts";
import type { MollyRun, MollyScenario } from "./mollyRun.ts";
import { FAILURE_FREE, missedPost, rowsAtEnd, runMolly, unmatchedPre } from "./mollyRun.ts";
import { namedNodes } from "./namedNodes.ts";
import { oneDatabase } from "./oneDatabase.ts";

const NODES = ["a", "b", "c"];
const functions = standardFunctions(nobleCrypto);

/** Best-effort broadcast, and what is asked of it: what one node has that is up, all have. */
const BROADCAST = `
got(N, M) :- said(N, M);
got(D, M)@async :- said(N, M), peer(N, D);
got(N, M)@next :- got(N, M);
peer(N, D)@next :- peer(N, D);
lost(D, M) :- got(N, M), peer(N, D), notin got(D, M), notin crash(N, D, _);
pre(M) :- got(N, M), notin crash(N, N, _);
post(M) :- got(N, M), notin lost(_, M);
total(count<M>) :- got(_, M);
said("a", "hello")@1;
peer("a", "b")@1; peer("a", "c")@1;
`;

function programOf(text: string): Program {
  const { program, diagnostics } = read(text);
  expect(diagnostics).toEqual([]);
  return program;
}

function run(text: string, scenario: MollyScenario, eot = 4): MollyRun {
  const program = programOf(text);
  const p = analyze(oneDatabase(program, program.components[0]!));
  expect(p.faults.filter((f) => f.severity === "error")).toEqual([]);
  return runMolly(p, { nodes: NODES, eot, scenario, edb: new Map(), functions });
}

/** The nodes that hold a fact of the relation, tick by tick. */
function holders(result: MollyRun, relation: string): readonly string[] {
  return result.ticks.map((facts) =>
    (facts.get(relation) ?? []).map(([place]) => (place as { name: string }).name).join(""),
  );
}

test("a message sent at t arrives at t + 1, and the database of a tick is that of all nodes", () => {
  const result = run(BROADCAST, FAILURE_FREE);
  expect(holders(result, "got")).toEqual(["a", "abc", "abc", "abc"]);
  expect(result.messages.map((m) => [m.from, m.to, m.tick, m.arrives])).toEqual([
    ["a", "b", 1, true],
    ["a", "c", 1, true],
  ]);
  expect(result.ticks.map((t) => t.get("lost")?.length ?? 0)).toEqual([2, 0, 0, 0]);
  expect(result.ticks[3]!.get("total")).toEqual([[address(""), 1]]);
});

test("a lost message never arrives, and the assertion sees it", () => {
  const scenario = { crashes: [], losses: [{ from: "a", to: "c", tick: 1 }] };
  const result = run(BROADCAST, scenario);
  expect(holders(result, "got").at(-1)).toBe("ab");
  expect(missedPost(run(BROADCAST, FAILURE_FREE), result)).toEqual([["hello"]]);
  const other = { crashes: [], losses: [{ from: "a", to: "c", tick: 2 }] };
  expect(missedPost(run(BROADCAST, FAILURE_FREE), run(BROADCAST, other))).toEqual([]);
});

test("what pre has and post lacks is the failures' doing only where the run without them has it", () => {
  const text = `${BROADCAST} pre("unsaid")@4; post("late")@4;`;
  const lossy = run(text, { crashes: [], losses: [{ from: "a", to: "c", tick: 1 }] });
  expect(rowsAtEnd(lossy, "post")).toEqual([["late"]]);
  expect(unmatchedPre(lossy)).toEqual([["hello"], ["unsaid"]]);
  const free = run(text, FAILURE_FREE);
  expect(unmatchedPre(free)).toEqual([["unsaid"]]);
  expect(missedPost(free, lossy)).toEqual([["hello"]]);
});

test("the nodes that a program names are those of its facts, conditions and given rows", () => {
  const text = `// clew: edb via(hop: address) = { (addr("d")) }
p(D, X)@async :- q(N, D, X), via(N, D), N != "c"; q("a", "b", "data")@1;`;
  expect(namedNodes(programOf(text))).toEqual(["a", "b", "c", "d"]);
});

test("a run-time error names the rule and its facts, and nothing that only runs have", () => {
  const text = `sum(N, X + 1) :- big(N, X); big("a", 9223372036854775807)@2;`;
  expect(() => run(text, FAILURE_FREE)).toThrow(
    '+ 1 does not fit 64 bits in rule main/sum/1 for big(addr("a"), 9223372036854775807).',
  );
});

test("a node that crashed sends nothing, its own state goes on, and everybody knows", () => {
  const scenario = { crashes: [{ node: "a", tick: 1 }], losses: [] };
  const result = run(BROADCAST, scenario);
  expect(holders(result, "got").at(-1)).toBe("a");
  // Nobody that is up has it: nothing is asked.
  expect(missedPost(run(BROADCAST, FAILURE_FREE), result)).toEqual([]);
});

test("a literal at another tick reads what held then, a message to oneself always arrives", () => {
  const text = `tick0(N) :- tick0(N), tick0(N);
seen(N, X) :- on(N, X);
back(N, X)@async :- on(N, X), seen(N, X);
kept(N, X) :- base(N), on(N, X)@2, notin on(N, X)@1;
base(N)@next :- base(N);
base("b")@1; on("b", 5)@2; on("b", 6)@3;`;
  const scenario = { crashes: [], losses: [{ from: "b", to: "b", tick: 2 }] };
  const result = run(text, scenario);
  expect(holders(result, "kept")).toEqual(["", "b", "b", "b"]);
  expect(result.ticks[3]!.get("kept")).toEqual([[address("b"), 5]]);
  expect(result.messages.filter((m) => m.tick === 2)).toMatchObject([{ arrives: true }]);
});

/** Every node by itself, all in step: what a program without assertions means anyway. */
function nodeByNode(program: Program, eot: number): readonly ReadonlySet<string>[] {
  const p = analyze(program);
  const { name } = program.components[0]!;
  const edb = new Map([["crash", []]]);
  const ticks = new Map(
    NODES.map((node) => [node, referenceTick(p, name, { address: node, edb, functions })]),
  );
  const states = new Map(NODES.map((node) => [node, INITIAL_STATE]));
  let flying = new Map<string, Fact[]>();
  return Array.from({ length: eot }, () => {
    const held = new Set<string>();
    const arriving = flying;
    flying = new Map();
    for (const node of NODES) {
      const result = ticks.get(node)!(states.get(node)!, arriving.get(node) ?? []);
      states.set(node, result.state);
      for (const [relation, rows] of result.facts) {
        for (const row of rows) held.add(`${relation} ${rowKey([address(node), ...row])}`);
      }
      for (const { to, ...fact } of result.sends) {
        flying.set(to, [...(flying.get(to) ?? []), fact]);
      }
    }
    return held;
  });
}

test("without assertions it is what every node does by itself, all in step", () => {
  const text = `token(D, K + 1)@async :- token(N, K), next(N, D), K < 9;
next(N, D)@next :- next(N, D);
hops(N, K) :- token(N, K), K > 1;
hops(N, K)@next :- hops(N, K), notin token(N, _);
most(N, max<K>, count<K>) :- hops(N, K);
self_note(N, D, N) :- next(N, D), D != N;
token("a", 0)@2; next("a", "b")@1; next("b", "c")@1; next("c", "a")@1;`;
  const all = nodeByNode(programOf(text), 9);
  const { ticks } = run(text, FAILURE_FREE, 9);
  const relations = ["token", "next", "hops", "most", "self_note"];
  ticks.forEach((facts, i) => {
    const here = relations.flatMap((r) => (facts.get(r) ?? []).map((row) => `${r} ${rowKey(row)}`));
    const there = [...all[i]!].filter((f) => relations.includes(f.split(" ")[0]!));
    expect(here.toSorted()).toEqual(there.toSorted());
  });
  expect(ticks[8]!.get("most")).not.toHaveLength(0);
});

test("each node chooses for itself, among what it has", () => {
  const text = `% dialect: prototype
knows(#a, 3)@1; knows(#a, 1)@1; knows(#b, 4)@1; knows(#b, 2)@1;
knows(X)@next :- knows(X);
picked(X) :- knows(X), choose((), (X));
`;
  expect(rowsAtEnd(run(text, FAILURE_FREE), "picked")).toEqual([
    [address("a"), 1],
    [address("b"), 2],
  ]);
});
