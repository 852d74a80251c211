import type { RuleId } from "../../program/program.ts";
import type { RuleOrigin } from "../../rewrites/rewrite.ts";

/** Where each rule of a step's program came from. */
export type Origins = readonly (readonly [RuleId, RuleOrigin])[];

/** The rules that came of some rules, step by step: kept ones, and those that were changed. */
export function rulesAfter(rules: readonly RuleId[], steps: readonly Origins[]): readonly RuleId[] {
  let now = rules;
  for (const origins of steps) {
    const before = new Set(now);
    now = origins.flatMap(([id, origin]) =>
      cameFrom(origin).some((r) => before.has(r)) ? [id] : [],
    );
  }
  return now;
}

/** The rules that some rules came from, going back over the same steps. */
export function rulesBefore(
  rules: readonly RuleId[],
  steps: readonly Origins[],
): readonly RuleId[] {
  let now = rules;
  for (const origins of steps.toReversed()) {
    const after = new Set(now);
    now = [...new Set(origins.flatMap(([id, origin]) => (after.has(id) ? cameFrom(origin) : [])))];
  }
  return now;
}

function cameFrom(origin: RuleOrigin): readonly RuleId[] {
  switch (origin.kind) {
    case "kept":
      return [origin.from];
    case "changed":
      return origin.from;
    case "added":
      return [];
  }
}
