import { useCallback, useEffect, useRef, useState } from "react";
import type { GraphModel } from "../../analysis/graphModel.ts";
import { layoutRequest } from "../../workers/layoutRequest.ts";
import type { LayoutResult, Point, Size } from "../../workers/layoutApi.ts";
import { layOut, stopLayout } from "./layoutClient.ts";

/** A graph with the places that were computed for exactly this graph. */
export interface LaidGraph {
  readonly graph: GraphModel;
  readonly layout: LayoutResult;
  /** The program as it is, when the graph is a preview of what it would be. */
  readonly before: GraphModel | undefined;
}

/** Under 100 ms nothing is shown; then what was there is dimmed. */
const PATIENCE = 100;

/** Of the newest graph: laid out, or computing for a while now, or given up by the user. */
export type LayoutState = "fresh" | "computing" | "cancelled";

/** The newest finished layout, and what has become of a newer one. */
export function useLayout(
  graph: GraphModel,
  before: GraphModel | undefined,
  viewport: Size | undefined,
  pinned: Readonly<Record<string, Point>>,
): {
  readonly laid: LaidGraph | undefined;
  readonly state: LayoutState;
  readonly problem?: string;
  cancel(): void;
  retry(): void;
} {
  const [laid, setLaid] = useState<LaidGraph>();
  const [state, setState] = useState<LayoutState>("fresh");
  /** A new object asks for the same layout again. */
  const [asked, setAsked] = useState<object>({});
  const [problem, setProblem] = useState<string>();
  const newest = useRef<object>(undefined);
  useEffect(() => {
    if (viewport === undefined) return;
    const ticket = { asked };
    newest.current = ticket;
    const patience = window.setTimeout(() => setState("computing"), PATIENCE);
    layOut(layoutRequest(graph, viewport, pinned))
      .then(
        (layout) => {
          if (ticket !== newest.current) return;
          setLaid({ graph, layout, before });
          setProblem(undefined);
        },
        (error: unknown) => {
          if (ticket === newest.current) setProblem(String(error));
        },
      )
      .finally(() => {
        window.clearTimeout(patience);
        if (ticket === newest.current) setState("fresh");
      });
    return () => window.clearTimeout(patience);
  }, [graph, before, viewport, pinned, asked]);
  const cancel = useCallback(() => {
    newest.current = undefined;
    stopLayout();
    setState("cancelled");
  }, []);
  const retry = useCallback(() => setAsked({}), []);
  const result = { laid, state, cancel, retry };
  return problem === undefined ? result : { ...result, problem };
}
