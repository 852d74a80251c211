import { useEffect, useRef, useState } from "react";
import type { GraphModel } from "../../analysis/graphModel.ts";
import { layoutRequest } from "../../workers/layoutRequest.ts";
import type { LayoutResult, Point, Size } from "../../workers/layoutApi.ts";
import { layOut } from "./layoutClient.ts";

/** A graph with the places that were computed for exactly this graph. */
export interface LaidGraph {
  readonly graph: GraphModel;
  readonly layout: LayoutResult;
}

/** Under 100 ms nothing is shown; then what was there is dimmed. */
const PATIENCE = 100;

/** The newest finished layout; `stale` while a newer one has been computing for a while. */
export function useLayout(
  graph: GraphModel,
  viewport: Size | undefined,
  pinned: Readonly<Record<string, Point>>,
): { readonly laid: LaidGraph | undefined; readonly stale: boolean; readonly problem?: string } {
  const [laid, setLaid] = useState<LaidGraph>();
  const [stale, setStale] = useState(false);
  const [problem, setProblem] = useState<string>();
  const newest = useRef(0);
  useEffect(() => {
    if (viewport === undefined) return;
    const ticket = ++newest.current;
    const patience = window.setTimeout(() => setStale(true), PATIENCE);
    layOut(layoutRequest(graph, viewport, pinned))
      .then(
        (layout) => {
          if (ticket !== newest.current) return;
          setLaid({ graph, layout });
          setProblem(undefined);
        },
        (error: unknown) => {
          if (ticket === newest.current) setProblem(String(error));
        },
      )
      .finally(() => {
        window.clearTimeout(patience);
        if (ticket === newest.current) setStale(false);
      });
    return () => window.clearTimeout(patience);
  }, [graph, viewport, pinned]);
  return problem === undefined ? { laid, stale } : { laid, stale, problem };
}
