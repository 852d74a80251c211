import type { RuleId } from "../program/program.ts";
import type { RenamedNames } from "../program/renamedNames.ts";
import type { Step } from "./derivation.ts";

/**
 * A step with its target in the rule ids and names of an edited program, so that a derivation survives edits elsewhere
 * (files.md, Rule ids). `ids` comes from `matchRules`. A rule that is gone keeps its id, so that replay names it; where
 * another rule has that id now, the target must not mean that one.
 */
export function remapStep(
  step: Step,
  ids: ReadonlyMap<RuleId, RuleId>,
  names?: RenamedNames,
): Step {
  if (step.rewrite === "by-hand") return step;
  const taken = new Set(ids.values());
  const moved = (id: string): string => ids.get(id) ?? (taken.has(id) ? `${id} (gone)` : id);
  const target = mapIds(step.target, moved);
  return { ...step, target: names === undefined ? target : mapNames(target, names) };
}

/** By their fields: a component, a relation and an attribute may have one name. */
function mapNames(target: unknown, { relations, components }: RenamedNames): unknown {
  if (typeof target !== "object" || target === null) return target;
  const relation = (name: string): string => relations.get(name) ?? name;
  return Object.fromEntries(
    Object.entries(target).map(([field, value]: [string, unknown]) => {
      switch (field) {
        case "component":
          return [field, mapIds(value, (name) => components.get(name) ?? name)];
        case "relation":
        case "replicated":
          return [field, mapIds(value, relation)];
        case "keys":
        case "signed":
          return [field, mapFields(value, relation)];
        default:
          return [field, value];
      }
    }),
  );
}

function mapFields(json: unknown, map: (name: string) => string): unknown {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return json;
  return Object.fromEntries(Object.entries(json).map(([field, value]) => [map(field), value]));
}

function mapIds(json: unknown, map: (id: string) => string): unknown {
  if (typeof json === "string") return map(json);
  if (Array.isArray(json)) return json.map((item) => mapIds(item, map));
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([field, v]) => [field, mapIds(v, map)]));
}
