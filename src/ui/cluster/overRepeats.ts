/** One figure of runs that were repeated: its median, and the lowest and highest of them. */
export interface OverRepeats {
  readonly median: number;
  readonly from: number;
  readonly to: number;
  /** Of how many runs. */
  readonly of: number;
}

/** The figure over at least one value; of an even number the median lies halfway between the two in the middle. */
export function overRepeats(values: readonly number[]): OverRepeats {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [Math.floor((sorted.length - 1) / 2), Math.ceil((sorted.length - 1) / 2)];
  return {
    median: ((sorted[low] ?? 0) + (sorted[high] ?? 0)) / 2,
    from: sorted[0] ?? 0,
    to: sorted.at(-1) ?? 0,
    of: sorted.length,
  };
}

/** "median of 3, from 1.2k to 1.4k"; of a single run only that it is one. */
export function rangeText(figure: OverRepeats, text: (value: number) => string): string {
  if (figure.of === 1) return "one run";
  return `median of ${figure.of}, from ${text(figure.from)} to ${text(figure.to)}`;
}
