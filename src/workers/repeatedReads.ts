import type { GraphEdge, GraphModel } from "../analysis/graphModel.ts";
import { freePlace } from "./freePlace.ts";
import { midpoint } from "./graphShapes.ts";
import type { LayoutResult, Point } from "./layoutApi.ts";

/** How often a rule reads a relation, and where that is written. */
export interface RepeatedRead {
  readonly times: number;
  readonly at: Point;
}

export const REPEAT_CHIP = { width: 24, height: 14 } as const;
/** From the rule to the middle of the chip: above the ring of an absence. */
const BACK = 17;

/** The chips "×2" by the edge that carries one: the last of the lines from one relation to a rule, as it is drawn on top. */
export function repeatedReads(
  graph: GraphModel,
  layout: LayoutResult,
): ReadonlyMap<string, RepeatedRead> {
  const groups = new Map<string, GraphEdge[]>();
  for (const edge of graph.edges) {
    if (edge.kind !== "reads" && edge.kind !== "absence") continue;
    const key = `${edge.kind} ${edge.from} > ${edge.to}`;
    groups.set(key, [...(groups.get(key) ?? []), edge]);
  }
  const chips = new Map<string, RepeatedRead>();
  for (const edges of groups.values()) {
    const last = edges.at(-1);
    const line = last === undefined ? undefined : layout.edges[last.id];
    if (last === undefined || edges.length < 2 || line === undefined) continue;
    const ends = edges.map(({ id }) => nearEnd(layout.edges[id]?.points ?? []));
    const wish = between(ends) ?? midpoint(line.points);
    const at = freePlace(wish, REPEAT_CHIP, edges, layout);
    chips.set(last.id, { times: edges.length, at });
  }
  return chips;
}

/** The point of a line's last straight part that a chip may cover; nothing where that is too short. */
function nearEnd(points: readonly Point[]): Point | undefined {
  const end = points.at(-1);
  const before = points.at(-2);
  if (end === undefined || before === undefined) return undefined;
  const length = Math.hypot(end.x - before.x, end.y - before.y);
  if (length < 8) return undefined;
  const part = Math.min(BACK, length) / length;
  return { x: end.x + (before.x - end.x) * part, y: end.y + (before.y - end.y) * part };
}

/** In the middle of lines that come in side by side; nothing where they come from different sides. */
function between(places: readonly (Point | undefined)[]): Point | undefined {
  const ends = places.flatMap((place) => place ?? []);
  const xs = ends.map(({ x }) => x);
  const ys = ends.map(({ y }) => y);
  const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);
  if (
    ends.length < places.length ||
    spread(xs) > REPEAT_CHIP.width ||
    spread(ys) > REPEAT_CHIP.height
  ) {
    return undefined;
  }
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  return { x: mean(xs), y: mean(ys) };
}
