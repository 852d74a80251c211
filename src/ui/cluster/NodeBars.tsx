import { useState } from "react";
import type { ReactNode } from "react";
import {
  busiestComponent,
  busyComponents,
  busyShare,
  limitOf,
  limitSentence,
  percent,
} from "../../plan/busyTime.ts";
import type { Results } from "../../plan/results.ts";
import { amountText, bytesText } from "./amounts.ts";
import { pointName } from "./clusterSweep.ts";
import type { ClusterSweep } from "./clusterSweep.ts";
import type { ClusterRun } from "./clusterRun.ts";

/** How busy the nodes of a run were, by component; the busiest is named in a sentence. */
export function NodeBars({
  sweep,
  run,
  when,
  inProgram,
  onRewrites,
}: {
  readonly sweep: ClusterSweep;
  readonly run: ClusterRun;
  /** The time of its sweep, where several are shown. */
  readonly when: string | undefined;
  inProgram(component: string): boolean;
  onRewrites(component: string): void;
}): ReactNode {
  const [all, setAll] = useState(false);
  const results = run.results;
  if (results === undefined) return null;
  const groups = busyComponents(results);
  const busiest = busiestComponent(results);
  if (busiest === undefined) return null;
  return (
    <section className="node-bars">
      <h4>
        <span className={`side-mark ${run.side}`} aria-hidden="true" />{" "}
        {run.side === "original" ? "Original" : "Rewritten"} at {pointName(sweep, run)}
        {when !== undefined && `, ${when}`}
        <button className="text-link" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? "By component" : `All ${Object.keys(results.nodes).length} nodes`}
        </button>
      </h4>
      {all ? (
        <NodeTable results={results} />
      ) : (
        <ul>
          {groups.map((group) => (
            <li key={group.component}>
              <span className="mono bar-name">
                {group.component}
                {group.nodes > 1 ? ` ×${group.nodes}` : ""}
              </span>
              <span
                className={
                  group.component === busiest.component ? "bar bottleneck" : `bar ${run.side}`
                }
              >
                <span className="bar-mean" style={{ width: cssShare(group.mean) }} />
                <span className="bar-most" style={{ left: cssShare(group.most.busy) }} />
              </span>
              <span className="bar-value">{percent(group.most.busy)}</span>
            </li>
          ))}
        </ul>
      )}
      <p>
        <b>
          {limitOf(results) === "node" ? "Bottleneck" : "Busiest"}: {busiest.most.address}.
        </b>{" "}
        {limitSentence(results)}{" "}
        {inProgram(busiest.component) ? (
          <button className="text-link" onClick={() => onRewrites(busiest.component)}>
            See rewrites of {busiest.component}
          </button>
        ) : (
          <span className="quiet">
            The program that is open has no component {busiest.component}.
          </span>
        )}
      </p>
    </section>
  );
}

function NodeTable({ results }: { readonly results: Results }): ReactNode {
  return (
    <table className="figure-table">
      <thead>
        <tr>
          <th scope="col">node</th>
          <th scope="col">busy</th>
          <th scope="col">CPU, s</th>
          <th scope="col">memory</th>
          <th scope="col">messages in</th>
          <th scope="col">out</th>
          <th scope="col">rows in</th>
          <th scope="col">out</th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(results.nodes).map(([address, n]) => (
          <tr key={address}>
            <td className="mono">{address}</td>
            <td>{percent(busyShare(n, results))}</td>
            <td>{n.cpuSeconds.toFixed(2)}</td>
            <td>{bytesText(n.memoryBytes)}</td>
            <td>{amountText(n.messagesIn)}</td>
            <td>{amountText(n.messagesOut)}</td>
            <td>{amountText(n.rowsIn)}</td>
            <td>{amountText(n.rowsOut)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function cssShare(share: number): string {
  return `${Math.min(100, share * 100)}%`;
}
