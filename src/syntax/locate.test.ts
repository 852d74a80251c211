import { expect, test } from "vitest";
import type { Fault, Place } from "../program/evidence.ts";
import { faultDiagnostic, locate } from "./locate.ts";
import { read } from "./read.ts";

const TEXT = `edb num(n)
p(x) :- q(x), !r(x, y), num(n)
p(x)@next :- p(x), num(x)
`;
const MAP = read(TEXT).sourceMap;

function texts(place: Place): readonly string[] {
  return locate(place, MAP).map((span) => TEXT.slice(span.start, span.end));
}

test("places have spans", () => {
  expect(texts({ kind: "rule", rule: "main/p/2" })).toEqual(["p(x)@next :- p(x), num(x)"]);
  expect(texts({ kind: "head", rule: "main/p/2" })).toEqual(["p(x)@next"]);
  expect(texts({ kind: "literal", rule: "main/p/1", index: 1 })).toEqual(["!r(x, y)"]);
  expect(texts({ kind: "relation", relation: "num" })).toEqual(["edb num(n)", "num", "num"]);
  expect(texts({ kind: "relation", relation: "q" })).toEqual(["q"]);
  expect(texts({ kind: "path", rules: ["main/p/1", "main/p/2", "main/z/1"] })).toHaveLength(2);
});

test("a place that the text does not have has no span", () => {
  expect(texts({ kind: "rule", rule: "main/z/1" })).toEqual([]);
  expect(texts({ kind: "literal", rule: "main/p/2", index: 9 })).toEqual([
    "p(x)@next :- p(x), num(x)",
  ]);
});

test("a fault becomes a diagnostic with related places and a quick fix at the name", () => {
  const fault: Fault = {
    severity: "error",
    code: "unbound-variable",
    message: "`y` occurs only in a negated literal.",
    place: { kind: "literal", rule: "main/p/1", index: 1 },
    related: [{ kind: "head", rule: "main/p/2", because: "p is kept here" }],
    replacement: { from: "y", to: "_" },
  };
  const diagnostic = faultDiagnostic(fault, MAP);
  const at = (span: { start: number; end: number }): string => TEXT.slice(span.start, span.end);
  expect(at(diagnostic.span)).toBe("y");
  expect(diagnostic.rule).toBe("main/p/1");
  expect(diagnostic.related!.map((r) => [r.message, at(r.span)])).toEqual([
    ["p is kept here", "p(x)@next"],
  ]);
  expect(diagnostic.fix).toMatchObject({ title: "Replace `y` with `_`", edits: [{ text: "_" }] });
  expect(diagnostic.fix!.edits.map((e) => e.span)).toEqual([diagnostic.span]);
});

test("a fix replaces the name everywhere in its place and nowhere else", () => {
  const fault: Fault = {
    severity: "warning",
    code: "misspelt",
    message: "`p` is misspelt.",
    place: { kind: "rule", rule: "main/p/2" },
    related: [],
    replacement: { from: "p", to: "q" },
  };
  const { fix } = faultDiagnostic(fault, MAP);
  const second = TEXT.indexOf("p(x)@next");
  expect(fix!.edits.map((e) => e.span.start)).toEqual([second, TEXT.indexOf("p(x), num")]);
});

test("a variable is told from a relation of the same name", () => {
  const map = read("p(n) :- n(n, k)").sourceMap;
  const fault: Fault = {
    severity: "error",
    code: "unbound-variable",
    message: "`n` is wrong.",
    place: { kind: "literal", rule: "main/p/1", index: 0 },
    related: [],
    replacement: { from: "n", to: "_" },
  };
  expect(faultDiagnostic(fault, map).fix!.edits.map((e) => e.span.start)).toEqual([10]);
});

test("a fault about nothing in the text has no span but keeps its message", () => {
  const fault: Fault = {
    severity: "error",
    code: "x",
    message: "Nothing.",
    place: { kind: "path", rules: [] },
    related: [],
    replacement: { from: "a", to: "b" },
  };
  expect(faultDiagnostic(fault, MAP)).toEqual({
    severity: "error",
    code: "x",
    message: "Nothing.",
    span: { start: 0, end: 0 },
  });
});
