import type { ElkExtendedEdge, ElkNode, LayoutOptions } from "elkjs/lib/elk-api.js";
import { doorKey } from "./crossing.ts";
import type { Crossing } from "./crossing.ts";
import { elkPair, pairEnds, portId } from "./interiorPairs.ts";
import type { Pair } from "./interiorPairs.ts";
import type { LayoutBox, LayoutEdge, LayoutShape } from "./layoutApi.ts";

/** What one component is made of. */
export interface Parts {
  readonly box: LayoutBox;
  readonly shapes: readonly LayoutShape[];
  readonly inner: readonly LayoutEdge[];
  readonly crossings: readonly Crossing[];
  readonly pairs: readonly Pair[];
}

export const PADDING = 14;

/** The request to elkjs for one component: doors are points on the first and last layer. */
export function interiorGraph(parts: Parts): ElkNode {
  const { box, shapes, inner, crossings, pairs } = parts;
  const paired = new Set(pairs.flatMap(({ relation, rule }) => [relation.id, rule.id]));
  const joins = new Set(pairs.map(({ edge }) => edge.id));
  const ends = endsAtPairs(parts);
  const end = (edge: string, shape: string): string => ends.get(`${edge} ${shape}`) ?? shape;
  return {
    id: box.id,
    layoutOptions: OPTIONS,
    children: [
      ...shapes.filter(({ id }) => !paired.has(id)).map(elkShape),
      ...pairs.map((pair) => elkPair(pair, pairEnds(pair, inner, crossings))),
      ...crossings.map(elkDoor),
    ],
    edges: [
      ...inner
        .filter(({ id }) => !joins.has(id))
        .map((edge) => elkEdge(edge, end(edge.id, edge.from), end(edge.id, edge.to))),
      ...crossings.map((crossing) => elkCrossing(crossing, end)),
    ],
  };
}

const OPTIONS: LayoutOptions = {
  "elk.algorithm": "layered",
  "elk.direction": "DOWN",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.padding": `[top=0,left=${PADDING},bottom=0,right=${PADDING}]`,
  "elk.spacing.nodeNode": "20",
  "elk.spacing.edgeNode": "12",
  "elk.spacing.edgeEdge": "9",
  "elk.layered.spacing.nodeNodeBetweenLayers": "24",
  "elk.layered.spacing.edgeNodeBetweenLayers": "11",
  "elk.layered.spacing.edgeEdgeBetweenLayers": "8",
  "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
  "elk.layered.layering.strategy": "NETWORK_SIMPLEX",
  "elk.layered.considerModelOrder.strategy": "PREFER_EDGES",
  "elk.layered.thoroughness": "20",
  // Parts without a common edge still share their layers: every message comes in at the top.
  "elk.separateConnectedComponents": "false",
  "elk.randomSeed": "1",
};

const CROSSING_OPTIONS: Readonly<Record<Crossing["direction"], LayoutOptions>> = {
  in: { "elk.layered.priority.shortness": "10", "elk.layered.priority.straightness": "5" },
  out: { "elk.layered.priority.straightness": "2" },
};

/** For each edge at a paired shape the port that is kept for it, by `edge shape`. */
function endsAtPairs({ inner, crossings, pairs }: Parts): ReadonlyMap<string, string> {
  const ends = new Map<string, string>();
  for (const pair of pairs) {
    const { intoRelation, aboveRule, belowRule } = pairEnds(pair, inner, crossings);
    for (const key of intoRelation) ends.set(`${key} ${pair.relation.id}`, portId(key, pair));
    for (const key of [...aboveRule, ...belowRule]) {
      ends.set(`${key} ${pair.rule.id}`, portId(key, pair));
    }
  }
  return ends;
}

function elkEdge(edge: LayoutEdge, from: string, to: string): ElkExtendedEdge {
  const plain = { id: edge.id, sources: [from], targets: [to] };
  if (edge.chip === undefined) return plain;
  return { ...plain, labels: [{ id: `${edge.id} chip`, text: "+1", ...edge.chip }] };
}

function elkCrossing(
  crossing: Crossing,
  end: (edge: string, shape: string) => string,
): ElkExtendedEdge {
  const door = doorKey(crossing);
  const shape = end(door, crossing.direction === "in" ? crossing.edge.to : crossing.edge.from);
  // What leaves at the top is turned round for elkjs, which lets edges run downwards.
  const [from, to] = crossing.side === "top" ? [door, shape] : [shape, door];
  const layoutOptions = CROSSING_OPTIONS[crossing.direction];
  return { id: door, sources: [from], targets: [to], layoutOptions };
}

function elkShape(shape: LayoutShape): ElkNode {
  const { id, width, height, beside } = shape;
  if (beside === 0) return { id, width, height };
  return {
    id,
    width,
    height,
    layoutOptions: { "elk.nodeLabels.placement": "[OUTSIDE,H_RIGHT,V_CENTER]" },
    labels: [{ id: `${id} beside`, text: " ", width: beside, height: 16 }],
  };
}

function elkDoor(crossing: Crossing): ElkNode {
  const layer = crossing.side === "top" ? "FIRST_SEPARATE" : "LAST_SEPARATE";
  return {
    id: doorKey(crossing),
    width: 2,
    height: 2,
    layoutOptions: { "elk.layered.layering.layerConstraint": layer },
  };
}
