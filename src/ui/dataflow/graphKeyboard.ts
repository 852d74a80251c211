import type { GraphModel } from "../../analysis/graphModel.ts";
import type { LayoutResult, Point, Rectangle } from "../../workers/layoutApi.ts";
import { centre } from "./flowElements.ts";
import { graphStops, linkedStops, sameMachine } from "./graphStops.ts";

const HEADINGS: Readonly<Record<string, Point>> = {
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
};

export function isArrow(key: string): boolean {
  return key in HEADINGS;
}

/** The node or box an arrow key leads to: along an edge that heads that way if there is one, else the nearest that way. */
export function neighbour(
  graph: GraphModel,
  layout: LayoutResult,
  from: string,
  key: string,
): string | undefined {
  const heading = HEADINGS[key];
  const places = { ...layout.boxes, ...layout.shapes };
  const start = places[from];
  if (heading === undefined || start === undefined) return undefined;
  const stops = graphStops(graph);
  const reachable = new Set(stops);
  const linked = linkedStops(graph, from).filter((id) => reachable.has(id));
  const best = (ids: readonly string[], slope: number): string | undefined =>
    nearest(start, heading, slope, ids, places);
  const { box, tags } = sameMachine(graph, from);
  return (
    // Messages come into a machine from above, by its tags; there one goes from tag to tag.
    (from !== box ? best(tags, 1) : key === "ArrowUp" ? best(tags, 20) : undefined) ??
    best(linked, 2.5) ??
    best(box === undefined ? [] : [box, ...tags], 20) ??
    best(stops, 1) ??
    best(stops, 4)
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
