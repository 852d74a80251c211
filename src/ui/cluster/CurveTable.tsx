import type { ReactNode } from "react";
import { busiestComponent, percent } from "../../plan/busyTime.ts";
import { countText, millisecondsText } from "./amounts.ts";
import type { ClusterRun } from "./clusterRun.ts";
import { clientsText, failureOf } from "./clusterSweep.ts";
import type { ClusterSweep, SweptProgram } from "./clusterSweep.ts";
import { curveOf, pointKey, resultOf } from "./curvePoints.ts";
import type { CurvePoint } from "./curvePoints.ts";
import { RepeatedFigure } from "./RepeatedFigure.tsx";

/** The curve's figures as text, every repeat and failed ones with their reasons among them; a row's button shows its seconds. */
export function CurveTable(props: {
  readonly sweep: ClusterSweep;
  readonly program: SweptProgram;
  readonly chosen: string | undefined;
  onChoose(point: string): void;
}): ReactNode {
  const { sweep, program, chosen, onChoose } = props;
  const runs = sweep.runs.filter((run) => run.side === program.side);
  const points = curveOf(sweep, program.side);
  const counts = sweep.clients.filter((clients) => runs.some((run) => run.clients === clients));
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
        {counts.flatMap((clients) => {
          const key = pointKey(sweep, program.side, clients);
          const repeats = runs.filter((run) => run.clients === clients);
          const point = points.find((p) => p.key === key);
          const button = (
            <th scope="row">
              <button
                className="text-link"
                aria-pressed={key === chosen}
                aria-label={`${clientsText(clients)}: show its seconds`}
                onClick={() => onChoose(key)}
              >
                {clients}
              </button>
            </th>
          );
          if (sweep.repeats === 1) {
            return repeats.map((run) => (
              <tr key={run.id}>
                {button}
                <RunCells run={run} />
              </tr>
            ));
          }
          return [
            <tr key={key}>
              {button}
              <PointCells point={point} />
              <td>{countedText(sweep, repeats)}</td>
            </tr>,
            ...repeats.map((run) => (
              <tr key={run.id} className="repeat-row">
                <th scope="row">repeat {run.repeat}</th>
                <RunCells run={run} />
              </tr>
            )),
          ];
        })}
      </tbody>
    </table>
  );
}

function countedText({ repeats }: ClusterSweep, runs: readonly ClusterRun[]): string {
  const finished = runs.filter((run) => run.state === "finished" && failureOf(run) === undefined);
  return `${finished.length} of ${repeats} finished`;
}

/** Over the repeats: medians, and how far they lie apart. */
function PointCells({ point }: { readonly point: CurvePoint | undefined }): ReactNode {
  if (point?.middle.results === undefined) return <NoFigures />;
  const busiest = busiestComponent(point.middle.results)?.most;
  return (
    <>
      <RepeatedFigure figure={point.throughput} text={countText} />
      <RepeatedFigure figure={point.latency} text={millisecondsText} />
      <RepeatedFigure figure={resultOf(point, (r) => r.latencyMs.p99)} text={millisecondsText} />
      <td>{busiest?.address ?? "–"}</td>
    </>
  );
}

function RunCells({ run }: { readonly run: ClusterRun }): ReactNode {
  const failure = failureOf(run);
  return (
    <>
      <RunFigures run={run} />
      <td className={failure === undefined ? "" : "run-failed"}>{failure ?? run.status}</td>
    </>
  );
}

function RunFigures({ run: { results } }: { readonly run: ClusterRun }): ReactNode {
  if (results === undefined) return <NoFigures />;
  const busiest = busiestComponent(results)?.most;
  return (
    <>
      <td>{countText(results.throughput.mean)}</td>
      <td>{millisecondsText(results.latencyMs.p50)}</td>
      <td>{millisecondsText(results.latencyMs.p99)}</td>
      <td>{busiest === undefined ? "–" : `${busiest.address}, ${percent(busiest.busy)}`}</td>
    </>
  );
}

function NoFigures(): ReactNode {
  return (
    <>
      <td>–</td>
      <td>–</td>
      <td>–</td>
      <td>–</td>
    </>
  );
}
