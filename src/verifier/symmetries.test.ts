import { expect, test } from "vitest";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { nodeEnvironment } from "../evaluator/environment.ts";
import { nobleCrypto } from "../evaluator/nobleCrypto.ts";
import { INITIAL_STATE, referenceTick } from "../evaluator/reference.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import type { Deployment } from "../program/deployment.ts";
import { address } from "../program/value.ts";
import type { Row } from "../program/value.ts";
import { sendText } from "./machine.ts";
import type { Input } from "./machine.ts";
import { checked, inputsOf, program, verdictOf } from "./programs.testing.ts";
import type { Renaming } from "./renaming.ts";
import type { ScheduleStep } from "./schedule.ts";
import { symmetries } from "./symmetries.ts";

type Facts = readonly (readonly [string, ...Row])[];

/** In how many ways inputs may be exchanged. */
function ways(original: AnalyzedProgram, rewritten: AnalyzedProgram, facts: Facts): number {
  const inputs = inputsOf(facts);
  const isMoved = (input: Input, by: Renaming) => sendText(by.send(input)) !== sendText(input);
  return symmetries(original, rewritten, inputs).filter((by) => inputs.some((i) => isMoved(i, by)))
    .length;
}

const ECHO =
  "o@async(c)(v) <- a(v); any@next(1) <- a(_); any@next(1) <- any(1); bad@async(c)(0) <- no(1)";
const bound = { together: 1 };

/** What a program asks of the first value, so that the one it is true of cannot take the place of the other. */
interface Telling {
  readonly values: readonly [Row[number], Row[number]];
  /** Each is true of one of the values, or a tick at which it comes. */
  readonly asks: readonly string[];
  readonly more?: string;
  readonly edb?: Deployment["edb"];
  readonly node?: Deployment["node"];
}

const NUMBERS = [5, 7] as const;
const PEERS = (n: number): Row[] => Array.from({ length: n }, (_, i) => [`p${i}`]);

const TELLING: Readonly<Record<string, Telling>> = {
  "an order": { values: NUMBERS, asks: ["v < 6", "v > 6"] },
  "an order the other way round": { values: NUMBERS, asks: ["6 >= v", "6 <= v"] },
  arithmetic: { values: NUMBERS, asks: ["w := v % 3, w == 2", "w := v % 3, w == 1"] },
  "arithmetic in a comparison": { values: NUMBERS, asks: ["v % 3 == 2", "v % 3 == 1"] },
  "a function": { values: ["x", "yy"], asks: ["len(v, n), n == 1", "len(v, n), n == 2"] },
  "a hash": { values: [1, 4], asks: ["partition(v, 2, 0)", "partition(v, 2, 1)"] },
  "a constant": { values: NUMBERS, asks: ["v == 5", "v == 7"] },
  "a constant in a relation": { values: NUMBERS, asks: ["a(5)", "a(7)"] },
  "a constant in a tuple": { values: NUMBERS, asks: ["(v, v) == (5, 5)", "(v, v) == (7, 7)"] },
  "a table": { values: NUMBERS, asks: ["t(v)", "!t(v)"], edb: { t: [[5]] } },
  "a table in the text": {
    values: NUMBERS,
    asks: ["t(v)", "!t(v)"],
    more: "edb t(x) = { (5) }",
  },
  "a table of tuples": {
    values: NUMBERS,
    asks: ["t((v, _))", "t((_, v))"],
    edb: { t: [[[5, 7]]] },
  },
  "a table of one node": { values: NUMBERS, asks: ["t(v)", "!t(v)"], node: { L: { t: [[5]] } } },
  "a number of others": {
    values: NUMBERS,
    asks: ["n(v)", "a(v), !n(v)"],
    more: "n(count<x>) <- peer(x)",
    edb: { peer: PEERS(5) },
  },
  "a sum": {
    values: NUMBERS,
    asks: ["n(v, 5)", "n(v, 7)"],
    more: "n(x, sum<y>) <- t(x, y)",
    edb: { t: NUMBERS.map((x) => [x, x]) },
  },
  "the least": {
    values: NUMBERS,
    asks: ["n(v)", "m(v)"],
    more: "n(min<x>) <- t(x); m(max<x>) <- t(x)",
    edb: { t: NUMBERS.map((x) => [x]) },
  },
  "an order of all": {
    values: NUMBERS,
    asks: ["l((v, _))", "l((_, v))"],
    more: "l(collect<x>) <- t(x)",
    edb: { t: NUMBERS.map((x) => [x]) },
  },
};

for (const [what, { asks, values, more = "", ...given }] of Object.entries(TELLING)) {
  test(`values of which ${what} tells one are not exchanged`, () => {
    const facts = values.map((v) => ["a", v] as const);
    for (const ask of asks) {
      const of = (condition: string): AnalyzedProgram =>
        program({
          nodes: { L: `${ECHO.replace("no(1)", `a(v), !any(1), ${condition}`)}; ${more}` },
          channels: { "a/1": "L" },
          deployment: given,
        });
      const [original, rewritten] = [of("no(1)"), of(ask)];
      expect(ways(original, rewritten, facts)).toBe(0);
      expect(ways(rewritten, original, facts)).toBe(0);
      expect(verdictOf(checked(original, rewritten, facts, { bound }))).toBe("safety");
    }
  });
}

