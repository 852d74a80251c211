import { readFileSync } from "node:fs";
import ELK from "elkjs/lib/main.js";
import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import { dataflowGraph } from "../analysis/dataflowGraph.ts";
import type { GraphModel } from "../analysis/graphModel.ts";
import { readDeployment } from "../plan/deploymentFile.ts";
import { read } from "../syntax/read.ts";
import { graphSvg } from "./graphSvg.ts";
import type { LayoutResult, Point, Rectangle } from "./layoutApi.ts";
import { layoutGraph } from "./layoutGraph.ts";
import { componentIds, layoutRequest, visibleGraph } from "./layoutRequest.ts";

const VIEWPORT = { width: 600, height: 600 };
const elk = new ELK();

function exampleGraph(name: string): GraphModel {
  const folder = `public/examples/${name}/base`;
  const file = readDeployment(JSON.parse(readFileSync(`${folder}.deployment.json`, "utf8")));
  if (file.kind !== "ok") throw new Error(JSON.stringify(file.problems));
  const { program, broken } = read(readFileSync(`${folder}.ded`, "utf8"));
  return dataflowGraph(analyze(program, file.deployment), broken);
}

function shown(name: string, constants = false): GraphModel {
  return visibleGraph(exampleGraph(name), { constants, collapsed: new Set() });
}

function layOut(
  graph: GraphModel,
  pinned: Readonly<Record<string, Point>> = {},
): Promise<LayoutResult> {
  return layoutGraph(layoutRequest(graph, VIEWPORT, pinned), (part) => elk.layout(part));
}

function overlap(a: Rectangle, b: Rectangle): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function touches(p: Point, at: Rectangle): boolean {
  const near = 2;
  return overlap({ x: p.x - near, y: p.y - near, width: 2 * near, height: 2 * near }, at);
}

/** The inside of a rectangle, so that touching its border is allowed. */
function inside(at: Rectangle): Rectangle {
  return { x: at.x + 1, y: at.y + 1, width: at.width - 2, height: at.height - 2 };
}

function segments(points: readonly Point[]): readonly Rectangle[] {
  return points.slice(1).map((b, i) => {
    const a = points[i]!;
    return {
      x: Math.min(a.x, b.x),
      y: Math.min(a.y, b.y),
      width: Math.abs(a.x - b.x) + 0.01,
      height: Math.abs(a.y - b.y) + 0.01,
    };
  });
}

const CASES = [
  ["kvs", false],
  ["kvs", true],
  ["voting", false],
  ["voting", true],
] as const;

test.each(CASES)(
  "%s (constants shown: %s): nothing overlaps, all stays in its box",
  async (name, constants) => {
    const graph = shown(name, constants);
    const { boxes, shapes } = await layOut(graph);
    for (const [i, a] of graph.nodes.entries()) {
      for (const b of graph.nodes.slice(i + 1)) {
        expect(overlap(shapes[a.id]!, shapes[b.id]!), `${a.id} over ${b.id}`).toBe(false);
      }
      const [box, at] = [boxes[a.group]!, shapes[a.id]!];
      expect(at.x >= box.x && at.x + at.width <= box.x + box.width, a.id).toBe(true);
      expect(at.y >= box.y && at.y + at.height <= box.y + box.height, a.id).toBe(true);
    }
    for (const [i, a] of graph.groups.entries()) {
      for (const b of graph.groups.slice(i + 1)) {
        expect(overlap(boxes[a.id]!, boxes[b.id]!), `${a.id} over ${b.id}`).toBe(false);
      }
    }
  },
);

