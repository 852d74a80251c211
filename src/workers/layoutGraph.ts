import type { ElkNode } from "elkjs/lib/elk-api.js";
import { arrangeBoxes } from "./arrangeBoxes.ts";
import type { Arrangement } from "./arrangeBoxes.ts";
import { doorKey } from "./crossing.ts";
import type { Crossing } from "./crossing.ts";
import { interiorGraph } from "./interiorGraph.ts";
import { HEADER, readInterior, titleWidth } from "./interiorLayout.ts";
import type { Interior } from "./interiorLayout.ts";
import { machineInterior } from "./machineInterior.ts";
import { findPairs } from "./interiorPairs.ts";
import type { Pair } from "./interiorPairs.ts";
import type {
  LaidEdge,
  LayoutBox,
  LayoutEdge,
  LayoutRequest,
  LayoutResult,
  Point,
  Rectangle,
} from "./layoutApi.ts";
import { corners, routeMessages } from "./routeMessages.ts";
import type { Exit, Wanted } from "./routeMessages.ts";

/** What lays out one component: elkjs, wherever it runs. */
export type LayOut = (graph: ElkNode) => Promise<ElkNode>;

const BAND = 46;
const MARGIN = 12;
/** Below so many shapes there is time to try more than one way. */
const FEW = 80;

/**
 * The whole picture: each component by itself with elkjs (layers downwards, messages enter and leave at its border), the
 * components in columns that suit the viewport, the clients' band above, messages through the gaps between.
 */
export async function layoutGraph(request: LayoutRequest, layOut: LayOut): Promise<LayoutResult> {
  const sketch = sortEdges(request);
  const components = inFlowOrder(
    request.boxes.filter((box) => box.kind === "component"),
    sketch,
  );
  const variants: Variants[] = [];
  for (const box of components) variants.push(await layOutBox(request, box, sketch, layOut));
  const interiors = chooseVariants(request, components, variants, sketch);
  return compose(request, components, interiors, sketch);
}

/** One component with relations above their readers, and with single readers beside them: high or wide. */
type Variants = readonly [Interior, ...Interior[]];

async function layOutBox(
  request: LayoutRequest,
  box: LayoutBox,
  sketch: Sketch,
  layOut: LayOut,
): Promise<Variants> {
  const crossings = sketch.crossings.get(box.id) ?? [];
  if (box.collapsed) return [collapsedInterior(box, crossings)];
  const shapes = request.shapes.filter((shape) => shape.box === box.id);
  if (box.note !== undefined) return [machineInterior(box, shapes, crossings)];
  const inner = sketch.inner.filter((edge) => sketch.boxOf(edge.from) === box.id);
  const variant = async (pairs: readonly Pair[]): Promise<Interior> => {
    const parts = { box, shapes, inner, crossings, pairs };
    return readInterior(await layOut(interiorGraph(parts)), parts);
  };
  const wide = await variant(findPairs(shapes, inner, crossings));
  return request.shapes.length > FEW ? [wide] : [wide, await variant([])];
}

/** The variants that together can be shown largest: every choice for few components, all alike for many. */
function chooseVariants(
  request: LayoutRequest,
  components: readonly LayoutBox[],
  variants: readonly Variants[],
  sketch: Sketch,
): ReadonlyMap<string, Interior> {
  const count = components.length;
  const choices =
    count <= 6 ? Array.from({ length: 2 ** count }, (_, bits) => bits) : [0, 2 ** count - 1];
  let best: { readonly picked: readonly Interior[]; readonly scale: number } | undefined;
  for (const bits of choices) {
    const picked = variants.map((each, i) => each[(bits >> i) & 1] ?? each[0]);
    const scale = arrange(request, picked, sketch).scale;
    if (best === undefined || scale > best.scale * 1.01) best = { picked, scale };
  }
  return new Map(components.map((box, i) => [box.id, best!.picked[i]!]));
}

function arrange(
  request: LayoutRequest,
  interiors: readonly Interior[],
  sketch: Sketch,
): Arrangement {
  const machines = request.boxes.some((box) => box.note !== undefined);
  // Between machines there is nothing but messages: every second gets a lane.
  const lanes = machines ? 9 * Math.min(8, Math.ceil(sketch.messages.length / 2)) : 0;
  const gap = 28 + Math.max(lanes, 6 * Math.min(6, Math.ceil(sketch.messages.length / 3)));
  const clients = request.boxes.some((box) => box.kind === "clients");
  const above = clients ? MARGIN + BAND + gap - 8 : MARGIN;
  return arrangeBoxes(interiors, request.viewport, { across: gap - 8, down: gap, above });
}

