import { AxisBottom, AxisLeft } from "@visx/axis";
import { scaleLinear } from "@visx/scale";
import { LinePath } from "@visx/shape";
import type { ReactNode } from "react";
import { amountText } from "./amounts.ts";
import { spread } from "./labelPlaces.ts";
import type { OverRepeats } from "./overRepeats.ts";
import type { RepeatedSecond, SecondsLine } from "./secondsLines.ts";

const MARGIN = { top: 16, right: 76, bottom: 40, left: 58 };

/** One figure of the programs, second by second, with a band where it was repeated; lines are labelled where they end. */
export function SecondsChart(props: {
  readonly title: string;
  readonly unit: string;
  readonly lines: readonly SecondsLine[];
  readonly width: number;
  readonly height: number;
  /** Undefined where there is none in that second: the line has a gap. */
  value(second: RepeatedSecond): OverRepeats | undefined;
}): ReactNode {
  const { lines, width, height, value } = props;
  const lastSecond = Math.max(5, ...lines.map((line) => line.seconds.at(-1)?.second ?? 0));
  const top =
    Math.max(...lines.flatMap((line) => line.seconds.map((s) => value(s)?.to ?? 0)), 1e-3) * 1.1;
  const x = scaleLinear({ domain: [0, lastSecond], range: [MARGIN.left, width - MARGIN.right] });
  const y = scaleLinear({
    domain: [0, top],
    range: [height - MARGIN.bottom, MARGIN.top],
    nice: true,
  });
  const labels = spread(
    lines.map((line) => {
      const last = line.seconds.findLast((s) => value(s) !== undefined);
      return last === undefined ? y(0) : y(value(last)!.median);
    }),
    height - MARGIN.bottom,
  );
  const bandOf = ({ seconds }: SecondsLine): string => {
    const known = seconds.filter((s) => value(s) !== undefined);
    const highest = known.map((s) => `${x(s.second)} ${y(value(s)!.to)}`);
    const lowest = known.map((s) => `${x(s.second)} ${y(value(s)!.from)}`);
    return `M${[...highest, ...lowest.toReversed()].join("L")}Z`;
  };
  return (
    <figure className="seconds-chart">
      <figcaption>
        <b>{props.title}</b> <span className="quiet">{props.unit}</span>
      </figcaption>
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={`${props.title}, ${props.unit}; Table holds the same figures`}
      >
        {y.ticks(5).map((at) => (
          <line
            key={at}
            className="grid-line"
            x1={MARGIN.left}
            x2={width - MARGIN.right}
            y1={y(at)}
            y2={y(at)}
          />
        ))}
        <AxisLeft
          scale={y}
          left={MARGIN.left}
          numTicks={5}
          hideAxisLine
          hideTicks
          tickFormat={(n) => amountText(Number(n))}
          tickClassName="chart-tick"
        />
        <AxisBottom
          scale={x}
          top={height - MARGIN.bottom}
          numTicks={Math.min(10, lastSecond)}
          tickClassName="chart-tick"
          axisLineClassName="chart-axis"
          hideTicks
          tickFormat={(n) => (Number.isInteger(Number(n)) ? String(n) : "")}
          label="second"
          labelClassName="chart-label"
        />
        {lines.map((line, index) => {
          const known = line.seconds.filter((s) => value(s) !== undefined);
          const last = known.at(-1);
          if (last === undefined) return null;
          return (
            <g key={line.key} className={`chart-run ${line.side}`}>
              {line.of > 1 && (
                <g className="chart-band">
                  <path d={bandOf(line)} />
                </g>
              )}
              <LinePath
                data={[...line.seconds]}
                x={(s) => x(s.second)}
                y={(s) => y(value(s)?.median ?? 0)}
                defined={(s) => value(s) !== undefined}
                className="chart-line"
              />
              {known.map((s) =>
                line.side === "original" ? (
                  <circle
                    key={s.second}
                    cx={x(s.second)}
                    cy={y(value(s)!.median)}
                    r={3.5}
                    className="chart-mark"
                  />
                ) : (
                  <rect
                    key={s.second}
                    x={x(s.second) - 3.5}
                    y={y(value(s)!.median) - 3.5}
                    width={7}
                    height={7}
                    className="chart-mark"
                  />
                ),
              )}
              <text x={x(last.second) + 10} y={labels[index]! + 4} className="chart-name">
                {line.side}
              </text>
            </g>
          );
        })}
      </svg>
    </figure>
  );
}
