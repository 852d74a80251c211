import { readFileSync } from "node:fs";
import ELK from "elkjs/lib/main.js";
import { expect, test } from "vitest";
import { analyze } from "../../analysis/analyze.ts";
import { dataflowGraph } from "../../analysis/dataflowGraph.ts";
import type { GraphEdge, GraphGroup, GraphModel, GraphNode } from "../../analysis/graphModel.ts";
import type { LayoutResult } from "../../workers/layoutApi.ts";
import { readDeployment } from "../../plan/deploymentFile.ts";
import { read } from "../../syntax/read.ts";
import { deploymentGraph } from "../../workers/deploymentGraph.ts";
import { layoutGraph } from "../../workers/layoutGraph.ts";
import { componentIds, layoutRequest, visibleGraph } from "../../workers/layoutRequest.ts";
import { neighbour } from "./graphKeyboard.ts";
import { graphStops } from "./graphStops.ts";

/** Shapes of 10 by 10 pixels at the given corners; lines as pairs. */
function picture(
  at: Readonly<Record<string, readonly [number, number]>>,
  lines: readonly (readonly [string, string])[],
): { readonly graph: GraphModel; readonly layout: LayoutResult } {
  const node = (id: string): GraphNode => ({
    id,
    group: "g",
    label: id,
    kind: "relation",
    relation: id,
    keptBy: [],
    constant: false,
  });
  const edge = ([from, to]: readonly [string, string]): GraphEdge => {
    return { id: `${from}>${to}`, kind: "reads", from, to, constant: false };
  };
  const shapes = Object.entries(at).map(([id, [x, y]]) => [id, { x, y, width: 10, height: 10 }]);
  return {
    graph: { groups: [], nodes: Object.keys(at).map(node), edges: lines.map(edge) },
    layout: { boxes: {}, shapes: Object.fromEntries(shapes), edges: {}, width: 0, height: 0 },
  };
}

test("an arrow follows a line that heads its way, forwards or backwards", () => {
  const { graph, layout } = picture({ a: [0, 0], b: [20, 50], near: [0, 20] }, [["a", "b"]]);
  expect(neighbour(graph, layout, "a", "ArrowDown")).toBe("b");
  expect(neighbour(graph, layout, "b", "ArrowUp")).toBe("a");
});

test("without a line that way it goes to the nearest shape that way", () => {
  const { graph, layout } = picture({ a: [0, 0], b: [0, 50], far: [90, 5], near: [40, 5] }, [
    ["a", "b"],
  ]);
  expect(neighbour(graph, layout, "a", "ArrowRight")).toBe("near");
});

test("at the border it stays", () => {
  const { graph, layout } = picture({ a: [0, 0], b: [0, 50] }, [["a", "b"]]);
  expect(neighbour(graph, layout, "a", "ArrowUp")).toBeUndefined();
});

const KEYS = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"];

function reachedFrom(start: string, graph: GraphModel, layout: LayoutResult): ReadonlySet<string> {
  const reached = new Set([start]);
  for (const from of reached) {
    for (const key of KEYS) {
      const next = neighbour(graph, layout, from, key);
      if (next !== undefined) reached.add(next);
    }
  }
  return reached;
}

function machine(id: string): GraphGroup {
  return {
    id,
    kind: "component",
    name: id,
    rules: 1,
    instances: 1,
    partitions: 1,
    by: [],
    words: "",
    label: id,
    machines: { component: id, addresses: [id], rules: [`${id}/p/1`], note: "", untagged: [] },
  };
}

/** Two machines side by side, each with a tag at its top, below the clients. */
function machines(): { readonly graph: GraphModel; readonly layout: LayoutResult } {
  const tag = (id: string, group: string): GraphNode => ({
    id,
    group,
    label: id,
    kind: "channel",
    relation: id,
    from: "component",
    constant: false,
  });
  const clients = { ...machine("clients"), kind: "clients" as const };
  const line = (from: string, to: string): GraphEdge => {
    return { id: `${from}>${to}`, kind: "message", from, to, constant: false };
  };
  const { machines: _, ...band } = clients;
  return {
    graph: {
      groups: [band, machine("a"), machine("b")],
      nodes: [tag("in", "a"), tag("votes", "b")],
      edges: [line("clients", "in"), line("a", "votes")],
    },
    layout: {
      boxes: {
        clients: { x: 0, y: 0, width: 420, height: 40 },
        a: { x: 0, y: 80, width: 200, height: 60 },
        b: { x: 220, y: 80, width: 200, height: 60 },
      },
      shapes: {
        in: { x: 140, y: 85, width: 50, height: 20 },
        votes: { x: 360, y: 85, width: 50, height: 20 },
      },
      edges: {},
      width: 420,
      height: 140,
    },
  };
}

test("arrows reach every box of machines and every tag in it, and never the clients' band", () => {
  const { graph, layout } = machines();
  expect([...reachedFrom("a", graph, layout)].toSorted()).toEqual(["a", "b", "in", "votes"]);
});

test("an arrow follows a message from machine to machine; tags are reached from their box", () => {
  const { graph, layout } = machines();
  expect(neighbour(graph, layout, "a", "ArrowRight")).toBe("b");
  expect(neighbour(graph, layout, "b", "ArrowLeft")).toBe("a");
  expect(neighbour(graph, layout, "votes", "ArrowDown")).toBe("b");
  expect(neighbour(graph, layout, "b", "ArrowRight")).toBe("votes");
});

test.each(["kvs", "voting"])(
  "arrows reach every box and tag of %s at every level",
  async (name) => {
    const folder = `public/examples/${name}/base`;
    const file = readDeployment(JSON.parse(readFileSync(`${folder}.deployment.json`, "utf8")));
    if (file.kind !== "ok") throw new Error("the example has no deployment");
    const { program, broken } = read(readFileSync(`${folder}.ded`, "utf8"));
    const whole = dataflowGraph(analyze(program, file.deployment), broken);
    const levels = [
      visibleGraph(whole, { constants: false, collapsed: new Set() }),
      visibleGraph(whole, { constants: false, collapsed: componentIds(whole) }),
      deploymentGraph(whole, file.deployment),
    ];
    const elk = new ELK();
    for (const graph of levels) {
      const request = layoutRequest(graph, { width: 600, height: 600 });
      const layout = await layoutGraph(request, (part) => elk.layout(part));
      const stops = graphStops(graph);
      expect([...reachedFrom(stops[0]!, graph, layout)].toSorted()).toEqual(stops.toSorted());
    }
  },
);
