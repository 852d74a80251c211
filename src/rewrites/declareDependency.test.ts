import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { readCase } from "../syntax/readCase.ts";
import { applyStep, offers } from "./driver.ts";
import { printed } from "./examples.testing.ts";

const JOINING = `component L {
  p(x) <- a(x); p@next(x) <- p(x); r(y) <- q(y); r@next(y) <- r(y)
  o@async(c)(x) <- p(x), e(x,y), r(y)
}
component K {
  a@async(L)(x) <- to_a(x); q@async(L)(y) <- to_q(y)
}`.replaceAll(";", "\n");

function given(rows: string, more = ""): AnalyzedProgram {
  return analyze(readCase(`edb e(x,y)${rows}\n${more}\n${JOINING}`).program);
}

function partitioning(p: AnalyzedProgram) {
  const selection = { component: "L", rules: [] };
  return offers(p, selection).find((o) => o.rewrite === "partitionWithDependencies")!;
}

test("what all rows of a table have is declared on the way to a partitioning that needs it", () => {
  const offer = partitioning(given(" = { (1, 2), (3, 2) }"));
  expect(offer.verdict).toBe("holds");
  expect(offer.steps.map((step) => step.rewrite)).toEqual([
    "declareDependency",
    "partitionWithDependencies",
  ]);
  expect(offer.inserted).toEqual([
    "`fd e: x -> y` is declared: it is true of all 2 rows that `e` is given.",
  ]);
});

test("a table with two rows for one value is not split by", () => {
  const offer = partitioning(given(" = { (1, 2), (1, 3) }"));
  expect(offer.verdict).toBe("violated");
  const step = applyStep(given(" = { (1, 2), (1, 3) }"), {
    rewrite: "declareDependency",
    target: { relation: "e", from: ["x"], to: "y" },
  });
  if (step.kind !== "refused") throw new Error(step.kind);
  expect(step.preconditions.map((c) => c.statement)).toEqual([
    "`fd e: x -> y` is not true: `e(1, 2)` and `e(1, 3)` are rows of it.",
  ]);
});

test("what nobody lists is for the user to declare", () => {
  const offer = partitioning(given(""));
  expect(offer.verdict).toBe("violated");
  expect(offer.suggestion).toEqual({
    sentence: "Declaring `fd e: x -> y` would work, if it is true of every fact.",
  });
});

test("the step adds the declaration and nothing else", () => {
  const p = given(" = { (1, 2) }");
  const target = { relation: "e", from: ["x"], to: "y" };
  const step = applyStep(p, { rewrite: "declareDependency", target });
  if (step.kind !== "applied") throw new Error(step.kind);
  expect(printed(step.program)).toBe(printed(p));
  expect(step.program.program.declarations.at(-1)).toEqual({ kind: "dependency", ...target });
  expect(applyStep(step.program, { rewrite: "declareDependency", target })).toMatchObject({
    kind: "fault",
  });
});

test("a dependency that the rows do not have is an error, wherever it is declared", () => {
  const errors = (p: AnalyzedProgram) => p.faults.filter((f) => f.severity === "error");
  const [error] = errors(given(" = { (1, 2), (1, 3) }", "fd e: x -> y"));
  expect(error?.message).toBe(
    "`fd e: x -> y` is declared, but `e(1, 2)` and `e(1, 3)` are rows of it.",
  );
  expect(errors(given(" = { (1, 2), (2, 2) }", "fd e: x -> y"))).toEqual([]);
  expect(errors(given("", "fd nobody: x -> y"))).toEqual([]);
});
