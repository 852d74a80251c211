import type { Edge, Node as FlowNode } from "@xyflow/react";
import type { GraphEdge, GraphGroup, GraphNode } from "../../analysis/graphModel.ts";
import type { RuleId } from "../../program/program.ts";
import type { LaidEdge, Point, Rectangle } from "../../workers/layoutApi.ts";
import { arrival } from "../../workers/arrivals.ts";
import { isCollapsed } from "../../workers/layoutRequest.ts";
import { newIds } from "../../workers/newIds.ts";
import { repeatedReads } from "../../workers/repeatedReads.ts";
import type { RepeatedRead } from "../../workers/repeatedReads.ts";
import type { Touched } from "../derivation/touchedBy.ts";
import type { MarkedElements } from "./markedElements.ts";
import { isRenamed } from "./previewGraph.ts";
import type { LaidGraph } from "./useLayout.ts";

export interface ShapeData extends Record<string, unknown> {
  readonly node: GraphNode;
  readonly label: string;
  readonly selected: boolean;
  /** Rules kept in the chip that are selected. */
  readonly selectedKeepers: readonly RuleId[];
  /** Letters of the culprits painted on it, possibly none; undefined when it is no culprit. */
  readonly culprit: string | undefined;
  readonly preview: boolean;
  /** By the step of the derivation that is pointed at. */
  readonly touched: boolean;
  /** Which way messages come into a channel. */
  readonly points: "left" | "right";
}
export interface BoxData extends Record<string, unknown> {
  readonly group: GraphGroup;
  readonly collapsed: boolean;
  /** Of machines and closed components: that some of their rules are. */
  readonly selected: boolean;
  readonly preview: boolean;
  /** Its words are those of the preview. */
  readonly renamed: boolean;
  readonly touched: boolean;
  readonly rules: readonly RuleId[];
}
export interface LineData extends Record<string, unknown> {
  readonly edge: GraphEdge;
  readonly laid: LaidEdge;
  /** Middles of both ends when the line was computed: a dragged end shows by the difference. */
  readonly from: Point;
  readonly to: Point;
  readonly culprit: string | undefined;
  readonly preview: boolean;
  /** The chip of a relation that the rule reads more than once. */
  readonly repeat: RepeatedRead | undefined;
}
export type ShapeNode = FlowNode<ShapeData, "shape">;
export type BoxNode = FlowNode<BoxData, "box">;
export type GraphFlowNode = ShapeNode | BoxNode;
export type LineEdge = Edge<LineData, "line">;

export interface Selection {
  readonly rules: ReadonlySet<RuleId>;
  readonly relation?: string;
}

export interface FlowOptions {
  readonly selection: Selection;
  readonly marked: MarkedElements;
  readonly verdicts: ReadonlyMap<RuleId, string> | undefined;
  /** What the step of the derivation that is pointed at touched. */
  readonly touched?: Touched | undefined;
  /** The rules of each box that can be selected: what a preview adds cannot be, the text does not have it yet. */
  readonly rulesIn: ReadonlyMap<string, readonly RuleId[]>;
}

