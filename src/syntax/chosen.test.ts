import { expect, test } from "vitest";
import { printCompact } from "../program/printCompact.ts";
import type { Dialect } from "./dialect.ts";
import { printProgram } from "./printProgram.ts";
import { read } from "./read.ts";

/** The rules of a text in another notation, or what that cannot say. */
function converted(text: string, from: Dialect, to: Dialect): readonly string[] {
  const result = read(text, { dialect: from });
  expect(result.diagnostics).toEqual([]);
  const printed = printProgram(result.program, to, () => false);
  if (printed.kind === "problems") return printed.problems;
  const again = read(printed.text, { dialect: to });
  expect(again.diagnostics).toEqual([]);
  const same = printProgram(again.program, to, () => false);
  expect(same.kind === "text" && same.text).toBe(printed.text);
  return printed.text
    .split("\n")
    .filter((line) => /:[-~+]/.test(line))
    .map((line) => line.trim());
}

test("what is chosen for each group goes from one notation to another and back", () => {
  const hydroflow = "r(l, choose(y), choose(s)) :- m(l, y, s)\nt@d(choose(y)) :~ m(d, y, _)";
  const prototype = [
    "r(L, Y, S) :- m(L, Y, S), choose((L), (Y, S));",
    "t(#D, Y)@async :- m(D, Y, _), choose((D), (Y));",
  ];
  const compact = [
    "r(l, choose<y>, choose<s>) :- m(l, y, s)",
    "t(choose<y>)@async(d) :- m(d, y, _)",
  ];
  expect(converted(hydroflow, "hydroflow", "compact")).toEqual(compact);
  expect(converted(hydroflow, "hydroflow", "prototype")).toEqual(prototype);
  const back = converted(`% dialect: prototype\n${prototype.join("\n")}`, "prototype", "hydroflow");
  expect(back).toEqual([
    "r(L, choose(Y), choose(S)) :- m(L, Y, S)",
    "t@D(choose(Y)) :~ m(D, Y, _)",
  ]);
  expect(converted(compact.join("\n"), "compact", "paper")).toEqual([
    "r(l, choose<y>, choose<s>, l1, t) :- m(l, y, s, l1, t)",
    "t(choose<y>, d, t') :- m(d, y, _, l, t), delay((y, l, t, d), t')",
  ]);
});

test("a choice by other keys than the head groups by has no words in Hydroflow datalog", () => {
  const problem = (body: string, head = "r(l, y)"): readonly string[] =>
    converted(`${head} :- m(l, y, s), ${body}`, "compact", "hydroflow");
  expect(problem("choose((l,), (y,))")).toEqual(["r(l, choose(y)) :- m(l, y, s)"]);
  for (const [body, head] of [
    ["choose((), (y,))"],
    ["choose((l,), (s,))"],
    ["choose((s,), (y,))"],
    ["choose((l,), (y + 1,))"],
    ["choose((l,), (y,)), choose((l,), (s,))"],
    ["choose((l,), (y,)), index(i)", "r(l, y, i)"],
    ["choose((l,), (s, y))", "r(l, y, s)"],
    ["choose((l,), (y,))", "r(l, y, count<s>)"],
  ] as const) {
    expect(problem(body, head).join()).toContain("[hydroflow-choose]");
  }
});

test("a head that gathers more has no words in the prototype notation", () => {
  for (const head of ["r(l, choose(y), count(s))", "r(index(), choose(y))"]) {
    const problems = converted(`${head} :- m(l, y, s)`, "hydroflow", "prototype");
    expect(problems.join()).toContain("[prototype-aggregate]");
  }
  expect(converted("r(l, choose(l)) :- m(l)", "hydroflow", "prototype")).toEqual([
    "r(L, L) :- m(L);",
  ]);
});

test("in paper notation choose and index have no place and no time", () => {
  const text = "r(x, i, l, t) :- m(x, y, l, t), choose((x,), (y,)), index(i)";
  const { program, diagnostics } = read(text, { dialect: "paper" });
  expect(diagnostics).toEqual([]);
  expect(printCompact(program)).toContain("r(x, i) :- m(x, y), choose((x,), (y,)), index(i)");
  expect(converted(text, "paper", "paper")).toEqual([text]);
});
