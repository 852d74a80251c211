import { useEffect, useRef } from "react";
import type { RefObject } from "react";
import { isTyping } from "../shell/keyboard.ts";

export interface LevelKeys {
  /** To the next finer level, or the next coarser one. */
  step(by: 1 | -1): void;
  zoom?(factor: number): void;
}

/** PageDown and PageUp change the level, + and - the scale, wherever in the panel the focus is. */
export function useLevelKeys(inside: RefObject<HTMLElement | null>, keys: LevelKeys): void {
  const newest = useRef(keys);
  useEffect(() => {
    newest.current = keys;
  });
  useEffect(() => {
    const panel = inside.current?.closest<HTMLElement>("[data-panel-id]") ?? inside.current;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (!isTyping(event.target) && act(newest.current, event.key)) event.preventDefault();
    };
    panel?.addEventListener("keydown", onKeyDown);
    return () => panel?.removeEventListener("keydown", onKeyDown);
  }, [inside]);
}

function act(keys: LevelKeys, key: string): boolean {
  switch (key) {
    case "PageDown":
      keys.step(1);
      return true;
    case "PageUp":
      keys.step(-1);
      return true;
    case "+":
    case "=":
      keys.zoom?.(1.2);
      return keys.zoom !== undefined;
    case "-":
      keys.zoom?.(1 / 1.2);
      return keys.zoom !== undefined;
    default:
      return false;
  }
}
