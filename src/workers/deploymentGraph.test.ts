import { readFileSync } from "node:fs";
import ELK from "elkjs/lib/main.js";
import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import { dataflowGraph } from "../analysis/dataflowGraph.ts";
import type { GraphModel } from "../analysis/graphModel.ts";
import { readDeployment } from "../plan/deploymentFile.ts";
import type { Deployment } from "../program/deployment.ts";
import { read } from "../syntax/read.ts";
import { addressWords, deploymentGraph, hasBoxPerAddress } from "./deploymentGraph.ts";
import { layoutGraph } from "./layoutGraph.ts";
import { layoutRequest } from "./layoutRequest.ts";

const elk = new ELK();

function example(name: string): { readonly graph: GraphModel; readonly deployment: Deployment } {
  const folder = `public/examples/${name}/base`;
  const file = readDeployment(JSON.parse(readFileSync(`${folder}.deployment.json`, "utf8")));
  if (file.kind !== "ok") throw new Error(JSON.stringify(file.problems));
  const { program, broken } = read(readFileSync(`${folder}.ded`, "utf8"));
  const graph = dataflowGraph(analyze(program, file.deployment), broken);
  return { graph, deployment: file.deployment };
}

test("few machines have a box each, with the rules that run there", () => {
  const { graph, deployment } = example("kvs");
  const { groups } = deploymentGraph(graph, deployment);
  expect(groups.map(({ name, words, machines }) => [name, words, machines?.note])).toEqual([
    ["clients", "at client, outside the program", undefined],
    ["leader", "", "8 rules"],
    ["storage.1", "runs storage", "7 rules"],
    ["storage.2", "runs storage", "7 rules"],
    ["storage.3", "runs storage", "7 rules"],
  ]);
  expect(groups[1]?.machines?.rules).toHaveLength(8);
});

test("every machine that may send has a line to the channel of every machine that receives", () => {
  const { graph, deployment } = example("kvs");
  const { edges } = deploymentGraph(graph, deployment);
  const lines = edges.map(({ from, to }) => `${from} ${to}`).sort();
  expect(lines).toEqual([
    "clients machine:leader/in",
    "machine:leader clients/outCert",
    "machine:leader clients/outInconsistent",
    "machine:leader machine:storage.1/toStorage",
    "machine:leader machine:storage.2/toStorage",
    "machine:leader machine:storage.3/toStorage",
    "machine:storage.1 machine:leader/fromStorage",
    "machine:storage.2 machine:leader/fromStorage",
    "machine:storage.3 machine:leader/fromStorage",
  ]);
});

test("many machines share a box for each component, with addresses in words", () => {
  const { graph, deployment } = example("voting");
  const addresses = Array.from({ length: 15 }, (_, i) => `participant.${i + 1}`);
  const many = { ...deployment, instances: { leader: ["leader"], participant: addresses } };
  expect(hasBoxPerAddress(graph, many)).toBe(false);
  const { groups } = deploymentGraph(graph, many);
  expect(groups.map(({ name, machines }) => [name, machines?.note])).toEqual([
    ["clients", undefined],
    ["leader", "leader"],
    ["participant", "participant.1, participant.2, participant.3 and 12 more"],
  ]);
  expect(addressWords(["a", "b", "c", "d"])).toBe("a, b, c, d");
});

test("a component that the deployment forgot says so", () => {
  const { graph, deployment } = example("voting");
  const { groups } = deploymentGraph(graph, { ...deployment, instances: { leader: ["leader"] } });
  expect(groups.at(-1)?.words).toBe("no address in the deployment");
});

test("channels that are too many for a tag each are counted, and listed for the outline", () => {
  const rules = Array.from({ length: 12 }, (_, i) => ` c${i}(x)@async(d) :- in(x), to(d)\n`);
  const reads = Array.from({ length: 12 }, (_, i) => ` p${i}(x) :- c${i}(x)\n`);
  const text = `component a {\n${rules.join("")}}\ncomponent b {\n${reads.join("")}}\n`;
  const graph = dataflowGraph(analyze(read(text).program, undefined), []);
  const { deployment } = example("voting");
  const many = { ...deployment, instances: { a: ["a"], b: ["b"] } };
  const { groups, nodes, edges } = deploymentGraph(graph, many);
  const box = groups.find(({ name }) => name === "b");
  expect(box?.machines?.untagged).toHaveLength(12);
  expect(nodes.filter(({ group }) => group === box?.id)).toEqual([]);
  expect(edges.filter(({ to }) => to === box?.id)).toHaveLength(1);
});

for (const name of ["kvs", "voting", "twopc", "paxos", "pbft"]) {
  test(`${name}: every tag stands in its box, every line ends at its tag`, async () => {
    const { graph, deployment } = example(name);
    const machines = deploymentGraph(graph, deployment);
    const request = layoutRequest(machines, { width: 800, height: 600 });
    const layout = await layoutGraph(request, (part) => elk.layout(part));
    for (const { id, group } of machines.nodes) {
      const [tag, box] = [layout.shapes[id]!, layout.boxes[group]!];
      expect(tag.x).toBeGreaterThanOrEqual(box.x);
      expect(tag.x + tag.width).toBeLessThanOrEqual(box.x + box.width);
      expect(tag.y + tag.height).toBeLessThanOrEqual(box.y + box.height);
    }
    for (const { id, from, to } of machines.edges) {
      const points = layout.edges[id]!.points;
      const end = points.at(-1)!;
      const tag = layout.shapes[to] ?? layout.boxes[to]!;
      expect(end.x).toBeGreaterThanOrEqual(tag.x - 1);
      expect(end.x).toBeLessThanOrEqual(tag.x + tag.width + 1);
      const start = layout.boxes[from]!;
      const borders = [start.y, start.y + start.height];
      expect(borders.some((y) => Math.abs(points[0]!.y - y) < 2)).toBe(true);
    }
  });
}
