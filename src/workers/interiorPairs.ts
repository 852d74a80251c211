import type { ElkNode } from "elkjs/lib/elk-api.js";
import { doorKey } from "./crossing.ts";
import type { Crossing } from "./crossing.ts";
import type { LayoutEdge, LayoutShape, Point } from "./layoutApi.ts";

/**
 * A relation with a single reader that reads nothing else: the two stand side by side, as one thing for elkjs. That takes
 * half the layers out of most components.
 */
export interface Pair {
  readonly id: string;
  readonly relation: LayoutShape;
  readonly rule: LayoutShape;
  readonly edge: LayoutEdge;
}

const APART = 24;

export function findPairs(
  shapes: readonly LayoutShape[],
  inner: readonly LayoutEdge[],
  crossings: readonly Crossing[],
): readonly Pair[] {
  const byId = new Map(shapes.map((shape) => [shape.id, shape]));
  const leaving = (id: string): readonly LayoutEdge[] => inner.filter(({ from }) => from === id);
  const entering = (id: string): readonly LayoutEdge[] => inner.filter(({ to }) => to === id);
  const sends = new Set(crossings.filter((c) => c.direction === "out").map((c) => c.edge.from));
  return inner.flatMap((edge) => {
    const [relation, rule] = [byId.get(edge.from), byId.get(edge.to)];
    if (relation === undefined || rule === undefined || !edge.reads) return [];
    const alone = leaving(edge.from).length === 1 && entering(edge.to).length === 1;
    const cycle = leaving(edge.to).some(({ to }) => to === edge.from);
    if (!alone || cycle || relation.beside > 0 || sends.has(relation.id)) return [];
    return [{ id: `pair ${relation.id}`, relation, rule, edge }];
  });
}

/** Where an edge ends at a pair: above the relation, below the rule; an answer that leaves upwards above the rule. */
export interface PairEnds {
  readonly intoRelation: readonly string[];
  readonly aboveRule: readonly string[];
  readonly belowRule: readonly string[];
}

export function pairEnds(
  { relation, rule }: Pair,
  inner: readonly LayoutEdge[],
  crossings: readonly Crossing[],
): PairEnds {
  const sent = crossings.filter((c) => c.direction === "out" && c.edge.from === rule.id);
  return {
    intoRelation: [
      ...inner.filter(({ to }) => to === relation.id).map(({ id }) => id),
      ...crossings.filter((c) => c.direction === "in" && c.edge.to === relation.id).map(doorKey),
    ],
    aboveRule: sent.filter(({ side }) => side === "top").map(doorKey),
    belowRule: [
      ...inner.filter(({ from }) => from === rule.id).map(({ id }) => id),
      ...sent.filter(({ side }) => side === "bottom").map(doorKey),
    ],
  };
}

export function elkPair(pair: Pair, ends: PairEnds): ElkNode {
  const { relation, rule } = pair;
  const height = Math.max(relation.height, rule.height);
  const at = ruleOffset(pair);
  const row = (keys: readonly string[], side: string, from: number, width: number, y: number) =>
    keys.map((key, i) => ({
      id: portId(key, pair),
      x: from + (width * (i + 1)) / (keys.length + 1),
      y,
      width: 0,
      height: 0,
      layoutOptions: { "elk.port.side": side },
    }));
  return {
    id: pair.id,
    width: at.x + rule.width + rule.beside,
    height,
    layoutOptions: { "elk.portConstraints": "FIXED_POS" },
    ports: [
      ...row(ends.intoRelation, "NORTH", 0, relation.width, 0),
      ...row(ends.aboveRule, "NORTH", at.x, rule.width, 0),
      ...row(ends.belowRule, "SOUTH", at.x, rule.width, height),
    ],
  };
}

export function portId(edge: string, pair: Pair): string {
  return `${edge} at ${pair.id}`;
}

/** From the pair's corner, which is the relation's, to the rule's. */
export function ruleOffset({ relation, rule }: Pair): Point {
  return { x: relation.width + APART, y: (relation.height - rule.height) / 2 };
}
