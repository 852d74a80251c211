import { AxisBottom, AxisLeft } from "@visx/axis";
import { scaleLinear } from "@visx/scale";
import { LinePath } from "@visx/shape";
import type { KeyboardEvent, ReactNode } from "react";
import { amountText, millisecondsText, ratioText } from "./amounts.ts";
import { bandPaths } from "./bandShape.ts";
import { clientsText } from "./clusterSweep.ts";
import type { ProgramSide } from "./clusterRun.ts";
import type { CurvePoint } from "./curvePoints.ts";
import { clearLabels, spread } from "./labelPlaces.ts";
import { rangeText } from "./overRepeats.ts";

/** One program's points with the words at the end of its line. */
export interface Curve {
  readonly key: string;
  readonly side: ProgramSide;
  readonly label: string;
  readonly points: readonly CurvePoint[];
}

/** Of one letter of a line's name, at its size. */
const LETTER = 6.8;
const MARGIN = { top: 36, right: 80, bottom: 42, left: 58 };

/** Latency over throughput, one point a number of clients. Points take the pointer and the arrow keys. */
export function CurveChart(props: {
  readonly curves: readonly Curve[];
  /** The key of the point whose seconds are shown. */
  readonly chosen: string | undefined;
  readonly width: number;
  readonly height: number;
  onChoose(point: string): void;
}): ReactNode {
  const { curves, chosen, width, height, onChoose } = props;
  const points = curves.flatMap((curve) => curve.points);
  const most = (value: (point: CurvePoint) => number): number =>
    Math.max(...points.map(value), 1e-3) * 1.08;
  const x = scaleLinear({
    domain: [0, most((p) => p.throughput.to)],
    range: [MARGIN.left, width - MARGIN.right],
    nice: true,
  });
  const y = scaleLinear({
    domain: [0, most((p) => p.latency.to)],
    range: [height - MARGIN.bottom, MARGIN.top],
    nice: true,
  });
  const place = (point: CurvePoint): Place => ({
    x: x(point.throughput.median),
    y: y(point.latency.median),
  });
  const ends = curves.flatMap((curve) => {
    const last = curve.points.at(-1);
    return last === undefined ? [] : [{ ...place(last), curve }];
  });
  const names = spread(
    ends.map((end) => end.y),
    height - MARGIN.bottom,
  );
  const tabStop = points.find((p) => p.key === chosen) ?? points[0];
  const labelled = clearLabels(points.map(place));
  return (
    <svg
      className="curve-chart"
      width={width}
      height={height}
      role="group"
      aria-label="Median latency over throughput; Table holds the same figures. Arrow keys go from point to point."
    >
      <Grid x={x} y={y} width={width} height={height} />
      <PeakArrow curves={curves} x={x} />
      {curves.map((curve) => (
        <g key={curve.key} className={`chart-run ${curve.side}`}>
          <Band points={wholePoints(curve)} x={x} y={y} />
          <LinePath
            data={wholePoints(curve)}
            x={(p) => x(p.throughput.median)}
            y={(p) => y(p.latency.median)}
            className="chart-line"
          />
          {curve.points.map((point) => (
            <Point
              key={point.key}
              point={point}
              at={place(point)}
              labelled={labelled[points.indexOf(point)] === true}
              chosen={point.key === chosen}
              tabStop={point === tabStop}
              onChoose={onChoose}
              onKey={(event) => walk(event, curves)}
            />
          ))}
        </g>
      ))}
      {ends.map(({ x, curve }, index) => (
        <g key={curve.key} className={`chart-run ${curve.side}`}>
          <LineName at={x} y={names[index]! + 4} text={curve.label} width={width} />
        </g>
      ))}
    </svg>
  );
}

function wholePoints(curve: Curve): CurvePoint[] {
  return curve.points.filter((point) => !point.partial);
}

/** From the lowest to the highest repeat, both ways. */
function Band(props: {
  readonly points: readonly CurvePoint[];
  readonly x: Scale;
  readonly y: Scale;
}): ReactNode {
  const { points, x, y } = props;
  if (points.every((point) => point.runs.length < 2)) return null;
  const boxes = points.map(({ throughput, latency }) => ({
    left: x(throughput.from),
    right: x(throughput.to),
    top: y(latency.to),
    bottom: y(latency.from),
  }));
  return (
    <g className="chart-band">
      {bandPaths(boxes).map((path, index) => (
        <path key={index} d={path} />
      ))}
    </g>
  );
}

/** Behind the end of its line, or before it where there is no room behind. */
function LineName(props: {
  readonly at: number;
  readonly y: number;
  readonly text: string;
  readonly width: number;
}): ReactNode {
  const { at, y, text, width } = props;
  const fits = at + 14 + text.length * LETTER < width;
  return (
    <text
      x={fits ? at + 14 : at - 30}
      y={fits ? y : y - 4}
      textAnchor={fits ? "start" : "end"}
      className="chart-name"
    >
      {text}
    </text>
  );
}

interface Place {
  readonly x: number;
  readonly y: number;
}
type Scale = ReturnType<typeof scaleLinear<number>>;

