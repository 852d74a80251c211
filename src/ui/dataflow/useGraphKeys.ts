import { useEffect, useRef } from "react";
import type { RefObject } from "react";
import type { RuleId } from "../../program/program.ts";
import { isTyping } from "../shell/keyboard.ts";
import type { Selection } from "./flowElements.ts";
import { isArrow, neighbour } from "./graphKeyboard.ts";
import type { LaidGraph } from "./useLayout.ts";

export interface GraphKeys {
  readonly laid: LaidGraph | undefined;
  readonly selection: Selection;
  /** The rules of every box, by its id. */
  readonly rulesIn: ReadonlyMap<string, readonly RuleId[]>;
  /** Selects a node, or the rules of a box. */
  choose(id: string, extend: boolean): void;
  isChosen(id: string): boolean;
  /** The node or box that has the focus, or had it last. */
  current(): string | undefined;
  focus(id: string): void;
  fit(): void;
  tidy(): void;
  clear(): void;
  chooseRules(rules: readonly RuleId[]): void;
  onCommand?(command: "rewrites" | "partitions"): void;
}

/** The graph's keys (ui.md, "Keyboard"): they act wherever in its panel the focus is, but in a text field. */
export function useGraphKeys(canvas: RefObject<HTMLElement | null>, keys: GraphKeys): void {
  const newest = useRef(keys);
  useEffect(() => {
    newest.current = keys;
  });
  useEffect(() => {
    const panel = canvas.current?.closest<HTMLElement>("[data-panel-id]") ?? canvas.current;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (isTyping(event.target)) return;
      const id = (event.target as HTMLElement).dataset["graphNode"];
      const handled = isArrow(event.key)
        ? follow(newest.current, id, event)
        : command(newest.current, id, event.key);
      if (handled) event.preventDefault();
    };
    panel?.addEventListener("keydown", onKeyDown);
    return () => panel?.removeEventListener("keydown", onKeyDown);
  }, [canvas]);
}

/**
 * To the neighbour, which is selected: instead of what was, or with Shift beside it. From outside of the picture first
 * back to the node that had the focus last.
 */
function follow(keys: GraphKeys, id: string | undefined, event: KeyboardEvent): boolean {
  const { laid } = keys;
  if (laid === undefined) return false;
  const next =
    id === undefined ? keys.current() : neighbour(laid.graph, laid.layout, id, event.key);
  if (next === undefined) return true;
  keys.focus(next);
  if (!event.shiftKey || !keys.isChosen(next)) keys.choose(next, event.shiftKey);
  return true;
}

function command(keys: GraphKeys, id: string | undefined, key: string): boolean {
  switch (key.toLowerCase()) {
    case "enter":
      if (id === undefined || keys.onCommand === undefined) return false;
      if (!keys.isChosen(id)) keys.choose(id, false);
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
    case "p":
      return partitions(keys, id ?? keys.current());
    default:
      return false;
  }
}

/** For what is selected, else for the whole component of the node. */
function partitions(keys: GraphKeys, id: string | undefined): boolean {
  const nodes = keys.laid?.graph.nodes ?? [];
  if (keys.onCommand === undefined) return false;
  if (keys.selection.rules.size === 0) {
    const group = nodes.find((node) => node.id === id)?.group ?? id ?? "";
    const rules = keys.rulesIn.get(group) ?? [];
    if (rules.length === 0) return false;
    keys.chooseRules(rules);
  }
  keys.onCommand("partitions");
  return true;
}
