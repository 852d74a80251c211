import type { Fact, Send } from "../evaluator/nodeEngine.ts";
import { compareRows } from "../program/value.ts";

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
