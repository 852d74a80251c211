import { expect, test } from "vitest";
import type { GraphEdge, GraphModel, GraphNode } from "../../analysis/graphModel.ts";
import type { LayoutResult } from "../../workers/layoutApi.ts";
import { neighbour } from "./graphKeyboard.ts";

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
