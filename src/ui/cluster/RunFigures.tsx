import type { ReactNode } from "react";
import type { Results } from "../../plan/results.ts";
import { amountText, changeText, millisecondsText, ratioText } from "./amounts.ts";
import { commonPair, failureOf, peakOf } from "./clusterSweep.ts";
import type { ClusterSweep } from "./clusterSweep.ts";

/** Original against rewritten: greatest throughput, latency at the same number of clients, answers checked. */
export function RunFigures({ sweep }: { readonly sweep: ClusterSweep }): ReactNode {
  const peaks = [peakOf(sweep, "original"), peakOf(sweep, "rewritten")] as const;
  const [original, rewritten] = peaks;
  const shown = peaks.filter((peak) => peak !== undefined);
  if (shown.length === 0) return null;
  const several = sweep.clients.length > 1;
  return (
    <dl className="run-figures">
      <div>
        <dt>{several ? "Peak throughput" : "Throughput, mean"}</dt>
        <dd>
          {shown.map((peak) => `${amountText(peak.throughput)}/s`).join(" → ")}
          {original && rewritten && (
            <span className="figure-ratio">
              {ratioText(original.throughput, rewritten.throughput)}
            </span>
          )}
        </dd>
      </div>
      <Latency sweep={sweep} only={shown[0]?.run.results} />
      <AnswersChecked sweep={sweep} />
    </dl>
  );
}

function Latency({
  sweep,
  only,
}: {
  readonly sweep: ClusterSweep;
  readonly only: Results | undefined;
}): ReactNode {
  const pair = commonPair(sweep);
  const results = pair ? [pair.original, pair.rewritten] : only ? [only] : [];
  const clients = results[0]?.clients ?? 0;
  const text = (value: (results: Results) => number): string =>
    results.map((r) => millisecondsText(value(r))).join(" → ");
  const at = clients === 1 ? "at 1 client" : `at ${clients} clients`;
  return (
    <>
      <div>
        <dt>Median latency {at}</dt>
        <dd>
          {text((r) => r.latencyMs.p50)}
          {pair && (
            <span className="figure-ratio">
              {changeText(pair.original.latencyMs.p50, pair.rewritten.latencyMs.p50)}
            </span>
          )}
        </dd>
      </div>
      <div>
        <dt>99th percentile {at}</dt>
        <dd>{text((r) => r.latencyMs.p99)}</dd>
      </div>
    </>
  );
}

function AnswersChecked({ sweep }: { readonly sweep: ClusterSweep }): ReactNode {
  // What a run that lost a node left unanswered is said where its failure is.
  const runs = sweep.runs.filter((run) => failureOf(run) === undefined);
  const results = runs.flatMap((run) => run.results ?? []);
  const sum = (value: (results: Results) => number): number =>
    results.reduce((total, r) => total + value(r), 0);
  const wrong = runs.flatMap((run) =>
    (run.results?.errors ?? []).map((error) => `${run.title} at ${run.clients} clients: ${error}`),
  );
  const unanswered = sum((r) => r.unanswered);
  const verdict =
    wrong.length > 0
      ? `${wrong.length} ${wrong.length === 1 ? "error" : "errors"}`
      : unanswered > 0
        ? `${unanswered} without an answer`
        : "all fit their requests";
  return (
    <>
      <div>
        <dt>Answers checked</dt>
        <dd>
          {amountText(sum((r) => r.answered))}
          <span className={wrong.length + unanswered > 0 ? "figure-ratio wrong" : "figure-ratio"}>
            {verdict}
          </span>
        </dd>
      </div>
      {wrong.length > 0 && (
        <div className="figure-errors">
          <dt>Errors</dt>
          <dd>
            {wrong.slice(0, 3).map((error) => (
              <p key={error}>{error}</p>
            ))}
            {wrong.length > 3 && <p>{wrong.length - 3} more are in the JSON.</p>}
          </dd>
        </div>
      )}
    </>
  );
}
