import { useLayoutEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import { baseView, shownView } from "../store/selectors.ts";
import { useClew } from "../store/clewStore.ts";
import type { ProgramSide } from "./clusterRun.ts";
import { clientsText, failureOf, pointName } from "./clusterSweep.ts";
import type { ClusterSweep } from "./clusterSweep.ts";
import { CurveChart } from "./CurveChart.tsx";
import type { Curve } from "./CurveChart.tsx";
import { curveOf, peakOf, pointKey } from "./curvePoints.ts";
import { CurveTable } from "./CurveTable.tsx";
import { NodeBars } from "./NodeBars.tsx";
import { RunFigures } from "./RunFigures.tsx";
import { timeOfDay } from "./RunList.tsx";
import { SecondsChart } from "./SecondsChart.tsx";
import { secondsLine } from "./secondsLines.ts";
import type { SecondsLine } from "./secondsLines.ts";
import { SecondsTable } from "./SecondsTable.tsx";
import { useStale } from "./useStale.ts";

const SIDES = ["original", "rewritten"] as const;

/** What the selected sweeps measured: the curve, the seconds of the chosen point, busy nodes, what failed. */
export function Charts({
  sweeps,
  table,
}: {
  readonly sweeps: readonly ClusterSweep[];
  readonly table: boolean;
}): ReactNode {
  const holder = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(600);
  const [chosen, choose] = useState<string>();
  useLayoutEffect(() => {
    const element = holder.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(Math.max(360, element.clientWidth - 32)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const curves = sweeps.flatMap((sweep) => curvesOf(sweep, sweeps.length > 1));
  const points = sweeps.flatMap(measuredPoints);
  const point = points.find(({ key }) => key === chosen) ?? points.at(-1);
  return (
    <div className="charts" ref={holder}>
      {sweeps.map((sweep) => (
        <div key={sweep.id}>
          {sweeps.length > 1 && (
            <h3 className="bars-title">
              {sweep.name}, {timeOfDay(sweep.startedAt)}
            </h3>
          )}
          <StaleNotice sweep={sweep} />
          <RunFigures sweep={sweep} />
        </div>
      ))}
      {table ? (
        sweeps.flatMap((sweep) =>
          sweep.programs.map((program) => (
            <CurveTable
              key={`${sweep.id} ${program.side}`}
              sweep={sweep}
              program={program}
              chosen={point?.key}
              onChoose={choose}
            />
          )),
        )
      ) : (
        <>
          {sweeps.some((sweep) => sweep.repeats > 1) && (
            <p className="quiet">
              Points are medians of the repeats; bands go from the lowest to the highest.
            </p>
          )}
          <CurveChart
            curves={curves}
            chosen={point?.key}
            width={width}
            height={280}
            onChoose={choose}
          />
        </>
      )}
      <Failures sweeps={sweeps} />
      {point !== undefined && <Seconds point={point} table={table} width={width} />}
      <Bars sweeps={sweeps} />
    </div>
  );
}

function curvesOf(sweep: ClusterSweep, several: boolean): readonly Curve[] {
  return sweep.programs.map(({ side, nodes }) => ({
    key: `${sweep.id} ${side}`,
    side,
    label: several ? `${side}, ${timeOfDay(sweep.startedAt)}` : `${side}, ${nodes} nodes`,
    points: curveOf(sweep, side),
  }));
}

/** A point whose seconds can be shown. */
interface MeasuredPoint {
  readonly key: string;
  readonly sweep: ClusterSweep;
  readonly clients: number;
}

/** In the order in which their first seconds came. */
function measuredPoints(sweep: ClusterSweep): readonly MeasuredPoint[] {
  const measured = sweep.runs.filter((run) => run.seconds.length > 0);
  const points = measured.map(({ side, clients }): [string, MeasuredPoint] => {
    const key = pointKey(sweep, side, clients);
    return [key, { key, sweep, clients }];
  });
  return [...new Map(points).values()];
}

/** The seconds of every program of a sweep with one number of clients, for comparison. */
function secondsLines({ sweep, clients }: MeasuredPoint): readonly SecondsLine[] {
  return SIDES.flatMap((side) => {
    const runs = sweep.runs.filter((run) => run.side === side && run.clients === clients);
    return secondsLine(pointKey(sweep, side, clients), runs) ?? [];
  });
}

function StaleNotice({ sweep }: { readonly sweep: ClusterSweep }): ReactNode {
  const stale = useStale(sweep);
  if (stale === undefined) return null;
  return <p className="stale-notice">{stale}</p>;
}

function Failures({ sweeps }: { readonly sweeps: readonly ClusterSweep[] }): ReactNode {
  const failed = sweeps.flatMap((sweep) =>
    sweep.runs.flatMap((run) => (failureOf(run) === undefined ? [] : [{ sweep, run }])),
  );
  if (failed.length === 0) return null;
  return (
    <ul className="run-failures" aria-label="Runs that failed">
      {failed.map(({ sweep, run }) => (
        <li key={run.id} className="run-failed">
          <b>
            {run.title} at {pointName(sweep, run)} failed:
          </b>{" "}
          {failureOf(run)}
          {run.lost.some((node) => node.output !== "") && (
            <details>
              <summary>What it wrote last</summary>
              <pre>{run.lost.map((node) => node.output).join("\n")}</pre>
            </details>
          )}
        </li>
      ))}
    </ul>
  );
}

function Seconds(props: {
  readonly point: MeasuredPoint;
  readonly table: boolean;
  readonly width: number;
}): ReactNode {
  const { point, table, width } = props;
  const lines = secondsLines(point);
  const beside = width >= 640;
  const size = { width: beside ? Math.floor(width / 2) - 8 : width, height: 150 };
  return (
    <section className="seconds">
      <h3 className="bars-title">
        Second by second{" "}
        <span className="quiet">
          at {clientsText(point.clients)}; point at another to see its seconds
        </span>
      </h3>
      {table ? (
        <SecondsTable lines={lines} />
      ) : (
        <div className={beside ? "seconds-pair" : ""}>
          <SecondsChart
            title="Throughput"
            unit="answered per second"
            lines={lines}
            value={(s) => s.answered}
            {...size}
          />
          <SecondsChart
            title="Median latency"
            unit="milliseconds"
            lines={lines}
            value={(s) => s.p50}
            {...size}
          />
        </div>
      )}
    </section>
  );
}

function Bars({ sweeps }: { readonly sweeps: readonly ClusterSweep[] }): ReactNode {
  const peaks = sweeps.flatMap((sweep) =>
    SIDES.flatMap((side) => {
      const run = peakOf(sweep, side)?.middle;
      return run === undefined ? [] : [{ sweep, run, when: timeOfDay(sweep.startedAt) }];
    }),
  );
  const base = useClew(baseView);
  const shown = useClew(shownView);
  if (peaks.length === 0) return null;
  const viewOf = (side: ProgramSide) => (side === "original" ? base : shown);
  return (
    <>
      <h3 className="bars-title">
        Busy time per node{" "}
        <span className="quiet">
          at peak throughput, share of one core; bar: mean of the component, line: its busiest
        </span>
      </h3>
      <div className="bars">
        {peaks.map(({ sweep, run, when }) => (
          <NodeBars
            key={run.id}
            sweep={sweep}
            run={run}
            when={sweeps.length > 1 ? when : undefined}
            inProgram={(component) =>
              viewOf(run.side)?.rules.some((rule) => rule.component === component) === true
            }
            onRewrites={(component) => showRewrites(component, run.side)}
          />
        ))}
      </div>
    </>
  );
}

/** The rewrites of a whole component, in the program that was measured: the base, or the shown step. */
function showRewrites(component: string, side: ProgramSide): void {
  const state = useClew.getState();
  if (side === "original" && state.document?.at !== 0) state.walkTo(0);
  const view = side === "original" ? baseView(state) : shownView(state);
  const rules = view?.rules.filter((rule) => rule.component === component) ?? [];
  state.select({ rules: rules.map((rule) => rule.id) }, "replace", "elsewhere");
  state.setMode("rewrite");
}
