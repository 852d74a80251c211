import type { Point, Size } from "./layoutApi.ts";

/** The path of a line through its corners, each rounded as far as its neighbours leave room. */
export function edgePath(points: readonly Point[], radius = 10): string {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  const parts = [`M${at(first)}`];
  rest.forEach((corner, i) => {
    const before = points[i]!;
    const after = rest[i + 1];
    if (after === undefined) {
      parts.push(`L${at(corner)}`);
      return;
    }
    const reach = Math.min(radius, distance(before, corner) / 2, distance(corner, after) / 2);
    parts.push(
      `L${at(towards(corner, before, reach))}Q${at(corner)} ${at(towards(corner, after, reach))}`,
    );
  });
  return parts.join("");
}

/** The same line, ending `by` pixels earlier: a filled arrowhead covers the rest. */
export function bluntEnd(points: readonly Point[], by: number): readonly Point[] {
  const end = points.at(-1);
  const before = points.at(-2);
  if (end === undefined || before === undefined) return points;
  return [...points.slice(0, -1), towards(end, before, Math.min(by, distance(end, before)))];
}

/** Tip and both wings of an arrowhead at a line's end. */
export function arrowhead(
  points: readonly Point[],
  length: number,
  half: number,
): readonly Point[] {
  const end = points.at(-1);
  const before = points.at(-2);
  if (end === undefined || before === undefined) return [];
  const [dx, dy] = backwards(end, before);
  const wing = (side: number): Point => ({
    x: end.x + dx * length - dy * half * side,
    y: end.y + dy * length + dx * half * side,
  });
  return [wing(1), end, wing(-1)];
}

/** The middle of the ring that stands at a line's end. */
export function ringCentre(points: readonly Point[], radius: number): Point {
  const end = points.at(-1) ?? { x: 0, y: 0 };
  const [dx, dy] = backwards(end, points.at(-2) ?? { x: end.x, y: end.y - 1 });
  return { x: end.x + dx * radius, y: end.y + dy * radius };
}

/** One step from `end` back towards `before`. */
function backwards(end: Point, before: Point): readonly [number, number] {
  const length = distance(end, before) || 1;
  return [(before.x - end.x) / length, (before.y - end.y) / length];
}

export function pointList(points: readonly Point[]): string {
  return points.map(at).join(" ");
}

/** The point half-way along the line, or another part of the way. */
export function midpoint(points: readonly Point[], part = 0.5): Point {
  const lengths = points.slice(1).map((p, i) => distance(points[i]!, p));
  let left = lengths.reduce((sum, length) => sum + length, 0) * part;
  for (const [i, length] of lengths.entries()) {
    if (left <= length) return towards(points[i]!, points[i + 1]!, left);
    left -= length;
  }
  return points[0] ?? { x: 0, y: 0 };
}

/** A channel's tag from its own corner; the point shows where messages travel. */
export function tagPath({ width, height }: Size, direction: "left" | "right"): string {
  const tip = 9;
  return direction === "right"
    ? `M0 0H${width - tip}L${width} ${height / 2}L${width - tip} ${height}H0Z`
    : `M${width} 0H${tip}L0 ${height / 2}L${tip} ${height}H${width}Z`;
}

export function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function towards(from: Point, to: Point, by: number): Point {
  const length = distance(from, to) || 1;
  return {
    x: from.x + ((to.x - from.x) / length) * by,
    y: from.y + ((to.y - from.y) / length) * by,
  };
}

function at({ x, y }: Point): string {
  return `${round(x)},${round(y)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
