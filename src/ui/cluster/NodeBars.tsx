import { useState } from "react";
import type { ReactNode } from "react";
import type { NodeFigures, Results } from "../../plan/results.ts";
import { amountText, bytesText } from "./amounts.ts";
import type { ClusterRun } from "./clusterRun.ts";

/** How busy the nodes of a run were, by component; the busiest is named in a sentence. */
export function NodeBars({
  run,
  onRewrites,
}: {
  readonly run: ClusterRun;
  onRewrites(component: string): void;
}): ReactNode {
  const [all, setAll] = useState(false);
  const results = run.results;
  if (results === undefined) return null;
  const groups = byComponent(results);
  const busiest = groups.reduce((most, group) => (group.most.busy > most.most.busy ? group : most));
  const { rowsIn, rowsOut } = busiest.most.figures;
  const answered = Math.max(1, results.answered);
  return (
    <section className="node-bars">
      <h4>
        <span className={`side-mark ${run.side}`} aria-hidden="true" />{" "}
        {run.side === "original" ? "Original" : "Rewritten"} at {run.clients} clients
        <button className="link-button" aria-expanded={all} onClick={() => setAll(!all)}>
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
              <span className={group === busiest ? "bar bottleneck" : `bar ${run.side}`}>
                <span className="bar-mean" style={{ width: cssShare(group.mean) }} />
                <span className="bar-most" style={{ left: cssShare(group.most.busy) }} />
              </span>
              <span className="bar-value">{percent(group.most.busy)}</span>
            </li>
          ))}
        </ul>
      )}
      <p>
        <b>Busiest: {busiest.most.address}.</b> It receives {perCommand(rowsIn, answered)} and sends{" "}
        {perCommand(rowsOut, answered)} facts per command.{" "}
        <button className="link-button" onClick={() => onRewrites(busiest.component)}>
          See rewrites of {busiest.component}
        </button>
      </p>
    </section>
  );
}

interface Group {
  readonly component: string;
  readonly nodes: number;
  /** Share of one core, 0 to 1. */
  readonly mean: number;
  readonly most: { readonly address: string; readonly busy: number; readonly figures: NodeFigures };
}

function byComponent(results: Results): readonly Group[] {
  const seconds = Math.max(1, results.durationSeconds);
  const groups = new Map<string, { address: string; busy: number; figures: NodeFigures }[]>();
  for (const [address, figures] of Object.entries(results.nodes)) {
    const own = groups.get(figures.component) ?? [];
    own.push({ address, busy: figures.cpuSeconds / seconds, figures });
    groups.set(figures.component, own);
  }
  return [...groups].map(([component, nodes]) => ({
    component,
    nodes: nodes.length,
    mean: nodes.reduce((sum, node) => sum + node.busy, 0) / nodes.length,
    most: nodes.reduce((most, node) => (node.busy > most.busy ? node : most)),
  }));
}

function NodeTable({ results }: { readonly results: Results }): ReactNode {
  return (
    <table className="message-table">
      <thead>
        <tr>
          <th scope="col">node</th>
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

function percent(share: number): string {
  return `${Math.min(100, Math.round(share * 100))} %`;
}

function cssShare(share: number): string {
  return `${Math.min(100, share * 100)}%`;
}

function perCommand(count: number, answered: number): string {
  return (count / answered).toFixed(1);
}
