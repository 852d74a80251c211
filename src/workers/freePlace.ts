import type { GraphEdge } from "../analysis/graphModel.ts";
import type { LayoutResult, Point, Rectangle, Size } from "./layoutApi.ts";

const STEP = 2;
const REACH = 16;
/** Between a chip and what it must not touch. */
const CLEAR = 2;

/** The nearest to a wish where a chip touches no line but its own, no shape and no border; the wish where there is none. */
export function freePlace(
  wish: Point,
  size: Size,
  own: readonly GraphEdge[],
  layout: LayoutResult,
): Point {
  const ownIds = new Set(own.map(({ id }) => id));
  const obstacles = [
    ...Object.values(layout.shapes),
    ...Object.values(layout.boxes).flatMap(borders),
    ...Object.entries(layout.edges).flatMap(([id, { points }]) =>
      ownIds.has(id) ? [] : segments(points),
    ),
  ];
  const isFree = ({ x, y }: Point): boolean => {
    const [width, height] = [size.width + 2 * CLEAR, size.height + 2 * CLEAR];
    const chip = { x: x - width / 2, y: y - height / 2, width, height };
    return !obstacles.some((obstacle) => overlap(chip, obstacle));
  };
  return OFFSETS.map(({ x, y }) => ({ x: wish.x + x, y: wish.y + y })).find(isFree) ?? wish;
}

/** From the wish itself outwards. */
const OFFSETS: readonly Point[] = Array.from({ length: (2 * REACH) / STEP + 1 }, (_, i) =>
  Array.from({ length: (2 * REACH) / STEP + 1 }, (_none, j) => ({
    x: i * STEP - REACH,
    y: j * STEP - REACH,
  })),
)
  .flat()
  .toSorted((a, b) => Math.hypot(a.x, a.y) - Math.hypot(b.x, b.y));

function borders({ x, y, width, height }: Rectangle): readonly Rectangle[] {
  return [
    { x, y, width, height: 0 },
    { x, y: y + height, width, height: 0 },
    { x, y, width: 0, height },
    { x: x + width, y, width: 0, height },
  ];
}

function segments(points: readonly Point[]): readonly Rectangle[] {
  return points.slice(1).map((b, i) => {
    const a = points[i]!;
    return {
      x: Math.min(a.x, b.x),
      y: Math.min(a.y, b.y),
      width: Math.abs(a.x - b.x),
      height: Math.abs(a.y - b.y),
    };
  });
}

function overlap(a: Rectangle, b: Rectangle): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
