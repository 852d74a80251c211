import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Deployment } from "../program/deployment.ts";
import { address, type Row, type Value } from "../program/value.ts";
import { readDeployment } from "../plan/deploymentFile.ts";
import { read } from "../syntax/read.ts";
import { compile } from "./compile.ts";
import { nodeEnvironment } from "./environment.ts";
import { EvaluationError } from "./evaluationError.ts";
import { nobleCrypto } from "./nobleCrypto.ts";
import type { Fact, NodeEngine, Runnable } from "./nodeEngine.ts";
import { reference } from "./reference.ts";
import { standardFunctions } from "./standardFunctions.ts";

const functions = standardFunctions(nobleCrypto);
const engines = [
  ["reference", reference],
  ["incremental", compile],
] as const;
type Make = (p: AnalyzedProgram, component: string) => Runnable;

function example(name: string): { p: AnalyzedProgram; deployment: Deployment } {
  const file = (f: string): string =>
    readFileSync(new URL(`../../public/examples/${name}/${f}`, import.meta.url), "utf8");
  const found = readDeployment(JSON.parse(file("base.deployment.json")));
  if (found.kind !== "ok") throw new Error("the deployment does not read");
  const p = analyze(read(file("base.ded")).program, found.deployment);
  expect(p.faults.filter((f) => f.severity === "error")).toEqual([]);
  return { p, deployment: found.deployment };
}

function node(make: Make, name: string, component: string, at: string): NodeEngine {
  const { p, deployment } = example(name);
  const environment = nodeEnvironment(p, deployment, component, at, functions, nobleCrypto);
  return make(p, component).start(environment, { observe: true });
}

/** A component without deployment, read from text. */
function engineOf(
  make: Make,
  text: string,
  edb: Readonly<Record<string, readonly Row[]>> = {},
): NodeEngine {
  const { program, diagnostics } = read(`component c {\n${text}\n}`);
  expect(diagnostics).toEqual([]);
  const environment = { address: "c", edb: new Map(Object.entries(edb)), functions };
  return make(analyze(program), "c").start(environment, { observe: true });
}

const fact = (relation: string, ...row: Value[]): Fact => ({ relation, row });
const a = address;

test.each(engines)("voting's leader asks, counts, answers and forgets (%s)", (_, make) => {
  const leader = node(make, "voting", "leader", "leader");
  const asked = leader.tick([fact("in", 7, "x")]);
  expect(asked.sends.map((s) => [s.to, s.relation, s.row])).toEqual(
    [1, 2, 3].map((n) => [`participant.${n}`, "voteReq", [7, "x"]]),
  );
  expect(asked.unsettled).toBe(false);

  const first = leader.tick([
    fact("vote", a("participant.1"), 7),
    fact("vote", a("participant.2"), 7),
  ]);
  expect(first).toEqual({ tick: 2, sends: [], standing: 0, unsettled: true });
  expect(leader.tick([]).unsettled).toBe(false);
  expect(leader.facts("numVotes")).toEqual([[2, 7]]);

  const last = leader.tick([fact("vote", a("participant.3"), 7)]);
  expect(last.sends).toEqual([{ relation: "reply", row: [7], to: "client" }]);
  expect(leader.facts("votes")).toHaveLength(3);
  expect(leader.tick([])).toEqual({ tick: 5, sends: [], standing: 0, unsettled: false });
  expect(leader.change().disappeared).toHaveLength(6);
  expect(leader.size()).toBe(0);
});

test.each(engines)("the key-value store answers with a certificate (%s)", (_, make) => {
  const leader = node(make, "kvs", "leader", "leader");
  const stores = [1, 2, 3].map((n) => node(make, "kvs", "storage", `storage.${n}`));
  const toStorage = leader.tick([fact("in", "value")]).sends;
  expect(toStorage.map((s) => s.to)).toEqual(["storage.1", "storage.2", "storage.3"]);

  const acks = stores.flatMap((store, i) => store.tick([toStorage[i]!]).sends);
  expect(acks.map((s) => s.to)).toEqual(["leader", "leader", "leader"]);
  expect(new Set(acks.map((s) => (s.row[1] as { hex: string }).hex)).size).toBe(3);
  expect(acks.map((s) => s.row[3])).toEqual([1, 1, 1]);
  expect(stores[0]!.tick([]).sends).toEqual([]);
  expect(stores[0]!.facts("hashset")).toHaveLength(1);

  const answered = leader.tick(acks);
  expect(answered.sends.map((s) => [s.to, s.relation])).toEqual([["client", "outCert"]]);
  const signatures = acks.map((s) => s.row[1] as { hex: string });
  expect(answered.sends[0]!.row[0]).toEqual(signatures.sort((x, y) => (x.hex < y.hex ? -1 : 1)));
  expect(leader.tick([]).standing).toBe(1);
  expect(leader.standing()).toEqual(answered.sends);
});