test.each(CASES)(
  "%s (constants shown: %s): lines end at their shapes and pass through none",
  async (name, constants) => {
    const graph = shown(name, constants);
    const { boxes, shapes, edges } = await layOut(graph);
    for (const { id, from, to } of graph.edges) {
      const { points } = edges[id]!;
      expect(touches(points[0]!, shapes[from] ?? boxes[from]!), `${id} begins`).toBe(true);
      expect(touches(points.at(-1)!, shapes[to] ?? boxes[to]!), `${id} ends`).toBe(true);
      for (const node of graph.nodes) {
        const at = inside(shapes[node.id]!);
        const through = segments(points).some((segment) => overlap(segment, at));
        expect(through, `${id} through ${node.id}`).toBe(false);
      }
    }
  },
);

test("the same request gives the same layout", async () => {
  const graph = shown("kvs");
  expect(await layOut(graph)).toEqual(await layOut(graph));
});

test("what was dragged stays where it was put, and its lines follow", async () => {
  const graph = shown("kvs");
  const pinned = { "component:storage": { x: 700, y: 300 }, "relation:signed": { x: 5, y: 200 } };
  const { boxes, shapes, edges } = await layOut(graph, pinned);
  expect(boxes["component:storage"]).toMatchObject({ x: 700, y: 300 });
  const leader = boxes["component:leader"]!;
  expect(shapes["relation:signed"]).toMatchObject({ x: leader.x + 5, y: leader.y + 200 });
  const line = edges["rule:signed/1:head 0"]!.points;
  expect(touches(line.at(-1)!, shapes["relation:signed"]!)).toBe(true);
});

test("collapsed components keep their messages", async () => {
  const whole = exampleGraph("voting");
  const graph = visibleGraph(whole, { constants: false, collapsed: componentIds(whole) });
  expect(graph.edges.map(({ from, to, kind }) => [from, to, kind])).toEqual([
    ["clients", "component:leader", "message"],
    ["component:leader", "component:participant", "message"],
    ["component:leader", "relation:reply", "message"],
    ["component:participant", "component:leader", "message"],
  ]);
  const { boxes, edges } = await layOut(graph);
  for (const { id, to } of graph.edges.slice(0, 2)) {
    expect(touches(edges[id]!.points.at(-1)!, boxes[to]!)).toBe(true);
  }
});

test("many messages between two boxes become one line, few stay apart", () => {
  const rules = (count: number): string =>
    Array.from({ length: count }, (_, i) => `r${i}(x)@async(c) :- s${i}(c, x)`).join("\n  ");
  const lines = (count: number): number => {
    const whole = dataflowGraph(analyze(read(`component a {\n  ${rules(count)}\n}\n`).program));
    const collapsed = new Set([...componentIds(whole), "clients"]);
    return visibleGraph(whole, { constants: false, collapsed }).edges.length;
  };
  expect(lines(8)).toBe(16);
  expect(lines(9)).toBe(2);
});

test("constants are hidden with their lines until asked for", () => {
  const hidden = shown("kvs");
  expect(hidden.nodes.some(({ kind }) => kind === "constant" || kind === "function")).toBe(false);
  expect(hidden.edges.some(({ constant }) => constant)).toBe(false);
  expect(shown("kvs", true).nodes.length).toBeGreaterThan(hidden.nodes.length);
});

test("sizes follow from names; a chip keeps its room", () => {
  const { shapes } = layoutRequest(shown("kvs"), VIEWPORT);
  const of = (id: string): (typeof shapes)[number] => shapes.find((shape) => shape.id === id)!;
  expect(of("rule:acks/1")).toMatchObject({ width: 22, height: 22, beside: 0 });
  expect(of("relation:numCollisions").width).toBeGreaterThan(of("relation:good").width);
  expect(of("relation:acks").beside).toBeGreaterThan(20);
});

test("the picture is one SVG that holds every name", async () => {
  const graph = shown("voting");
  const svg = graphSvg(graph, await layOut(graph));
  expect(svg.startsWith("<svg ")).toBe(true);
  for (const node of graph.nodes)
    if ("relation" in node) expect(svg).toContain(`>${node.relation}<`);
  expect(svg.match(/stroke-dasharray="6 4"/g)).toHaveLength(4);
});
