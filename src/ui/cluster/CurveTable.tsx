import type { ReactNode } from "react";
import { busiestComponent, percent } from "../../plan/busyTime.ts";
import { millisecondsText } from "./amounts.ts";
import { failureOf } from "./clusterSweep.ts";
import type { ClusterSweep, SweptProgram } from "./clusterSweep.ts";
import type { ClusterRun } from "./clusterRun.ts";

/** The curve's figures as text, failed points with their reasons among them; a row's button shows its seconds. */
export function CurveTable(props: {
  readonly sweep: ClusterSweep;
  readonly program: SweptProgram;
  readonly chosen: string | undefined;
  onChoose(run: string): void;
}): ReactNode {
  const { sweep, program, chosen, onChoose } = props;
  const runs = sweep.runs.filter((run) => run.side === program.side);
  return (
    <table className="figure-table curve-table">
      <caption>
        {program.title}, {program.nodes} nodes
      </caption>
      <thead>
        <tr>
          <th scope="col">clients</th>
          <th scope="col">commands per second</th>
          <th scope="col">median latency</th>
          <th scope="col">99th percentile</th>
          <th scope="col">busiest node</th>
          <th scope="col">state</th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <tr key={run.id}>
            <th scope="row">
              <button
                className="text-link"
                aria-pressed={run.id === chosen}
                aria-label={`${run.clients} clients: show its seconds`}
                onClick={() => onChoose(run.id)}
              >
                {run.clients}
              </button>
            </th>
            <Figures run={run} />
            <td className={failureOf(run) === undefined ? "" : "run-failed"}>
              {failureOf(run) ?? run.status}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Figures({ run }: { readonly run: ClusterRun }): ReactNode {
  const { results } = run;
  if (results === undefined) {
    return (
      <>
        <td>–</td>
        <td>–</td>
        <td>–</td>
        <td>–</td>
      </>
    );
  }
  const busiest = busiestComponent(results)?.most;
  return (
    <>
      <td>{Math.round(results.throughput.mean).toLocaleString("en")}</td>
      <td>{millisecondsText(results.latencyMs.p50)}</td>
      <td>{millisecondsText(results.latencyMs.p99)}</td>
      <td>{busiest === undefined ? "–" : `${busiest.address}, ${percent(busiest.busy)}`}</td>
    </>
  );
}
