import type { KeyboardEvent } from "react";
import type { GraphNode } from "../../analysis/graphModel.ts";
import { isSelected } from "./flowElements.ts";
import type { Selection } from "./flowElements.ts";
import { isArrow, neighbour } from "./graphKeyboard.ts";
import type { LaidGraph } from "./useLayout.ts";

export interface GraphKeys {
  readonly laid: LaidGraph | undefined;
  readonly selection: Selection;
  choose(node: GraphNode, extend: boolean): void;
  focus(id: string): void;
  fit(): void;
  tidy(): void;
  clear(): void;
  onCommand?(command: "rewrites"): void;
}

/** The graph's keys (ui.md, "Keyboard"); true when one was meant for it. */
export function useGraphKeys(keys: GraphKeys): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const id = (event.target as HTMLElement).dataset["graphNode"];
    const handled = isArrow(event.key) ? follow(keys, id, event) : command(keys, id, event.key);
    if (handled) event.preventDefault();
  };
}

/** To the neighbour, which is selected: instead of what was, or with Shift beside it. */
function follow(keys: GraphKeys, id: string | undefined, event: KeyboardEvent): boolean {
  const { laid, selection } = keys;
  if (laid === undefined || id === undefined) return false;
  const next = neighbour(laid.graph, laid.layout, id, event.key);
  const node = laid.graph.nodes.find((each) => each.id === next);
  if (node === undefined) return true;
  keys.focus(node.id);
  if (!event.shiftKey || !isSelected(node, selection)) keys.choose(node, event.shiftKey);
  return true;
}

function command(keys: GraphKeys, id: string | undefined, key: string): boolean {
  switch (key.toLowerCase()) {
    case "enter":
      if (id === undefined || keys.onCommand === undefined) return false;
      keys.onCommand("rewrites");
      return true;
    case "escape":
      keys.clear();
      return true;
    case "f":
      keys.fit();
      return true;
    case "t":
      keys.tidy();
      return true;
    default:
      return false;
  }
}
