import type { RelationName, Rule } from "../../program/program.ts";
import type { RelationView, RuleView } from "../../workers/workspaceApi.ts";
import type { DataflowProgram } from "./dataflowProps.ts";
import type { Selection } from "./flowElements.ts";
import { joinTable } from "./joinTable.ts";
import type { JoinTable } from "./joinTable.ts";

/** A rule whose inside is shown. */
export interface ShownJoin {
  readonly view: RuleView;
  readonly table: JoinTable;
}

/** More than that at once nobody compares. */
const MOST_RULES = 6;

/** The insides of the selected rules; of those that read or derive it, for a selected relation. */
export function shownJoins(
  program: DataflowProgram,
  selection: Selection,
): { readonly joins: readonly ShownJoin[]; readonly left: number } {
  const { relation } = selection;
  const chosen = program.rules.filter(
    (rule) =>
      selection.rules.has(rule.id) ||
      (relation !== undefined && selection.rules.size === 0 && touches(rule, relation)),
  );
  if (chosen.length === 0) return { joins: [], left: 0 };
  const rules = new Map<string, Rule>();
  for (const component of program.program.components) {
    for (const rule of component.rules) rules.set(rule.id, rule);
  }
  const relations = new Map<RelationName, RelationView>(
    program.relations.map((each) => [each.name, each]),
  );
  const joins = chosen.slice(0, MOST_RULES).flatMap((view): readonly ShownJoin[] => {
    const rule = rules.get(view.id);
    return rule === undefined ? [] : [{ view, table: joinTable(rule, relations) }];
  });
  return { joins, left: Math.max(0, chosen.length - MOST_RULES) };
}

function touches(rule: RuleView, relation: RelationName): boolean {
  return rule.head === relation || rule.literals.some((literal) => literal.relation === relation);
}
