import { expect, test } from "vitest";
import type { GraphEdge, GraphEdgeKind, GraphModel } from "../analysis/graphModel.ts";
import { newIds } from "./newIds.ts";

function line(id: string, from: string, to: string, kind: GraphEdgeKind = "message"): GraphEdge {
  return { id, kind, from, to, constant: false };
}

function model(groups: readonly string[], edges: readonly GraphEdge[]): GraphModel {
  const group = (id: string) => ({
    id,
    kind: "component" as const,
    name: id,
    rules: 1,
    instances: 1,
    partitions: 1,
    by: [],
    words: "",
    label: id,
  });
  return { groups: groups.map(group), nodes: [], edges };
}

test("a message that would go to another component is new, though its id is the same", () => {
  const before = model(["a", "b"], [line("a>votes", "a", "b"), line("b>x", "b", "a")]);
  const after = model(["a", "b", "c"], [line("a>votes", "a", "c"), line("b>x", "b", "a")]);
  expect([...newIds(after, before)]).toEqual(["c", "a>votes"]);
});

test("a literal that another one was put before is not new, a second read of the same is", () => {
  const before = model([], [line("r:literal 0", "votes", "r", "reads")]);
  const after = model(
    [],
    [line("r:literal 1", "votes", "r", "reads"), line("r:literal 2", "votes", "r", "reads")],
  );
  expect([...newIds(after, before)]).toEqual(["r:literal 2"]);
});

test("a rule that derived at once and would send is a new line", () => {
  const before = model([], [line("r:head 0", "r", "votes", "now")]);
  const after = model([], [line("r:head 0", "r", "votes", "message")]);
  expect([...newIds(after, before)]).toEqual(["r:head 0"]);
});

test("between the same closed components another relation is another line", () => {
  const before = model(["a", "b"], [line("a>p", "a", "b")]);
  const after = model(["a", "b"], [line("a>p", "a", "b"), line("a>q", "a", "b")]);
  expect([...newIds(after, before)]).toEqual(["a>q"]);
});

test("lines that would be drawn as one, or no longer as one, are not new", () => {
  const many = model(["a", "b"], [line("a>p", "a", "b"), line("a>q", "a", "b")]);
  const one = model(["a", "b"], [line("a>b", "a", "b")]);
  expect(newIds(one, many).size).toBe(0);
  expect(newIds(many, one).size).toBe(0);
});
