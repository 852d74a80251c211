import { LABEL_ZOOM } from "../../workers/layoutRequest.ts";
import type { LayoutResult, Point, Rectangle, Size } from "../../workers/layoutApi.ts";

/** Down to this scale a picture is shown a little too wide at first, so that it has its labels. */
const NEARLY = 0.64;
export const PADDING = 8;
/** Where the controls are, at the lower edge: nothing of the whole picture lies below them. */
export const CONTROLS = 40;
/** Around what is drawn: sheets of partitions, rings of what is selected. */
const RIM = 8;

export interface Look extends Point {
  readonly zoom: number;
}

/** All of the picture, above the controls. */
export function fitWhole(layout: LayoutResult, canvas: Size): Look {
  const drawn = drawnArea(layout);
  return look(drawn, canvas, wholeZoom(drawn, canvas));
}

/** The same; where its labels would just be lost rather with them, which is worth a strip at its right edge. */
export function fitWithLabels(layout: LayoutResult, canvas: Size): Look {
  const drawn = drawnArea(layout);
  const whole = wholeZoom(drawn, canvas);
  const fitsBelow = drawn.height * LABEL_ZOOM <= roomFor(canvas).height;
  const zoom = whole >= NEARLY && whole < LABEL_ZOOM && fitsBelow ? LABEL_ZOOM : whole;
  return look(drawn, canvas, zoom);
}

function wholeZoom(drawn: Size, canvas: Size): number {
  const { width, height } = roomFor(canvas);
  return Math.max(0.15, Math.min(width / drawn.width, height / drawn.height, 1.15));
}

function roomFor({ width, height }: Size): Size {
  return { width: width - 2 * PADDING, height: height - CONTROLS - PADDING };
}

function look(drawn: Rectangle, canvas: Size, zoom: number): Look {
  const left = Math.max(PADDING, (canvas.width - drawn.width * zoom) / 2);
  return { zoom, x: left - drawn.x * zoom, y: PADDING - drawn.y * zoom };
}

/** What is drawn, without the margins that are kept free for lines which then run elsewhere. */
function drawnArea({ boxes, shapes, edges }: LayoutResult): Rectangle {
  const points = [
    ...[...Object.values(boxes), ...Object.values(shapes)].flatMap(({ x, y, width, height }) => [
      { x, y },
      { x: x + width, y: y + height },
    ]),
    ...Object.values(edges).flatMap((edge) => edge.points),
  ];
  if (points.length === 0) return { x: 0, y: 0, width: 1, height: 1 };
  const [left, top, right, bottom] = points.reduce(
    ([l, t, r, b], { x, y }) => [Math.min(l, x), Math.min(t, y), Math.max(r, x), Math.max(b, y)],
    [Infinity, Infinity, -Infinity, -Infinity] as [number, number, number, number],
  );
  return {
    x: left - RIM,
    y: top - RIM,
    width: right - left + 2 * RIM,
    height: bottom - top + 2 * RIM,
  };
}
