import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import { useClew } from "../store/clewStore.ts";
import type { ClusterRun } from "./clusterRun.ts";
import { download } from "../shell/download.ts";
import { useCluster } from "./clusterStore.ts";
import { NewRun } from "./NewRun.tsx";
import { NodeBars } from "./NodeBars.tsx";
import { RunFigures } from "./RunFigures.tsx";
import { RunList } from "./RunList.tsx";
import { SecondsChart } from "./SecondsChart.tsx";
import { SecondsTable } from "./SecondsTable.tsx";
import { resultsCsv } from "../../plan/resultsCsv.ts";
import "./cluster.css";

/** Runs left, charts centre, new run right. */
export default function ClusterMode(): ReactNode {
  const look = useCluster((state) => state.look);
  const runs = useCluster((state) => state.runs);
  const selected = useCluster((state) => state.selected);
  const [table, setTable] = useState(false);
  useEffect(() => void look(), [look]);
  const shown = runs.filter((run) => selected.includes(run.id));
  return (
    <div className="cluster-mode">
      <section className="panel cluster-runs" data-panel-id="runs" tabIndex={-1} aria-label="Runs">
        <header className="panel-header">
          <h2>Runs</h2>
          <span className="panel-space" />
          <Downloads runs={shown} />
        </header>
        <div className="panel-body">
          <RunList />
        </div>
      </section>
      <section
        className="panel cluster-charts"
        data-panel-id="charts"
        tabIndex={-1}
        aria-label="Charts"
      >
        <header className="panel-header">
          <h2>Throughput and latency</h2>
          <span className="panel-space" />
          <button className="tab-button" aria-pressed={table} onClick={() => setTable(!table)}>
            Table
          </button>
        </header>
        <div className="panel-body">
          {shown.length === 0 ? (
            <p className="panel-empty quiet">
              Run the original and the rewritten program: their throughput and latency appear here
              second by second.
            </p>
          ) : (
            <Charts runs={shown} table={table} />
          )}
        </div>
      </section>
      <section
        className="panel cluster-new"
        data-panel-id="new-run"
        tabIndex={-1}
        aria-label="New run"
      >
        <header className="panel-header">
          <h2>New run</h2>
        </header>
        <div className="panel-body">
          <NewRun />
        </div>
      </section>
    </div>
  );
}

function Charts({
  runs,
  table,
}: {
  readonly runs: readonly ClusterRun[];
  readonly table: boolean;
}): ReactNode {
  const holder = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(600);
  const setMode = useClew((state) => state.setMode);
  useLayoutEffect(() => {
    const element = holder.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(Math.max(360, element.clientWidth - 32)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <div className="charts" ref={holder}>
      <RunFigures runs={runs} />
      {table ? (
        <SecondsTable runs={runs} />
      ) : (
        <>
          <SecondsChart
            title="Throughput"
            unit="answered commands per second"
            runs={runs}
            width={width}
            height={250}
            value={(s) => s.answered}
          />
          <SecondsChart
            title="Median latency"
            unit="milliseconds"
            runs={runs}
            width={width}
            height={210}
            value={(s) => s.p50}
          />
        </>
      )}
      {runs.some((run) => run.results !== undefined) && (
        <>
          <h3 className="bars-title">
            Busy time per node{" "}
            <span className="quiet">
              share of one core; bar: mean of the component, line: its busiest
            </span>
          </h3>
          <div className="bars">
            {runs.map((run) => (
              <NodeBars
                key={run.id}
                run={run}
                onRewrites={(component) => showRewrites(component, setMode)}
              />
            ))}
          </div>
        </>
      )}
    </div>
  );
}

/** Back to the rewrites with the whole component selected, when the shown program has it. */
function showRewrites(component: string, setMode: (mode: "rewrite") => void): void {
  const { replay, document, select } = useClew.getState();
  const view = replay?.steps[document?.at ?? 0]?.view;
  const rules =
    view?.rules.filter((rule) => rule.component === component).map((rule) => rule.id) ?? [];
  if (rules.length > 0) select({ rules }, "replace", "elsewhere");
  setMode("rewrite");
}

function Downloads({ runs }: { readonly runs: readonly ClusterRun[] }): ReactNode {
  const withResults = runs.filter((run) => run.results !== undefined);
  if (withResults.length === 0) return null;
  const each = (ending: string, text: (run: ClusterRun) => string): void => {
    for (const run of withResults)
      download(`${run.side}-${run.clients}-clients.${ending}`, text(run));
  };
  return (
    <>
      <button
        className="tab-button"
        onClick={() =>
          each("results.json", (run) => `${JSON.stringify(run.results, undefined, 2)}\n`)
        }
      >
        JSON
      </button>
      <button className="tab-button" onClick={() => each("csv", (run) => resultsCsv(run.results!))}>
        CSV
      </button>
    </>
  );
}
