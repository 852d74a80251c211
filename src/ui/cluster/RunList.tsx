import type { ReactNode } from "react";
import { amountText } from "./amounts.ts";
import type { ClusterRun } from "./clusterRun.ts";
import { useCluster } from "./clusterStore.ts";

/** Runs of this browser, newest first; pressed ones stand in the charts. */
export function RunList(): ReactNode {
  const { runs, selected, toggle, stop, forget } = useCluster();
  if (runs.length === 0) {
    return (
      <p className="panel-empty quiet">
        No run yet. Choose the number of clients on the right and press Run.
      </p>
    );
  }
  return (
    <ul className="run-list">
      {runs.map((run) => (
        <li key={run.id} className={selected.includes(run.id) ? "selected" : ""}>
          <button
            className="run-choice"
            aria-pressed={selected.includes(run.id)}
            onClick={() => toggle(run.id)}
          >
            <span className="run-title">
              <span className={`side-mark ${run.side}`} aria-hidden="true" /> {run.title}
              <b>{run.results ? amountText(run.results.throughput.mean) : ""}</b>
            </span>
            <span className="quiet">
              {timeOfDay(run.startedAt)} · {run.nodes} nodes · {run.clients} clients
            </span>
            <span className={run.state === "failed" ? "run-failed" : "quiet"}>
              {statusText(run)}
            </span>
          </button>
          {run.state === "running" ? (
            <button className="button" onClick={() => void stop()}>
              Stop
            </button>
          ) : (
            <button
              className="icon-button"
              aria-label={`Forget ${run.title}, ${timeOfDay(run.startedAt)}`}
              onClick={() => forget(run.id)}
            >
              ×
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

function statusText(run: ClusterRun): string {
  const lost = run.lost.map((node) => `${node.address} ended (${node.how})`).join("; ");
  const kept = run.state !== "running" && run.state !== "finished" && run.results !== undefined;
  return [run.status, lost, kept ? "what was measured is kept" : ""]
    .filter((part) => part !== "")
    .join("; ");
}

function timeOfDay(iso: string): string {
  return new Date(iso).toLocaleTimeString([], {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
}
