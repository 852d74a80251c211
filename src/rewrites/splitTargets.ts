import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { kindOfRelation } from "../analysis/componentRules.ts";
import { carriesOver } from "../analysis/persistence.ts";
import { ins } from "../analysis/ruleSets.ts";
import type { ComponentName, RuleId } from "../program/program.ts";
import { roleName } from "./roleName.ts";
import type { Selection } from "./rewrite.ts";
import { foldTarget } from "./fold.ts";
import type { SplitTarget } from "./splitOff.ts";
import { badComponentName, componentOf, missing, rulesIn, TargetReader } from "./targets.ts";
import { numbered } from "./words.ts";

/** The rules chosen, with those that only carry their relations over; all rules when none is chosen. */
export function splitTarget(
  p: AnalyzedProgram,
  selection: Selection,
  joinsStay: "joins stay" | "joins move" = "joins move",
): SplitTarget | undefined {
  const component = componentOf(p, selection.component);
  if (component === undefined) return undefined;
  const all = component.rules.map((rule) => rule.id);
  const rules = selection.rules.length === 0 ? all : withPersistence(p, selection);
  return named(p, selection.component, rules, joinsStay);
}

/** The other rules of the component: what moves away when the chosen ones cannot. */
export function complementTarget(p: AnalyzedProgram, target: SplitTarget): SplitTarget | undefined {
  const chosen = new Set(target.rules);
  const others = componentOf(p, target.component)!.rules.filter((rule) => !chosen.has(rule.id));
  return named(
    p,
    target.component,
    others.map((rule) => rule.id),
  );
}

function named(
  p: AnalyzedProgram,
  component: ComponentName,
  rules: readonly RuleId[],
  joinsStay: "joins stay" | "joins move" = "joins move",
): SplitTarget | undefined {
  const target = { component, rules, name: roleName(p, rulesIn(p, component, rules)) };
  return splitMisfit(p, target, joinsStay) === undefined ? target : undefined;
}

/**
 * A rule that carries a relation over to the next tick goes where all other rules of the relation go: the graph draws it
 * as part of the relation.
 */
function withPersistence(p: AnalyzedProgram, selection: Selection): readonly RuleId[] {
  const chosen = new Set(selection.rules);
  const rules = componentOf(p, selection.component)?.rules ?? [];
  for (const rule of rules) {
    const { relation } = rule.head;
    const others = rules.filter(
      (r) => r.head.relation === relation && carriesOver(r) === undefined,
    );
    const follows = others.length > 0 && others.every((r) => chosen.has(r.id));
    if (carriesOver(rule) !== undefined && follows) chosen.add(rule.id);
  }
  return rules.filter((rule) => chosen.has(rule.id)).map((rule) => rule.id);
}

export function readSplitTarget(json: unknown): SplitTarget | string {
  const reader = new TargetReader(json, ["component", "rules", "name"]);
  return reader.read({
    component: reader.name("component"),
    rules: reader.names("rules"),
    name: reader.name("name"),
  });
}

/**
 * A component may lose all its rules only where a relay for clients will stay (H-25), or, where joins can be folded, the
 * folded part.
 */
export function splitMisfit(
  p: AnalyzedProgram,
  target: SplitTarget,
  joinsStay: "joins stay" | "joins move" = "joins move",
): string | undefined {
  const absent = missing(p, target.component, target.rules) ?? badComponentName(p, target.name);
  if (absent !== undefined) return absent;
  const rules = rulesIn(p, target.component, target.rules);
  if (joinsStay === "joins stay" && rules.some((r) => foldTarget(p, target.component, r))) {
    return undefined;
  }
  const moves = { component: target.component, rules: new Set(target.rules) };
  const everything = componentOf(p, target.component)!.rules.length === moves.rules.size;
  const fromClients = [...ins(p, moves).keys()].some((r) => kindOfRelation(p, r) === "env");
  return everything && !fromClients
    ? `These are all the rules of ${target.component}; nothing would stay.`
    : undefined;
}

/** "leader, rules 2 to 6 → collector" */
export function describeSplit(p: AnalyzedProgram, target: SplitTarget): string {
  return `${target.component}, ${numbered(p, target.rules)} → ${target.name}`;
}
