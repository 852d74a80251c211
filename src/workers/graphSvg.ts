import type { GraphEdge, GraphGroup, GraphModel, GraphNode } from "../analysis/graphModel.ts";
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
import { keptChipWidth } from "./layoutRequest.ts";

/** The colours of the light scheme: a picture is looked at on paper (ui.md, "Colour tokens"). */
const INK = {
  surface: "#FFFFFF",
  bg: "#F4F5F8",
  ink: "#1A1F2B",
  ink2: "#465064",
  ink3: "#5F697B",
  next: "#8A2BA8",
  nextTint: "#F6E9FA",
  async: "#0B6B80",
  asyncTint: "#E0F3F6",
  sync: "#3A4250",
  no: "#A0142F",
  border: "#838C9C",
} as const;

/** A laid-out graph as one SVG document, in the vocabulary's shapes (ui.md, "Graph vocabulary"). */
export function graphSvg(graph: GraphModel, layout: LayoutResult): string {
  const [width, height] = [Math.ceil(layout.width), Math.ceil(layout.height)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Inter, sans-serif">`,
    `<rect width="${width}" height="${height}" fill="${INK.bg}"/>`,
    ...graph.groups.map((group) => box(group, layout.boxes[group.id]!)),
    ...graph.edges.map((edge) => line(edge, layout.edges[edge.id]!)),
    ...graph.nodes.map((node) => shape(node, layout.shapes[node.id]!)),
    "</svg>",
    "",
  ].join("\n");
}

function box(group: GraphGroup, at: Rectangle): string {
  const clients = group.kind === "clients";
  const sheets = Math.min(3, group.partitions);
  const sheet = (i: number): string =>
    `<rect x="${at.x + i * 4}" y="${at.y + i * 4}" width="${at.width}" height="${at.height}" rx="8" fill="${clients ? "none" : INK.surface}" stroke="${INK.border}"${clients ? ' stroke-dasharray="2 3"' : ""}/>`;
  const title = `<text x="${at.x + 12}" y="${at.y + 19}" font-size="12" font-weight="600" fill="${INK.ink}">${escape(group.name)}</text>`;
  const words =
    group.words === ""
      ? ""
      : `<text x="${at.x + at.width - 12}" y="${at.y + 19}" font-size="11" text-anchor="end" fill="${INK.ink3}">${escape(group.words)}</text>`;
  const stack = Array.from({ length: sheets }, (_, i) => sheet(sheets - 1 - i));
  return `<g><title>${escape(group.label)}</title>${stack.join("")}${title}${clients ? "" : words}</g>`;
}

function line(edge: GraphEdge, laid: LaidEdge): string {
  const { points } = laid;
  const stroke = (color: string, width: number, more = "", ends = points): string =>
    `<path d="${edgePath(ends)}" fill="none" stroke="${color}" stroke-width="${width}"${more}/>`;
  switch (edge.kind) {
    case "reads":
      return stroke(INK.ink3, 1);
    case "absence":
      return stroke(INK.ink3, 1) + ring(points);
    case "now":
      return stroke(INK.sync, 1.5, "", bluntEnd(points, 6)) + arrow(points, INK.sync, "filled");
    case "next": {
      const at = laid.chip ?? midpoint(points);
      const short = bluntEnd(points, 6);
      return (
        stroke(INK.next, 4, "", short) +
        stroke(INK.surface, 1.6, "", short) +
        arrow(points, INK.next, "filled") +
        chip(at, 24, "+1")
      );
    }
    case "message":
      return stroke(INK.async, 1.6, ' stroke-dasharray="6 4"') + arrow(points, INK.async, "open");
  }
}

function ring(points: readonly Point[]): string {
  const { x, y } = ringCentre(points, 4);
  return `<circle cx="${x}" cy="${y}" r="4" fill="${INK.surface}" stroke="${INK.ink3}" stroke-width="1.2"/>`;
}

function arrow(points: readonly Point[], color: string, kind: "filled" | "open"): string {
  const head = pointList(arrowhead(points, 8, 4));
  return kind === "filled"
    ? `<polygon points="${head}" fill="${color}"/>`
    : `<polyline points="${head}" fill="none" stroke="${color}" stroke-width="1.6"/>`;
}

function chip(at: Point, width: number, text: string): string {
  return (
    `<rect x="${at.x - width / 2}" y="${at.y - 8}" width="${width}" height="16" rx="8" fill="${INK.nextTint}" stroke="${INK.next}"/>` +
    `<text x="${at.x}" y="${at.y + 4}" font-size="11" font-weight="600" text-anchor="middle" fill="${INK.next}">${text}</text>`
  );
}

function shape(node: GraphNode, at: Rectangle): string {
  return `<g><title>${escape(node.label)}</title>${outline(node, at)}</g>`;
}

function outline(node: GraphNode, at: Rectangle): string {
  const rect = (more: string, inset = 0): string =>
    `<rect x="${at.x + inset}" y="${at.y + inset}" width="${at.width - 2 * inset}" height="${at.height - 2 * inset}" ${more}/>`;
  switch (node.kind) {
    case "rule": {
      const badge = node.aggregates
        ? `<circle cx="${at.x + at.width}" cy="${at.y}" r="7" fill="${INK.surface}" stroke="${INK.border}"/>${text("Σ", at.x + at.width, at.y + 3.5, INK.ink, 10)}`
        : "";
      return rect(`rx="4" fill="${INK.ink2}"`) + label(`${node.number}`, at, "#FFFFFF") + badge;
    }
    case "broken":
      return (
        rect(`rx="4" fill="none" stroke="${INK.no}" stroke-dasharray="3 2"`) +
        label("!", at, INK.no)
      );
    case "relation": {
      const kept = node.keptBy.length > 0;
      const stroke = kept ? INK.next : INK.border;
      const pill = rect(`rx="12" fill="${INK.surface}" stroke="${stroke}"`);
      if (!kept) return pill + label(node.relation, at, INK.ink);
      const width = keptChipWidth(node.keptBy);
      const numbers = node.keptBy.map(({ number }) => number).join(" ");
      return (
        pill +
        rect(`rx="9.5" fill="none" stroke="${stroke}"`, 2.5) +
        label(node.relation, at, INK.ink) +
        chip({ x: at.x + at.width + 4 + width / 2, y: at.y + at.height / 2 }, width, `↻ ${numbers}`)
      );
    }
    case "channel":
      return (
        `<path transform="translate(${at.x} ${at.y})" d="${tagPath(at, "right")}" fill="${INK.asyncTint}" stroke="${INK.async}"/>` +
        label(node.relation, { ...at, width: at.width - 8 }, INK.ink)
      );
    case "constant":
      return (
        `<path d="M${at.x} ${at.y}h${at.width - 8}l8 8v${at.height - 8}h${-at.width}z" fill="${INK.bg}" stroke="${INK.border}"/>` +
        label(node.relation, at, INK.ink)
      );
    case "function":
      return rect(`rx="12" fill="${INK.bg}"`) + label(`${node.relation} ƒ`, at, INK.ink, "italic");
  }
}

function label(content: string, at: Rectangle, color: string, style = "normal"): string {
  return text(content, at.x + at.width / 2, at.y + at.height / 2 + 4, color, 11, style);
}

function text(
  content: string,
  x: number,
  y: number,
  color: string,
  size: number,
  style = "normal",
): string {
  return `<text x="${x}" y="${y}" font-family="JetBrains Mono, monospace" font-size="${size}" font-style="${style}" text-anchor="middle" fill="${color}">${escape(content)}</text>`;
}

function escape(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
