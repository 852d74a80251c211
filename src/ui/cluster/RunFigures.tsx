import type { ReactNode } from "react";
import { amountText, millisecondsText, ratioText } from "./amounts.ts";
import type { ClusterRun } from "./clusterRun.ts";

/** Original against rewritten, of the newest selected run of each: throughput, latency, answers checked. */
export function RunFigures({ runs }: { readonly runs: readonly ClusterRun[] }): ReactNode {
  const original = runs.find(
    (run) => run.side === "original" && run.results !== undefined,
  )?.results;
  const rewritten = runs.find(
    (run) => run.side === "rewritten" && run.results !== undefined,
  )?.results;
  if (original === undefined && rewritten === undefined) return null;
  const pair = (value: (results: NonNullable<typeof original>) => string): string =>
    [original, rewritten]
      .filter((r) => r !== undefined)
      .map(value)
      .join(" → ");
  const both = original !== undefined && rewritten !== undefined;
  const wrong = [original, rewritten].flatMap((r) => r?.errors ?? []);
  const unanswered = (original?.unanswered ?? 0) + (rewritten?.unanswered ?? 0);
  return (
    <dl className="run-figures">
      <div>
        <dt>Throughput, mean</dt>
        <dd>
          {pair((r) => `${amountText(r.throughput.mean)}/s`)}
          {both && (
            <span className="figure-ratio">
              {ratioText(original.throughput.mean, rewritten.throughput.mean)}
            </span>
          )}
        </dd>
      </div>
      <div>
        <dt>Median latency</dt>
        <dd>{pair((r) => millisecondsText(r.latencyMs.p50))}</dd>
      </div>
      <div>
        <dt>99th percentile</dt>
        <dd>{pair((r) => millisecondsText(r.latencyMs.p99))}</dd>
      </div>
      <div>
        <dt>Answers checked</dt>
        <dd>
          {pair((r) => amountText(r.answered))}
          <span className={wrong.length + unanswered > 0 ? "figure-ratio wrong" : "figure-ratio"}>
            {wrong.length > 0
              ? `${wrong.length} errors`
              : unanswered > 0
                ? `${unanswered} without an answer`
                : "all fit their requests"}
          </span>
        </dd>
      </div>
      {wrong.length > 0 && (
        <div className="figure-errors" role="alert">
          <dt>Errors</dt>
          <dd>{wrong.slice(0, 3).join(" ")}</dd>
        </div>
      )}
    </dl>
  );
}
