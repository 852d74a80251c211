import type { ReactNode } from "react";
import type { Arrow, RecordedRun } from "../../workers/whyNotApi.ts";
import { arrowLabels } from "./arrowLabels.ts";

const LEFT = 76;
const COLUMN = 112;
const LANE = 58;
const TOP = 26;

/** A run as lifelines and messages, up to a moment; what comes later is not drawn yet. */
export function RunDiagram({
  run,
  moments,
  until,
  missing,
  wrong,
  label,
}: {
  readonly run: RecordedRun;
  /** Columns to leave room for, the same in both diagrams. */
  readonly moments: number;
  readonly until: number;
  /** What never arrives at the client, said once the run is over. */
  readonly missing: readonly string[];
  /** What the client should never have got. */
  readonly wrong: readonly string[];
  readonly label: string;
}): ReactNode {
  const x = (moment: number): number => LEFT + (moment + 1) * COLUMN;
  const y = (lane: number): number => TOP + lane * LANE;
  const width = x(moments) + (missing.length > 0 ? 96 : 24);
  const height = y(run.lanes.length - 1) + 30;
  const shown = run.arrows.filter((arrow) => Math.floor(arrow.sentAt + 0.99) <= until);
  const isOver = until >= run.moments - 1;
  const lines = shown.map((arrow) => ({
    arrow,
    from: { x: x(arrow.sentAt), y: y(arrow.from) },
    to: { x: x(Math.min(arrow.arrivedAt ?? moments, moments)), y: y(arrow.to) },
    width: arrow.text.length * 6.7 + 6,
  }));
  const labels = arrowLabels(lines);
  const looks = (arrow: Arrow): string => {
    if (arrow.to === 0 && wrong.includes(arrow.text)) return "run-message run-wrong";
    if (arrow.lost) return "run-message run-late";
    const isLate = arrow.arrivedAt === undefined || arrow.arrivedAt > until + 0.9;
    return isLate ? "run-message run-late" : "run-message";
  };
  return (
    <svg
      className="run-diagram"
      viewBox={`0 0 ${width} ${height}`}
      style={{ maxWidth: width }}
      role="img"
      aria-label={label}
    >
      {run.lanes.map((lane, i) => (
        <g key={lane}>
          <text className="run-lane" x={LEFT - 12} y={y(i) + 4} textAnchor="end">
            {lane}
          </text>
          <line className="run-life" x1={LEFT} x2={width} y1={y(i)} y2={y(i)} />
        </g>
      ))}
      {lines.map(({ arrow, from, to }, i) => (
        <MessageArrow key={i} from={from} to={to} className={looks(arrow)} />
      ))}
      {lines.map(({ arrow, width }, i) => (
        <g key={i} className={looks(arrow)}>
          <rect
            x={labels[i]!.x - width / 2}
            y={labels[i]!.y - 8}
            width={width}
            height={16}
            rx={3}
          />
          <text x={labels[i]!.x} y={labels[i]!.y + 4} textAnchor="middle">
            {arrow.text}
          </text>
        </g>
      ))}
      {run.ticks
        .slice(0, until + 1)
        .map((lanes, moment) =>
          lanes.map((lane) => (
            <rect
              key={`${moment} ${lane}`}
              className="run-tick"
              x={x(moment) - 4.5}
              y={y(lane) - 8}
              width={9}
              height={16}
              rx={2.5}
            />
          )),
        )}
      {run.crashes
        .filter(({ moment }) => moment <= until)
        .map(({ moment, lanes }) => (
          <g key={moment} className="run-missing">
            {lanes.map((lane) => (
              <path key={lane} d={`M ${x(moment) - 6} ${y(lane) - 6} l 12 12 m 0 -12 l -12 12`} />
            ))}
            <text x={x(moment)} y={y(lanes[0]!) - 12} textAnchor="middle">
              crash
            </text>
          </g>
        ))}
      {isOver && missing.length > 0 && (
        <g className="run-missing">
          <path d={`M ${x(moments) - 5} ${y(0) - 5} l 10 10 m 0 -10 l -10 10`} />
          <text x={x(moments)} y={y(0) - 12} textAnchor="middle">
            {missing.join(", ")} never comes
          </text>
        </g>
      )}
    </svg>
  );
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function MessageArrow({
  from,
  to,
  className,
}: {
  readonly from: Point;
  readonly to: Point;
  readonly className: string;
}): ReactNode {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const along = { x: (to.x - from.x) / length, y: (to.y - from.y) / length };
  // Outside the boxes of the ticks at both ends.
  const start = { x: from.x + along.x * 9, y: from.y + along.y * 9 };
  const end = { x: to.x - along.x * 9, y: to.y - along.y * 9 };
  const wing = (turn: number): string => {
    const angle = Math.atan2(along.y, along.x) + Math.PI + turn;
    return `${end.x + 7 * Math.cos(angle)} ${end.y + 7 * Math.sin(angle)}`;
  };
  return (
    <g className={className}>
      <path d={`M ${start.x} ${start.y} L ${end.x} ${end.y}`} strokeDasharray="5 4" />
      <path d={`M ${wing(0.45)} L ${end.x} ${end.y} L ${wing(-0.45)}`} />
    </g>
  );
}
