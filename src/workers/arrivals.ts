import { CLIENTS } from "../analysis/graphModel.ts";
import type { GraphModel, GraphNode } from "../analysis/graphModel.ts";
import type { LayoutResult } from "./layoutApi.ts";

/** A tag points the way its messages travel: to the left only when they come from the right. */
export function arrival(
  node: GraphNode,
  graph: GraphModel,
  layout: LayoutResult,
): "left" | "right" {
  if (node.kind !== "channel") return "right";
  const at = layout.boxes[node.group];
  const senders = graph.edges.filter((edge) => edge.kind === "message" && edge.to === node.id);
  if (at === undefined || node.group === CLIENTS || senders.length === 0) return "right";
  const groupOf = new Map(graph.nodes.map(({ id, group }) => [id, group]));
  const fromRight = senders.every((edge) => {
    const box = layout.boxes[groupOf.get(edge.from) ?? edge.from];
    return box !== undefined && edge.from !== CLIENTS && box.x >= at.x + at.width;
  });
  return fromRight ? "left" : "right";
}
