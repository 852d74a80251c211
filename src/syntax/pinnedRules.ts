import { printCompact } from "../program/printCompact.ts";
import type { RelationName, Rule } from "../program/program.ts";
import { pinnedRules } from "./lowerMolly.ts";

/** The relation and the tick that a name such as `log_at_3` stands for. */
export function pinnedTo(
  name: RelationName,
): { readonly relation: RelationName; readonly tick: number } | undefined {
  const [, relation, tick] = /^(.+)_at_(\d{1,15})$/.exec(name) ?? [];
  return relation === undefined ? undefined : { relation, tick: Number(tick) };
}

/** Whether the rule only remembers a tick's facts, as the reader makes it of `r(…)@N`. */
export function isPinnedRule(rule: Rule): boolean {
  const { head } = rule;
  const pinned = pinnedTo(head.relation);
  if (pinned === undefined) return false;
  const nowhere = { start: 0, end: 0 };
  const made = pinnedRules(head.relation, pinned.relation, pinned.tick, head.terms.length, nowhere);
  return [made.rule, made.keep].some((m) => printed(m) === printed(rule));
}

function printed({ head, body }: Pick<Rule, "head" | "body">): string {
  const rule = { id: "", head, body };
  return printCompact({
    declarations: [],
    components: [{ name: "c", by: [], declarations: [], rules: [rule] }],
  });
}
