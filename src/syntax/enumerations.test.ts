import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import { compile } from "../evaluator/compile.ts";
import { ENVIRONMENT } from "../evaluator/randomComponent.testing.ts";
import { reference } from "../evaluator/reference.ts";
import { printCompact } from "../program/printCompact.ts";
import { printProgram } from "./printProgram.ts";
import { read } from "./read.ts";

/** What the relation holds after a tick in which these facts arrive; both engines agree. */
function held(text: string, relation: string, arrived: readonly (readonly [string, unknown])[]) {
  const { program, diagnostics } = read(text, { dialect: "hydroflow" });
  expect(diagnostics).toEqual([]);
  const facts = arrived.map(([name, value]) => ({ relation: name, row: [value] as never }));
  const [first, second] = [reference, compile].map((make) => {
    const engine = make(analyze(program), "main").start(ENVIRONMENT, { observe: true });
    engine.tick(facts);
    return engine
      .facts(relation)
      .map((row) => JSON.stringify(row))
      .toSorted();
  });
  expect(second).toEqual(first);
  return first;
}

test("less_than enumerates the numbers below each value that a literal brings", () => {
  const text = "pair(i, n) :- size(n), less_than(i, n)";
  expect(
    held(text, "pair", [
      ["size", 3],
      ["size", 1],
      ["size", 0],
      ["size", -2],
    ]),
  ).toEqual(["[0,1]", "[0,3]", "[1,3]", "[2,3]"]);
  const twice = "pair(i, j) :- size(n), less_than(i, n), less_than(j, i)";
  expect(held(twice, "pair", [["size", 3]])).toEqual(["[1,0]", "[2,0]", "[2,1]"]);
});

test("*x is each element of a tuple, also of one inside, also with its parts", () => {
  expect(
    held("each(x) :- batch(*x)", "each", [
      ["batch", [7, "a", 7]],
      ["batch", []],
    ]),
  ).toEqual(['["a"]', "[7]"]);
  expect(held("each(x) :- batch(**x)", "each", [["batch", [[1, 2], [], [3]]]])).toEqual([
    "[1]",
    "[2]",
    "[3]",
  ]);
  expect(
    held("each(b, a) :- batch(*(a, b))", "each", [
      [
        "batch",
        [
          [1, 2],
          [3, 4],
        ],
      ],
    ]),
  ).toEqual(["[2,1]", "[4,3]"]);
  // What is collected is had again.
  const back = "all(collect_vec(x)) :- item(x)\neach(x) :- all(*x)";
  expect(
    held(back, "each", [
      ["item", 2],
      ["item", 1],
    ]),
  ).toEqual(["[1]", "[2]"]);
});

test("what is made stands in a program, and in no text of the notation", () => {
  const text = "each(x, i) :- batch(*x), size(n), less_than(i, n)\nother(x) :- batch(*x)";
  const { program } = read(text, { dialect: "hydroflow" });
  expect(printCompact(program)).toMatchInlineSnapshot(`
    "component main {
      each(x, i) :- batch(flat), flatten(flat, x), size(n), less_than(i, n)
      other(x) :- batch(flat), flatten(flat, x)
      less_than(x1 - 1, x1) :- size(x1), x1 > 0
      less_than(x1 - 1, x2) :- less_than(x1, x2), x1 > 0
      flatten_at(x1, x2 - 1) :- batch(x1), len(x1, x2), x2 > 0
      flatten_at(x1, x2 - 1) :- flatten_at(x1, x2), x2 > 0
      flatten(x1, x3) :- flatten_at(x1, x2), elementAt(x1, x2, x3)
    }
    "
  `);
  const compact = read(printCompact(program), { dialect: "compact" }).program;
  expect(printProgram(compact, "hydroflow", () => false)).toEqual({
    kind: "text",
    text: `# clew: component main\n${text}\n`,
  });
});

test("a relation of that name which is none of these gets another one", () => {
  const printed = (text: string): unknown => {
    const result = printProgram(
      read(text, { dialect: "compact" }).program,
      "hydroflow",
      () => false,
    );
    return result.kind === "text" ? result.text.split("\n").slice(1, -1) : result.problems;
  };
  expect(printed("p(x) :- q(y), less_than(x, y)")).toEqual(["p(x) :- q(y), less_than_r(x, y)"]);
  expect(printed("p(x) :- q(y), flatten(y, x)")).toEqual(["p(x) :- q(y), flatten_r(y, x)"]);
  expect(printed("flatten_at(x, y) :- q(x, y)")).toEqual(["flatten_at_r(x, y) :- q(x, y)"]);
  // A text that derives it means its own.
  expect(
    printCompact(read("less_than(x, y) :- q(x, y)\np(x) :- less_than(x, 3)").program),
  ).not.toContain("x1");
  expect(
    printCompact(read("p(x) :~ flatten(x, y)", { dialect: "hydroflow" }).program),
  ).not.toContain(" flatten(");
});
