import type { ReactNode } from "react";
import { answersInOrder } from "../../simulator/answers.ts";
import type { Answer } from "../../simulator/answers.ts";
import type { Trace } from "../../simulator/trace.ts";
import { timeText, wholeFactText } from "./factText.ts";
import type { Side, SimulatedRun } from "./simulatedRun.ts";
import { LaneNames } from "./LaneNames.tsx";
import { LABEL_WIDTH } from "./timeline.ts";
import type { Timeline } from "./timeline.ts";

const ROW = 24;
const SHORT: Readonly<Record<Side, string>> = { original: "orig.", rewritten: "rewr." };
const laneY = (index: number): number => 14 + index * ROW;

/** The answers that clients saw, by request number, in the order and at the times they came. */
export function AnswerLanes(props: {
  readonly run: SimulatedRun;
  /** The run that this one branched off: its answers stand below, to be compared. */
  readonly parent: SimulatedRun | undefined;
  readonly line: Timeline;
  readonly width: number;
  readonly cursor: number;
  readonly left: number;
  onAnswer(side: Side, answer: Answer): void;
}): ReactNode {
  const { run, line, width, cursor } = props;
  const own = lanesOfRun(run);
  const before = props.parent === undefined ? [] : lanesOfRun(props.parent);
  const sides = [
    ...own.map((lane) => ({ ...lane, name: `answers, ${SHORT[lane.side]}`, isOwn: true })),
    ...before.map((lane) => ({ ...lane, name: `before, ${SHORT[lane.side]}`, isOwn: false })),
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
      {sides.map(({ side, trace, name, isOwn }, index) => {
        const y = laneY(index);
        return (
          <g key={name} className={isOwn ? "" : "before-lane"}>
            <line className="lifeline" x1={LABEL_WIDTH} x2={width} y1={y} y2={y} />
            {answersInOrder(trace).map((answer, position) => (
              <g
                key={`${position}`}
                className={`answer ${side} ${answer.at > cursor ? "faint" : ""}`}
                {...(isOwn && { onClick: () => props.onAnswer(side, answer) })}
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
        names={sides.map(({ name }, index) => ({ name, y: laneY(index) }))}
      />
    </svg>
  );
}

function lanesOfRun({
  original,
  rewritten,
}: SimulatedRun): readonly { side: Side; trace: Trace }[] {
  const lanes = [{ side: "original" as const, trace: original }];
  return rewritten === undefined ? lanes : [...lanes, { side: "rewritten", trace: rewritten }];
}
