import type { RuleId } from "../program/program.ts";
import type { Step } from "./derivation.ts";

/**
 * A step with its target in the rule ids of an edited program, so that a derivation survives edits elsewhere
 * (files.md, Rule ids). `ids` comes from `matchRules`. A rule that is gone keeps its id, so that replay names it; where
 * another rule has that id now, the target must not mean that one.
 */
export function remapStep(step: Step, ids: ReadonlyMap<RuleId, RuleId>): Step {
  if (step.rewrite === "by-hand") return step;
  const taken = new Set(ids.values());
  const moved = (id: string): string => ids.get(id) ?? (taken.has(id) ? `${id} (gone)` : id);
  return { ...step, target: mapIds(step.target, moved) };
}

function mapIds(json: unknown, map: (id: string) => string): unknown {
  if (typeof json === "string") return map(json);
  if (Array.isArray(json)) return json.map((item) => mapIds(item, map));
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([field, v]) => [field, mapIds(v, map)]));
}
