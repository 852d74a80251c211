import { memo } from "react";
import type { ReactNode } from "react";
import { answersInOrder } from "../../simulator/answers.ts";
import type { Answer } from "../../simulator/answers.ts";
import type { Trace } from "../../simulator/trace.ts";
import { timeText, wholeFactText } from "./factText.ts";
import type { Side, SimulatedRun } from "./simulatedRun.ts";
import { pillsThatFit } from "./labelsThatFit.ts";
import { Veil } from "./Veil.tsx";
import { LaneNames } from "./LaneNames.tsx";
import { LABEL_WIDTH } from "./timeline.ts";
import type { Timeline } from "./timeline.ts";

const ROW = 24;
const PILL = 22;
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
      <line className="cursor-line" x1={line.x(cursor)} x2={line.x(cursor)} y1={0} y2={height} />
      {sides.map(({ side, trace, name, isOwn }, index) => {
        const y = laneY(index);
        return (
          <g key={name} className={isOwn ? "" : "before-lane"}>
            <line className="lifeline" x1={LABEL_WIDTH} x2={width} y1={y} y2={y} />
            <Answers
              trace={trace}
              side={side}
              y={y}
              line={line}
              onAnswer={isOwn ? props.onAnswer : undefined}
            />
          </g>
        );
      })}
      {/* An answer of this very moment is not to come: its pill reaches half its width further. */}
      <Veil from={line.x(cursor) + PILL / 2} width={width} height={height} />
      <LaneNames
        left={props.left}
        height={height}
        names={sides.map(({ name }, index) => ({ name, y: laneY(index) }))}
      />
    </svg>
  );
}

/** Answers too close behind another to be numbered are bars. */
const Answers = memo(function Answers(props: {
  readonly trace: Trace;
  readonly side: Side;
  readonly y: number;
  readonly line: Timeline;
  readonly onAnswer: ((side: Side, answer: Answer) => void) | undefined;
}): ReactNode {
  const { trace, side, y, line, onAnswer } = props;
  const answers = answersInOrder(trace);
  const pills = pillsThatFit(
    answers.map(({ at }) => line.x(at)),
    PILL + 2,
  );
  const order = answers.map((answer, i) => ({ answer, i, isPill: pills.has(i) }));
  // Pills last: a bar behind one must not strike its number out.
  const drawn = [...order.filter((each) => !each.isPill), ...order.filter((each) => each.isPill)];
  return drawn.map(({ answer, i, isPill }) => (
    <g
      key={`${i}`}
      className={`answer ${side}`}
      {...(onAnswer && { onClick: () => onAnswer(side, answer) })}
      transform={`translate(${line.x(answer.at)} ${y})`}
    >
      {isPill ? (
        <>
          <rect x={-PILL / 2} y={-8} width={PILL} height={16} rx={side === "original" ? 8 : 2} />
          <text y={4} textAnchor="middle">
            {answer.request}
          </text>
        </>
      ) : (
        <rect className="answer-bar" x={-1.5} y={-11} width={3} height={22} rx={1} />
      )}
      <title>{`${wholeFactText(answer.relation, answer.row)} to request ${answer.request} at ${timeText(answer.at)} ms`}</title>
    </g>
  ));
});

function lanesOfRun({
  original,
  rewritten,
}: SimulatedRun): readonly { side: Side; trace: Trace }[] {
  const lanes = [{ side: "original" as const, trace: original }];
  return rewritten === undefined ? lanes : [...lanes, { side: "rewritten", trace: rewritten }];
}
