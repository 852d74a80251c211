import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import { rowKey, type Row } from "../program/value.ts";
import type { Dialect } from "../syntax/dialect.ts";
import { read } from "../syntax/read.ts";
import { differenceIn } from "./compareEngines.testing.ts";
import type { Fact } from "./nodeEngine.ts";
import { ENVIRONMENT } from "./randomComponent.testing.ts";
import { reference } from "./reference.ts";

const ROWS: readonly Row[] = [
  ["red", 1990, "b"],
  ["red", 1935, "z"],
  ["red", 1935, "s"],
  ["aqua", 1958, "k"],
  ["aqua", 1958, "a"],
  ["pink", 1935, "q"],
];
const ARRIVED: readonly Fact[] = ROWS.map((row) => ({ relation: "m", row }));
const FEWER = ARRIVED.filter(({ row }) => row[1] !== 1935);
const SCHEDULE = [ARRIVED, [], ARRIVED.toReversed(), FEWER, ARRIVED];

/** What holds of r after the first tick; both evaluators agree on all of them. */
function derived(rules: string, dialect: Dialect = "compact"): readonly string[] {
  const { program, diagnostics } = read(rules, { dialect });
  expect(diagnostics).toEqual([]);
  const p = analyze(program);
  expect(p.faults.filter((f) => f.severity === "error")).toEqual([]);
  const test = { schedule: SCHEDULE };
  for (const code of ["generated", "interpreted"] as const) {
    expect(differenceIn(program, ENVIRONMENT, test, code)).toBeUndefined();
  }
  const engine = reference(p, program.components[0]!.name).start(ENVIRONMENT);
  engine.tick(ARRIVED);
  return engine.facts("r").map((row) => row.join(" "));
}

test("Hydroflow's choose takes one row of each group, the same for all that is chosen", () => {
  expect(derived("r(l, choose(y)) :- m(l, y, s)", "hydroflow")).toEqual([
    "aqua 1958",
    "pink 1935",
    "red 1935",
  ]);
  // The least year and the least station of red stand in no row together.
  expect(derived("r(l, choose(y), choose(s)) :- m(l, y, s)", "hydroflow")).toEqual([
    "aqua 1958 a",
    "pink 1935 q",
    "red 1935 s",
  ]);
  expect(derived("r(choose(s), choose(y)) :- m(l, y, s)", "hydroflow")).toEqual(["a 1958"]);
});

test("what is gathered besides is gathered of the whole group", () => {
  expect(derived("r(l, choose(y), count(*), max(y)) :- m(l, y, s)", "hydroflow")).toEqual([
    "aqua 1958 2 1958",
    "pink 1935 1 1935",
    "red 1935 3 1990",
  ]);
});

test("Hydroflow's index numbers the rows of the body, or the groups of the head", () => {
  expect(derived("r(index(), l) :- m(l, y, s)", "hydroflow")).toEqual([
    "0 aqua",
    "1 aqua",
    "2 pink",
    "3 red",
    "4 red",
    "5 red",
  ]);
  expect(derived("r(index(), l, count(s)) :- m(l, y, s)", "hydroflow")).toEqual([
    "0 aqua 2",
    "1 pink 1",
    "2 red 3",
  ]);
  expect(derived("r(index(), choose(s)) :- m(l, y, s)", "hydroflow")).toEqual(["0 a"]);
});

test("the prototype's choose keeps one tuple of values for equal keys, each among what those before it left", () => {
  const rule = (body: string): string => `r(L, Y, S) :- m(L, Y, S), ${body};`;
  expect(derived(rule("choose((L), (Y, S))"), "prototype")).toEqual([
    "aqua 1958 a",
    "pink 1935 q",
    "red 1935 s",
  ]);
  expect(derived(rule("choose((L), (Y)), choose((Y), (S))"), "prototype")).toEqual([
    "aqua 1958 a",
    "pink 1935 q",
  ]);
  expect(derived(rule("choose((), (S)), L =/= aqua"), "prototype")).toEqual(["red 1990 b"]);
});

test("what uses a row's number holds or not after all rows have theirs", () => {
  expect(derived("r(l, i) :- m(l, _, _), index(i), i > 0")).toEqual(["pink 1", "red 2"]);
  expect(derived("r(l, j) :- m(l, _, _), index(i), s2(i, j)")).toEqual([
    "aqua 1",
    "pink 2",
    "red 0",
  ]);
});

