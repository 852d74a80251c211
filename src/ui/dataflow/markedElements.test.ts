import { expect, test } from "vitest";
import { analyze } from "../../analysis/analyze.ts";
import { dataflowGraph } from "../../analysis/dataflowGraph.ts";
import type { Place } from "../../program/evidence.ts";
import { read } from "../../syntax/read.ts";
import { visibleGraph } from "../../workers/layoutRequest.ts";
import { markedElements } from "./markedElements.ts";
import type { MarkedElements } from "./markedElements.ts";

const TEXT = `component a {
  p(x) :- in(x)
  p(x)@next :- p(x)
  q(x) :- p(x), p(y), x != y, e(x)
  r(count<x>) :- q(x)
}
edb e(x)
`;

function marked(...places: readonly Place[]): MarkedElements {
  const { program, broken } = read(TEXT);
  const whole = dataflowGraph(analyze(program), broken);
  const graph = visibleGraph(whole, { constants: false, collapsed: new Set() });
  return markedElements(
    graph,
    places.map((place, i) => ({ letter: "ABC"[i]!, place })),
  );
}

test("a literal is its own line, and its relation a culprit without a letter", () => {
  const { edges, nodes } = marked(
    { kind: "literal", rule: "a/q/1", index: 0 },
    { kind: "literal", rule: "a/q/1", index: 1 },
  );
  expect([...edges]).toEqual([
    ["rule:q/1:literal 0", "A"],
    ["rule:q/1:literal 1", "B"],
  ]);
  expect([...nodes]).toEqual([["relation:p", ""]]);
});

test("a literal that is not drawn marks its rule", () => {
  const { edges, nodes } = marked(
    { kind: "literal", rule: "a/q/1", index: 2 },
    { kind: "literal", rule: "a/q/1", index: 3 },
  );
  expect(edges.size).toBe(0);
  expect([...nodes]).toEqual([["rule:q/1", "AB"]]);
});

test("a keeper has no node: the relation it keeps is marked", () => {
  expect([...marked({ kind: "rule", rule: "a/p/2" }).nodes]).toEqual([["relation:p", "A"]]);
});

test("a head is the line to its relation", () => {
  expect([...marked({ kind: "head", rule: "a/q/1" }).edges]).toEqual([["rule:q/1:head 0", "A"]]);
});

test("a path marks its rules and the lines between them", () => {
  const { edges, nodes } = marked({ kind: "path", rules: ["a/q/1", "a/r/1"] });
  expect([...nodes.keys()]).toEqual(["rule:q/1", "rule:r/1"]);
  expect([...edges.keys()]).toEqual(["rule:q/1:head 0", "rule:r/1:literal 0"]);
});
