import { expect, test } from "vitest";
import type { GraphEdge, GraphEdgeKind, GraphModel } from "../analysis/graphModel.ts";
import type { LayoutResult, Point } from "./layoutApi.ts";
import { REPEAT_CHIP, repeatedReads } from "./repeatedReads.ts";

function edge(id: string, kind: GraphEdgeKind, from = "acks", to = "8"): GraphEdge {
  return { id, kind, from, to, constant: false };
}

function model(edges: readonly GraphEdge[]): GraphModel {
  return { groups: [], nodes: [], edges };
}

function laid(lines: Readonly<Record<string, readonly Point[]>>): LayoutResult {
  const edges = Object.fromEntries(Object.entries(lines).map(([id, points]) => [id, { points }]));
  return { width: 200, height: 200, boxes: {}, shapes: {}, edges };
}

const down = (x: number): readonly Point[] => [
  { x, y: 0 },
  { x, y: 100 },
];

test("two lines side by side carry one chip between them, near the rule", () => {
  const graph = model([edge("a", "reads"), edge("b", "reads")]);
  const chips = repeatedReads(graph, laid({ a: down(50), b: down(58) }));
  expect([...chips]).toEqual([["b", { times: 2, at: { x: 54, y: 83 } }]]);
});

test("lines that come in from different sides carry it in the middle of the last", () => {
  const graph = model([edge("a", "reads"), edge("b", "reads"), edge("c", "reads")]);
  const across = [
    { x: 0, y: 100 },
    { x: 40, y: 100 },
  ];
  const chips = repeatedReads(graph, laid({ a: down(50), b: down(58), c: across }));
  expect([...chips]).toEqual([["c", { times: 3, at: { x: 20, y: 100 } }]]);
});

test("the chip keeps clear of other lines beside its own, and stays where there is no room", () => {
  const graph = model([edge("a", "reads"), edge("b", "reads"), edge("out", "message", "8", "x")]);
  const chips = repeatedReads(graph, laid({ a: down(50), b: down(58), out: down(64) }));
  const { at } = chips.get("b")!;
  expect(at.y).toBe(83);
  expect(at.x + REPEAT_CHIP.width / 2).toBeLessThanOrEqual(62);
  expect(at.x + REPEAT_CHIP.width / 2).toBeGreaterThan(50);
  const crowd = Object.fromEntries(
    Array.from({ length: 12 }, (_, i) => [`out ${i}`, down(10 + 8 * i)]),
  );
  const stays = repeatedReads(graph, laid({ a: down(50), b: down(58), ...crowd }));
  expect(stays.get("b")?.at).toEqual({ x: 54, y: 83 });
});

test("one read and one read of absence, other relations and messages are no repetition", () => {
  const graph = model([
    edge("a", "reads"),
    edge("b", "absence"),
    edge("c", "reads", "certs"),
    edge("d", "message"),
    edge("e", "message"),
  ]);
  const lines = { a: down(1), b: down(2), c: down(3), d: down(4), e: down(5) };
  expect(repeatedReads(graph, laid(lines)).size).toBe(0);
});
