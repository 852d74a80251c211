import type { Finding } from "../analysis/finding.ts";
import type { Evidence, Place } from "../program/evidence.ts";
import type { Precondition, Suggestion, Verdict } from "./rewrite.ts";

/** The codes that a precondition of these rewrites can have: their part of the one vocabulary (spec/cases.md). */
export const REFUSAL_CODES = [
  "shared-read",
  "same-tick-flow",
  "direction",
  "client-input",
  "tick-as-data",
  "derived-on-both-sides",
  "sends-counted",
  "two-reads",
  "two-relations",
  "changing-negation",
  "aggregate",
  "non-deterministic",
  "not-kept",
  "exact-threshold",
  "forgets-early",
  "keys-differ",
  "head-key",
  "absent-wildcard",
  "group-split",
  "unroutable",
  "no-dependency",
  "undeclared-dependency",
  "untrue-dependency",
  "partitioned-feeds-replicated",
  "aggregate-over-part",
  "key-projected",
  "durable-copy",
  "seal-receiver",
  "seal-trigger",
  "idle-derivation",
  "idle-change",
  "idle-output",
  "not-input-derived",
  "unchecked-field",
  "tick-local-dependency",
] as const;

/** Never violated: repaired, made right by a guard, or lock-step. */
const MILD_CODES: readonly string[] = ["self-as-data", "tick-sensitive", "negated-part"];

function known(code: string): string {
  const isKnown = MILD_CODES.includes(code) || REFUSAL_CODES.some((c) => c === code);
  if (!isKnown) throw new Error(`no precondition has the code ${code}`);
  return code;
}

/** Builders for preconditions; statements follow ui.md, Words. */
export function holds(
  code: string,
  statement: string,
  evidence: readonly Evidence[] = [],
): Precondition {
  return { verdict: "holds", code: known(code), statement, evidence };
}

/** Something that no verdict can know, and that has to be seen to where the program runs. */
export function holdsWithCaution(code: string, statement: string): Precondition {
  return { verdict: "holds", code: known(code), statement, evidence: [], caution: true };
}

export function violated(finding: Finding, suggestion?: Suggestion): Precondition {
  known(finding.code);
  return { verdict: "violated", ...finding, ...(suggestion && { suggestion }) };
}

export function onlyInLockstep(finding: Finding): Precondition {
  known(finding.code);
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
