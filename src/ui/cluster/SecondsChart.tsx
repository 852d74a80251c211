import { AxisBottom, AxisLeft } from "@visx/axis";
import { scaleLinear } from "@visx/scale";
import { LinePath } from "@visx/shape";
import type { ReactNode } from "react";
import type { ClusterRun, Second } from "./clusterRun.ts";
import { amountText } from "./amounts.ts";
import { spread } from "./labelPlaces.ts";

const MARGIN = { top: 16, right: 76, bottom: 40, left: 58 };

/** One figure of every selected run, second by second; lines are labelled where they end. */
export function SecondsChart(props: {
  readonly title: string;
  readonly unit: string;
  readonly runs: readonly ClusterRun[];
  readonly width: number;
  readonly height: number;
  value(second: Second): number;
}): ReactNode {
  const { runs, width, height, value } = props;
  const lastSecond = Math.max(5, ...runs.map((run) => run.seconds.at(-1)?.second ?? 0));
  const top = Math.max(...runs.flatMap((run) => run.seconds.map(value)), 1e-3) * 1.1;
  const x = scaleLinear({ domain: [0, lastSecond], range: [MARGIN.left, width - MARGIN.right] });
  const y = scaleLinear({
    domain: [0, top],
    range: [height - MARGIN.bottom, MARGIN.top],
    nice: true,
  });
  const labels = spread(
    runs.map((run) => y(value(run.seconds.at(-1) ?? { second: 0, answered: 0, p50: 0, p99: 0 }))),
    height - MARGIN.bottom,
  );
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
        {runs.map((run, index) => {
          const last = run.seconds.at(-1);
          if (last === undefined) return null;
          return (
            <g key={run.id} className={`chart-run ${run.side}`}>
              <LinePath
                data={[...run.seconds]}
                x={(s) => x(s.second)}
                y={(s) => y(value(s))}
                className="chart-line"
              />
              {run.seconds.map((s) =>
                run.side === "original" ? (
                  <circle
                    key={s.second}
                    cx={x(s.second)}
                    cy={y(value(s))}
                    r={3.5}
                    className="chart-mark"
                  />
                ) : (
                  <rect
                    key={s.second}
                    x={x(s.second) - 3.5}
                    y={y(value(s)) - 3.5}
                    width={7}
                    height={7}
                    className="chart-mark"
                  />
                ),
              )}
              <text x={x(last.second) + 10} y={labels[index]! + 4} className="chart-name">
                {run.side}
              </text>
            </g>
          );
        })}
      </svg>
    </figure>
  );
}
