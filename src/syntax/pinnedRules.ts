import { printRule } from "../program/printCompact.ts";
import type { RelationName, Rule } from "../program/program.ts";
import { distinctVariables } from "../program/variables.ts";
import { pinnedRules } from "./lowerMolly.ts";
import { variable } from "./lowerings.ts";
import { mapRule } from "./mapRule.ts";

/** The relation and the tick that a name such as `log_at_3` stands for. */
export function pinnedTo(
  name: RelationName,
): { readonly relation: RelationName; readonly tick: number } | undefined {
  const [, relation, tick] = /^(.+)_at_(\d{1,15})$/.exec(name) ?? [];
  return relation === undefined ? undefined : { relation, tick: Number(tick) };
}

/** The rule as the reader makes it of `r(…)@N`, when all it does is to remember a tick's facts. */
export function pinnedRule(rule: Rule): Rule | undefined {
  const { relation, terms } = rule.head;
  const pinned = pinnedTo(relation);
  const names = distinctVariables(terms);
  if (pinned === undefined || names === undefined) return undefined;
  const canonical = mapRule(rule, {
    variable: (name) =>
      variable(names.includes(name) ? `x${names.indexOf(name) + 1}` : `y_${name}`),
  });
  const nowhere = { start: 0, end: 0 };
  const made = pinnedRules(relation, pinned.relation, pinned.tick, terms.length, nowhere);
  const same = [made.rule, made.keep].some(
    ({ head, body }) => printRule({ id: "", head, body }) === printRule(canonical),
  );
  return same ? canonical : undefined;
}
