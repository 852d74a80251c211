import type { ElkNode, LayoutOptions } from "elkjs/lib/elk-api.js";
import type {
  LaidEdge,
  LayoutBox,
  LayoutEdge,
  LayoutShape,
  Point,
  Rectangle,
  Size,
} from "./layoutApi.ts";

/** A message that passes a component's border, above or below. */
export interface Crossing {
  readonly edge: LayoutEdge;
  readonly side: "top" | "bottom";
  readonly direction: "in" | "out";
}

/** One component, laid out alone; everything from its own corner. */
export interface Interior extends Size {
  readonly shapes: Readonly<Record<string, Rectangle>>;
  readonly edges: Readonly<Record<string, LaidEdge>>;
  /** Where each crossing passes the border, by `edge direction`. */
  readonly doors: Readonly<Record<string, Door>>;
}
export interface Door {
  readonly x: number;
  readonly side: "top" | "bottom";
  /** From the border to the shape. */
  readonly points: readonly Point[];
}

export const HEADER = 30;
const PADDING = 14;

/** The request to elkjs for one component: doors are points on the first and last layer. */
export function interiorGraph(
  box: LayoutBox,
  shapes: readonly LayoutShape[],
  inner: readonly LayoutEdge[],
  crossings: readonly Crossing[],
): ElkNode {
  return {
    id: box.id,
    layoutOptions: OPTIONS,
    children: [...shapes.map(elkShape), ...crossings.map(elkDoor)],
    edges: [
      ...inner.map((edge) => ({
        id: edge.id,
        sources: [edge.from],
        targets: [edge.to],
        ...(edge.chip === undefined
          ? {}
          : { labels: [{ id: `${edge.id} chip`, text: "+1", ...edge.chip }] }),
      })),
      ...crossings.map((crossing) => {
        const door = doorKey(crossing);
        const shape = crossing.direction === "in" ? crossing.edge.to : crossing.edge.from;
        // What leaves at the top is turned round for elkjs, which lets edges run downwards.
        const ends = crossing.side === "top" ? [door, shape] : [shape, door];
        return {
          id: door,
          sources: [ends[0]!],
          targets: [ends[1]!],
          layoutOptions: CROSSING_OPTIONS[crossing.direction],
        };
      }),
    ],
  };
}

/** Reads elkjs's answer back, with room for the title above and doors on the border. */
export function readInterior(
  laid: ElkNode,
  box: LayoutBox,
  shapes: readonly LayoutShape[],
  inner: readonly LayoutEdge[],
  crossings: readonly Crossing[],
): Interior {
  const children = new Map((laid.children ?? []).map((child) => [child.id, child]));
  const content = contentArea(
    shapes.map(({ id }) => children.get(id)!),
    (laid.edges ?? []).flatMap((edge) => edge.sections?.[0]?.bendPoints ?? []),
  );
  const width = Math.max((laid.width ?? 0) + titleShift(laid, box, crossings), titleWidth(box));
  const free = width - (laid.width ?? 0);
  const shift = {
    x: Math.max(free / 2, titleShift(laid, box, crossings)),
    y: HEADER - content.top + 4,
  };
  const height = content.bottom + shift.y + PADDING;
  const move = ({ x, y }: Point): Point => ({ x: x + shift.x, y: y + shift.y });
  const lines = new Map(
    (laid.edges ?? []).map((edge) => {
      const section = edge.sections?.[0];
      const points =
        section === undefined
          ? []
          : [section.startPoint, ...(section.bendPoints ?? []), section.endPoint].map(move);
      return [edge.id, { points, label: edge.labels?.[0] }];
    }),
  );
  const placed = shapes.map(({ id, width: w, height: h }) => {
    const { x, y } = children.get(id)!;
    return [id, { ...move({ x: x ?? 0, y: y ?? 0 }), width: w, height: h }] as const;
  });
  return {
    width,
    height,
    shapes: Object.fromEntries(placed),
    edges: Object.fromEntries(
      inner.map(({ id }) => {
        const { points, label } = lines.get(id)!;
        if (label === undefined) return [id, { points }];
        const chip = move({
          x: (label.x ?? 0) + (label.width ?? 0) / 2,
          y: (label.y ?? 0) + (label.height ?? 0) / 2,
        });
        return [id, { points, chip }];
      }),
    ),
    doors: Object.fromEntries(
      crossings.map((crossing) => {
        const key = doorKey(crossing);
        return [key, door(crossing.side, lines.get(key)!.points, height)];
      }),
    ),
  };
}