interface Sketch {
  boxOf(end: string): string;
  readonly inner: readonly LayoutEdge[];
  readonly messages: readonly LayoutEdge[];
  readonly crossings: ReadonlyMap<string, readonly Crossing[]>;
}

/** Which edges stay inside a component and which cross borders, and on which side. */
function sortEdges(request: LayoutRequest): Sketch {
  const box = new Map(request.shapes.map((shape) => [shape.id, shape.box]));
  const clients = new Set(request.boxes.filter((b) => b.kind === "clients").map((b) => b.id));
  const boxOf = (end: string): string => box.get(end) ?? end;
  const inner: LayoutEdge[] = [];
  const messages: LayoutEdge[] = [];
  const crossings = new Map<string, Crossing[]>();
  const cross = (end: string, crossing: Crossing): void => {
    const at = boxOf(end);
    if (!clients.has(at)) crossings.set(at, [...(crossings.get(at) ?? []), crossing]);
  };
  for (const edge of request.edges) {
    // What a machine sends to others of its kind leaves its box and comes back.
    const leaves = edge.from === boxOf(edge.from);
    if (boxOf(edge.from) === boxOf(edge.to) && !leaves) {
      if (!clients.has(boxOf(edge.from))) inner.push(edge);
      continue;
    }
    messages.push(edge);
    const side = clients.has(boxOf(edge.to)) ? "top" : "bottom";
    cross(edge.from, { edge, side, direction: "out" });
    cross(edge.to, { edge, side: "top", direction: "in" });
  }
  return { boxOf, inner, messages, crossings };
}

/** By how many messages away from the clients a component is; in program order within one distance. */
function inFlowOrder(boxes: readonly LayoutBox[], sketch: Sketch): readonly LayoutBox[] {
  const ids = new Set(boxes.map((box) => box.id));
  const distance = new Map<string, number>();
  const arrivals = sketch.messages.filter((edge) => !ids.has(sketch.boxOf(edge.from)));
  let frontier = arrivals.map((edge) => sketch.boxOf(edge.to));
  for (let steps = 0; frontier.length > 0; steps++) {
    const fresh = frontier.filter((id) => ids.has(id) && !distance.has(id));
    for (const id of fresh) distance.set(id, steps);
    const reached = new Set(fresh);
    frontier = sketch.messages
      .filter((edge) => reached.has(sketch.boxOf(edge.from)))
      .map((edge) => sketch.boxOf(edge.to));
  }
  const far = (box: LayoutBox): number => distance.get(box.id) ?? Infinity;
  return boxes.toSorted((a, b) => (far(a) === far(b) ? 0 : far(a) - far(b)));
}

function collapsedInterior(box: LayoutBox, crossings: readonly Crossing[]): Interior {
  const width = Math.max(titleWidth(box), 140);
  const height = HEADER + 26;
  const onSide = (side: Crossing["side"]): readonly Crossing[] =>
    crossings.filter((crossing) => crossing.side === side);
  const doors = (["top", "bottom"] as const).flatMap((side) =>
    onSide(side).map((crossing, i, all) => {
      const x = Math.round((width * (i + 1)) / (all.length + 1));
      const points = [{ x, y: side === "top" ? 0 : height }];
      return [doorKey(crossing), { x, side, points }] as const;
    }),
  );
  return { width, height, shapes: {}, edges: {}, doors: Object.fromEntries(doors) };
}

