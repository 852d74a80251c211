import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readDeployment } from "../plan/deploymentFile.ts";
import type { Deployment } from "../program/deployment.ts";
import { read } from "../syntax/read.ts";
import { analyze } from "./analyze.ts";
import { dataflowGraph } from "./dataflowGraph.ts";
import type { GraphEdge, GraphModel, GraphNode } from "./graphModel.ts";

function example(name: string): { readonly text: string; readonly deployment: Deployment } {
  const folder = `public/examples/${name}/base`;
  const file = readDeployment(JSON.parse(readFileSync(`${folder}.deployment.json`, "utf8")));
  if (file.kind !== "ok") throw new Error(JSON.stringify(file.problems));
  return { text: readFileSync(`${folder}.ded`, "utf8"), deployment: file.deployment };
}

function graphOf(text: string, deployment?: Deployment): GraphModel {
  const { program, broken } = read(text);
  return dataflowGraph(analyze(program, deployment), broken);
}

function graphOfExample(name: string): GraphModel {
  const { text, deployment } = example(name);
  return graphOf(text, deployment);
}

/** "relation acks in component:leader" */
function names(graph: GraphModel, kind: GraphNode["kind"], group: string): readonly string[] {
  return graph.nodes
    .filter((node) => node.kind === kind && node.group === group)
    .map((node) => ("relation" in node ? node.relation : "number" in node ? `${node.number}` : ""));
}

function edgesOfRule(graph: GraphModel, rule: string): readonly GraphEdge[] {
  return graph.edges.filter((edge) => edge.source?.rule === rule && !edge.constant);
}

function relationNode(graph: GraphModel, relation: string): GraphNode {
  return graph.nodes.find((node) => "relation" in node && node.relation === relation)!;
}

test("the key-value store: rules in their components, keepers as chips, channels where they are read", () => {
  const graph = graphOfExample("kvs");
  expect(graph.groups.map(({ name, words, rules }) => [name, words, rules])).toEqual([
    ["clients", "outside the program", 0],
    ["leader", "", 8],
    ["storage", "3 nodes", 7],
  ]);
  expect(names(graph, "rule", "component:leader")).toEqual(["1", "2", "3", "5", "6", "7", "8"]);
  expect(names(graph, "rule", "component:storage")).toEqual(["9", "10", "12", "13", "14", "15"]);
  expect(relationNode(graph, "acks")).toMatchObject({
    kind: "relation",
    keptBy: [{ rule: "leader/acks/2", number: 4 }],
  });
  expect(relationNode(graph, "hashset")).toMatchObject({ keptBy: [{ number: 11 }] });
  expect(names(graph, "channel", "component:leader")).toEqual(["in", "fromStorage"]);
  expect(names(graph, "channel", "component:storage")).toEqual(["toStorage"]);
  expect(names(graph, "channel", "clients")).toEqual(["outCert", "outInconsistent"]);
});

test("clients send to the component that reads their input", () => {
  const graph = graphOfExample("kvs");
  const sent = graph.edges.filter(({ from }) => from === "clients");
  expect(sent).toEqual([
    {
      id: "clients>relation:in",
      kind: "message",
      from: "clients",
      to: "relation:in",
      constant: false,
    },
  ]);
  expect(relationNode(graph, "in")).toMatchObject({ kind: "channel", from: "clients" });
});

test("a relation read twice gives a line for each literal, with its place in the rule", () => {
  const graph = graphOfExample("kvs");
  expect(edgesOfRule(graph, "leader/outInconsistent/1")).toMatchObject([
    { kind: "reads", from: "relation:acks", source: { kind: "literal", index: 0 } },
    { kind: "reads", from: "relation:acks", source: { kind: "literal", index: 1 } },
    { kind: "message", to: "relation:outInconsistent", source: { kind: "head" } },
  ]);
  const rule = graph.nodes.find((node) => node.kind === "rule" && node.number === 8);
  expect(rule?.label).toBe("Rule 8, leader, sends outInconsistent, reads acks twice");
});

test("voting: a conditional keeper is a rule that reads absence and derives for the next tick", () => {
  const graph = graphOfExample("voting");
  expect(
    edgesOfRule(graph, "leader/votes/2").map(({ kind, from, to }) => [kind, from, to]),
  ).toEqual([
    ["reads", "relation:votes", "rule:votes/2"],
    ["absence", "relation:committed", "rule:votes/2"],
    ["next", "rule:votes/2", "relation:votes"],
  ]);
  expect(relationNode(graph, "votes")).toMatchObject({ keptBy: [] });
  const label = graph.nodes.find(({ id }) => id === "rule:votes/2")?.label;
  expect(label).toBe(
    "Rule 3, leader, derives votes for the next tick, reads votes, asks that committed is absent",
  );
});

test("constants and functions are marked, and so are the lines to them", () => {
  const graph = graphOfExample("kvs");
  expect(names(graph, "constant", "component:leader")).toEqual([
    "storageNodes",
    "numNodes",
    "client",
  ]);
  expect(names(graph, "function", "component:storage")).toEqual(["verify", "hash", "sign", "self"]);
  const constants = new Set(
    graph.nodes.flatMap((n) => ("constant" in n && n.constant ? [n.id] : [])),
  );
  for (const edge of graph.edges) {
    expect(edge.constant).toBe(constants.has(edge.from) || constants.has(edge.to));
  }
});

test("partitions and replicas are said in words", () => {
  const { text, deployment } = example("voting");
  const graph = graphOf(text.replace("component participant {", "component participant by id {"), {
    ...deployment,
    instances: { leader: ["leader"], participant: ["a", "b", "c", "d", "e", "f"] },
    partitions: { participant: 2 },
  });
  expect(graph.groups.at(-1)).toMatchObject({
    partitions: 2,
    by: ["id"],
    words: "3 nodes of 2 partitions by id",
  });
});

test("a rule that cannot be read is drawn in its component, the others stay", () => {
  const { text, deployment } = example("voting");
  const graph = graphOf(text.replace("committed(id) :-", "committed(id :-"), deployment);
  const broken = graph.nodes.filter(({ kind }) => kind === "broken");
  expect(broken).toMatchObject([{ group: "component:leader" }]);
  expect(broken[0]?.label).toContain("could not be read");
  expect(names(graph, "rule", "component:leader")).toHaveLength(5);
  expect(relationNode(graph, "committed").kind).toBe("relation");
  expect(graph.edges.filter(({ from }) => from === "clients")).toHaveLength(1);
});

test("a rule keeps its id when it moves to another component, so that it can be seen to travel", () => {
  const base = "component a {\n p(x) :- in(x)\n q(x)@async(d) :- r(x), e(d)\n}\n";
  const moved =
    "component a {\n p(x) :- in(x)\n}\ncomponent b {\n q(x)@async(d) :- r(x), e(d)\n}\n";
  const idOf = (text: string): string | undefined =>
    graphOf(text).nodes.find((node) => node.kind === "rule" && node.rule.includes("/q/"))?.id;
  expect(idOf(moved)).toBe(idOf(base));
});

test("the graph is plain data", () => {
  const graph = graphOfExample("kvs");
  expect(structuredClone(graph)).toEqual(graph);
});

test("ids are unique, and every line ends at something drawn", () => {
  for (const name of ["kvs", "voting"]) {
    const graph = graphOfExample(name);
    const ids = [...graph.groups, ...graph.nodes, ...graph.edges].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const ends = new Set(ids);
    for (const { from, to } of graph.edges)
      expect([ends.has(from), ends.has(to)]).toEqual([true, true]);
  }
});
