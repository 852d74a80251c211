import type { GraphEdge, GraphGroup, GraphModel, GraphNode } from "../analysis/graphModel.ts";
import type { LayoutEdge, LayoutRequest, LayoutShape, Point, Size } from "./layoutApi.ts";

/**
 * Labels are 11 px on the screen or more. Shapes leave room for letters of 13.5 px beside their margins, so that a label
 * may grow against the zoom and stay at 11 px down to LABEL_ZOOM; below that it disappears.
 */
export const LABEL_ZOOM = 0.7;
const LETTER = 0.6 * 13.5;
export const RULE_SIZE = 22;
export const PILL_HEIGHT = 24;

/** What is asked of the layout for a graph: sizes follow from the vocabulary and the lengths of the names. */
export function layoutRequest(
  graph: GraphModel,
  viewport: Size,
  pinned: Readonly<Record<string, Point>> = {},
): LayoutRequest {
  const inside = new Set(graph.nodes.map((node) => node.group));
  return {
    boxes: graph.groups.map((group) => ({
      id: group.id,
      kind: group.kind,
      title: group.name,
      words: group.words,
      collapsed: isCollapsed(group, inside),
      ...(group.machines === undefined ? {} : { note: group.machines.note }),
    })),
    shapes: graph.nodes.map(shape),
    edges: graph.edges.map(edge),
    viewport,
    pinned,
  };
}

/** Drawn as a box without contents: a component none of whose nodes is shown. */
export function isCollapsed(group: GraphGroup, inside: ReadonlySet<string>): boolean {
  return group.kind === "component" && group.machines === undefined && !inside.has(group.id);
}

/** So many lines between two boxes can be told apart. */
const MOST_LINES = 8;

/**
 * The part of a graph that is shown: constants only when asked for; a collapsed component as its box alone, to which the
 * messages of its rules and channels then run, each relation once a direction; where those are many, one for all.
 */
export function visibleGraph(
  graph: GraphModel,
  show: { readonly constants: boolean; readonly collapsed: ReadonlySet<string> },
): GraphModel {
  const nodes = graph.nodes.filter((node) => isShown(node, show));
  const groupOf = new Map(graph.nodes.map((node) => [node.id, node.group]));
  const end = (id: string): string => {
    const group = groupOf.get(id);
    return group !== undefined && show.collapsed.has(group) ? group : id;
  };
  const edges = new Map<string, GraphEdge>();
  for (const edge of graph.edges) {
    if (edge.constant && !show.constants) continue;
    const [from, to] = [end(edge.from), end(edge.to)];
    if (from === edge.from && to === edge.to) edges.set(edge.id, edge);
    else if (from !== to && edge.kind === "message") {
      const id = `${from}>${edge.to}`;
      if (!edges.has(id)) edges.set(id, { ...edge, id, from, to });
    }
  }
  const groups = new Set(graph.groups.map(({ id }) => id));
  return { groups: graph.groups, nodes, edges: mergedMessages([...edges.values()], groups) };
}

/** How many nodes a graph shows with every component open. */
export function openNodes(graph: GraphModel, constants: boolean): number {
  const show = { constants, collapsed: new Set<string>() };
  return graph.nodes.reduce((sum, node) => sum + (isShown(node, show) ? 1 : 0), 0);
}

function mergedMessages(
  edges: readonly GraphEdge[],
  groups: ReadonlySet<string>,
): readonly GraphEdge[] {
  const pairOf = ({ from, to }: GraphEdge): string | undefined =>
    groups.has(from) && groups.has(to) ? `${from}>${to}` : undefined;
  const lines = new Map<string, number>();
  for (const edge of edges) {
    const pair = pairOf(edge);
    if (pair !== undefined) lines.set(pair, (lines.get(pair) ?? 0) + 1);
  }
  const drawn = new Set<string>();
  return edges.flatMap((edge) => {
    const pair = pairOf(edge);
    if (pair === undefined || lines.get(pair)! <= MOST_LINES) return [edge];
    if (drawn.has(pair)) return [];
    drawn.add(pair);
    return [{ ...edge, id: pair }];
  });
}

/** Every component's id: the Components level shows all of them collapsed. */
export function componentIds(graph: GraphModel): ReadonlySet<string> {
  return new Set(graph.groups.filter(isComponent).map(({ id }) => id));
}

export function textWidth(letters: number): number {
  return Math.ceil(letters * LETTER);
}

function isShown(
  node: GraphNode,
  show: { readonly constants: boolean; readonly collapsed: ReadonlySet<string> },
): boolean {
  const constant = node.kind === "constant" || node.kind === "function";
  return !show.collapsed.has(node.group) && (show.constants || !constant);
}

function isComponent(group: GraphGroup): boolean {
  return group.kind === "component";
}

function shape(node: GraphNode): LayoutShape {
  return { id: node.id, box: node.group, ...nodeSize(node), beside: beside(node) };
}

function nodeSize(node: GraphNode): Size {
  switch (node.kind) {
    case "rule":
      return {
        width: Math.max(RULE_SIZE, 8 + textWidth(`${node.number}`.length)),
        height: RULE_SIZE,
      };
    case "broken":
      return { width: RULE_SIZE, height: RULE_SIZE };
    case "channel":
      return { width: textWidth(node.relation.length) + 22, height: PILL_HEIGHT };
    case "relation":
      return { width: textWidth(node.relation.length) + 20, height: PILL_HEIGHT };
    case "constant":
      return { width: textWidth(node.relation.length) + 18, height: PILL_HEIGHT };
    case "function":
      return { width: textWidth(node.relation.length + 2) + 14, height: PILL_HEIGHT };
  }
}

function beside(node: GraphNode): number {
  if (node.kind === "rule") return node.aggregates ? 8 : 0;
  return node.kind === "relation" && node.keptBy.length > 0 ? keptChipWidth(node.keptBy) + 4 : 0;
}

/** `↻ 4`, `↻ 4 10` */
export function keptChipWidth(keptBy: readonly { readonly number: number }[]): number {
  const letters = keptBy.map(({ number }) => `${number}`).join(" ").length;
  return 22 + textWidth(letters);
}

function edge(graphEdge: GraphEdge): LayoutEdge {
  const { id, from, to, kind } = graphEdge;
  const plain = { id, from, to, reads: kind === "reads" || kind === "absence" };
  return kind === "next" ? { ...plain, chip: { width: 24, height: 16 } } : plain;
}
