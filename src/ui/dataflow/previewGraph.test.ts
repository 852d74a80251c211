import { expect, test } from "vitest";
import { analyze } from "../../analysis/analyze.ts";
import { dataflowGraph } from "../../analysis/dataflowGraph.ts";
import type { GraphGroup, GraphModel } from "../../analysis/graphModel.ts";
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

test("a component that would run in more partitions says so as a preview", () => {
  const component = (words: string, label: string): GraphGroup => ({
    id: "component:collector",
    kind: "component",
    name: "collector",
    rules: 1,
    instances: 3,
    partitions: 3,
    by: ["val"],
    words,
    label,
  });
  const now = component("3 partitions by val", "Component collector, 1 rule, 3 partitions by val");
  const then = component("5 partitions by val", "Component collector, 1 rule, 5 partitions by val");
  const graph = (group: GraphGroup): GraphModel => ({ groups: [group], nodes: [], edges: [] });
  const [changed] = previewGraph(graph(then), graph(now)).groups;
  expect(changed?.words).toBe("preview: 5 partitions by val");
  expect(changed?.label).toBe("Component collector, 1 rule, 5 partitions by val, preview");
  expect(previewGraph(graph(now), graph(now)).groups).toEqual([now]);
  const [single] = previewGraph(graph(component("", "x")), graph(now)).groups;
  expect(single?.words).toBe("preview: 1 node");
});
