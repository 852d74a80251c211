import { useReactFlow } from "@xyflow/react";
import type { Viewport } from "@xyflow/react";
import { useCallback, useEffect, useRef } from "react";
import type { RefObject } from "react";
import type { Point, Size } from "../../workers/layoutApi.ts";
import { LABEL_ZOOM } from "../../workers/layoutRequest.ts";
import { centre } from "./flowElements.ts";
import { levelAtZoom, levelBeside } from "./graphLevel.ts";
import type { GraphLevel } from "./graphLevel.ts";
import type { LaidGraph } from "./useLayout.ts";

export interface SemanticZoom {
  readonly level: GraphLevel;
  readonly laid: LaidGraph | undefined;
  readonly size: Size | undefined;
  /** Something that does not zoom stands over the graph. */
  readonly covered: boolean;
  setLevel(level: GraphLevel): void;
  zoomBy(factor: number): void;
  /** Looks at the whole picture again. */
  fit(): void;
  /** From now on the view is the person's own. */
  hold(): void;
  /** The rule that was zoomed at. */
  chooseRule(id: string): void;
}

/** Zooming far in leads to the finer level, far out to the coarser one; one level a gesture. */
export function useSemanticZoom(
  canvas: RefObject<HTMLElement | null>,
  zoom: SemanticZoom,
): {
  onMoveStart(event: unknown, viewport: Viewport): void;
  onMoveEnd(event: unknown, viewport: Viewport): void;
  zoomBy(factor: number): void;
  step(by: 1 | -1): void;
  setLevel(level: GraphLevel): void;
} {
  const flow = useReactFlow();
  const now = useRef(zoom);
  /** The component that was zoomed at: where to look once the finer level is laid out. */
  const aim = useRef<string>(undefined);
  const began = useRef(1);
  useEffect(() => {
    now.current = zoom;
  });
  const setLevel = useCallback((level: GraphLevel) => {
    aim.current = undefined;
    now.current.setLevel(level);
    now.current.fit();
  }, []);
  const cross = useCallback(
    (level: GraphLevel, at: Point) => {
      const { level: before, laid } = now.current;
      if (laid !== undefined && level === "joins") {
        const rule = nearestRule(laid, at);
        if (rule !== undefined) now.current.chooseRule(rule);
      }
      const into = level === levelBeside(before, 1) && laid !== undefined;
      setLevel(level);
      if (into) aim.current = boxAt(laid, at);
    },
    [setLevel],
  );
  const middle = useCallback((): Point => {
    const box = canvas.current?.getBoundingClientRect() ?? new DOMRect();
    const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    return flow.screenToFlowPosition(at);
  }, [canvas, flow]);

  const { laid, size } = zoom;
  useEffect(() => {
    const box = laid?.layout.boxes[`component:${aim.current}`];
    if (box === undefined || size === undefined || laid === undefined) return;
    aim.current = undefined;
    if (wholeScale(laid, size) >= LABEL_ZOOM) return;
    now.current.hold();
    const scale = Math.min(1, (0.9 * size.width) / box.width, (0.9 * size.height) / box.height);
    const { x, y } = centre(box);
    void flow.setCenter(x, y, { zoom: scale });
  }, [laid, size, flow]);

  const onMoveStart = useCallback((_event: unknown, viewport: Viewport) => {
    began.current = viewport.zoom;
  }, []);
  const onMoveEnd = useCallback(
    (event: unknown, viewport: Viewport) => {
      const { laid: shown, size: room, level: before } = now.current;
      // React Flow passes no event when it was not a person who moved the picture.
      if (event === null || event === undefined || shown === undefined || room === undefined)
        return;
      if (Math.abs(viewport.zoom - began.current) < 0.001) return;
      const next = levelAtZoom(before, viewport.zoom, wholeScale(shown, room));
      const inward = viewport.zoom > began.current;
      if (next === before || (next === levelBeside(before, 1)) !== inward) return;
      cross(next, pointer(event, flow.screenToFlowPosition) ?? middle());
    },
    [flow, cross, middle],
  );
  const zoomBy = useCallback(
    (factor: number) => {
      const { laid: shown, size: room, level: before, covered } = now.current;
      const step = factor > 1 ? 1 : -1;
      const next =
        covered || shown === undefined || room === undefined
          ? levelBeside(before, step)
          : levelAtZoom(before, flow.getZoom() * factor, wholeScale(shown, room));
      if (next !== before && next === levelBeside(before, step)) cross(next, middle());
      else if (!covered) now.current.zoomBy(factor);
    },
    [flow, cross, middle],
  );
  const step = useCallback(
    (by: 1 | -1) => setLevel(levelBeside(now.current.level, by)),
    [setLevel],
  );
  return { onMoveStart, onMoveEnd, zoomBy, step, setLevel };
}

function wholeScale({ layout }: LaidGraph, size: Size): number {
  return Math.min(size.width / layout.width, size.height / layout.height, 1.15);
}

function pointer(event: unknown, toFlow: (at: Point) => Point): Point | undefined {
  return event instanceof MouseEvent ? toFlow({ x: event.clientX, y: event.clientY }) : undefined;
}

/** The name of the component whose box is there. */
function boxAt({ graph, layout }: LaidGraph, { x, y }: Point): string | undefined {
  const group = graph.groups.find(({ id, kind }) => {
    const box = layout.boxes[id];
    if (box === undefined || kind === "clients") return false;
    return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
  });
  return group?.machines?.component ?? group?.name;
}

function nearestRule({ graph, layout }: LaidGraph, at: Point): string | undefined {
  let best: { readonly rule: string; readonly away: number } | undefined;
  for (const node of graph.nodes) {
    const shape = layout.shapes[node.id];
    if (node.kind !== "rule" || shape === undefined) continue;
    const { x, y } = centre(shape);
    const away = Math.hypot(x - at.x, y - at.y);
    if (best === undefined || away < best.away) best = { rule: node.rule, away };
  }
  return best?.rule;
}