test("what stands beside the number of a tick stays", () => {
  const facts: Facts = NUMBERS.map((v) => ["a", v]);
  const of = (at: string): AnalyzedProgram =>
    program({
      nodes: { L: `o@async(c)(v) <- a(v), ${at}, t(n, v)` },
      channels: { "a/1": "L" },
      deployment: { edb: { t: NUMBERS.map((v, i) => [i + 1, v]) } },
    });
  const [ticking, plain] = [of("tick(n)"), of("n != v")];
  expect(ways(plain, plain, facts)).toBe(1);
  expect(ways(ticking, ticking, facts)).toBe(0);
});

test("values that are only compared for equality are exchanged", () => {
  const nodes = { L: "o@async(c)(v, n) <- a(v), n(n); s(v) <- a(v); n(count<v>) <- s(v), v != 3" };
  const p = program({ nodes, channels: { "a/1": "L" } });
  const facts: Facts = [1, 2, 4, 5].map((v) => ["a", v]);
  expect(ways(p, p, facts)).toBe(4 * 3 * 2 - 1);
  // What may be sent twice cannot take the place of what may be sent once, and what a rule names stays.
  expect(ways(p, p, [...facts, ["a", 5]])).toBe(3 * 2 - 1);
  expect(ways(p, p, [...facts.slice(0, 3), ["a", 3]])).toBe(3 * 2 - 1);
});

test("what may be sent more often stays what may be sent more often", () => {
  const p = program({ nodes: { L: "o@async(c)(v, w) <- a(v, w)" }, channels: { "a/2": "L" } });
  const facts: Facts = [
    ["a", 1, "x"],
    ["a", 1, "y"],
    ["a", 2, "x"],
    ["a", 2, "y"],
  ];
  expect(ways(p, p, facts)).toBe(3);
  expect(ways(p, p, [...facts, facts[0]!, facts[3]!])).toBe(1);
});

/** Nodes of one component, to each of which a client may send. */
function several(rules: string, deployment: Partial<Deployment>): AnalyzedProgram {
  return program({
    nodes: { N: rules },
    channels: { "a/2": "d := x1" },
    deployment: { instances: { N: ["N1", "N2"], K: ["K"] }, ...deployment },
  });
}

const ANSWER = "o@async(c)(l, v) <- a(l, v); tell@async(d)(l) <- a(l, v), other(d)";
const TOLD = "told@next(l) <- tell(l); told@next(l) <- told(l)";
const N1 = address("N1");
const N2 = address("N2");
const OTHER = { N1: { other: [[N2]] }, N2: { other: [[N1]] } };
const TO_BOTH: Facts = [
  ["a", N1, "x"],
  ["a", N2, "x"],
];

interface TellingNodes {
  readonly asks: readonly string[];
  readonly deployment?: Partial<Deployment>;
}

const NODES_APART: Readonly<Record<string, TellingNodes>> = {
  "an order of addresses": {
    asks: ['self(l), l < addr("N15")', 'self(l), l > addr("N15")'],
  },
  "a constant address": { asks: ['self(addr("N1"))', 'self(addr("N2"))'] },
  "a table of one node": {
    asks: ["mine(1)", "!mine(1)"],
    deployment: { node: { ...OTHER, N1: { ...OTHER.N1, mine: [[1]] } } },
  },
  "a table about nodes": {
    asks: ["self(l), t(l)", "self(l), !t(l)"],
    deployment: { edb: { t: [[N1]] } },
  },
  "a table about what they were": {
    asks: ["orig(l), t(l)", "orig(l), !t(l)"],
    deployment: { edb: { t: [[N1]] } },
  },
  "what they were": {
    asks: ["self(l), orig(l)", "self(l), !orig(l)"],
    deployment: { originals: { N2: "N1" } },
  },
  "a key": {
    asks: [0, 1].map((bit) => `sign("x", s), hash(s, 1, ${bit})`),
  },
  "a secret": {
    asks: [0, 1].map((bit) => `mykey(s), hash(s, 1, ${bit})`),
  },
};

for (const [what, { asks, deployment = {} }] of Object.entries(NODES_APART)) {
  test(`nodes that ${what} tells apart are not exchanged`, () => {
    const of = (condition: string): AnalyzedProgram =>
      several(`${ANSWER}; ${TOLD}; bad@async(c)(0) <- a(_, _), !told(_), ${condition}`, {
        node: OTHER,
        ...deployment,
      });
    const verdicts = asks.map((ask) => {
      const [original, rewritten] = [of("no(1)"), of(ask)];
      expect(ways(original, rewritten, TO_BOTH)).toBe(0);
      return verdictOf(checked(original, rewritten, TO_BOTH, { bound }));
    });
    expect(verdicts).toContain("safety");
  });
}

