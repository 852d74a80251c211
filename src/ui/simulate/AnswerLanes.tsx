import type { ReactNode } from "react";
import { answersInOrder } from "../../simulator/answers.ts";
import type { Trace } from "../../simulator/trace.ts";
import { timeText, wholeFactText } from "./factText.ts";
import type { Side, SimulatedRun } from "./simulateStore.ts";
import { LaneNames } from "./LaneNames.tsx";
import { LABEL_WIDTH } from "./timeline.ts";
import type { Timeline } from "./timeline.ts";

const ROW = 24;
const SHORT: Readonly<Record<Side, string>> = { original: "orig.", rewritten: "rewr." };
const laneY = (index: number): number => 14 + index * ROW;

/** The answers that clients saw, by request number, in the order and at the times they came. */
export function AnswerLanes(props: {
  readonly run: SimulatedRun;
  readonly line: Timeline;
  readonly width: number;
  readonly cursor: number;
  readonly left: number;
}): ReactNode {
  const { run, line, width, cursor } = props;
  const sides: readonly (readonly [Side, Trace])[] = [
    ["original", run.original],
    ...(run.rewritten ? [["rewritten", run.rewritten] as const] : []),
  ];
  const height = sides.length * ROW + 8;
  return (
    <svg
      className="answer-lanes"
      width={width}
      height={height}
      role="group"
      aria-label="Answers to clients"
    >
      {sides.map(([side, trace], index) => {
        const y = laneY(index);
        return (
          <g key={side}>
            <line className="lifeline" x1={LABEL_WIDTH} x2={width} y1={y} y2={y} />
            {answersInOrder(trace).map((answer, position) => (
              <g
                key={`${position}`}
                className={`answer ${side} ${answer.at > cursor ? "faint" : ""}`}
                transform={`translate(${line.x(answer.at)} ${y})`}
              >
                <rect x={-11} y={-8} width={22} height={16} rx={side === "original" ? 8 : 2} />
                <text y={4} textAnchor="middle">
                  {answer.request}
                </text>
                <title>{`${wholeFactText(answer.relation, answer.row)} at ${timeText(answer.at)} ms`}</title>
              </g>
            ))}
          </g>
        );
      })}
      <LaneNames
        left={props.left}
        height={height}
        names={sides.map(([side], index) => ({ name: `answers, ${SHORT[side]}`, y: laneY(index) }))}
      />
    </svg>
  );
}
