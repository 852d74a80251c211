/** Where a point may stand: from the lowest to the highest of its repeats, both ways, in pixels. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface Corner {
  readonly x: number;
  readonly y: number;
}

/**
 * The band around a line whose points are boxes, as SVG paths: for each two neighbours the smallest convex shape around
 * both, so that every line between them lies in it; a single box alone.
 */
export function bandPaths(boxes: readonly Box[]): readonly string[] {
  const [only] = boxes;
  if (boxes.length === 1 && only !== undefined) return [pathOf(hull(corners(only)))];
  return boxes
    .slice(1)
    .map((box, index) => pathOf(hull([...corners(boxes[index]!), ...corners(box)])));
}

function corners({ left, right, top, bottom }: Box): readonly Corner[] {
  return [left, right].flatMap((x) => [top, bottom].map((y) => ({ x, y })));
}

/** The convex hull, by Andrew's monotone chain. */
export function hull(points: readonly Corner[]): readonly Corner[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  return [...chain(sorted), ...chain(sorted.toReversed())];
}

function chain(sorted: readonly Corner[]): readonly Corner[] {
  const kept: Corner[] = [];
  for (const point of sorted) {
    while (kept.length >= 2 && turn(kept.at(-2)!, kept.at(-1)!, point) <= 0) kept.pop();
    kept.push(point);
  }
  return kept.slice(0, -1);
}

function turn(a: Corner, b: Corner, c: Corner): number {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

function pathOf(points: readonly Corner[]): string {
  if (points.length === 0) return "";
  return `M${points.map(({ x, y }) => `${x} ${y}`).join("L")}Z`;
}
