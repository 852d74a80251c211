import type { editor } from "monaco-editor/editor/editor.api.js";
import type { Span } from "../../program/diagnostic.ts";
import type { ComponentView, ProgramView } from "../../workers/workspaceApi.ts";

/** A quiet line above every component: how many rules, on how many nodes. Returns the new zones' ids. */
export function componentZones(
  target: editor.ICodeEditor,
  view: ProgramView,
  before: readonly string[],
  lineOf: (span: Span) => number,
): string[] {
  const ids: string[] = [];
  target.changeViewZones((accessor) => {
    for (const id of before) accessor.removeZone(id);
    for (const component of view.components) {
      const node = document.createElement("div");
      node.className = "component-zone";
      node.textContent = componentLine(component);
      ids.push(
        accessor.addZone({
          afterLineNumber: lineOf(component.block) - 1,
          heightInLines: 1,
          domNode: node,
          suppressMouseDown: true,
        }),
      );
    }
  });
  return ids;
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
