import type { editor, IRange } from "monaco-editor/editor/editor.api.js";
import type { Span } from "../../program/diagnostic.ts";
import type { RelationName, RuleId } from "../../program/program.ts";
import { headSpan, literalSpan, ruleSpan } from "../../workers/rulePlaces.ts";
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
  const range = input.toRange(ruleSpan(input.view, rule));
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
  const heads = (ids: readonly RuleId[]): readonly Span[] =>
    ids.flatMap((id) => {
      const found = rule(id);
      return found === undefined ? [] : [headSpan(view, found)];
    });
  switch (place.kind) {
    case "rule":
    case "head":
      return heads([place.rule]);
    case "literal": {
      const read = rule(place.rule);
      const span = read && literalSpan(view, read, place.index);
      return span === undefined ? [] : [span];
    }
    case "path":
      return heads(place.rules);
    case "relation":
      return firstUse(view, place.relation);
  }
}

function firstUse(view: ProgramView, relation: RelationName): readonly Span[] {
  const derives = view.rules.find((rule) => rule.head === relation);
  if (derives !== undefined) return [headSpan(view, derives)];
  for (const rule of view.rules) {
    const index = rule.literals.findIndex((literal) => literal.relation === relation);
    const span = literalSpan(view, rule, index);
    if (span !== undefined) return [span];
  }
  return [];
}

function endOf(range: IRange): IRange {
  return { ...range, startLineNumber: range.endLineNumber, startColumn: range.endColumn };
}
