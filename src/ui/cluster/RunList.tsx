import type { ReactNode } from "react";
import { amountText, ratioText } from "./amounts.ts";
import { clientsText, failureOf, progressOf } from "./clusterSweep.ts";
import type { ClusterSweep } from "./clusterSweep.ts";
import { peakOf } from "./curvePoints.ts";
import { useCluster } from "./clusterStore.ts";

/** Runs of this browser, newest first; pressed ones stand in the charts. */
export function RunList(): ReactNode {
  const sweeps = useCluster((state) => state.sweeps);
  if (sweeps.length === 0) {
    return (
      <p className="panel-empty quiet">
        No run yet. Choose the numbers of clients on the right and press Run.
      </p>
    );
  }
  return (
    <ul className="sweep-list">
      {sweeps.map((sweep) => (
        <Entry key={sweep.id} sweep={sweep} />
      ))}
    </ul>
  );
}

function Entry({ sweep }: { readonly sweep: ClusterSweep }): ReactNode {
  const { selected: all, toggle, stop, forget } = useCluster();
  const selected = all.includes(sweep.id);
  const failed = sweep.runs.some((run) => failureOf(run) !== undefined);
  return (
    <li className={selected ? "selected" : ""}>
      <button className="sweep-choice" aria-pressed={selected} onClick={() => toggle(sweep.id)}>
        <span className="sweep-title">{sweep.name}</span>
        {sweep.programs.map((program) => {
          const peak = peakOf(sweep, program.side);
          return (
            <span className="run-program" key={program.side}>
              <span className={`side-mark ${program.side}`} aria-hidden="true" />
              {program.side}, {program.nodes} nodes
              <b>{peak === undefined ? "" : `${amountText(peak.throughput.median)}/s`}</b>
            </span>
          );
        })}
        <span className="quiet">
          {timeOfDay(sweep.startedAt)} · {loadText(sweep)}
        </span>
        <span className={failed || sweep.state === "failed" ? "run-failed" : "quiet"}>
          {statusText(sweep)}
        </span>
        {sweep.state === "running" && (
          <progress
            max={1}
            value={progressOf(sweep).share}
            aria-label={`Progress of ${sweep.name}`}
          />
        )}
      </button>
      {sweep.state === "running" ? (
        <button className="button" onClick={() => void stop()}>
          Stop
        </button>
      ) : (
        <button
          className="icon-button"
          aria-label={`Forget ${sweep.name}, ${timeOfDay(sweep.startedAt)}`}
          onClick={() => forget(sweep.id)}
        >
          ×
        </button>
      )}
    </li>
  );
}

function loadText({ clients, repeats, durationSeconds }: ClusterSweep): string {
  const [only] = clients;
  const counts =
    clients.length === 1
      ? clientsText(only ?? 0)
      : `${only} to ${clients.at(-1)} clients, ${clients.length} steps`;
  return `${counts} · ${repeats > 1 ? `${repeats}\u00a0×\u00a0` : ""}${durationSeconds}\u00a0s\u00a0each`;
}

function statusText(sweep: ClusterSweep): string {
  const { ended, of } = progressOf(sweep);
  const failed = sweep.runs.filter((run) => failureOf(run) !== undefined).length;
  const failures = failed === 0 ? "" : `, ${failed} failed`;
  switch (sweep.state) {
    case "running": {
      const run = sweep.runs.find((r) => r.state === "running");
      const repeat = sweep.repeats > 1 ? `, repeat ${run?.repeat}` : "";
      const now =
        run === undefined ? "" : `: ${run.side} at ${run.clients}${repeat}, ${run.status}`;
      return `run ${Math.min(of, ended + 1)} of ${of}${failures}${now}`;
    }
    case "finished":
      return `finished${failures}${speedUp(sweep)}`;
    case "failed":
    case "stopped": {
      const status = sweep.status === "" ? sweep.state : sweep.status.replace(/\.$/, "");
      return `${status}; ${ended - failed} of ${of} runs kept${failures}`;
    }
  }
}

function speedUp(sweep: ClusterSweep): string {
  const [original, rewritten] = [peakOf(sweep, "original"), peakOf(sweep, "rewritten")];
  if (original === undefined || rewritten === undefined) return "";
  return `, ${ratioText(original.throughput.median, rewritten.throughput.median)}`;
}

export function timeOfDay(iso: string): string {
  return new Date(iso).toLocaleTimeString([], {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
}
