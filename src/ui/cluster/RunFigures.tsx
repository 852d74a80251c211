import type { ReactNode } from "react";
import type { Results } from "../../plan/results.ts";
import { amountText, changeText, millisecondsText, ratioText } from "./amounts.ts";
import { clientsText, failureOf, pointName } from "./clusterSweep.ts";
import type { ClusterSweep } from "./clusterSweep.ts";
import { commonPair, peakOf, resultOf } from "./curvePoints.ts";
import type { CurvePoint } from "./curvePoints.ts";
import { rangeText } from "./overRepeats.ts";
import type { OverRepeats } from "./overRepeats.ts";

/** Original against rewritten: greatest throughput, latency at the same number of clients, answers checked. */
export function RunFigures({ sweep }: { readonly sweep: ClusterSweep }): ReactNode {
  const peaks = [peakOf(sweep, "original"), peakOf(sweep, "rewritten")] as const;
  const shown = peaks.filter((peak) => peak !== undefined);
  if (shown.length === 0) return null;
  const [original, rewritten] = peaks;
  const pair = commonPair(sweep);
  const compared = pair === undefined ? shown.slice(0, 1) : [pair.original, pair.rewritten];
  const at = `at ${clientsText(compared[0]?.clients ?? 0)}`;
  const p50 = (point: CurvePoint): OverRepeats => point.latency;
  const p99 = (point: CurvePoint): OverRepeats => resultOf(point, (r) => r.latencyMs.p99);
  return (
    <dl className="run-figures">
      <Figure
        title={sweep.clients.length > 1 ? "Peak throughput" : "Throughput, mean"}
        points={shown}
        value={(point) => point.throughput}
        text={(value) => `${amountText(value)}/s`}
        ratio={original && rewritten && ratioText}
      />
      <Figure
        title={`Median latency ${at}`}
        points={compared}
        value={p50}
        text={millisecondsText}
        ratio={pair && changeText}
      />
      <Figure
        title={`99th percentile ${at}`}
        points={compared}
        value={p99}
        text={millisecondsText}
      />
      <AnswersChecked sweep={sweep} />
    </dl>
  );
}

/** One figure of one or both programs; where runs were repeated, how far the repeats lie apart. */
function Figure(props: {
  readonly title: string;
  readonly points: readonly CurvePoint[];
  readonly ratio?: ((from: number, to: number) => string) | undefined;
  value(point: CurvePoint): OverRepeats;
  text(value: number): string;
}): ReactNode {
  const { title, points, value, text, ratio } = props;
  const figures = points.map(value);
  const [from, to] = figures;
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        {figures.map((figure) => text(figure.median)).join(" → ")}
        {ratio !== undefined && from !== undefined && to !== undefined && (
          <span className="figure-ratio">{ratio(from.median, to.median)}</span>
        )}
      </dd>
      {points.map(
        (point, index) =>
          figures[index]!.of > 1 && (
            <dd key={point.key} className="figure-range">
              {points.length > 1 && (
                <>
                  <span className={`side-mark ${point.side}`} aria-hidden="true" />
                  <span className="visually-hidden">{point.side}: </span>
                </>
              )}
              {rangeText(figures[index]!, text)}
            </dd>
          ),
      )}
    </div>
  );
}

function AnswersChecked({ sweep }: { readonly sweep: ClusterSweep }): ReactNode {
  // What a run that lost a node left unanswered is said where its failure is.
  const runs = sweep.runs.filter((run) => failureOf(run) === undefined);
  const results = runs.flatMap((run) => run.results ?? []);
  const sum = (value: (results: Results) => number): number =>
    results.reduce((total, r) => total + value(r), 0);
  const wrong = runs.flatMap((run) =>
    (run.results?.errors ?? []).map(
      (error) => `${run.title} at ${pointName(sweep, run)}: ${error}`,
    ),
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
