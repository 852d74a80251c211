/** The name that a misspelt one most likely means, or undefined when none is close. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    if (candidate === name) continue;
    const limit = tolerance(name, candidate);
    const distance = isPrefix(name, candidate) ? 1 : boundedDistance(name, candidate, limit);
    if (distance > limit) continue;
    if (best === undefined || distance < best.distance) best = { name: candidate, distance };
    // No other name is closer than one slip.
    if (best.distance === 1) break;
  }
  return best?.name;
}

/** `cer` for `cert`, `ce` for `cer`: listings shorten names. */
function isPrefix(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.length >= 2 && long.startsWith(short);
}

function tolerance(a: string, b: string): number {
  const length = Math.max(a.length, b.length);
  return length <= 2 ? 0 : length <= 5 ? 1 : 2;
}

/** The edit distance, or Infinity as soon as it is known to be above the limit: most pairs of names are far apart. */
function boundedDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return Infinity;
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start++;
  let end = 0;
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const [m, n] = [a.length - start - end, b.length - start - end];
  if (m === 0 || n === 0) return Math.max(m, n);
  // One slip is a letter more, less or other (nothing is left of one side, or one letter of both), or two swapped.
  if (limit === 1 && Math.max(m, n) > 2) return Infinity;
  return editDistance(a.slice(start, a.length - end), b.slice(start, b.length - end), limit);
}

/** Levenshtein distance, two neighbours swapped counting once; Infinity when it is above the limit. */
export function editDistance(a: string, b: string, limit = Infinity): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  let leastBefore = 0;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(
        rows[i - 1]![j]! + 1,
        row[j - 1]! + 1,
        rows[i - 1]![j - 1]! + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, rows[i - 2]![j - 2]! + 1);
      }
      row.push(cost);
      least = Math.min(least, cost);
    }
    // A swap reaches back two rows.
    if (Math.min(least, leastBefore) > limit) return Infinity;
    leastBefore = least;
    rows.push(row);
  }
  const distance = rows[a.length]![b.length]!;
  return distance <= limit ? distance : Infinity;
}
