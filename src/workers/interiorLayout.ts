import type { ElkNode } from "elkjs/lib/elk-api.js";
import { doorKey } from "./crossing.ts";
import { PADDING } from "./interiorGraph.ts";
import type { Parts } from "./interiorGraph.ts";
import { ruleOffset } from "./interiorPairs.ts";
import type { Pair } from "./interiorPairs.ts";
import type { LaidEdge, LayoutBox, Point, Rectangle, Size } from "./layoutApi.ts";

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

/** Reads elkjs's answer back, with room for the title above and doors on the border. */
export function readInterior(laid: ElkNode, parts: Parts): Interior {
  const { box, inner, crossings } = parts;
  const content = contentArea(laid, parts);
  const aside = titleShift(laid, parts);
  const width = Math.max((laid.width ?? 0) + aside, titleWidth(box));
  const shift = {
    x: Math.max((width - (laid.width ?? 0)) / 2, aside),
    y: HEADER - content.top + 4,
  };
  const height = content.bottom + shift.y + PADDING;
  const shapes = placeShapes(laid, parts, shift);
  const lines = readLines(laid, shift);
  const doors = crossings.map((crossing) => {
    const line = lines[doorKey(crossing)]?.points ?? [];
    return [doorKey(crossing), door(crossing.side, line, height)] as const;
  });
  const joins = new Map(parts.pairs.map((pair) => [pair.edge.id, pair]));
  const edges = inner.map(({ id }) => {
    const pair = joins.get(id);
    return [id, pair === undefined ? lines[id]! : joinLine(pair, shapes)] as const;
  });
  return {
    width,
    height,
    shapes,
    edges: Object.fromEntries(edges),
    doors: Object.fromEntries(doors),
  };
}

/** Room for title and words side by side, in Inter: letters of up to 13.5 px, as in the shapes. */
export function titleWidth(box: LayoutBox): number {
  return 36 + box.title.length * 8.4 + (box.words === "" ? 0 : 16 + box.words.length * 7.6);
}

function placeShapes(laid: ElkNode, parts: Parts, shift: Point): Record<string, Rectangle> {
  const children = new Map((laid.children ?? []).map((child) => [child.id, child]));
  const corner = (id: string): Point => {
    const { x = 0, y = 0 } = children.get(id)!;
    return { x: x + shift.x, y: y + shift.y };
  };
  const pairOf = new Map(
    parts.pairs.flatMap((pair) => [
      [pair.relation.id, pair],
      [pair.rule.id, pair],
    ]),
  );
  const placed = parts.shapes.map(({ id, width, height }) => {
    const pair = pairOf.get(id);
    if (pair === undefined) return [id, { ...corner(id), width, height }] as const;
    const { x, y } = corner(pair.id);
    const by = id === pair.rule.id ? ruleOffset(pair) : { x: 0, y: 0 };
    return [id, { x: x + by.x, y: y + by.y, width, height }] as const;
  });
  return Object.fromEntries(placed);
}

function readLines(laid: ElkNode, shift: Point): Readonly<Record<string, LaidEdge>> {
  const move = ({ x, y }: Point): Point => ({ x: x + shift.x, y: y + shift.y });
  const lines = (laid.edges ?? []).map((edge) => {
    const section = edge.sections?.[0];
    const label = edge.labels?.[0];
    const points =
      section === undefined
        ? []
        : [section.startPoint, ...(section.bendPoints ?? []), section.endPoint].map(move);
    if (label === undefined) return [edge.id, { points }] as const;
    const { x = 0, y = 0, width = 0, height = 0 } = label;
    return [edge.id, { points, chip: move({ x: x + width / 2, y: y + height / 2 }) }] as const;
  });
  return Object.fromEntries(lines);
}

/** Straight across from a relation to the rule beside it. */
function joinLine(pair: Pair, shapes: Readonly<Record<string, Rectangle>>): LaidEdge {
  const relation = shapes[pair.relation.id]!;
  const rule = shapes[pair.rule.id]!;
  const y = relation.y + relation.height / 2;
  return {
    points: [
      { x: relation.x + relation.width, y },
      { x: rule.x, y },
    ],
  };
}

/** How far contents move right so that no message runs through the title. */
function titleShift(laid: ElkNode, { box, crossings }: Parts): number {
  const doors = new Set(crossings.filter(({ side }) => side === "top").map(doorKey));
  const xs = (laid.children ?? []).filter(({ id }) => doors.has(id)).map(({ x }) => x ?? 0);
  const title = 20 + box.title.length * 7.5;
  return Math.min(70, Math.max(0, title - Math.min(title, ...xs)));
}

/** From the uppermost to the lowest shape or bend; doors do not count. */
function contentArea(
  laid: ElkNode,
  { crossings }: Parts,
): { readonly top: number; readonly bottom: number } {
  const doors = new Set(crossings.map(doorKey));
  const shapes = (laid.children ?? []).filter(({ id }) => !doors.has(id));
  const bends = (laid.edges ?? []).flatMap((edge) => edge.sections?.[0]?.bendPoints ?? []);
  const ys = [
    ...shapes.flatMap(({ y = 0, height = 0 }) => [y, y + height]),
    ...bends.map(({ y }) => y),
  ];
  return ys.length === 0
    ? { top: 0, bottom: 0 }
    : { top: Math.min(...ys), bottom: Math.max(...ys) };
}

/** Its line from the border to the shape: elkjs ends at the door's point, the border lies a little further out. */
function door(side: "top" | "bottom", line: readonly Point[], height: number): Door {
  const points = side === "top" ? line : [...line].reverse();
  const [first, ...rest] = points;
  if (first === undefined) return { x: 0, side, points: [] };
  const border = { x: first.x, y: side === "top" ? 0 : height };
  return { x: first.x, side, points: [border, ...rest] };
}
