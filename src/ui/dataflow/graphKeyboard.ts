import type { GraphModel } from "../../analysis/graphModel.ts";
import type { LayoutResult, Point, Rectangle } from "../../workers/layoutApi.ts";
import { centre } from "./flowElements.ts";

const HEADINGS: Readonly<Record<string, Point>> = {
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
};

export function isArrow(key: string): boolean {
  return key in HEADINGS;
}

/** The node an arrow key leads to: along an edge that heads that way if there is one, else the nearest that way. */
export function neighbour(
  graph: GraphModel,
  layout: LayoutResult,
  from: string,
  key: string,
): string | undefined {
  const heading = HEADINGS[key];
  const start = layout.shapes[from];
  if (heading === undefined || start === undefined) return undefined;
  const linked = graph.edges.flatMap((edge) => {
    if (edge.from === from) return [edge.to];
    return edge.to === from ? [edge.from] : [];
  });
  const best = (ids: readonly string[], slope: number): string | undefined =>
    nearest(start, heading, slope, ids, layout.shapes);
  return (
    best(linked, 2.5) ??
    best(
      graph.nodes.map(({ id }) => id),
      1,
    )
  );
}

/** The least far, counting sideways distance double, of those inside the cone of the heading. */
function nearest(
  start: Rectangle,
  heading: Point,
  slope: number,
  ids: readonly string[],
  shapes: Readonly<Record<string, Rectangle>>,
): string | undefined {
  const from = centre(start);
  let best: { readonly id: string; readonly cost: number } | undefined;
  for (const id of ids) {
    const shape = shapes[id];
    if (shape === undefined) continue;
    const to = centre(shape);
    const ahead = (to.x - from.x) * heading.x + (to.y - from.y) * heading.y;
    const aside = Math.abs((to.x - from.x) * heading.y) + Math.abs((to.y - from.y) * heading.x);
    if (ahead <= 2 || aside > ahead * slope + 4) continue;
    const cost = ahead + 2 * aside;
    if (best === undefined || cost < best.cost) best = { id, cost };
  }
  return best?.id;
}
