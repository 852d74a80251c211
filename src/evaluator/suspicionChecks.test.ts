import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Value } from "../program/value.ts";
import { read } from "../syntax/read.ts";
import { suspicionChecks } from "./suspicionChecks.ts";
import { differenceIn } from "./compareEngines.testing.ts";
import type { Code } from "./compile.ts";
import { componentCode } from "./componentCode.ts";
import { componentShape } from "./componentShape.ts";
import { arithmetic } from "./arithmetic.ts";
import { functionKey } from "./functions.ts";
import { EvaluationError } from "./evaluationError.ts";
import { IncrementalEngine } from "./incrementalEngine.ts";
import { InterpretedMachine } from "./interpretedMachine.ts";
import type { Machine, NodeTable } from "./machine.ts";
import type { Fact, NodeEngine } from "./nodeEngine.ts";
import { ENVIRONMENT } from "./randomComponent.testing.ts";
import { rulePlans } from "./rulePlans.ts";

const functions = new Map([
  ...ENVIRONMENT.functions,
  [
    functionKey("tens", 2),
    ([x]: readonly Value[]): readonly Value[] => [arithmetic("*", x!, 10)],
  ] as const,
]);

const CODES = ["generated", "interpreted"] as const;

function analyzed(rules: string): AnalyzedProgram {
  const { program, diagnostics } = read(`function tens(x -> y)\ncomponent c {\n${rules}\n}`);
  expect(diagnostics).toEqual([]);
  return analyze(program);
}

function fact(relation: string, ...row: readonly Value[]): Fact {
  return { relation, row };
}

/** What the checks of an engine came to. */
interface Work {
  suspicions: number;
  rows: number;
}

/** An engine, and how many rows its checks have looked at. */
function watched(rules: string, code: Code): { readonly engine: NodeEngine; readonly work: Work } {
  const p = analyzed(rules);
  const shape = componentShape(p, "c");
  const plans = shape.rules.map((rule) => rulePlans(shape, rule));
  const check = suspicionChecks(p);
  const work = { suspicions: 0, rows: 0 };
  const counted = (table: NodeTable): NodeTable =>
    new Proxy(table, {
      get: (of, key: keyof NodeTable) => {
        if (key !== "rowsWith") {
          const found = of[key];
          return typeof found === "function" ? (found as () => unknown).bind(of) : found;
        }
        return function* (ids: readonly number[]): Iterable<number> {
          for (const row of of.rowsWith(ids)) {
            work.rows++;
            yield row;
          }
        };
      },
    });
  const generated = componentCode(shape, plans);
  const engine = new IncrementalEngine(
    {
      shape,
      machine: (context) => {
        const machine: Machine =
          code === "generated" ? generated(context) : new InterpretedMachine(shape, plans, context);
        const tables = new Map([...machine.tables].map(([name, t]) => [name, counted(t)]));
        return {
          tables,
          begin: () => machine.begin(),
          run: () => machine.run(),
          end: () => machine.end(),
          visitLive: (mark) => machine.visitLive(mark),
        };
      },
      explain: () => [],
      check: (suspicions, tick) => {
        work.suspicions += suspicions.length;
        check(suspicions, tick);
      },
    },
    { ...ENVIRONMENT, address: "c", functions },
  );
  return { engine, work };
}

const KEPT = `
  st(k, v)@next :- st(k, v)
  st(k, v)@next :- put(k, v)
  per(k, n)@next :- per(k, n)
  per(k, n)@next :- put(k, n)
  pair(t, n)@next :- pair(t, n)
  pair((k, n), 7)@next :- put(k, n)`;

/** Rules in which 100 / 0 fails for the key 0 and something else excludes it. */
const EXCLUDED: readonly (readonly [what: string, rules: string, isSuspect: boolean])[] = [
  [
    "by what is compared first",
    "avg(id, q) :- st(k, v), per(k, n), read(id, k), n > 0, q := 100 / k, v > 0",
    false,
  ],
  [
    "by a row that is looked up",
    "avg(id) :- read(id, k), q := 100 / k, q != 7, st(k, v), v > 0",
    true,
  ],
  [
    "by another computation",
    "avg(id, q) :- read(id, k), st(k, v), per(k, n), q := 100 / k, m := 6 + n, q != v, m > 100000",
    true,
  ],
  [
    "by a row that is looked up with what was computed",
    "avg(id, v) :- read(id, k), q := 100 / k, q != 7, st(j, v), j == id + 1, v > 0",
    true,
  ],
  [
    "by a row that is there",
    "avg(id, v) :- read(id, k), q := 100 / k, q != 7, st(id, v), m := id - v, !per(m, _)",
    true,
  ],
  [
    "by a row that is found over another",
    "avg(id) :- read(id, k), q := 100 / k, q != 7, st(n, v), per(k, n), v > 0",
    true,
  ],
  [
    "by a part of a tuple",
    "avg(id) :- read(id, k), q := 100 / k, q != 7, pair((k, v), _), v > 0",
    true,
  ],
  ["in a group", "avg(id, count<v>) :- read(id, k), q := 100 / k, q != 7, st(k, v), v > 0", true],
];

