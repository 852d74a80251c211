import type { Fact, Send } from "../evaluator/nodeEngine.ts";
import { compareRows, compareValues } from "../program/value.ts";
import type { Recording } from "./recording.ts";

/** Engines report in any order; a trace has one, so that it does not depend on which engine ran. */
export function inFactOrder(facts: readonly Fact[]): readonly Fact[] {
  return facts.length < 2 ? facts : [...facts].sort(compareFacts);
}

export function inSendOrder(sends: readonly Send[]): readonly Send[] {
  if (sends.length < 2) return sends;
  return [...sends].sort((a, b) => compareNames(a.to, b.to) || compareFacts(a, b));
}

function compareFacts(a: Fact, b: Fact): number {
  return compareNames(a.relation, b.relation) || compareRows(a.row, b.row);
}

/** By code unit, as no locale changes it. */
function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** As `inSendOrder`, for entries of what a tick sends. */
export function inEntryOrder(entries: number[], recording: Recording): readonly number[] {
  if (entries.length < 2) return entries;
  const { interner } = recording.ids;
  const { log } = recording;
  return entries.sort((a, b) => {
    const { cells } = log;
    const to = compareNames(
      recording.placeName(recording.destination(a)),
      recording.placeName(recording.destination(b)),
    );
    if (to !== 0) return to;
    if (cells[a] !== cells[b]) return compareNames(recording.relation(a), recording.relation(b));
    const end = log.after(a);
    for (let at = a + 3, other = b + 3; at < end; at++, other++) {
      const [x, y] = [cells[at]!, cells[other]!];
      if (x !== y) return compareValues(interner.valueOf(x), interner.valueOf(y));
    }
    return 0;
  });
}
