import type { LayoutEdge } from "./layoutApi.ts";

/** A message that passes a component's border, above or below. */
export interface Crossing {
  readonly edge: LayoutEdge;
  readonly side: "top" | "bottom";
  readonly direction: "in" | "out";
}

/** A message has a door of its own at each border it passes. */
export function doorKey(crossing: Crossing): string {
  return `${crossing.edge.id} ${crossing.direction}`;
}
