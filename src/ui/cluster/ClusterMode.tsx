import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import { sweepCsv } from "../../plan/sweepCsv.ts";
import type { Sweep } from "../../plan/sweepFile.ts";
import { download } from "../shell/download.ts";
import { Charts } from "./Charts.tsx";
import { sweepDocument } from "./clusterSweep.ts";
import type { ClusterSweep } from "./clusterSweep.ts";
import { useCluster } from "./clusterStore.ts";
import { NewRun } from "./NewRun.tsx";
import { RunList } from "./RunList.tsx";
import "./cluster.css";

/** The local server comes and goes, and other pages run things on it. */
const LOOK_EVERY_MS = 3000;

/** Runs left, charts centre, new run right. */
export default function ClusterMode(): ReactNode {
  const look = useCluster((state) => state.look);
  const sweeps = useCluster((state) => state.sweeps);
  const selected = useCluster((state) => state.selected);
  const [table, setTable] = useState(false);
  useEffect(() => {
    void look();
    const again = setInterval(() => {
      const busy = useCluster.getState().sweeps.some((sweep) => sweep.state === "running");
      if (!busy && !document.hidden) void look();
    }, LOOK_EVERY_MS);
    return () => clearInterval(again);
  }, [look]);
  const shown = sweeps.filter((sweep) => selected.includes(sweep.id));
  return (
    <div className="cluster-mode">
      <section className="panel cluster-runs" data-panel-id="runs" tabIndex={-1} aria-label="Runs">
        <header className="panel-header">
          <h2>Runs</h2>
          <span className="panel-space" />
          <Downloads sweeps={shown} />
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
              Run the original and the rewritten program: their latency over their throughput
              appears here, one point for each number of clients.
            </p>
          ) : (
            <Charts sweeps={shown} table={table} />
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

function Downloads({ sweeps }: { readonly sweeps: readonly ClusterSweep[] }): ReactNode {
  const measured = sweeps.filter((sweep) => sweep.runs.some((run) => run.results !== undefined));
  if (measured.length === 0) return null;
  const each = (ending: string, text: (sweep: Sweep) => string): void => {
    for (const sweep of measured) {
      const name = `${sweep.name}-${sweep.startedAt.slice(0, 19)}`.replace(/\W+/g, "-");
      download(`${name.toLowerCase()}.${ending}`, text(sweepDocument(sweep)));
    }
  };
  return (
    <>
      <button
        className="tab-button"
        onClick={() => each("sweep.json", (sweep) => `${JSON.stringify(sweep, undefined, 2)}\n`)}
      >
        JSON
      </button>
      <button className="tab-button" onClick={() => each("csv", sweepCsv)}>
        CSV
      </button>
    </>
  );
}
