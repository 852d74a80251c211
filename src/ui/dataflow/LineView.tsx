import { useStore } from "@xyflow/react";
import type { EdgeProps, ReactFlowState } from "@xyflow/react";
import { memo, useCallback } from "react";
import type { ReactNode } from "react";
import {
  arrowhead,
  bluntEnd,
  edgePath,
  midpoint,
  pointList,
  ringCentre,
} from "../../workers/graphShapes.ts";
import type { Point } from "../../workers/layoutApi.ts";
import { REPEAT_CHIP } from "../../workers/repeatedReads.ts";
import type { LineData, LineEdge } from "./flowElements.ts";

/** A read, derivation or message: its kind shows in line and end, not in colour alone. */
export const LineView = memo(function LineView({
  data,
  source,
  target,
}: EdgeProps<LineEdge>): ReactNode {
  const from = useMiddle(source);
  const to = useMiddle(target);
  if (data === undefined) return null;
  const line = followEnds(data, from ?? data.from, to ?? data.to);
  const { edge, culprit, preview } = data;
  const { points } = line;
  const className = [
    "line",
    `line-${edge.kind}`,
    culprit === undefined ? "" : "is-culprit",
    preview ? "is-preview" : "",
  ].join(" ");
  return (
    <g className={className}>
      <path className="line-path" d={edgePath(hasFilledEnd(data) ? bluntEnd(points, 6) : points)} />
      {edge.kind === "next" && <path className="line-core" d={edgePath(bluntEnd(points, 6))} />}
      <LineEnd data={data} points={points} />
      {edge.kind === "next" && <Chip at={line.chip ?? midpoint(points)} text="+1" />}
      {line.repeat !== undefined && <RepeatChip at={line.repeat} times={data.repeat?.times ?? 2} />}
      {culprit !== undefined && culprit !== "" && (
        <Letter at={midpoint(points, letterPlace(culprit))} text={culprit} />
      )}
    </g>
  );
});

/**
 * The middle of a node where it is now. Not the ends that React Flow passes: those are measured on the screen, and stay
 * wrong when the measuring fell into a moment in which the page moved.
 */
function useMiddle(id: string): Point | undefined {
  const middle = useCallback(
    ({ nodeLookup }: ReactFlowState): Point | undefined => {
      const node = nodeLookup.get(id);
      if (node === undefined) return undefined;
      const { x, y } = node.internals.positionAbsolute;
      return { x: x + (node.width ?? 0) / 2, y: y + (node.height ?? 0) / 2 };
    },
    [id],
  );
  return useStore(middle, samePoint);
}

function samePoint(a: Point | undefined, b: Point | undefined): boolean {
  return a?.x === b?.x && a?.y === b?.y;
}

/** Letters of lines that run side by side stand apart. */
function letterPlace(letters: string): number {
  return [0.65, 0.35, 0.5][(letters.codePointAt(0) ?? 0) % 3]!;
}

function hasFilledEnd({ edge }: LineData): boolean {
  return edge.kind === "now" || edge.kind === "next";
}

function LineEnd({ data, points }: { data: LineData; points: readonly Point[] }): ReactNode {
  switch (data.edge.kind) {
    case "reads":
      return null;
    case "absence": {
      const { x, y } = ringCentre(points, 4);
      return <circle className="line-ring" cx={x} cy={y} r={4} />;
    }
    case "now":
    case "next":
      return <polygon className="line-head" points={pointList(arrowhead(points, 8, 4))} />;
    case "message":
      return <polyline className="line-open" points={pointList(arrowhead(points, 8, 4.5))} />;
  }
}

function Chip({ at, text }: { readonly at: Point; readonly text: string }): ReactNode {
  return (
    <g className="line-chip" transform={`translate(${at.x} ${at.y})`}>
      <rect x={-12} y={-8} width={24} height={16} rx={8} />
      <text y={4}>{text}</text>
    </g>
  );
}

/** "×2": the rule reads the relation twice. */
function RepeatChip({ at, times }: { readonly at: Point; readonly times: number }): ReactNode {
  const { width, height } = REPEAT_CHIP;
  return (
    <g className="line-chip line-repeat" transform={`translate(${at.x} ${at.y})`}>
      <rect x={-width / 2} y={-height / 2} width={width} height={height} rx={height / 2} />
      <text y={4}>×{times}</text>
    </g>
  );
}

function Letter({ at, text }: { readonly at: Point; readonly text: string }): ReactNode {
  const width = 10 + 7 * text.length;
  return (
    <g className="line-letter" transform={`translate(${at.x} ${at.y})`}>
      <rect x={-width / 2} y={-8.5} width={width} height={17} rx={8.5} />
      <text y={4}>{text}</text>
    </g>
  );
}

interface MovedLine {
  readonly points: readonly Point[];
  readonly chip?: Point | undefined;
  readonly repeat?: Point | undefined;
}

/** A line whose ends were dragged together moves along; one with a dragged end runs straight until it is laid out again. */
function followEnds({ laid, from, to, repeat }: LineData, source: Point, target: Point): MovedLine {
  const a = { x: source.x - from.x, y: source.y - from.y };
  const b = { x: target.x - to.x, y: target.y - to.y };
  const still = (d: Point): boolean => Math.abs(d.x) < 2 && Math.abs(d.y) < 2;
  if (still(a) && still(b)) return { ...laid, repeat: repeat?.at };
  if (still({ x: a.x - b.x, y: a.y - b.y })) {
    const move = (p: Point): Point => ({ x: p.x + a.x, y: p.y + a.y });
    return {
      points: laid.points.map(move),
      chip: laid.chip && move(laid.chip),
      repeat: repeat && move(repeat.at),
    };
  }
  const first = laid.points[0];
  const last = laid.points.at(-1);
  if (first === undefined || last === undefined) return laid;
  const points = [
    { x: first.x + a.x, y: first.y + a.y },
    { x: last.x + b.x, y: last.y + b.y },
  ];
  return { points, repeat: repeat && midpoint(points) };
}
