import type { KeyboardEvent, PointerEvent, ReactNode } from "react";
import { timeText } from "./factText.ts";
import { axisStep, LABEL_WIDTH } from "./timeline.ts";
import type { Timeline } from "./timeline.ts";

/** Pixels between the middle of the cursor's flag and that of a number at which the two touch. */
const FLAG_AND_NUMBER = 36;

/** The axis of simulated milliseconds; a slider for the moment that is looked at. */
export function TimeAxis(props: {
  readonly line: Timeline;
  readonly width: number;
  readonly end: number;
  readonly cursor: number;
  /** Pixels scrolled away on the left: the name of the axis stays in view. */
  readonly left: number;
  onMove(at: number): void;
}): ReactNode {
  const { line, width, end, cursor, onMove } = props;
  const step = axisStep(line.pixelsPerMs);
  const marks = Array.from({ length: Math.floor(end / step) + 1 }, (_, i) => i * step);
  const point = (event: PointerEvent<SVGSVGElement>): void => {
    const left = event.currentTarget.getBoundingClientRect().left;
    onMove(Math.min(end, line.at(event.clientX - left)));
  };
  const key = (event: KeyboardEvent): void => {
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: cursor - step / 10,
      ArrowRight: cursor + step / 10,
      Home: 0,
      End: end,
    };
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onMove(Math.min(end, Math.max(0, to)));
  };
  return (
    <svg
      className="time-axis"
      width={width}
      height={28}
      role="slider"
      tabIndex={0}
      aria-label="Moment, simulated milliseconds"
      aria-valuemin={0}
      aria-valuemax={Math.round(end * 10) / 10}
      aria-valuenow={Math.round(cursor * 10) / 10}
      onKeyDown={key}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        point(event);
      }}
      onPointerMove={(event) => {
        if (event.buttons === 1) point(event);
      }}
    >
      {marks.map((at) => (
        <g key={at} transform={`translate(${line.x(at)} 0)`}>
          {Math.abs(line.x(at) - line.x(cursor)) > FLAG_AND_NUMBER && (
            <text className="axis-text" y={17} textAnchor="middle">
              {Number(at.toPrecision(6))}
            </text>
          )}
          <line className="axis-mark" y1={22} y2={28} />
        </g>
      ))}
      <g transform={`translate(${props.left} 0)`}>
        <rect className="lane-names-back" width={LABEL_WIDTH - 12} height={27} />
        <text className="axis-text" x={LABEL_WIDTH - 16} y={17} textAnchor="end">
          time, ms
        </text>
      </g>
      <g transform={`translate(${line.x(cursor)} 0)`}>
        <rect className="cursor-flag" x={-21} y={4} width={42} height={18} rx={4} />
        <text className="cursor-text" y={17} textAnchor="middle">
          {timeText(cursor)}
        </text>
      </g>
    </svg>
  );
}
