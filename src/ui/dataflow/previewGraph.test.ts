import { expect, test } from "vitest";
import { analyze } from "../../analysis/analyze.ts";
import { dataflowGraph } from "../../analysis/dataflowGraph.ts";
import type { GraphModel } from "../../analysis/graphModel.ts";
import { read } from "../../syntax/read.ts";
import { previewGraph } from "./previewGraph.ts";

function graphOf(text: string): GraphModel {
  const { program, broken } = read(text);
  return dataflowGraph(analyze(program), broken);
}

test("a moved rule keeps its number and rule; a new one has neither in its words", () => {
  const before = graphOf("component a {\n p(x) :- in(x)\n q(x) :- p(x)\n}\n");
  const after = graphOf(
    "component a {\n m(x)@async(d) :- in(x), e(d)\n p(x) :- in(x)\n}\ncomponent b {\n q(x) :- m(x)\n}\nedb e(d)\n",
  );
  const rules = previewGraph(after, before).nodes.flatMap((node) =>
    node.kind === "rule" ? [[node.group, node.rule, node.number, node.label]] : [],
  );
  expect(rules).toEqual([
    ["component:a", "a/m/1", 1, "New rule, a, sends m, reads in"],
    ["component:a", "a/p/1", 1, "Rule 1, a, derives p, reads in"],
    ["component:b", "a/q/1", 2, "Rule 2, a, derives q, reads p"],
  ]);
});
