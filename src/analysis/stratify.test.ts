import { expect, test } from "vitest";
import { read } from "../syntax/read.ts";
import { analyze } from "./analyze.ts";
import { stratify } from "./stratify.ts";

function strata(text: string): ReturnType<typeof stratify> {
  return stratify(analyze(read(text).program), "main");
}

test("a relation comes above what it negates or aggregates, and beside what it reads", () => {
  expect(
    strata("d(x) :- in(x), !c(x)\nc(x) :- b(x)\nb(x) :- in(x)\nn(count<x>) :- d(x)\ne(x) :- d(x)"),
  ).toEqual({ kind: "strata", strata: [["b", "c"], ["d", "e"], ["n"]] });
});

test("recursion without negation stays in one stratum", () => {
  expect(
    strata(
      "path(x, y) :- edge(x, y)\npath(x, z) :- path(x, y), hop(y, z)\nhop(x, y) :- path(x, y)",
    ),
  ).toEqual({ kind: "strata", strata: [["path", "hop"]] });
});

test("time breaks a cycle", () => {
  expect(
    strata("a(x) :- in(x), !b(x)\nb(x)@next :- a(x)\nc(x)@async(d) :- a(x), !c(x), n(d)"),
  ).toEqual({
    kind: "strata",
    strata: [["a"]],
  });
});

test("the cycle is the shortest one through the negation", () => {
  expect(
    strata(
      "a(x) :- in(x), !c(x)\nb(x) :- a(x)\nb2(x) :- a(x)\nb3(x) :- b2(x)\nc(x) :- b3(x)\nc(x) :- b(x)",
    ),
  ).toEqual({
    kind: "cycle",
    rules: ["main/b/1", "main/c/2", "main/a/1"],
    relations: ["b", "c", "a"],
  });
  expect(strata("n(count<x>) :- n(x)")).toEqual({
    kind: "cycle",
    rules: ["main/n/1"],
    relations: ["n"],
  });
});

test("thousands of relations in a row do not exhaust the stack", () => {
  const rules = Array.from({ length: 4000 }, (_, i) => `r${i}(x) :- r${i + 1}(x)`);
  const found = strata(rules.join("\n"));
  expect(found.kind === "strata" && found.strata[0]?.length).toBe(4000);
});