test.each(EXCLUDED.flatMap((e) => CODES.map((code) => [...e, code] as const)))(
  "what fails but is excluded %s costs the same whatever is held: %s (suspect: %s, %s)",
  (_, rule, isSuspect, code) => {
    const rowsHolding = (held: number): number => {
      const { engine, work } = watched(`${KEPT}\n  ${rule}`, code);
      const rows = Array.from({ length: held }, (__, k) => fact("put", k, 0));
      engine.tick([...rows, fact("put", 10_000, 0)]);
      engine.tick([]);
      engine.tick([fact("read", 10_000, 0), fact("read", 3, 0)]);
      expect(work.suspicions > 0).toBe(isSuspect);
      return work.rows;
    };
    const few = rowsHolding(10);
    expect(few).toBeLessThan(12);
    expect(rowsHolding(300)).toBe(few);
  },
);

test.each(CODES)("what fails and is excluded by nothing is an error with its facts: %s", (code) => {
  const rule = "avg(id, q) :- st(k, v), pair((k, w), _), read(id, k), q := 100 / k, v < q";
  const { engine, work } = watched(`${KEPT}\n  ${rule}`, code);
  engine.tick(Array.from({ length: 300 }, (_, k) => fact("put", k, 1)));
  engine.tick([fact("read", 5, 5)]);
  const error = (): void => void engine.tick([fact("read", 6, 0)]);
  expect(error).toThrow(EvaluationError);
  const where = "for st(0, 1), pair((0, 1), 7), read(6, 0)";
  expect(error).toThrow(`0 divides by zero in rule c/avg/1 ${where}.`);
  expect(work.rows).toBeLessThan(10);
});

test.each(CODES)("an error names whole facts, also of what the rule does not read: %s", (code) => {
  const rule = "low(100 / k) :- per(k, n), st(7, v), v > 0, n > 0\n  all(k) :- per(k, n), st(7, _)";
  for (const fails of [rule, "low(100 / k) :- per(k, n), st(7, _), n > 0"]) {
    const { engine } = watched(`${KEPT}\n  ${fails}`, code);
    engine.tick([fact("put", 7, 4)]);
    expect(() => {
      engine.tick([fact("put", 0, 5)]);
      engine.tick([]);
    }).toThrow("0 divides by zero in rule c/low/1 for per(0, 5), st(7, 4).");
  }
});

/** Rules that compute something of each row that is held, which fails for a text and for one that is too large. */
const COMPUTING = [
  "low(k) :- read(_, x), st(k, v), x == v + 1",
  "low(k) :- per(_, x), st(k, v), v + 1 == x",
  "low(k, z) :- read(_, z), st(k, v), z := v + 1",
  "low(k)@next :- st(k, v), tens(v, z), per(z, _)",
  'low(k)@async(addr("x")) :- st(k, v), per(j, n), n == v + 1, j >= 0',
];

test.each(COMPUTING.flatMap((rule) => CODES.map((code) => [rule, code] as const)))(
  "what cannot be computed of a row that has long been held is an error when the rest holds: %s (%s)",
  (rule, code) => {
    const { engine } = watched(`${KEPT}\n  st(k, v)@next :- text(k, v)\n  ${rule}`, code);
    engine.tick([fact("text", 4, "four"), fact("text", 5, 2n ** 63n - 1n)]);
    for (let i = 0; i < 3; i++) engine.tick([]);
    expect(() => {
      engine.tick([fact("read", 1, 7), fact("put", 7, 7)]);
      engine.tick([]);
    }).toThrow(/ in rule c\/low\/1 for .*st\((4, "four"|5, 9223372036854775807)\)/);
  },
);

test.each(CODES)("and where it does not, nothing happens: %s", (code) => {
  const rules = COMPUTING.map((rule) => `${rule}, !text(k, v), k < 4`).join("\n  ");
  const { engine } = watched(`${KEPT}\n  st(k, v)@next :- text(k, v)\n  ${rules}`, code);
  engine.tick([fact("text", 4, "four"), fact("text", 5, 2n ** 63n - 1n), fact("put", 3, 6)]);
  engine.tick([]);
  engine.tick([fact("read", 1, 7), fact("put", 7, 7)]);
  expect(engine.facts("low").map(([k]) => k)).toContain(3);
  engine.tick([]);
});

test.each(CODES)(
  "a variable has no value if the literal that defines it fails, whatever others say: %s",
  (code) => {
    const p = analyzed("r(x) :- a(y), b(k), x := 1 / k, x := y, !p(x)");
    // There are fewest of `a`, so that the search begins with what `x := y` needs.
    const schedule = [[fact("a", 5), fact("b", 0), fact("b", 1), fact("p", 5)]];
    expect(differenceIn(p.program, ENVIRONMENT, { schedule }, code)).toBeUndefined();
  },
);
