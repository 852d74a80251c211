import { headSpan, literalSpan, ruleSpan } from "../../workers/rulePlaces.ts";
import type { editor } from "monaco-editor/editor/editor.api.js";
import type { StoreApi } from "zustand";
import type { Span } from "../../program/diagnostic.ts";
import type { ProgramView } from "../../workers/workspaceApi.ts";
import type { ClewState } from "../store/clewState.ts";
import { shownView } from "../store/selectors.ts";
import { textOf } from "../text/textModels.ts";
import type { Touched } from "./touchedBy.ts";
import { useTouchedStep } from "./touchedStep.ts";

/** Lights in the text what the step that is pointed at touched; returns what ends it. */
export function lightText(
  target: editor.ICodeEditor,
  store: Pick<StoreApi<ClewState>, "getState">,
): () => void {
  const lit = target.createDecorationsCollection();
  return useTouchedStep.subscribe(({ touched }) => {
    const view = shownView(store.getState());
    const model = target.getModel();
    // Spans fit no other text than that of the view.
    const fits = model !== null && view !== undefined && view.text === textOf(model);
    lit.set(touched !== undefined && fits ? decorations(touched, view, model) : []);
  });
}

function decorations(
  touched: Touched,
  view: ProgramView,
  model: editor.ITextModel,
): editor.IModelDeltaDecoration[] {
  const at = (span: Span, options: editor.IModelDecorationOptions) => {
    const [start, end] = [model.getPositionAt(span.start), model.getPositionAt(span.end)];
    return {
      range: {
        startLineNumber: start.lineNumber,
        startColumn: start.column,
        endLineNumber: end.lineNumber,
        endColumn: end.column,
      },
      options,
    };
  };
  const rules = view.rules
    .filter(({ id }) => touched.rules.has(id))
    .map((rule) => at(ruleSpan(view, rule), WHOLE_RULE));
  const relations = view.rules
    .flatMap((rule) => [
      { relation: rule.head, span: headSpan(view, rule) },
      ...rule.literals.map(({ relation }, i) => ({ relation, span: literalSpan(view, rule, i)! })),
    ])
    .filter(({ relation }) => relation !== undefined && touched.relations.has(relation))
    .map(({ span }) => at(span, { inlineClassName: "touched-relation" }));
  const components = view.components
    .filter(({ name }) => touched.components.has(name))
    .map(({ nameSpan }) => at(nameSpan, { inlineClassName: "touched-relation" }));
  return [...rules, ...relations, ...components];
}

const WHOLE_RULE: editor.IModelDecorationOptions = {
  isWholeLine: true,
  className: "touched-rule-line",
  marginClassName: "touched-rule-margin",
};
