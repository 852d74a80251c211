import { useLayoutEffect, useState } from "react";
import type { RefObject } from "react";

/** Where the graph begins, so that the text beside a panel over it stays in sight; 0 in a window with one panel. */
export function useGraphEdge(panel: RefObject<HTMLElement | null>): number {
  const [left, setLeft] = useState(0);
  useLayoutEffect(() => {
    const graph = document.querySelector('[data-panel-id="graph"]');
    const parent = panel.current?.offsetParent;
    if (graph === null || parent === null || parent === undefined) return;
    const measure = (): void =>
      setLeft(graph.getBoundingClientRect().left - parent.getBoundingClientRect().left);
    const observer = new ResizeObserver(measure);
    observer.observe(graph);
    observer.observe(parent);
    return () => observer.disconnect();
  }, [panel]);
  return left;
}
