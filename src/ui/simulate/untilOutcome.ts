import type { Trace } from "../../simulator/trace.ts";
import { timeText } from "./factText.ts";
import type { RunDifference } from "./keptRuns.ts";
import { endSentence, momentsAround, untilText } from "./runUntil.ts";
import type { Around, Moment, Pieces, Until } from "./runUntil.ts";
import type { Side, SimulatedRun } from "./simulatedRun.ts";

/** What became of "Run until…". */
export type Outcome =
  | { readonly kind: "reached"; readonly sentence: string }
  | {
      readonly kind: "never";
      readonly sentence: string;
      /** A moment before the cursor at which it was so. */
      readonly before: Moment | undefined;
    };

export interface Wanted {
  readonly until: Until;
  /** Which run is to come there; undefined for whichever does so first. */
  readonly side: Side | undefined;
}

/** Before everything, the first moment included. */
export const FROM_START = -1;

/** The first moment after `after`, and the last one up to it. What happens once is found wherever one stands. */
export function* search(
  run: SimulatedRun,
  { until, side }: Wanted,
  after: number,
  differences: readonly RunDifference[],
): Pieces<Around<Moment>> {
  if (until.kind === "time") {
    const within = until.at <= runEnd(run);
    const moment: Moment = { at: until.at, side: "original", what: "" };
    return { next: within ? moment : undefined, last: undefined };
  }
  if (until.kind === "difference") return { next: firstMoment(differences), last: undefined };
  const once = until.kind === "tick" || until.kind === "request";
  let next: Moment | undefined;
  let last: Moment | undefined;
  for (const [of, trace] of tracesOf(run, side)) {
    const found = yield* momentsAround(trace, of, until, once ? FROM_START : after);
    if (found.next && (next === undefined || found.next.at < next.at)) next = found.next;
    if (found.last && (last === undefined || found.last.at > last.at)) last = found.last;
  }
  return { next, last };
}

function firstMoment([first]: readonly RunDifference[]): Moment | undefined {
  if (first === undefined) return undefined;
  const what = `answer ${first.index + 1} is the first that differs`;
  return { at: first.at, side: first.side, what };
}

function tracesOf(run: SimulatedRun, side: Side | undefined): readonly (readonly [Side, Trace])[] {
  const all: readonly (readonly [Side, Trace | undefined])[] = [
    ["original", run.original],
    ["rewritten", run.rewritten],
  ];
  return all.flatMap(([of, trace]) =>
    trace === undefined || (side !== undefined && of !== side) ? [] : [[of, trace] as const],
  );
}

export function runEnd({ original, rewritten }: SimulatedRun): number {
  return Math.max(original.end.at, rewritten?.end.at ?? 0);
}

/** Said when the cursor has been moved. */
export function reached(run: SimulatedRun, moment: Moment, after: number): Outcome {
  const { at, what, side } = moment;
  const of = run.rewritten === undefined ? "" : ` in the ${side} run`;
  const start = after === FROM_START ? " Looked from the start, as the run was at its end." : "";
  const sentence =
    what === ""
      ? `Stopped at ${timeText(at)} ms.`
      : `Stopped at ${timeText(at)} ms: ${what}${of}.${start}`;
  return { kind: "reached", sentence };
}

/** Why it does not come, as far as this run can tell. */
export function never(
  run: SimulatedRun,
  { until, side }: Wanted,
  before: Moment | undefined,
  after: number,
  isCompared: boolean,
): Outcome {
  const again = before === undefined ? "" : ` after ${timeText(after)} ms`;
  const sentence =
    ownSentence(run, until, isCompared) ??
    `The run never comes to ${untilText(until)}${again}: ${endsText(run, side)}.`;
  return { kind: "never", sentence, before };
}

function ownSentence(run: SimulatedRun, until: Until, isCompared: boolean): string | undefined {
  if (until.kind === "difference") {
    return isCompared
      ? "There is no difference: the same answers come in the same order. This was one schedule; others may differ."
      : "There is nothing to differ from: this is the base alone. Apply a rewrite, or branch, and two runs are compared.";
  }
  const asked = run.original.requests.length;
  if (until.kind === "request" && until.request > asked) {
    return `Request ${until.request} is never asked: clients ask ${asked}. Set Requests higher and run to get there.`;
  }
  return undefined;
}

function endsText(run: SimulatedRun, side: Side | undefined): string {
  return tracesOf(run, side)
    .map(
      ([of, { end }]) =>
        `the ${run.rewritten === undefined ? "" : `${of} `}run ${endSentence(end)}`,
    )
    .join(", ");
}
