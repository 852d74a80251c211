/** Height of a label's line. */
const LINE = 16;

/** Moves labels apart that would stand on each other, none below the bottom. */
export function spread(ys: readonly number[], bottom: number): readonly number[] {
  const order = ys.map((y, index) => ({ y, index })).sort((a, b) => a.y - b.y);
  const placed: number[] = [];
  let above = -Infinity;
  for (const { y, index } of order) {
    above = Math.max(y, above + LINE);
    placed[index] = above;
  }
  let below = bottom + LINE;
  for (const { index } of order.reverse()) {
    below = Math.min(placed[index]!, below - LINE);
    placed[index] = below;
  }
  return placed;
}

/** Which points have room for a label of their own: not those right beside one that already has it. */
export function clearLabels(
  places: readonly { readonly x: number; readonly y: number }[],
): readonly boolean[] {
  const taken: { readonly x: number; readonly y: number }[] = [];
  return places.map((place) => {
    const crowded = taken.some(
      (other) => Math.abs(other.x - place.x) < 30 && Math.abs(other.y - place.y) < 18,
    );
    if (!crowded) taken.push(place);
    return !crowded;
  });
}
