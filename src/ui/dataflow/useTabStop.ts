import { useEffect, useMemo, useRef } from "react";
import type { RefObject } from "react";
import type { GraphModel } from "../../analysis/graphModel.ts";
import { graphStops, heirOf } from "./graphStops.ts";

const SOON = 50;

/** One node or closed box of the graph is reached by Tab, the others by arrows: the one that had the focus last. */
export function useTabStop(
  canvas: RefObject<HTMLElement | null>,
  graph: GraphModel | undefined,
): {
  focused(id: string): void;
  isTabStop(id: string): boolean;
  /** The node that Tab reaches. */
  current(): string | undefined;
  focus(id: string): void;
} {
  const current = useRef<string>(undefined);
  const drawn = useRef<GraphModel>(undefined);
  const stop = useMemo(() => {
    const faceOf = (id: string): HTMLElement | null =>
      canvas.current?.querySelector<HTMLElement>(`[data-graph-node="${CSS.escape(id)}"]`) ?? null;
    const focused = (id: string): void => {
      if (current.current !== undefined) faceOf(current.current)?.setAttribute("tabindex", "-1");
      current.current = id;
      faceOf(id)?.setAttribute("tabindex", "0");
    };
    return {
      focused,
      isTabStop: (id: string) => id === current.current,
      current: () => current.current,
      focus: (id: string) => {
        focused(id);
        faceOf(id)?.focus({ preventScroll: true });
      },
    };
  }, [canvas]);
  useEffect(() => {
    if (graph === undefined) return;
    const stops = graphStops(graph);
    const was = current.current;
    const before = drawn.current;
    drawn.current = graph;
    if (was !== undefined && stops.includes(was)) return;
    const heir = was === undefined || before === undefined ? undefined : heirOf(was, before, graph);
    const first = heir ?? graph.nodes.find(({ kind }) => kind === "rule")?.id ?? stops[0];
    if (first === undefined) return;
    const face = document.activeElement;
    const hadFocus =
      was !== undefined && (face as HTMLElement | null)?.dataset["graphNode"] === was;
    stop.focused(first);
    // The new shapes are there a moment later.
    if (hadFocus && heir !== undefined) window.setTimeout(() => stop.focus(heir), SOON);
  }, [graph, stop]);
  return stop;
}
