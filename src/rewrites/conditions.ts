import type { Finding } from "../analysis/finding.ts";
import type { Evidence, Place } from "../program/evidence.ts";
import type { Precondition, Suggestion, Verdict } from "./rewrite.ts";

/** Builders for preconditions; statements follow ui.md, Words. */
export function holds(
  code: string,
  statement: string,
  evidence: readonly Evidence[] = [],
): Precondition {
  return { verdict: "holds", code, statement, evidence };
}

export function violated(finding: Finding, suggestion?: Suggestion): Precondition {
  return { verdict: "violated", ...finding, ...(suggestion && { suggestion }) };
}

export function onlyInLockstep(finding: Finding): Precondition {
  return { verdict: "lockstep", ...finding };
}

/** Evidence at each place, with one clause for all of them. */
export function evidenceAt(
  places: readonly Place[],
  because: string | ((place: Place) => string),
): readonly Evidence[] {
  return places.map((place) => ({
    ...place,
    because: typeof because === "string" ? because : because(place),
  }));
}

/** For a violation: at least one piece of evidence; none is a fault of ours. */
export function culprits(evidence: readonly Evidence[]): readonly [Evidence, ...Evidence[]] {
  const [first, ...others] = evidence;
  if (first === undefined) throw new Error("a violation needs evidence");
  return [first, ...others];
}

/** A target's verdict is the worst of its preconditions. */
export function worst(preconditions: readonly Precondition[]): Verdict {
  if (preconditions.some((c) => c.verdict === "violated")) return "violated";
  return preconditions.some((c) => c.verdict === "lockstep") ? "lockstep" : "holds";
}
