import { CLIENTS } from "../analysis/graphModel.ts";
import type { GraphEdge, GraphGroup, GraphModel, GraphNode } from "../analysis/graphModel.ts";
import { arrival } from "./arrivals.ts";
import {
  arrowhead,
  bluntEnd,
  edgePath,
  midpoint,
  pointList,
  ringCentre,
  tagPath,
} from "./graphShapes.ts";
import type { LaidEdge, LayoutResult, Point, Rectangle } from "./layoutApi.ts";
import { isCollapsed, keptChipWidth } from "./layoutRequest.ts";
import { newIds } from "./newIds.ts";
import { INKS, MONO, SANS } from "./pictureInks.ts";
import type { Inks, Scheme } from "./pictureInks.ts";
import { REPEAT_CHIP, repeatedReads } from "./repeatedReads.ts";

export interface PictureOptions {
  readonly scheme: Scheme;
  /** The program as it is, when the picture is a preview: what is new is dashed and green. */
  readonly before?: GraphModel | undefined;
  /** Letters of culprits, by id. */
  readonly marked?: {
    readonly nodes: ReadonlyMap<string, string>;
    readonly edges: ReadonlyMap<string, string>;
  };
}

/** A laid-out graph as one SVG document, in the vocabulary's shapes (ui.md, "Graph vocabulary"). */
export function graphSvg(
  graph: GraphModel,
  layout: LayoutResult,
  options: PictureOptions = { scheme: "light" },
): string {
  const [width, height] = [Math.ceil(layout.width), Math.ceil(layout.height)];
  const { before, scheme } = options;
  const added = before && newIds(graph, before);
  const isNew = (id: string): boolean => added?.has(id) === true;
  const picture: Picture = { graph, layout, options, isNew, inks: INKS[scheme] };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${SANS}">`,
    `<title>Dataflow</title>`,
    `<rect width="${width}" height="${height}" fill="${picture.inks.bg}"/>`,
    ...graph.groups.map((group) => box(picture, group)),
    ...graph.edges.flatMap((edge) => {
      const laid = layout.edges[edge.id];
      return laid === undefined ? [] : [line(picture, edge, laid)];
    }),
    ...graph.nodes.map((node) => shape(picture, node)),
    ...repeatChips(picture),
    ...letters(picture),
    "</svg>",
    "",
  ].join("\n");
}

/** What every part needs to know. */
interface Picture {
  readonly graph: GraphModel;
  readonly layout: LayoutResult;
  readonly options: PictureOptions;
  isNew(id: string): boolean;
  readonly inks: Inks;
}

/** Colours and dashes of a part: as it is, previewed, or a culprit. */
interface Look {
  readonly stroke: string;
  readonly fill: string;
  readonly more: string;
}

function look({ inks, options, isNew }: Picture, id: string, stroke: string, fill: string): Look {
  if (options.marked?.nodes.has(id) === true) {
    return { stroke: inks.no, fill: inks.noTint, more: ' stroke-width="2"' };
  }
  if (isNew(id)) {
    return { stroke: inks.ok, fill: inks.okTint, more: ' stroke-dasharray="4 3"' };
  }
  return { stroke, fill, more: "" };
}

function box(picture: Picture, group: GraphGroup): string {
  const { inks, layout, graph } = picture;
  const at = layout.boxes[group.id]!;
  const clients = group.kind === "clients";
  const { stroke, fill, more } = look(picture, group.id, inks.border, inks.surface);
  const sheet = (by: number): string =>
    `<rect x="${at.x + by}" y="${at.y + by}" width="${at.width}" height="${at.height}" rx="8" fill="${clients ? inks.sunk : fill}" stroke="${stroke}"${clients ? ' stroke-dasharray="2 3"' : more}/>`;
  const sheets = Array.from({ length: Math.min(3, group.partitions) }, (_, i) => sheet(4 * i));
  const inside = new Set(graph.nodes.map((node) => node.group));
  return `<g><title>${escape(group.label)}</title>${sheets.toReversed().join("")}${boxTexts(inks, group, at, isCollapsed(group, inside))}</g>`;
}

