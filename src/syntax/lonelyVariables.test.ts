import { expect, test } from "vitest";
import { printRule } from "../program/printCompact.ts";
import type { Dialect } from "./dialect.ts";
import { read } from "./read.ts";

function firstRule(text: string, dialect: Dialect): string {
  const { program, diagnostics } = read(text, { dialect });
  expect(diagnostics).toEqual([]);
  return printRule(program.components[0]!.rules[0]!);
}

test("a variable in one negated literal only is `_`, as the other notations mean it", () => {
  expect(firstRule("p(x) :- q(x), !r(x, y)", "hydroflow")).toBe("p(x) :- q(x), !r(x, _)");
  expect(firstRule("p(x) :- q(x), !r((x, y), _)", "hydroflow")).toBe("p(x) :- q(x), !r((x, _), _)");
  expect(firstRule("p(N) :- q(N), notin r(N, Y);", "molly")).toBe("p() :- q(), !r(_)");
  expect(firstRule("p(N) :- q(N), notin r(M, N);", "molly")).toBe(
    "p() :- q(), !r_everywhere(_, N), self(N)",
  );
  expect(firstRule("root(V) :- node(V), notin edge(_Parent, V);", "prototype")).toBe(
    "root(V) :- node(V), !edge(_, V)",
  );
});

test("so is one in several negated literals, each by itself", () => {
  expect(firstRule("p(x) :- q(x), !r(x, y), !s(y)", "hydroflow")).toBe(
    "p(x) :- q(x), !r(x, _), !s(_)",
  );
  expect(firstRule("p(N, X) :- q(N, X), notin r(N, Y), notin s(N, Y, X);", "molly")).toBe(
    "p(X) :- q(X), !r(_), !s(_, X)",
  );
});

test("a variable that stands anywhere else stays one", () => {
  expect(firstRule("p(x) :- q(x), !r(y), (y > x)", "hydroflow")).toContain("!r(y), y > x");
  expect(firstRule("p(x) :- q(x), !r(y, y)", "hydroflow")).toContain("!r(y, y)");
  expect(firstRule("p(x) :- q(x), !r(y, y), !s(y)", "hydroflow")).toContain("!r(y, y), !s(y)");
  expect(firstRule("p(count(y)) :- q(x), !r(y)", "hydroflow")).toContain("!r(y)");
  expect(firstRule("p(x) :- q(x), !r(x, y)", "compact")).toContain("!r(x, y)");
});
