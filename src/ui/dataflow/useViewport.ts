import { useReactFlow } from "@xyflow/react";
import type { Viewport } from "@xyflow/react";
import { useCallback, useEffect, useRef, useState } from "react";
import type { RefObject } from "react";
import type { LayoutResult, Rectangle, Size } from "../../workers/layoutApi.ts";
import { CONTROLS, fitWhole, fitWithLabels, PADDING } from "./fitPicture.ts";

const MOTION = 240;

/**
 * Where the canvasRef looks. Until someone pans or zooms, all of the picture is kept in view; from then on it only moves to
 * bring a selection in that is out of sight.
 */
export function useViewport(canvasRef: RefObject<HTMLElement | null>): {
  readonly size: Size | undefined;
  readonly zoom: number;
  /** True while a new layout travels to its places. */
  readonly moving: boolean;
  onMove(event: unknown, viewport: Viewport): void;
  arrived(layout: LayoutResult): void;
  fit(): void;
  /** From now on the view is the person's own, as after panning. */
  hold(): void;
  zoomBy(factor: number): void;
  reveal(shapes: readonly Rectangle[]): void;
} {
  const flow = useReactFlow();
  const [size, setSize] = useState<Size>();
  const [zoom, setZoom] = useState(1);
  const [moving, setMoving] = useState(false);
  const shown = useRef<LayoutResult>(undefined);
  const byHand = useRef(false);

  const fitTo = useCallback(
    (layout: LayoutResult, duration: number, fitted = fitWithLabels) => {
      const box = canvasRef.current?.getBoundingClientRect();
      if (box === undefined || box.width === 0) return;
      void flow.setViewport(fitted(layout, box), { duration });
    },
    [canvasRef, flow],
  );
  const fit = useCallback(() => {
    byHand.current = false;
    if (shown.current !== undefined) fitTo(shown.current, motion(), fitWhole);
  }, [fitTo]);

  useEffect(() => {
    const element = canvasRef.current;
    if (element === null) return;
    let timer = 0;
    const measure = (): void =>
      setSize((before) => {
        const { width, height } = element.getBoundingClientRect();
        if (width === 0 || byHand.current) return before;
        return { width: width - 2 * PADDING, height: height - CONTROLS - PADDING };
      });
    const observer = new ResizeObserver(() => {
      if (!byHand.current && shown.current !== undefined) fitTo(shown.current, 0);
      window.clearTimeout(timer);
      timer = window.setTimeout(measure, shown.current === undefined ? 0 : 250);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      window.clearTimeout(timer);
    };
  }, [canvasRef, fitTo]);

  const arrived = useCallback(
    (layout: LayoutResult) => {
      const first = shown.current === undefined;
      shown.current = layout;
      if (!byHand.current) fitTo(layout, first ? 0 : motion());
      if (first) return;
      setMoving(true);
      window.setTimeout(() => setMoving(false), MOTION + 40);
    },
    [fitTo],
  );

  const onMove = useCallback(
    (event: unknown, viewport: Viewport) => {
      // React Flow passes the pointer's event when a person moved the canvasRef, and none when we did.
      if (event !== null && event !== undefined) byHand.current = true;
      canvasRef.current?.style.setProperty("--zoom", `${viewport.zoom}`);
      setZoom(viewport.zoom);
    },
    [canvasRef],
  );
  const hold = useCallback(() => {
    byHand.current = true;
  }, []);
  const zoomBy = useCallback(
    (factor: number) => {
      byHand.current = true;
      void flow.zoomTo(flow.getZoom() * factor, { duration: motion() / 2 });
    },
    [flow],
  );
  const reveal = useCallback(
    (shapes: readonly Rectangle[]) => {
      const box = canvasRef.current?.getBoundingClientRect();
      const [first] = shapes;
      if (box === undefined || first === undefined || !byHand.current) return;
      if (shapes.some((shape) => isInSight(shape, flow.getViewport(), box))) return;
      const [x, y] = [first.x + first.width / 2, first.y + first.height / 2];
      void flow.setCenter(x, y, { zoom: flow.getZoom(), duration: motion() });
    },
    [canvasRef, flow],
  );
  return { size, zoom, moving, onMove, arrived, fit, hold, zoomBy, reveal };
}

function isInSight(shape: Rectangle, { x, y, zoom }: Viewport, canvasRef: Size): boolean {
  const [left, top] = [shape.x * zoom + x, shape.y * zoom + y];
  const [right, bottom] = [left + shape.width * zoom, top + shape.height * zoom];
  return left >= 0 && top >= 0 && right <= canvasRef.width && bottom <= canvasRef.height;
}

function motion(): number {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : MOTION;
}
