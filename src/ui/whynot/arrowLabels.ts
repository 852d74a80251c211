export interface Segment {
  readonly from: { readonly x: number; readonly y: number };
  readonly to: { readonly x: number; readonly y: number };
  /** Of the label, in pixels. */
  readonly width: number;
}

const HEIGHT = 16;
/** Where on its line a label may stand, the best place first. */
const PLACES = [0.5, 0.38, 0.62, 0.28, 0.72, 0.2, 0.8];

/** The middle of each line's label: on its line, clear of the labels before it where that is possible. */
export function arrowLabels(
  segments: readonly Segment[],
): readonly { readonly x: number; readonly y: number }[] {
  const placed: { x: number; y: number; width: number }[] = [];
  for (const { from, to, width } of segments) {
    const at = (t: number) => ({
      x: from.x + (to.x - from.x) * t,
      y: from.y + (to.y - from.y) * t,
      width,
    });
    const free = PLACES.map(at).find((label) => placed.every((other) => !overlap(label, other)));
    placed.push(free ?? at(0.5));
  }
  return placed;
}

type Label = { readonly x: number; readonly y: number; readonly width: number };

function overlap(a: Label, b: Label): boolean {
  return Math.abs(a.x - b.x) < (a.width + b.width) / 2 && Math.abs(a.y - b.y) < HEIGHT;
}
