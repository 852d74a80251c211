import { useEffect, useMemo, useRef } from "react";
import type { RefObject } from "react";
import type { GraphModel } from "../../analysis/graphModel.ts";

/** One node of the graph is reached by Tab, the others by arrows: the one that had the focus last. */
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
    const nodes = graph?.nodes ?? [];
    if (nodes.some(({ id }) => id === current.current)) return;
    const first = nodes.find(({ kind }) => kind === "rule") ?? nodes[0];
    if (first !== undefined) stop.focused(first.id);
  }, [graph, stop]);
  return stop;
}