function Grid(props: {
  readonly x: Scale;
  readonly y: Scale;
  readonly width: number;
  readonly height: number;
}): ReactNode {
  const { x, y, width, height } = props;
  return (
    <>
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
        label="median latency, ms"
        labelClassName="chart-label"
        labelOffset={34}
      />
      <AxisBottom
        scale={x}
        top={height - MARGIN.bottom}
        numTicks={Math.max(2, Math.min(8, Math.floor((width - 200) / 80)))}
        tickClassName="chart-tick"
        axisLineClassName="chart-axis"
        hideTicks
        tickFormat={(n) => amountText(Number(n))}
        label="answered commands per second"
        labelClassName="chart-label"
      />
    </>
  );
}

function Point(props: {
  readonly point: CurvePoint;
  readonly at: Place;
  readonly labelled: boolean;
  readonly chosen: boolean;
  readonly tabStop: boolean;
  onChoose(point: string): void;
  onKey(event: KeyboardEvent<SVGGElement>): void;
}): ReactNode {
  const { point, at, chosen, onChoose } = props;
  const choose = (): void => onChoose(point.key);
  return (
    <g
      role="button"
      tabIndex={props.tabStop ? 0 : -1}
      data-point={point.key}
      aria-pressed={chosen}
      aria-label={pointSentence(point)}
      className={point.partial ? "curve-point partial" : "curve-point"}
      transform={`translate(${at.x} ${at.y})`}
      onPointerEnter={choose}
      onFocus={choose}
      onClick={choose}
      onKeyDown={props.onKey}
    >
      <circle r={12} className="curve-target" />
      {chosen && <circle r={9} className="curve-chosen" />}
      {point.side === "original" ? (
        <circle r={4.5} className="chart-mark" />
      ) : (
        <rect x={-4.5} y={-4.5} width={9} height={9} className="chart-mark" />
      )}
      {(props.labelled || chosen) && (
        <text
          className="curve-clients"
          y={point.side === "original" ? -12 : 22}
          textAnchor="middle"
        >
          {point.clients}
        </text>
      )}
    </g>
  );
}

function pointSentence({ side, clients, runs, throughput, latency, partial }: CurvePoint): string {
  const which = `${side === "original" ? "Original" : "Rewritten"}, ${clientsText(clients)}`;
  const range = (text: string): string => (runs.length > 1 ? ` (${text})` : "");
  const answered = `${amountText(throughput.median)} per second${range(rangeText(throughput, amountText))}`;
  const waited = `median latency ${millisecondsText(latency.median)}${range(rangeText(latency, millisecondsText))}`;
  return `${which}: ${answered}, ${waited}${partial ? ", measured in part" : ""}`;
}

/** From the original's greatest throughput to the rewritten's, when exactly one of each is shown. */
function PeakArrow({
  curves,
  x,
}: {
  readonly curves: readonly Curve[];
  readonly x: Scale;
}): ReactNode {
  const peakOf = (side: ProgramSide): number | undefined => {
    const [one, ...others] = curves.filter((curve) => curve.side === side);
    const whole = one === undefined ? [] : wholePoints(one);
    return others.length > 0 || whole.length === 0
      ? undefined
      : Math.max(...whole.map((p) => p.throughput.median));
  };
  const [from, to] = [peakOf("original"), peakOf("rewritten")];
  if (from === undefined || to === undefined) return null;
  const [start, end] = [x(from), x(to)];
  if (Math.abs(end - start) <= 12) return null;
  const head = end > start ? -6 : 6;
  return (
    <g className="peak-arrow" aria-hidden="true">
      <path d={`M${start} 18H${end}M${end + head} 14L${end} 18L${end + head} 22`} />
      <text x={(start + end) / 2} y={12} textAnchor="middle">
        peak {ratioText(from, to)}
      </text>
    </g>
  );
}

/** Left and right along a line, up and down to the other line at the same number of clients, Home and End. */
function walk(event: KeyboardEvent<SVGGElement>, curves: readonly Curve[]): void {
  const id = event.currentTarget.getAttribute("data-point");
  const row = curves.findIndex((curve) => curve.points.some((p) => p.key === id));
  const curve = curves[row];
  if (curve === undefined) return;
  const at = curve.points.findIndex((p) => p.key === id);
  const next = nextPoint(event.key, curves, row, at);
  if (next === undefined) return;
  event.preventDefault();
  event.currentTarget.ownerSVGElement
    ?.querySelector<SVGElement>(`[data-point="${next.key}"]`)
    ?.focus();
}

function nextPoint(
  key: string,
  curves: readonly Curve[],
  row: number,
  at: number,
): CurvePoint | undefined {
  const points = curves[row]?.points ?? [];
  switch (key) {
    case "ArrowRight":
      return points[at + 1];
    case "ArrowLeft":
      return points[at - 1];
    case "Home":
      return points[0];
    case "End":
      return points.at(-1);
    case "ArrowUp":
    case "ArrowDown": {
      const step = key === "ArrowDown" ? 1 : curves.length - 1;
      const other = curves[(row + step) % curves.length]?.points ?? [];
      const clients = points[at]?.clients ?? 0;
      return other.find((p) => p.clients >= clients) ?? other.at(-1);
    }
    default:
      return undefined;
  }
}
