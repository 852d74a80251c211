import type { editor, IRange } from "monaco-editor/editor/editor.api.js";
import type { Span } from "../../program/diagnostic.ts";
import type { RuleId } from "../../program/program.ts";
import type { ProgramView, RuleVerdict, RuleView } from "../../workers/workspaceApi.ts";
import type { VerdictMark } from "../icons/VerdictIcon.tsx";
import type { Mark } from "../store/selectors.ts";
import { ruleNumberClass } from "./ruleNumberStyles.ts";

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

/** Everything painted over the text: gutter numbers, selection, verdicts, culprits. */
export function decorations(input: Decorated): editor.IModelDeltaDecoration[] {
  return [
    ...input.view.rules.flatMap((rule) => ruleDecorations(input, rule)),
    ...input.marks.flatMap((mark) => culprit(input, mark)),
  ];
}

function ruleDecorations(input: Decorated, rule: RuleView): editor.IModelDeltaDecoration[] {
  const selected = input.selected.has(rule.id);
  const range = input.toRange(rule.span);
  const list: editor.IModelDeltaDecoration[] = [
    {
      range: { ...range, endLineNumber: range.startLineNumber, endColumn: range.startColumn },
      options: {
        linesDecorationsClassName: ruleNumberClass(rule.number, selected),
        showIfCollapsed: true,
      },
    },
  ];
  if (selected) {
    list.push({
      range,
      options: {
        isWholeLine: true,
        className: "selected-rule-line",
        marginClassName: "selected-rule-margin",
      },
    });
  }
  const mark = verdictMark(input, rule, selected);
  if (mark !== undefined)
    list.push({ range: endOf(range), options: { after: mark, showIfCollapsed: true } });
  return list;
}

function verdictMark(
  input: Decorated,
  rule: RuleView,
  selected: boolean,
): editor.InjectedTextOptions | undefined {
  const last = input.view.rules.findLast((other) => input.selected.has(other.id));
  if (selected && input.focused !== undefined) {
    if (last?.id !== rule.id) return undefined;
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

function culprit(input: Decorated, { letter, place }: Mark): editor.IModelDeltaDecoration[] {
  return spansOf(input.view, place).map((span) => ({
    range: input.toRange(span),
    options: {
      inlineClassName: "culprit",
      before: { content: `${letter}\u00a0\u00a0`, inlineClassName: "culprit-letter" },
      hoverMessage: { value: place.because },
      overviewRuler: { color: "#a0142f", position: 4 },
    },
  }));
}

/** Where a place stands in the text; a relation stands at its first use. */
export function spansOf(view: ProgramView, place: Mark["place"]): readonly Span[] {
  const rule = (id: RuleId): RuleView | undefined => view.rules.find((r) => r.id === id);
  switch (place.kind) {
    case "rule":
      return spans(rule(place.rule)?.headSpan);
    case "head":
      return spans(rule(place.rule)?.headSpan);
    case "literal":
      return spans(rule(place.rule)?.literals[place.index]?.span);
    case "path":
      return place.rules.flatMap((id) => spans(rule(id)?.headSpan));
    case "relation": {
      const derives = view.rules.find((r) => r.head === place.relation);
      const reads = view.rules
        .flatMap((r) => r.literals)
        .find((l) => l.relation === place.relation);
      return spans(derives?.headSpan ?? reads?.span);
    }
  }
}

function spans(span: Span | undefined): readonly Span[] {
  return span === undefined ? [] : [span];
}

function endOf(range: IRange): IRange {
  return { ...range, startLineNumber: range.endLineNumber, startColumn: range.endColumn };
}