test("nodes of different components are not exchanged", () => {
  const of = (a: string, b: string): AnalyzedProgram =>
    program({
      nodes: {
        A: `o@async(c)(l, v) <- a(l, v); bad@async(c)(0) <- a(_, _), ${a}`,
        B: `o@async(c)(l, v) <- a(l, v); bad@async(c)(0) <- a(_, _), ${b}`,
      },
      channels: { "a/2": "d := x1" },
    });
  const facts: Facts = [
    ["a", address("A"), "x"],
    ["a", address("B"), "x"],
  ];
  const original = of("no(1)", "no(1)");
  for (const rewritten of [of("no(1)", "first(1)"), of("first(1)", "no(1)")]) {
    expect(ways(original, rewritten, facts)).toBe(0);
  }
});

/** Relays between a source and a sink that counts who has told it. */
function relays(names: readonly string[], sink: string): AnalyzedProgram {
  return program({
    nodes: {
      S: "m@async(d)(v) <- a(v), relay(d)",
      R: "t@async(d)(l, v) <- m(v), self(l), sink(d)",
      T: `s(l, v) <- t(l, v); s@next(l, v) <- s(l, v); n(count<l>, v) <- s(l, v); ${sink}`,
    },
    channels: { "a/1": "S" },
    deployment: {
      instances: { S: ["S"], R: names, T: ["T"], K: ["K"] },
      edb: { relay: names.map((r) => [address(r)]), sink: [[address("T")]] },
    },
  });
}

const THREE = ["R1", "R2", "R3"];
const ALL = "o@async(c)(v) <- n(3, v)";

const TWO: Facts = [
  ["a", 1],
  ["a", 2],
];

test("of relays and requests that are alike, one order is looked at", () => {
  const p = relays(THREE, ALL);
  const options = { reduced: false, bound: { together: 2 } };
  const every = checked(p, p, TWO, { ...options, symmetry: false });
  const fewer = checked(p, p, TWO, { ...options, symmetry: true });
  expect([every.kind, fewer.kind]).toEqual(["refines", "refines"]);
  expect(symmetries(p, p, inputsOf(TWO)).length).toBe(6 * 2 - 1);
  expect(every.explored / fewer.explored).toBeGreaterThan(6);
});

test("what was seen, and what the original may do, is exchanged with the rest", () => {
  // Who is told first of a value says so, and says of the next ones how many there were before.
  const sink =
    "o@async(c)(v, l) <- t(l, v), !was(v, _); was@next(v, l) <- s(l, v); k(count<v>) <- was(v, _); p@async(c)(v, k) <- t(_, v), k(k), !was(v, _)";
  const p = relays(["R1", "R2"], sink);
  const facts: Facts = [1, 2, 3].map((v) => ["a", v]);
  const options = { bound: { together: 1 }, reduced: false, symmetry: true };
  expect(verdictOf(checked(p, p, facts, options))).toBe("refines");
});

test("a schedule found among representatives is one of the program", () => {
  // Who tells it both values first tells it by way of the other two.
  const bad =
    "bad@async(c)(k) <- s(k, v), s(k, w), v != w, t(l, v), l != k, s(l, w), t(j, _), j != l, j != k";
  const [original, rewritten] = [relays(THREE, ALL), relays(THREE, `${ALL}; ${bad}`)];
  for (const reduced of [false, true]) {
    const found = checked(original, rewritten, TWO, { reduced, bound: { together: 2 } });
    if (found.kind !== "counterexample") throw new Error(found.kind);
    expect(shownBy(rewritten, found.schedule)).toContain("bad");
  }
});

/** What the environment sees in a run by that schedule; throws where something enters a tick that is not under way. */
function shownBy(p: AnalyzedProgram, schedule: readonly ScheduleStep[]): readonly string[] {
  const functions = standardFunctions(nobleCrypto);
  const tickOf = (at: string) => {
    const [component] = Object.entries(p.deployment!.instances).find(([, all]) =>
      all.includes(at),
    )!;
    const environment = nodeEnvironment(p, p.deployment!, component, at, functions, nobleCrypto);
    return referenceTick(p, component, environment);
  };
  const states = new Map<string, typeof INITIAL_STATE>();
  const underWay: string[] = [];
  const shown: string[] = [];
  const tick = (at: string, arrived: Parameters<ReturnType<typeof referenceTick>>[1]): void => {
    const { state, sends } = tickOf(at)(states.get(at) ?? INITIAL_STATE, arrived);
    states.set(at, state);
    for (const send of sends) {
      underWay.push(sendText(send));
      if (send.to === "c") shown.push(send.relation);
    }
  };
  for (const { inputs, ticks, outputs } of schedule) {
    for (const input of inputs) tick("K", [inputsOf(TWO)[input]!]);
    const before = shown.length;
    for (const { address: at, arrived } of ticks) {
      for (const { relation, row } of arrived) {
        const place = underWay.indexOf(sendText({ to: at, relation, row }));
        if (place < 0) throw new Error(`${relation} is not under way to ${at}.`);
        underWay.splice(place, 1);
      }
      tick(at, arrived);
    }
    for (const { relation } of outputs) expect(shown.slice(before)).toContain(relation);
  }
  return shown;
}
