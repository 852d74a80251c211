import type { editor, IRange } from "monaco-editor/editor/editor.api.js";
import type { Span } from "../../program/diagnostic.ts";
import type { RuleId } from "../../program/program.ts";
import type { ProgramView, RuleView } from "../../workers/workspaceApi.ts";
import type { Mark } from "../store/selectors.ts";
import type { Decorated, RuleLook } from "./ruleLooks.ts";
import { ruleNumberClass } from "./ruleNumberStyles.ts";

/** What the focused card paints: its culprits. */
export function markDecorations(input: Decorated): editor.IModelDeltaDecoration[] {
  return input.marks.flatMap((mark) => culprit(input, mark));
}

/** Gutter number, selection and verdict of one rule. */
export function ruleDecorations(
  { rule, first, selected, mark }: RuleLook,
  input: Decorated,
): editor.IModelDeltaDecoration[] {
  const range = input.toRange(rule.span);
  const list: editor.IModelDeltaDecoration[] = [];
  if (first) {
    list.push({
      range: { ...range, endLineNumber: range.startLineNumber, endColumn: range.startColumn },
      options: {
        linesDecorationsClassName: ruleNumberClass(rule.number, selected),
        showIfCollapsed: true,
      },
    });
  }
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
  if (mark !== undefined)
    list.push({ range: endOf(range), options: { after: mark, showIfCollapsed: true } });
  return list;
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
