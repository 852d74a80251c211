import { factText } from "../evaluator/evaluationError.ts";
import { COPIES } from "../verifier/flight.ts";
import type { Input } from "../verifier/machine.ts";
import type { Crash } from "../verifier/nodeCrashes.ts";
import { MOST_CHOICES } from "../verifier/boundReached.ts";
import type { Bound } from "../verifier/boundReached.ts";
import type { Refinement, RefinementBound, RefinementOptions } from "../verifier/refines.ts";
import type { ScheduleStep } from "../verifier/schedule.ts";
import type { Firing } from "../verifier/timerFirings.ts";
import { print } from "./output.ts";

/** All that says what is explored; the clocks are each question's own. */
export interface Told extends Required<
  Pick<RefinementOptions, "observer" | "duplicates" | "reduced" | "symmetry">
> {
  /** The first so many of the deployment's clients. */
  readonly requests: number;
  readonly firings: readonly Firing[];
  readonly crashes: readonly Crash[];
  readonly bound: RefinementBound;
  /** The steps of a derivation are asked of, whose original may be made smaller. */
  readonly ofSteps: boolean;
  /** More messages may enter a tick together than the bound says where little has to be explored. */
  readonly widens: boolean;
}

/** How many messages enter a tick together then. */
export const WIDER = 8;

/** The bounds of a check as `--json` prints them. */
export function boundsJson({ found, clocks, together, ofFile }: Reported, told: Told) {
  const { states, originalStates } = told.bound;
  return {
    requests: told.requests,
    facts: ofFile,
    timers: told.firings,
    crashes: told.crashes,
    clocks,
    observer: told.observer,
    duplicates: told.duplicates,
    together: together === Infinity ? "all" : together,
    ...(found.kind === "refines" && { leftOut: found.leftOut }),
    states,
    originalStates,
    copies: COPIES,
    everySchedule: !told.reduced,
  };
}

/** One sentence with all that limits what is explored, and the option that changes each. */
export function boundsText({ bound, observer, duplicates, reduced, widens }: Told): string {
  const { together, states, originalStates } = bound;
  const said = [
    together === Infinity
      ? "any number of messages into one tick"
      : `at most ${messages(together)} into one tick${widens ? `, ${WIDER} where that takes few states` : ""} (--together)`,
    `${count(states)} states of the rewritten program (--bound)`,
    `${count(originalStates)} of the original (--original-states)`,
    observer === "first"
      ? "clients notice the first of equal answers (--observer)"
      : `clients count up to ${observer.multi} of equal answers`,
    duplicates
      ? "messages between nodes that were one node may arrive twice"
      : "no message arrives twice (--duplicates)",
    `of equal messages under way to a node at once ${COPIES} count`,
    ...(reduced ? ["schedules that show nothing new are left out (--every-schedule)"] : []),
  ];
  return `Bounds: ${said.join("; ")}.`;
}

export interface Reported {
  readonly title: string;
  readonly clocks: "free" | "lockstep";
  readonly found: Refinement;
  /** How many messages entered one tick together at most. */
  readonly together: number;
  /** The first of them are those of the clients' requests, then facts from a file; what is behind them is told by ticks. */
  readonly inputs: readonly Input[];
  readonly ofRequests: number;
  readonly ofFile: number;
}

export function report(reported: Reported, told: Told): void {
  const { title, clocks, found, together } = reported;
  const asked = askedText(reported, told);
  const end = `${count(found.explored)} ${found.explored === 1 ? "state" : "states"}, ${clocks} clocks`;
  switch (found.kind) {
    case "refines": {
      const limit = found.leftOut ? ` in which at most ${messages(together)} enter a tick together` : ""; // prettier-ignore
      print(`${title}: refines (every schedule of ${asked}${limit}, ${end})`);
      return;
    }
    case "not-known":
      print(`${title}: not known, no difference so far (${asked}, ${end}): ${reachedText(found.reached, told)}`); // prettier-ignore
      return;
    case "counterexample":
      print(`${title}: ${VIOLATIONS[found.violation]} (${asked}, ${end})`);
      found.schedule.forEach((step, i) => print(scheduleText(step, i + 1, reported)));
  }
}

function askedText({ ofFile }: Reported, { requests, firings, crashes }: Told): string {
  const sent = [
    ...(requests > 0 || ofFile === 0 ? [counted(requests, "request")] : []),
    ...(ofFile > 0 ? [`${counted(ofFile, "fact")} of the file`] : []),
  ].join(" and ");
  const more = [...(firings.length > 0 ? ["timers"] : []), ...(crashes.length > 0 ? ["crashes"] : [])]; // prettier-ignore
  return more.length === 0 ? sent : `${sent} with ${more.join(" and ")}`;
}

/** Which bound was in the way, and what moves it. */
function reachedText(reached: Bound | undefined, { bound, ofSteps }: Told): string {
  const fewer = `${ofSteps ? "--nodes" : "a smaller deployment"} asks of fewer nodes`;
  switch (reached) {
    case "originalStates":
      return `beside them the original alone has more than ${count(bound.originalStates)} states; --original-states looks further, ${fewer}`;
    case "choices":
      return `more than ${MOST_CHOICES} messages are under way to one node, too many to try all that may enter a tick; ${fewer}`;
    case "states":
    case undefined:
      return `there are more than ${count(bound.states)} states; --bound looks further, ${fewer}`;
  }
}

const VIOLATIONS = {
  safety: "clients see what the original cannot show them",
  quiescence: "it comes to rest with other answers than the original ever would",
  error: "it stops with a run-time error",
} as const;

function scheduleText(
  { ticks, crashed, forGood, inputs, outputs }: ScheduleStep,
  n: number,
  { inputs: all, ofRequests, ofFile }: Reported,
): string {
  const lines = ticks.map(({ address, arrived }) => {
    const facts = arrived.map(factText).join(", ");
    if (crashed === undefined) return `${address} ticks: ${facts || "nothing arrives"}`;
    if (forGood === true) return `${address} crashes and stays down`;
    return `${address} crashes and starts again, and loses ${facts || "nothing under way"}`;
  });
  const facts = inputs.filter((i) => i >= ofRequests && i < ofRequests + ofFile);
  if (facts.length > 0) lines.unshift(`clients send ${facts.map((i) => `${factText(all[i]!)} to ${all[i]!.to}`).join(", ")}`); // prettier-ignore
  const sent = inputs.filter((i) => i < ofRequests).map((i) => i + 1);
  if (sent.length > 0) lines.unshift(`clients send request ${sent.join(", ")}`);
  lines.push(...outputs.map((o) => `clients see ${factText(o)}`));
  return lines.map((line, i) => `  ${i === 0 ? String(n).padStart(3) : "   "} ${line}`).join("\n");
}

function messages(n: number): string {
  return counted(n, "message");
}

function counted(n: number, what: string): string {
  return `${count(n)} ${n === 1 ? what : `${what}s`}`;
}

function count(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ",");
}