function boxTexts(inks: Inks, group: GraphGroup, at: Rectangle, collapsed: boolean): string {
  const words = (content: string, x: number, y: number, end = false): string =>
    content === ""
      ? ""
      : `<text x="${x}" y="${y}" font-size="11"${end ? ' text-anchor="end"' : ""} fill="${inks.ink3}">${escape(content)}</text>`;
  const titleY = at.y + (group.kind === "clients" ? at.height / 2 + 4 : 19);
  const title = `<text x="${at.x + 12}" y="${titleY}" font-size="12" font-weight="600" fill="${inks.ink}">${escape(group.name)}</text>`;
  const left = at.x + 12;
  if (group.id === CLIENTS) return title + words(group.words, left + 52, titleY);
  if (group.machines !== undefined) {
    const second = group.words === "" ? 36 : 51;
    return (
      title + words(group.words, left, at.y + 36) + words(group.machines.note, left, at.y + second)
    );
  }
  const count = `${group.rules} ${group.rules === 1 ? "rule" : "rules"}`;
  return (
    title +
    words(group.words, at.x + at.width - 12, at.y + 19, true) +
    (collapsed ? words(count, left, at.y + 42) : "")
  );
}

function line(picture: Picture, edge: GraphEdge, laid: LaidEdge): string {
  const { inks, options } = picture;
  const { points } = laid;
  const culprit = options.marked?.edges.has(edge.id) === true;
  const isNew = picture.isNew(edge.id);
  const ink = (own: string): string => (culprit ? inks.no : isNew ? inks.ok : own);
  const stroke = (own: string, width: number, dashes: string, ends = points): string =>
    `<path d="${edgePath(ends)}" fill="none" stroke="${ink(own)}" stroke-width="${culprit ? 3 : width}"${isNew || dashes !== "" ? ` stroke-dasharray="${dashes || "6 4"}"` : ""}/>`;
  switch (edge.kind) {
    case "reads":
      return stroke(inks.ink3, 1, "");
    case "absence":
      return stroke(inks.ink3, 1, "") + ring(points, inks, ink(inks.ink3));
    case "now":
      return (
        stroke(inks.sync, 1.5, "", bluntEnd(points, 6)) + arrow(points, ink(inks.sync), "filled")
      );
    case "next": {
      const short = bluntEnd(points, 6);
      return (
        stroke(inks.next, 4, "", short) +
        `<path d="${edgePath(short)}" fill="none" stroke="${inks.surface}" stroke-width="1.6"/>` +
        arrow(points, ink(inks.next), "filled") +
        chip(laid.chip ?? midpoint(points), 24, 16, "+1", inks.next, inks.nextTint)
      );
    }
    case "message":
      return stroke(inks.async, 1.6, "6 4") + arrow(points, ink(inks.async), "open");
  }
}

function ring(points: readonly Point[], inks: Inks, color: string): string {
  const { x, y } = ringCentre(points, 4);
  return `<circle cx="${x}" cy="${y}" r="4" fill="${inks.surface}" stroke="${color}" stroke-width="1.2"/>`;
}

function arrow(points: readonly Point[], color: string, kind: "filled" | "open"): string {
  const head = pointList(arrowhead(points, 8, 4));
  return kind === "filled"
    ? `<polygon points="${head}" fill="${color}"/>`
    : `<polyline points="${head}" fill="none" stroke="${color}" stroke-width="1.6"/>`;
}

/** A pill with a word, its middle at a point. */
function chip(
  at: Point,
  width: number,
  height: number,
  words: string,
  ink: string,
  fill: string,
): string {
  return (
    `<rect x="${at.x - width / 2}" y="${at.y - height / 2}" width="${width}" height="${height}" rx="${height / 2}" fill="${fill}" stroke="${ink}"/>` +
    `<text x="${at.x}" y="${at.y + 4}" font-size="11" font-weight="600" text-anchor="middle" fill="${ink}">${words}</text>`
  );
}

function repeatChips({ graph, layout, inks }: Picture): readonly string[] {
  const { width, height } = REPEAT_CHIP;
  return [...repeatedReads(graph, layout).values()].map(({ at, times }) =>
    chip(at, width, height, `×${times}`, inks.ink, inks.surface),
  );
}

/** Letters of culprits stand on top of everything. */
function letters({ graph, layout, options, inks }: Picture): readonly string[] {
  const letter = (at: Point, words: string): string =>
    words === "" ? "" : chip(at, 10 + 7 * words.length, 17, escape(words), inks.surface, inks.no);
  return [
    ...graph.edges.flatMap(({ id }) => {
      const words = options.marked?.edges.get(id);
      const laid = layout.edges[id];
      return words === undefined || laid === undefined
        ? []
        : [letter(midpoint(laid.points, letterPlace(words)), words)];
    }),
    ...graph.nodes.flatMap(({ id }) => {
      const words = options.marked?.nodes.get(id);
      return words === undefined ? [] : [letter(layout.shapes[id]!, words)];
    }),
  ];
}

/** Letters of lines that run side by side stand apart. */
export function letterPlace(words: string): number {
  return [0.65, 0.35, 0.5][(words.codePointAt(0) ?? 0) % 3]!;
}

