import type { RuleId } from "../program/program.ts";
import type { Step } from "./derivation.ts";

/**
 * A step with its target in the rule ids of an edited program, so that a derivation survives edits elsewhere
 * (files.md, Rule ids). `ids` comes from `matchRules`; a rule that is gone keeps its id, and replay says that it is gone.
 */
export function remapStep(step: Step, ids: ReadonlyMap<RuleId, RuleId>): Step {
  if (step.rewrite === "by-hand") return step;
  return { ...step, target: mapIds(step.target, (id) => ids.get(id) ?? id) };
}

function mapIds(json: unknown, map: (id: string) => string): unknown {
  if (typeof json === "string") return map(json);
  if (Array.isArray(json)) return json.map((item) => mapIds(item, map));
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([field, v]) => [field, mapIds(v, map)]));
}
