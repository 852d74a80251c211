import type { Plan } from "../plan/plan.ts";
import type { RunEvent } from "../plan/runApi.ts";
import type { Sweep, SweepPoint } from "../plan/sweepFile.ts";
import { sweepPoints } from "../plan/sweepPoints.ts";
import type { PlannedPoint } from "../plan/sweepPoints.ts";
import { startLocalRun } from "./driver.ts";
import type { LocalRun } from "./driver.ts";

export interface SweepSettings {
  readonly clients: readonly number[];
  readonly warmupSeconds: number;
  readonly durationSeconds: number;
}

/** What happens at a point of a sweep. */
export interface SweepReports {
  readonly begins: (point: PlannedPoint, index: number, of: number) => void;
  readonly event: (event: RunEvent) => void;
  readonly ended: (point: SweepPoint) => void;
}

/** Runs of one or more plans over numbers of clients, one after the other, each with processes of its own. */
export interface LocalSweep {
  readonly done: Promise<Sweep>;
  /** Ends the run under way and starts no further one; what was measured is kept. */
  stop(): void;
}

/** Starts a sweep; a point that fails is kept with its reason, and the next one is tried. */
export function startLocalSweep(
  plans: readonly Plan[],
  settings: SweepSettings,
  reports: SweepReports,
): LocalSweep {
  let current: LocalRun | undefined;
  let stopping = false;

  async function run(): Promise<Sweep> {
    const points: SweepPoint[] = [];
    const planned = sweepPoints(plans.length, settings.clients);
    for (const [index, point] of planned.entries()) {
      if (stopping) break;
      reports.begins(point, index, planned.length);
      const measured = await measure(point);
      points.push(measured);
      reports.ended(measured);
    }
    return {
      format: "clew/sweep",
      version: 2,
      programs: plans.map(({ file }) => ({ name: file.name, nodes: file.nodes.length })),
      ...settings,
      points,
    };
  }

  async function measure(point: PlannedPoint): Promise<SweepPoint> {
    const lost: string[] = [];
    current = startLocalRun(
      plans[point.program]!,
      { ...settings, clients: point.clients },
      (event) => {
        if (event.kind === "node-lost") lost.push(lostSentence(event));
        reports.event(event);
      },
    );
    return pointOf(point, await current.done, lost);
  }

  const done = run();
  return {
    done,
    stop() {
      stopping = true;
      current?.stop();
    },
  };
}

/** A run that lost a node on the way measured another cluster than the planned one: its point has failed. */
function pointOf(
  point: PlannedPoint,
  end: Awaited<LocalRun["done"]>,
  lost: readonly string[],
): SweepPoint {
  const results = end.results === undefined ? {} : { results: end.results };
  if (end.kind === "failed") return { ...point, state: "failed", why: end.message, ...results };
  if (lost.length > 0) return { ...point, state: "failed", why: lost.join(" "), ...results };
  if (end.kind === "stopped")
    return { ...point, state: "stopped", why: "It was stopped before its end.", ...results };
  return { ...point, state: "finished", ...results };
}

function lostSentence({ address, how }: Extract<RunEvent, { kind: "node-lost" }>): string {
  return `“${address}” was lost: ${how.replace(/\.$/, "")}.`;
}
