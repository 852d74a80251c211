import type { Span } from "../program/diagnostic.ts";
import type { ProgramView, RuleView } from "./workspaceApi.ts";

type Starts = Pick<ProgramView, "starts">;

/** Where a rule stands in the view's text. */
export function ruleSpan(view: Starts, rule: RuleView): Span {
  return moved({ start: 0, end: rule.length }, startOf(view, rule));
}

/** Its head's relation and terms, without the body. */
export function headSpan(view: Starts, rule: RuleView): Span {
  return moved(rule.headWithin, startOf(view, rule));
}

/** A literal of its body; undefined when it has no such literal. */
export function literalSpan(view: Starts, rule: RuleView, index: number): Span | undefined {
  const literal = rule.literals[index];
  return literal && moved(literal.within, startOf(view, rule));
}

function startOf({ starts }: Starts, { number }: RuleView): number {
  return starts[number - 1] ?? 0;
}

function moved({ start, end }: Span, by: number): Span {
  return { start: start + by, end: end + by };
}
