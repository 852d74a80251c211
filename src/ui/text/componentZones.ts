import type { editor } from "monaco-editor/editor/editor.api.js";
import type { Span } from "../../program/diagnostic.ts";
import type { ComponentView, ProgramView } from "../../workers/workspaceApi.ts";

export interface Zones {
  readonly ids: readonly string[];
  /** Their words and lines. */
  readonly shown: string;
}

export const NO_ZONES: Zones = { ids: [], shown: "" };

/** A quiet line above every component: how many rules, on how many nodes. They are set anew only where they differ. */
export function componentZones(
  target: editor.ICodeEditor,
  view: ProgramView,
  before: Zones,
  lineOf: (span: Span) => number,
): Zones {
  const lines = view.components.map((component) => ({
    words: componentLine(component),
    line: lineOf(component.block) - 1,
  }));
  const shown = JSON.stringify(lines);
  if (shown === before.shown) return before;
  const ids: string[] = [];
  target.changeViewZones((accessor) => {
    for (const id of before.ids) accessor.removeZone(id);
    for (const { words, line } of lines) {
      const node = document.createElement("div");
      node.className = "component-zone";
      node.textContent = words;
      ids.push(
        accessor.addZone({
          afterLineNumber: line,
          heightInLines: 1,
          domNode: node,
          suppressMouseDown: true,
        }),
      );
    }
  });
  return { ids, shown };
}

function componentLine(component: ComponentView): string {
  const parts = [component.name, component.rules === 1 ? "1 rule" : `${component.rules} rules`];
  if (component.partitions !== undefined && component.partitions > 1) {
    const by = component.by.length > 0 ? ` by ${component.by.join(", ")}` : "";
    parts.push(`${component.partitions} partitions${by}`);
  } else if (component.nodes !== undefined) {
    parts.push(component.nodes === 1 ? "1 node" : `${component.nodes} nodes`);
  }
  return parts.join(" · ");
}