test.each(engines)("a forged value is not stored (%s)", (_, make) => {
  const leader = node(make, "kvs", "leader", "leader");
  const store = node(make, "kvs", "storage", "storage.1");
  const [sent] = leader.tick([fact("in", "value")]).sends;
  expect(store.tick([fact("toStorage", "other", sent!.row[1]!)]).sends).toEqual([]);
  expect(store.facts("good")).toEqual([]);
  const own = store.tick([]);
  expect(own.sends).toEqual([]);
});

test.each(engines)("run-time errors name the rule and the fact (%s)", (_, make) => {
  const error = (text: string, ...arrived: Fact[]): string => {
    try {
      engineOf(make, text).tick(arrived);
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(EvaluationError);
      return (thrown as EvaluationError).message;
    }
    return "no error";
  };
  expect(error("p(x / y) :- e(x, y)", fact("e", 6, 0))).toBe(
    "6 / 0 divides by zero in rule c/p/1 for e(6, 0).",
  );
  expect(error("p(x + 1)@next :- e(x)", fact("e", 2n ** 63n - 1n))).toBe(
    "9223372036854775807 + 1 does not fit 64 bits in rule c/p/1 for e(9223372036854775807).",
  );
  expect(error("p(y) :- e(x), y := x + 1", fact("e", "s"))).toBe(
    'the string "s" cannot be used with + and 1 in rule c/p/1 for e("s").',
  );
  expect(error("p(sum<x>) :- e(x)", fact("e", 2n ** 63n - 1n), fact("e", 1))).toMatch(
    /the sum 9223372036854775808 does not fit 64 bits/,
  );
  expect(error("p(x)@async(y) :- e(x, y)", fact("e", 1, 2))).toBe(
    "2 is no address to send to in rule c/p/1 for e(1, 2).",
  );
  expect(error("p(x / y) :- e(x, y), y != 0", fact("e", 6, 0))).toBe("no error");
  expect(error("p(z) :- e(x, y), z := x / y, q(z)", fact("e", 6, 0))).toBe("no error");
});

test.each(engines)(
  "aggregates: no group, no row; sums over valuations; distinct counts (%s)",
  (_, make) => {
    const engine = engineOf(
      make,
      `n(count<x>) :- e(x, y)
     s(sum<y>) :- e(x, y)
     w(count<x>, sum<x>) :- e(x, _)
     l(collect<y>, min<y>, max<x>) :- e(x, y)`,
    );
    engine.tick([]);
    expect(engine.facts("n")).toEqual([]);
    engine.tick([fact("e", 1, 5), fact("e", 2, 5), fact("e", 2, 3)]);
    expect(engine.facts("n")).toEqual([[2]]);
    expect(engine.facts("s")).toEqual([[13]]);
    expect(engine.facts("w")).toEqual([[2, 3]]);
    expect(engine.facts("l")).toEqual([[[3, 5], 3, 2]]);
  },
);

test("a persistence rule that fails is found at the end of the tick", () => {
  for (const [, make] of engines) {
    const engine = engineOf(
      make,
      `p(x)@next :- e(x)
       p(x)@next :- p(x), v := x + 1, v > 0`,
    );
    engine.tick([fact("e", "s")]);
    expect(() => engine.tick([])).toThrow(EvaluationError);
  }
});

test("a persistence rule that keeps a row for one reason still fails for another", () => {
  for (const [, make] of engines) {
    const engine = engineOf(
      make,
      `p(x) :- e(x)
       p(x)@next :- p(x), q(y), y := y * 2
       q(x)@next :- f(x)
       q(x)@next :- q(x)`,
    );
    engine.tick([fact("f", 0)]);
    engine.tick([fact("e", 3), fact("f", "s")]);
    expect(() => engine.tick([])).toThrow(EvaluationError);
  }
});

