/** Where a label would stand: the middle of its baseline, in pixels. */
export interface LabelPlace {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  readonly characters: number;
}

const CHARACTER = 6.6;
const HEIGHT = 13;
/** Half the width of the mark of a tick, with some air. */
const MARK = 5;

/** The labels that can be read: each that would lie over one before it, over a mark or left of `least` is left out. */
export function labelsThatFit(
  places: readonly LabelPlace[],
  marks: readonly { readonly x: number; readonly y: number }[],
  least: number,
): ReadonlySet<number> {
  const taken: LabelPlace[] = [];
  for (const place of places) {
    if (place.x - width(place) / 2 < least) continue;
    if (marks.some((mark) => covers(place, mark))) continue;
    if (taken.every((other) => !overlap(place, other))) taken.push(place);
  }
  return new Set(taken.map((place) => place.id));
}

function width({ characters }: LabelPlace): number {
  return characters * CHARACTER;
}

function covers(place: LabelPlace, mark: { readonly x: number; readonly y: number }): boolean {
  const middle = place.y - HEIGHT / 2;
  return Math.abs(place.x - mark.x) < width(place) / 2 + MARK && Math.abs(middle - mark.y) < HEIGHT;
}

function overlap(a: LabelPlace, b: LabelPlace): boolean {
  return Math.abs(a.x - b.x) < (width(a) + width(b)) / 2 && Math.abs(a.y - b.y) < HEIGHT;
}

/** Which of some places in order have room for a pill: the others lie too close behind the last one that has. */
export function pillsThatFit(places: readonly number[], pill: number): ReadonlySet<number> {
  const fit = new Set<number>();
  let end = -Infinity;
  for (const [i, x] of places.entries()) {
    if (x - pill / 2 < end) continue;
    fit.add(i);
    end = x + pill / 2;
  }
  return fit;
}
