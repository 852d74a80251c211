import type { ReactNode } from "react";
import { millisecondsText } from "./amounts.ts";
import type { ClusterRun } from "./clusterRun.ts";

/** The charts' figures as text. */
export function SecondsTable({ runs }: { readonly runs: readonly ClusterRun[] }): ReactNode {
  return runs.map((run) => (
    <table className="figure-table" key={run.id}>
      <caption>{run.title}</caption>
      <thead>
        <tr>
          <th scope="col">second</th>
          <th scope="col">answered</th>
          <th scope="col">median latency</th>
          <th scope="col">99th percentile</th>
        </tr>
      </thead>
      <tbody>
        {run.seconds.map((second) => (
          <tr key={second.second}>
            <td>{second.second}</td>
            <td>{second.answered}</td>
            <td>{millisecondsText(second.p50)}</td>
            <td>{millisecondsText(second.p99)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  ));
}