test.each(engines)("a fact is explained by what it came from (%s)", (_, make) => {
  const engine = engineOf(make, "p(x) :- e(x, y)\np(x)@next :- p(x), !f(x)");
  engine.tick([fact("e", 1, 2), fact("e", 1, 3)]);
  const facts = (timing: "now" | "next"): unknown =>
    engine
      .explain(timing, fact("p", 1))
      .map(({ rule, members }) => [rule, members.map((m) => m.facts)]);
  expect(facts("now")).toEqual([
    ["c/p/1", [[fact("e", 1, 2)]]],
    ["c/p/1", [[fact("e", 1, 3)]]],
  ]);
  expect(facts("next")).toEqual([["c/p/2", [[fact("p", 1)]]]]);
  engine.tick([fact("f", 1)]);
  expect(facts("now")).toEqual([]);
  expect(facts("next")).toEqual([]);
});

test("values that no fact holds any more are forgotten, and ids are not confused", () => {
  const engine = engineOf(
    compile,
    `k(x)@next :- e(x, 1)
     k(x)@next :- k(x)
     n(count<x>) :- k(x)
     o(x)@async(addr("c")) :- e(x, _)`,
  );
  for (let i = 0; i < 200_000; i += 100) {
    const arrived = Array.from({ length: 100 }, (_, k) =>
      fact("e", `value ${i + k}`, k === 0 ? 1 : 0),
    );
    const { sends } = engine.tick(arrived);
    expect(sends.map((s) => s.row[0])).toEqual(arrived.map((f) => f.row[0]));
  }
  engine.tick([]);
  expect(engine.facts("n")).toEqual([[2000]]);
  expect(new Set(engine.facts("k").map(([x]) => x))).toEqual(
    new Set(Array.from({ length: 2000 }, (_, i) => `value ${i * 100}`)),
  );
});

test.each(["generated", "interpreted"] as const)(
  "tables that have lost most of their rows go on with those they have (%s)",
  (code) => {
    const engine = engineOf(
      (p, component) => compile(p, component, { code }),
      `k(x, y)@next :- e(x, y)
       k(x, y)@next :- k(x, y), !f(y)
       n(y, count<x>) :- k(x, y)
       m(x, count<y>) :- k(x, y)
       j(x, y) :- g(y), k(x, y)`,
    );
    const held = new Map<number, Set<number>>();
    const numbers = (from: number, to: number): number[] =>
      Array.from({ length: to - from }, (_, i) => from + i);
    const tick = (name: string, rows: readonly (readonly number[])[]): void => {
      engine.tick(rows.map((row) => fact(name, ...row)));
      if (name === "f") for (const [y] of rows) held.delete(y!);
      if (name !== "e") return;
      for (const [x, y] of rows) held.set(y!, (held.get(y!) ?? new Set()).add(x!));
    };
    const sorted = (rows: readonly (readonly [number, number])[]): typeof rows =>
      rows.toSorted(([a, b], [c, d]) => a - c || b - d);
    const expectHeld = (): void => {
      tick(
        "g",
        numbers(0, 300).map((y) => [y]),
      );
      const rows = [...held].flatMap(([y, xs]) => [...xs].map((x) => [x, y] as const));
      expect(engine.facts("k")).toEqual(sorted(rows));
      expect(engine.facts("j")).toEqual(sorted(rows));
      expect(engine.facts("n")).toEqual(sorted([...held].map(([y, xs]) => [y, xs.size])));
      const ofX = new Map<number, number>();
      for (const [x] of rows) ofX.set(x, (ofX.get(x) ?? 0) + 1);
      expect(engine.facts("m")).toEqual(sorted([...ofX]));
    };
    for (const from of [0, 20_000, 40_000]) {
      tick(
        "e",
        numbers(from, from + 15_000).map((x) => [x, x % 300]),
      );
      tick(
        "f",
        numbers(5, 290).map((y) => [y]),
      );
      // What comes while the tables shrink, and what they still have.
      tick(
        "e",
        [...numbers(0, 40), ...numbers(from + 16_000, from + 16_040)].map((x) => [x, 1]),
      );
      expectHeld();
      tick(
        "e",
        numbers(from, from + 600).map((x) => [x, x % 300]),
      );
      expectHeld();
    }
  },
);