function shape(picture: Picture, node: GraphNode): string {
  const at = picture.layout.shapes[node.id]!;
  return `<g><title>${escape(node.label)}</title>${outline(picture, node, at)}</g>`;
}

function outline(picture: Picture, node: GraphNode, at: Rectangle): string {
  const { inks, graph, layout } = picture;
  const border = inks.border;
  switch (node.kind) {
    case "rule":
      return rule(picture, node, at);
    case "broken":
      return (
        rect(at, `rx="4" fill="${inks.noTint}" stroke="${inks.no}" stroke-dasharray="3 2"`) +
        label("!", at, inks.no)
      );
    case "relation":
      return relation(picture, node, at);
    case "channel": {
      const { stroke, fill, more } = look(picture, node.id, inks.async, inks.asyncTint);
      const points = arrival(node, graph, layout);
      const middle = { ...at, x: at.x + (points === "left" ? 8 : 0), width: at.width - 8 };
      return (
        `<path transform="translate(${at.x} ${at.y})" d="${tagPath(at, points)}" fill="${fill}" stroke="${stroke}"${more}/>` +
        label(node.relation, middle, inks.ink)
      );
    }
    case "constant": {
      const { stroke, fill, more } = look(picture, node.id, border, inks.sunk);
      return (
        `<path d="M${at.x} ${at.y}h${at.width - 8}l8 8v${at.height - 8}h${-at.width}z" fill="${fill}" stroke="${stroke}"${more}/>` +
        `<path d="M${at.x + at.width - 8} ${at.y}v8h8" fill="none" stroke="${stroke}"/>` +
        label(node.relation, at, inks.ink)
      );
    }
    case "function": {
      const { fill } = look(picture, node.id, border, inks.sunk);
      return rect(at, `rx="12" fill="${fill}"`) + label(`${node.relation} ƒ`, at, inks.ink, true);
    }
  }
}

function rule(
  picture: Picture,
  node: Extract<GraphNode, { readonly kind: "rule" }>,
  at: Rectangle,
): string {
  const { inks } = picture;
  const isNew = picture.isNew(node.id);
  const fill = isNew ? inks.ok : inks.ink2;
  const number = isNew ? "+" : `${node.number}`;
  const { stroke, more } = look(picture, node.id, fill, fill);
  const sigma = node.aggregates
    ? `<circle cx="${at.x + at.width}" cy="${at.y}" r="7" fill="${inks.surface}" stroke="${inks.border}"/>${text("Σ", at.x + at.width, at.y + 3.5, inks.ink, 'font-size="10" text-anchor="middle"')}`
    : "";
  return (
    rect(at, `rx="4" fill="${fill}" stroke="${stroke}"${more}`) +
    label(number, at, inks.surface) +
    sigma
  );
}

function relation(
  picture: Picture,
  node: Extract<GraphNode, { readonly kind: "relation" }>,
  at: Rectangle,
): string {
  const { inks } = picture;
  const kept = node.keptBy.length > 0;
  const own = kept ? inks.next : inks.border;
  const { stroke, fill, more } = look(picture, node.id, own, inks.surface);
  const pill = rect(at, `rx="12" fill="${fill}" stroke="${stroke}"${more}`);
  if (!kept) return pill + label(node.relation, at, inks.ink);
  const inner = {
    x: at.x + 2.5,
    y: at.y + 2.5,
    width: at.width - 5,
    height: at.height - 5,
  };
  const width = keptChipWidth(node.keptBy);
  const numbers = picture.isNew(node.id) ? "" : ` ${node.keptBy.map((k) => k.number).join(" ")}`;
  const beside = { x: at.x + at.width + 4 + width / 2, y: at.y + at.height / 2 };
  return (
    pill +
    rect(inner, `rx="9.5" fill="none" stroke="${stroke}"`) +
    label(node.relation, at, inks.ink) +
    chip(beside, width, 16, `↻${numbers}`, inks.next, inks.nextTint)
  );
}

function rect({ x, y, width, height }: Rectangle, more: string): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" ${more}/>`;
}

function label(content: string, at: Rectangle, color: string, italic = false): string {
  const more = `font-size="11" text-anchor="middle"${italic ? ' font-style="italic"' : ""}`;
  return text(content, at.x + at.width / 2, at.y + at.height / 2 + 4, color, more);
}

function text(content: string, x: number, y: number, color: string, more: string): string {
  return `<text x="${x}" y="${y}" font-family="${MONO}" ${more} fill="${color}">${escape(content)}</text>`;
}

function escape(content: string): string {
  return content
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
