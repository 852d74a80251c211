import { useCallback, useState } from "react";
import type { PointerEvent } from "react";
import type { Rectangle } from "../../workers/layoutApi.ts";

/** The click that follows the release is not meant for the canvas. */
function swallowClick(): void {
  const stop = new AbortController();
  const swallow = (click: MouseEvent): void => click.stopPropagation();
  window.addEventListener("click", swallow, { capture: true, signal: stop.signal });
  window.setTimeout(() => stop.abort());
}

/** Draws a rectangle with Shift and the pointer on empty canvas; reports it in page pixels when released. */
export function useRectangle(onDone: (area: Rectangle) => void): {
  /** From the corner of the element that listens. */
  readonly area: Rectangle | undefined;
  onPointerDownCapture(event: PointerEvent<HTMLElement>): void;
} {
  const [area, setArea] = useState<Rectangle>();
  const onPointerDownCapture = useCallback(
    (event: PointerEvent<HTMLElement>) => {
      const target = event.target as Element;
      const onCanvas = target.closest(".react-flow__pane") !== null;
      if (!event.shiftKey || event.button !== 0 || !onCanvas) return;
      event.preventDefault();
      event.stopPropagation();
      const corner = event.currentTarget.getBoundingClientRect();
      const from = { x: event.clientX, y: event.clientY };
      const stretched = (to: globalThis.PointerEvent): Rectangle => ({
        x: Math.min(from.x, to.clientX),
        y: Math.min(from.y, to.clientY),
        width: Math.abs(to.clientX - from.x),
        height: Math.abs(to.clientY - from.y),
      });
      const stop = new AbortController();
      const { signal } = stop;
      const draw = (move: globalThis.PointerEvent): void => {
        const drawn = stretched(move);
        setArea({ ...drawn, x: drawn.x - corner.left, y: drawn.y - corner.top });
      };
      window.addEventListener("pointermove", draw, { signal });
      window.addEventListener("pointercancel", () => end(), { signal });
      window.addEventListener("pointerup", (up) => end(stretched(up)), { signal });
      const end = (done?: Rectangle): void => {
        stop.abort();
        setArea(undefined);
        if (done === undefined || done.width + done.height <= 6) return;
        swallowClick();
        onDone(done);
      };
    },
    [onDone],
  );
  return { area, onPointerDownCapture };
}