function compose(
  request: LayoutRequest,
  components: readonly LayoutBox[],
  interiors: ReadonlyMap<string, Interior>,
  sketch: Sketch,
): LayoutResult {
  const clients = request.boxes.find((box) => box.kind === "clients");
  const sizes = components.map((box) => interiors.get(box.id)!);
  const arranged = arrange(request, sizes, sketch);
  const boxes: Record<string, Rectangle> = {};
  components.forEach((box, i) => {
    boxes[box.id] = { ...arranged.boxes[i]!, ...request.pinned[box.id] };
  });
  const shapes: Record<string, Rectangle> = {};
  const moved = new Set<string>();
  for (const box of components) {
    const origin = contentOrigin(boxes[box.id]!, interiors.get(box.id)!);
    for (const [id, shape] of Object.entries(interiors.get(box.id)!.shapes)) {
      const pin = request.pinned[id];
      if (pin !== undefined) moved.add(id);
      const at = pin === undefined ? shift(shape, origin) : shift(pin, boxes[box.id]!);
      shapes[id] = { ...shape, ...at };
    }
  }
  if (clients !== undefined) {
    boxes[clients.id] = { ...band(Object.values(boxes)), ...request.pinned[clients.id] };
    placeAnswers(request, sketch, interiors, boxes, shapes, clients);
  }
  const edges = {
    ...innerEdges(components, interiors, boxes, shapes, sketch, moved),
    ...messageEdges(sketch, interiors, boxes, shapes, moved),
  };
  const all = Object.values(boxes);
  const points = Object.values(edges).flatMap((edge) => edge.points);
  const far = (values: readonly number[]): number => Math.max(0, ...values) + MARGIN;
  return {
    boxes,
    shapes,
    edges,
    width: far([...all.map((box) => box.x + box.width), ...points.map(({ x }) => x)]),
    height: far([...all.map((box) => box.y + box.height), ...points.map(({ y }) => y)]),
  };
}

/** Where a component's contents begin: in the middle of a box that is wider than they are. */
function contentOrigin(box: Rectangle, interior: Interior): Point {
  return { x: box.x + Math.round((box.width - interior.width) / 2), y: box.y };
}

function band(boxes: readonly Rectangle[]): Rectangle {
  const left = boxes.length === 0 ? MARGIN : Math.min(...boxes.map(({ x }) => x));
  const right = Math.max(...boxes.map(({ x, width }) => x + width), left + 240);
  return { x: left, y: MARGIN, width: right - left, height: BAND };
}

/** Answers stand in the band above where they come from, side by side where they would overlap. */
function placeAnswers(
  request: LayoutRequest,
  sketch: Sketch,
  interiors: ReadonlyMap<string, Interior>,
  boxes: Record<string, Rectangle>,
  shapes: Record<string, Rectangle>,
  clients: LayoutBox,
): void {
  const strip = boxes[clients.id]!;
  const answers = request.shapes
    .filter((shape) => shape.box === clients.id)
    .map((shape) => {
      const sent = sketch.messages.filter((edge) => edge.to === shape.id);
      const xs = sent.map((edge) => exitOf(edge, "out", sketch, interiors, boxes, shapes).x);
      const wish = xs.length === 0 ? strip.x + strip.width : Math.min(...xs);
      return { shape, wish: wish - shape.width / 2 };
    })
    .sort((a, b) => a.wish - b.wish);
  const need = answers.reduce((sum, { shape }) => sum + shape.width + 14, 0);
  const from = strip.x + titleWidth(clients);
  boxes[clients.id] = {
    ...strip,
    width: Math.max(strip.width, from - strip.x + need + 14),
  };
  let limit = boxes[clients.id]!.x + boxes[clients.id]!.width - need;
  let free = from;
  for (const { shape, wish } of answers) {
    const x = Math.round(Math.max(free, Math.min(wish, limit)));
    const y = strip.y + (BAND - shape.height) / 2;
    shapes[shape.id] = { x, y, width: shape.width, height: shape.height };
    free = x + shape.width + 14;
    limit += shape.width + 14;
  }
}

function innerEdges(
  components: readonly LayoutBox[],
  interiors: ReadonlyMap<string, Interior>,
  boxes: Readonly<Record<string, Rectangle>>,
  shapes: Readonly<Record<string, Rectangle>>,
  sketch: Sketch,
  moved: ReadonlySet<string>,
): Record<string, LaidEdge> {
  const edges: Record<string, LaidEdge> = {};
  const ends = new Map(sketch.inner.map((edge) => [edge.id, edge]));
  for (const box of components) {
    const interior = interiors.get(box.id)!;
    const origin = contentOrigin(boxes[box.id]!, interior);
    for (const [id, edge] of Object.entries(interior.edges)) {
      const { from, to } = ends.get(id)!;
      if (moved.has(from) || moved.has(to)) {
        edges[id] = { points: direct(shapes[from]!, shapes[to]!) };
        continue;
      }
      const points = edge.points.map((p) => shift(p, origin));
      edges[id] = edge.chip === undefined ? { points } : { points, chip: shift(edge.chip, origin) };
    }
  }
  return edges;
}