/** React Flow's nodes and edges for a laid-out graph: boxes first, then what is in them. */
export function flowElements(
  { graph, layout, before }: LaidGraph,
  options: FlowOptions,
): { readonly nodes: readonly GraphFlowNode[]; readonly edges: readonly LineEdge[] } {
  const added = before && newIds(graph, before);
  const isNew = (id: string): boolean => added?.has(id) === true;
  const groupsBefore = new Map(before?.groups.map((each) => [each.id, each]));
  const inside = new Set(graph.nodes.map((node) => node.group));
  const boxes = graph.groups.map((group): BoxNode => {
    const at = layout.boxes[group.id] ?? { x: 0, y: 0, width: 0, height: 0 };
    const rules = options.rulesIn.get(group.id) ?? [];
    const closed = group.machines !== undefined || isCollapsed(group, inside);
    const data: BoxData = {
      group,
      rules,
      collapsed: isCollapsed(group, inside),
      selected: closed && rules.some((id) => options.selection.rules.has(id)),
      preview: isNew(group.id),
      renamed: isRenamed(group, groupsBefore.get(group.id)),
      touched: isBoxTouched(group, rules, closed, options.touched),
    };
    return { id: group.id, type: "box", ...placed(at), data };
  });
  const shapes = graph.nodes.map((node): ShapeNode => {
    const at = layout.shapes[node.id] ?? { x: 0, y: 0, width: 0, height: 0 };
    const box = layout.boxes[node.group] ?? at;
    const data = shapeData(node, arrival(node, graph, layout), options, isNew(node.id));
    const within = { ...at, x: at.x - box.x, y: at.y - box.y };
    return { id: node.id, type: "shape", parentId: node.group, ...placed(within), data };
  });
  const repeats = repeatedReads(graph, layout);
  const edges = graph.edges.flatMap((edge): readonly LineEdge[] => {
    const laid = layout.edges[edge.id];
    if (laid === undefined) return [];
    const end = (id: string): Point => centre(layout.shapes[id] ?? layout.boxes[id]!);
    const data: LineData = {
      edge,
      laid,
      from: end(edge.from),
      to: end(edge.to),
      culprit: options.marked.edges.get(edge.id),
      preview: isNew(edge.id),
      repeat: repeats.get(edge.id),
    };
    const zIndex = data.culprit === undefined ? 1 : 2;
    return [{ id: edge.id, type: "line", source: edge.from, target: edge.to, data, zIndex }];
  });
  return { nodes: [...boxes, ...shapes], edges };
}

/** The rules that are shown by a node: its own, or those that keep it. */
export function rulesOf(node: GraphNode): readonly RuleId[] {
  if (node.kind === "rule") return [node.rule];
  return node.kind === "relation" ? node.keptBy.map(({ rule }) => rule) : [];
}

function shapeData(
  node: GraphNode,
  points: "left" | "right",
  { selection, marked, verdicts, touched }: FlowOptions,
  preview: boolean,
): ShapeData {
  const verdict = node.kind === "rule" ? verdicts?.get(node.rule) : undefined;
  return {
    node,
    label: verdict === undefined ? node.label : `${node.label}; ${verdict}`,
    selected: isSelected(node, selection),
    selectedKeepers:
      node.kind === "relation"
        ? node.keptBy.flatMap(({ rule }) => (selection.rules.has(rule) ? [rule] : []))
        : [],
    culprit: marked.nodes.get(node.id),
    preview,
    touched: touched !== undefined && isTouched(node, touched),
    points,
  };
}

/** A rule, what it keeps, or a relation. */
export function isTouched(node: GraphNode, { rules, relations }: Touched): boolean {
  if (rulesOf(node).some((rule) => rules.has(rule))) return true;
  return "relation" in node && relations.has(node.relation);
}

/** As a whole; or some of what it stands for, where its contents are not drawn. */
function isBoxTouched(
  { kind, name, machines }: GraphGroup,
  rules: readonly RuleId[],
  closed: boolean,
  touched: Touched | undefined,
): boolean {
  if (touched === undefined || kind === "clients") return false;
  if (touched.components.has(machines?.component ?? name)) return true;
  return closed && rules.some((rule) => touched.rules.has(rule));
}

export function isSelected(node: GraphNode, selection: Selection): boolean {
  if (node.kind === "rule") return selection.rules.has(node.rule);
  return "relation" in node && node.relation === selection.relation;
}

function placed({ x, y, width, height }: Rectangle): {
  readonly position: { x: number; y: number };
  readonly width: number;
  readonly height: number;
} {
  return { position: { x, y }, width, height };
}

export function centre(at: Rectangle): Point {
  return { x: at.x + at.width / 2, y: at.y + at.height / 2 };
}