export function doorKey(crossing: Crossing): string {
  return `${crossing.edge.id} ${crossing.direction}`;
}

/** Room for title and words side by side, in Inter. */
export function titleWidth(box: LayoutBox): number {
  return 40 + box.title.length * 8 + (box.words === "" ? 0 : 24 + box.words.length * 7);
}

/** How far contents move right so that no message runs through the title. */
function titleShift(laid: ElkNode, box: LayoutBox, crossings: readonly Crossing[]): number {
  const doors = new Set(crossings.filter(({ side }) => side === "top").map(doorKey));
  const xs = (laid.children ?? []).filter(({ id }) => doors.has(id)).map(({ x }) => x ?? 0);
  const title = 20 + box.title.length * 7.5;
  const under = xs.filter((x) => x < title);
  return under.length === 0 ? 0 : Math.min(70, Math.max(0, title - Math.min(...under)));
}

const OPTIONS: LayoutOptions = {
  "elk.algorithm": "layered",
  "elk.direction": "DOWN",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.padding": `[top=0,left=${PADDING},bottom=0,right=${PADDING}]`,
  "elk.spacing.nodeNode": "22",
  "elk.spacing.edgeNode": "14",
  "elk.spacing.edgeEdge": "9",
  "elk.layered.spacing.nodeNodeBetweenLayers": "24",
  "elk.layered.spacing.edgeNodeBetweenLayers": "12",
  "elk.layered.spacing.edgeEdgeBetweenLayers": "9",
  "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
  "elk.layered.layering.strategy": "NETWORK_SIMPLEX",
  "elk.layered.considerModelOrder.strategy": "PREFER_EDGES",
  "elk.layered.thoroughness": "20",
  "elk.edgeLabels.inline": "true",
  "elk.randomSeed": "1",
};

const CROSSING_OPTIONS: Readonly<Record<Crossing["direction"], LayoutOptions>> = {
  in: { "elk.layered.priority.shortness": "10", "elk.layered.priority.straightness": "5" },
  out: { "elk.layered.priority.straightness": "2" },
};

function elkShape(shape: LayoutShape): ElkNode {
  const { id, width, height, beside } = shape;
  if (beside === 0) return { id, width, height };
  return {
    id,
    width,
    height,
    layoutOptions: { "elk.nodeLabels.placement": "[OUTSIDE,H_RIGHT,V_CENTER]" },
    labels: [{ id: `${id} beside`, text: " ", width: beside, height: PILL }],
  };
}
const PILL = 16;

function elkDoor(crossing: Crossing): ElkNode {
  const layer = crossing.side === "top" ? "FIRST_SEPARATE" : "LAST_SEPARATE";
  return {
    id: doorKey(crossing),
    width: 2,
    height: 2,
    layoutOptions: { "elk.layered.layering.layerConstraint": layer },
  };
}

/** From the uppermost to the lowest shape or bend; doors do not count. */
function contentArea(
  children: readonly ElkNode[],
  bends: readonly Point[],
): { readonly top: number; readonly bottom: number } {
  const tops = [...children.map(({ y }) => y ?? 0), ...bends.map(({ y }) => y)];
  const ends = [
    ...children.map(({ y, height }) => (y ?? 0) + (height ?? 0)),
    ...bends.map(({ y }) => y),
  ];
  return tops.length === 0
    ? { top: 0, bottom: 0 }
    : { top: Math.min(...tops), bottom: Math.max(...ends) };
}

/** Its line from the border to the shape: elkjs ends at the door's point, the border lies a little further out. */
function door(side: "top" | "bottom", line: readonly Point[], height: number): Door {
  const points = side === "top" ? line : [...line].reverse();
  const [first, ...rest] = points;
  if (first === undefined) return { x: 0, side, points: [] };
  const border = { x: first.x, y: side === "top" ? 0 : height };
  return { x: first.x, side, points: [border, ...rest] };
}
