/** Where a label would stand: the middle of its baseline, in pixels. */
export interface LabelPlace {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  readonly characters: number;
}

const CHARACTER = 6.6;
const HEIGHT = 13;

/** The labels that can be read: each that would lie over one before it is left out. */
export function labelsThatFit(places: readonly LabelPlace[]): ReadonlySet<number> {
  const taken: LabelPlace[] = [];
  for (const place of places) {
    if (taken.every((other) => !overlap(place, other))) taken.push(place);
  }
  return new Set(taken.map((place) => place.id));
}

function overlap(a: LabelPlace, b: LabelPlace): boolean {
  const width = ((a.characters + b.characters) / 2) * CHARACTER;
  return Math.abs(a.x - b.x) < width && Math.abs(a.y - b.y) < HEIGHT;
}
