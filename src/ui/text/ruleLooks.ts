import type { editor, IRange } from "monaco-editor/editor/editor.api.js";
import type { Span } from "../../program/diagnostic.ts";
import type { RuleId } from "../../program/program.ts";
import type { ProgramView, RuleVerdict, RuleView } from "../../workers/workspaceApi.ts";
import type { VerdictMark } from "../icons/VerdictIcon.tsx";
import type { Mark } from "../store/selectors.ts";

export interface Decorated {
  readonly view: ProgramView;
  readonly selected: ReadonlySet<RuleId>;
  readonly marks: readonly Mark[];
  readonly verdicts: ReadonlyMap<RuleId, RuleVerdict>;
  /** The verdict words after the selected rule: "monotonic". */
  readonly focused: { readonly mark: VerdictMark; readonly word: string } | undefined;
  toRange(span: Span): IRange;
}

/** Injected text wraps by its number of characters: marks are drawn as wide as the blanks they stand on. */
const BLANKS = "\u00a0".repeat(3);

/** How a rule looks, apart from where it is. */
export interface RuleLook {
  readonly rule: RuleView;
  /** The rule before it does not stand in the same place: those of an included file all stand at its `include`. */
  readonly first: boolean;
  readonly selected: boolean;
  readonly mark: editor.InjectedTextOptions | undefined;
}

/** Of all rules in text order. */
export function ruleLooks(input: Decorated): readonly RuleLook[] {
  const last = input.view.rules.findLast((rule) => input.selected.has(rule.id));
  const { rules, starts } = input.view;
  return rules.map((rule, i) => {
    const selected = input.selected.has(rule.id);
    const before = rules[i - 1];
    const first = before === undefined || starts[before.number - 1] !== starts[rule.number - 1];
    return { rule, first, selected, mark: verdictMark(input, rule, selected, rule === last) };
  });
}

function verdictMark(
  input: Decorated,
  rule: RuleView,
  selected: boolean,
  lastSelected: boolean,
): editor.InjectedTextOptions | undefined {
  if (selected && input.focused !== undefined) {
    if (!lastSelected) return undefined;
    const { mark, word } = input.focused;
    return {
      // No-break spaces: the mark and its words stay on one line.
      content: `${BLANKS}${word.replaceAll(" ", "\u00a0")}`,
      inlineClassName: `verdict-mark verdict-word verdict-mark-${mark}`,
    };
  }
  const verdict = input.verdicts.get(rule.id);
  if (verdict === undefined) return undefined;
  const mark = markOf(verdict);
  return { content: BLANKS, inlineClassName: `verdict-mark verdict-mark-${mark}` };
}

/** Refusals of a rule alone are quiet: many rules can only move together. */
function markOf(verdict: RuleVerdict): VerdictMark {
  switch (verdict.verdict) {
    case "holds":
      return verdict.inserted ? "inserted" : "holds";
    case "lockstep":
      return "lockstep";
    case "violated":
    case "none":
      return "none";
  }
}