function messageEdges(
  sketch: Sketch,
  interiors: ReadonlyMap<string, Interior>,
  boxes: Readonly<Record<string, Rectangle>>,
  shapes: Readonly<Record<string, Rectangle>>,
  moved: ReadonlySet<string>,
): Record<string, LaidEdge> {
  const wanted: Wanted[] = sketch.messages.map((edge) => {
    const from = exitOf(edge, "out", sketch, interiors, boxes, shapes);
    const to = exitOf(edge, "in", sketch, interiors, boxes, shapes);
    const clientsAt = from.door ? undefined : { ...from, x: to.x };
    return { id: edge.id, from: clientsAt ?? from, to };
  });
  const top = Math.min(...Object.values(boxes).map((box) => box.y)) - MARGIN;
  const routes = routeMessages(wanted, Object.values(boxes), { top });
  const laid = sketch.messages.map((edge) => {
    const start = inside(edge, "out", sketch, interiors, boxes, shapes, moved).toReversed();
    const end = inside(edge, "in", sketch, interiors, boxes, shapes, moved);
    const points = corners([
      ...start,
      ...routes.get(edge.id)!.slice(start.length > 0 ? 1 : 0),
      ...end.slice(1),
    ]);
    return [edge.id, { points }] as const;
  });
  return Object.fromEntries(laid);
}

/** Where a message passes the border at its start or end; at the clients, which have no doors, the band's lower border. */
function exitOf(
  edge: LayoutEdge,
  direction: "in" | "out",
  sketch: Sketch,
  interiors: ReadonlyMap<string, Interior>,
  boxes: Readonly<Record<string, Rectangle>>,
  shapes: Readonly<Record<string, Rectangle>>,
): Exit & { readonly door: boolean } {
  const end = direction === "in" ? edge.to : edge.from;
  const id = sketch.boxOf(end);
  const box = boxes[id]!;
  const door = interiors.get(id)?.doors[`${edge.id} ${direction}`];
  if (door === undefined) {
    const shape = shapes[end] ?? box;
    return {
      x: Math.round(shape.x + shape.width / 2),
      y: box.y + box.height,
      side: "bottom",
      door: false,
    };
  }
  const origin = contentOrigin(box, interiors.get(id)!);
  const y = door.side === "top" ? box.y : box.y + box.height;
  return { x: door.x + origin.x, y, side: door.side, door: true };
}

/** From the border to the shape. */
function inside(
  edge: LayoutEdge,
  direction: "in" | "out",
  sketch: Sketch,
  interiors: ReadonlyMap<string, Interior>,
  boxes: Readonly<Record<string, Rectangle>>,
  shapes: Readonly<Record<string, Rectangle>>,
  moved: ReadonlySet<string>,
): readonly Point[] {
  const end = direction === "in" ? edge.to : edge.from;
  const id = sketch.boxOf(end);
  const door = interiors.get(id)?.doors[`${edge.id} ${direction}`];
  const exit = exitOf(edge, direction, sketch, interiors, boxes, shapes);
  const border = { x: exit.x, y: exit.y };
  const shape = shapes[end];
  if (door === undefined) {
    if (direction === "out" || shape === undefined) return [];
    return [border, { x: border.x, y: shape.y + shape.height }];
  }
  if (shape !== undefined && moved.has(end)) return [border, centre(shape)];
  const origin = contentOrigin(boxes[id]!, interiors.get(id)!);
  return door.points.map((p) => shift(p, origin));
}

/** For shapes that were dragged: one straight line from border to border. */
function direct(from: Rectangle, to: Rectangle): readonly Point[] {
  const [a, b] = [centre(from), centre(to)];
  const clip = (shape: Rectangle, c: Point, towards: Point): Point => {
    const [dx, dy] = [towards.x - c.x, towards.y - c.y];
    const reach = Math.min(
      dx === 0 ? Infinity : shape.width / 2 / Math.abs(dx),
      dy === 0 ? Infinity : shape.height / 2 / Math.abs(dy),
      1,
    );
    return { x: c.x + dx * reach, y: c.y + dy * reach };
  };
  return [clip(from, a, b), clip(to, b, a)];
}

function centre(shape: Rectangle): Point {
  return { x: shape.x + shape.width / 2, y: shape.y + shape.height / 2 };
}

function shift(p: Point, by: Point): Point {
  return { x: p.x + by.x, y: p.y + by.y };
}
