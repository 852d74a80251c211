import { useLayoutEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import { baseView, shownView } from "../store/selectors.ts";
import { useClew } from "../store/clewStore.ts";
import type { ClusterRun, ProgramSide } from "./clusterRun.ts";
import { curveOf, failureOf, peakOf } from "./clusterSweep.ts";
import type { ClusterSweep } from "./clusterSweep.ts";
import { CurveChart } from "./CurveChart.tsx";
import type { Curve } from "./CurveChart.tsx";
import { CurveTable } from "./CurveTable.tsx";
import { NodeBars } from "./NodeBars.tsx";
import { RunFigures } from "./RunFigures.tsx";
import { timeOfDay } from "./RunList.tsx";
import { SecondsChart } from "./SecondsChart.tsx";
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
  const runs = sweeps.flatMap((sweep) => sweep.runs);
  const point = runs.find((run) => run.id === chosen) ?? latestWithSeconds(runs);
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
              chosen={point?.id}
              onChoose={choose}
            />
          )),
        )
      ) : (
        <CurveChart
          curves={curves}
          chosen={point?.id}
          width={width}
          height={280}
          onChoose={choose}
        />
      )}
      <Failures runs={runs} />
      {point !== undefined && (
        <Seconds runs={siblings(sweeps, point)} point={point} table={table} width={width} />
      )}
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

function latestWithSeconds(runs: readonly ClusterRun[]): ClusterRun | undefined {
  return runs.findLast((run) => run.seconds.length > 0);
}

/** The other program's run with as many clients, for comparison, with the chosen one. */
function siblings(sweeps: readonly ClusterSweep[], point: ClusterRun): readonly ClusterRun[] {
  const sweep = sweeps.find((s) => s.runs.includes(point));
  return (sweep?.runs ?? []).filter(
    (run) => run.clients === point.clients && run.seconds.length > 0,
  );
}

function StaleNotice({ sweep }: { readonly sweep: ClusterSweep }): ReactNode {
  const stale = useStale(sweep);
  if (stale === undefined) return null;
  return <p className="stale-notice">{stale}</p>;
}

function Failures({ runs }: { readonly runs: readonly ClusterRun[] }): ReactNode {
  const failed = runs.filter((run) => failureOf(run) !== undefined);
  if (failed.length === 0) return null;
  return (
    <ul className="run-failures" aria-label="Runs that failed">
      {failed.map((run) => (
        <li key={run.id} className="run-failed">
          <b>
            {run.title} at {run.clients} {run.clients === 1 ? "client" : "clients"} failed:
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
  readonly runs: readonly ClusterRun[];
  readonly point: ClusterRun;
  readonly table: boolean;
  readonly width: number;
}): ReactNode {
  const { runs, point, table, width } = props;
  const beside = width >= 640;
  const size = { width: beside ? Math.floor(width / 2) - 8 : width, height: 150 };
  return (
    <section className="seconds">
      <h3 className="bars-title">
        Second by second{" "}
        <span className="quiet">
          at {point.clients} {point.clients === 1 ? "client" : "clients"}; point at another to see
          its seconds
        </span>
      </h3>
      {table ? (
        <SecondsTable runs={runs} />
      ) : (
        <div className={beside ? "seconds-pair" : ""}>
          <SecondsChart
            title="Throughput"
            unit="answered per second"
            runs={runs}
            value={(s) => s.answered}
            {...size}
          />
          <SecondsChart
            title="Median latency"
            unit="milliseconds"
            runs={runs}
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
      const run = peakOf(sweep, side)?.run;
      return run === undefined ? [] : [{ run, when: timeOfDay(sweep.startedAt) }];
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
        {peaks.map(({ run, when }) => (
          <NodeBars
            key={run.id}
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