test("what is chosen among can come from another tick, and go to another node", () => {
  derived(
    "k(l, y)@next :- m(l, y, _)\nk(l, y)@next :- k(l, y), !m(l, _, _)\nr(l, choose<y>) :- k(l, y)",
  );
  derived("t(l, choose<y>, choose<s>)@async(d) :- m(l, y, s), peer(d)");
  derived(
    "t(l, i)@async(d) :- m(l, _, _), index(i), peer(d)\nr(y)@next :- m(_, y, _), choose((), (y,))",
  );
});

test("a leader in Hydroflow's way numbers what comes in a tick and goes on in the next", () => {
  const { program } = read(
    `.input in \`source_stream(requests)\`
     r(s + i, v) :- numbered(v, i), free(s)
     numbered(v, index()) :- in(v)
     most(max(i)) :- numbered(_, i)
     free(s) :- start(s), !begun(s)
     begun(s) :+ start(s)
     begun(s) :+ begun(s)
     free(s + i + 1) :+ free(s), most(i)
     free(s) :+ free(s), !most(_)`,
    { dialect: "hydroflow" },
  );
  const edb = new Map([["start", [[10]]]]);
  const environment = { ...ENVIRONMENT, edb };
  const declared = {
    ...program,
    declarations: [
      ...program.declarations,
      {
        kind: "relation",
        role: "edb",
        relation: "start",
        attributes: [{ name: "s" }],
        rows: [],
      } as const,
    ],
  };
  const schedule = [["b", "a"], [], ["c"], ["f", "d", "e"]].map((tick) =>
    tick.map((v): Fact => ({ relation: "in", row: [v] })),
  );
  const engine = reference(analyze(declared), "main").start(environment);
  const slots = schedule.map((arrived) => {
    engine.tick(arrived);
    return engine.facts("r").map((row) => row.join(""));
  });
  expect(slots).toEqual([["10a", "11b"], [], ["12c"], ["13d", "14e", "15f"]]);
  for (const code of ["generated", "interpreted"] as const) {
    expect(differenceIn(declared, environment, { schedule }, code)).toBeUndefined();
  }
});

test("a key that cannot be computed is an error, whether the row would be chosen or not", () => {
  for (const rule of [
    "r(s) :- m(l, y, s), choose((1 / (y - 1990),), (s,))",
    "r(s) :- m(l, y, s), choose((l,), (s, 1 / (y - 1990)))",
    "r(l, 1 / (y - 1990), choose<s>) :- m(l, y, s)",
  ]) {
    const { program } = read(rule);
    for (const code of ["generated", "interpreted"] as const) {
      expect(differenceIn(program, ENVIRONMENT, { schedule: [ARRIVED] }, code)).toBeUndefined();
    }
    const engine = reference(analyze(program), "main").start(ENVIRONMENT);
    expect(() => engine.tick(ARRIVED)).toThrow(/1 \/ 0 divides by zero/);
  }
});

test("a chosen row is explained by what it was chosen from", () => {
  const { program } = read("r(l, y) :- m(l, y, s), choose((l,), (y,))");
  const engine = reference(analyze(program), "main").start(ENVIRONMENT);
  engine.tick(ARRIVED);
  const facts = (row: Row): readonly string[] =>
    engine
      .explain("now", { relation: "r", row })
      .flatMap((d) => d.members.flatMap((m) => m.facts.map((f) => rowKey(f.row))));
  const among = ROWS.filter(([line, year]) => line === "red" && year === 1935);
  expect(facts(["red", 1935]).toSorted()).toEqual(among.map(rowKey).toSorted());
  expect(facts(["red", 1990])).toEqual([]);
});

test.each([
  ["r(x) :- m(x, y, z), choose(x, y)", "choice-form"],
  ["r(x) :- m(x, y, z), !choose((x,), (y,))", "choice-form"],
  ["r(x) :- m(x, y, z), index(3)", "choice-form"],
  ["r(x, i) :- m(x, y, z), index(i), choose((i,), (x,))", "choice-form"],
  ["r(i, count<x>) :- m(x, y, z), index(i), i > 2", "choice-form"],
  ["r(x) :- m(x, y, z), choose((x,), (w,))", "unbound-variable"],
  ["r(x) :- m(x, y, z), choose((_,), (x,))", "wildcard"],
  ["r(x) :- m(x, y, z)\nr(y) :- r(x), m(x, y, z), choose((x,), (y,))", "unstratified"],
])("%s is an error", (rules, code) => {
  const p = analyze(read(rules).program);
  expect(p.faults.filter((f) => f.severity === "error").map((f) => f.code)).toEqual([code]);
});

test("relations of the program that are called so are its own", () => {
  const rules = "index(y) :- m(_, y, _)\nr(7) :- m(_, _, _)\nr(i) :- r(_), index(i)";
  expect(derived(rules)).toEqual(["7", "1935", "1958", "1990"]);
});
