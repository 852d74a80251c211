import { factText } from "../evaluator/evaluationError.ts";
import { COPIES } from "../verifier/flight.ts";
import type { Input } from "../verifier/machine.ts";
import type { Crash } from "../verifier/nodeCrashes.ts";
import { MOST_CHOICES } from "../verifier/boundReached.ts";
import type { Bound } from "../verifier/boundReached.ts";
import type { Refinement, RefinementBound, RefinementOptions } from "../verifier/refines.ts";
import { OF_SMALLEST, OF_SMALLEST_ORIGINAL } from "../verifier/smallerInTurn.ts";
import type { ScheduleStep } from "../verifier/schedule.ts";
import type { Firing } from "../verifier/timerFirings.ts";
import { print } from "./output.ts";
import type { Form, RefusedForm, SmallerForm } from "./verifyQuestions.ts";

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
  /** A smaller form is asked of where the whole is not decided. */
  readonly asksSmaller: boolean;
  /** More messages may enter a tick together than the bound says where little has to be explored. */
  readonly widens: boolean;
}

/** How many messages enter a tick together then. */
export const WIDER = 8;

/** What was asked of one size of a deployment, and what was found. */
export interface Asked {
  readonly found: Refinement;
  /** Different facts that clients see in any schedule. */
  readonly outputs: number;
  readonly firings: readonly Firing[];
  readonly bound: RefinementBound;
  /** The first of them are those of the clients' requests, then facts from a file; what is behind them is told by ticks. */
  readonly inputs: readonly Input[];
  readonly ofRequests: number;
  readonly ofFile: number;
}

export interface Answered {
  /** Of the deployment as it is. */
  readonly whole: Asked;
  /** Where that was not decided, of a smaller form. */
  readonly smaller?: Asked & { readonly form: SmallerForm };
  /** And where that has no smaller form because a step does not apply there. */
  readonly refused?: RefusedForm;
}

export interface Reported extends Answered {
  readonly title: string;
  readonly clocks: "free" | "lockstep";
  /** Where clients see nothing, with a timer that lets them. */
  readonly fired?: Answered;
}

/** What the exit code says: a smaller form decides where the whole is not decided, and a timer where clients see nothing. */
export function decided({ whole, smaller, fired }: Reported): "none" | "difference" | "not-known" {
  const kinds = [{ whole, smaller }, ...(fired ? [fired] : [])].map(
    (each) => (each.smaller ?? each.whole).found.kind,
  );
  if (kinds.includes("counterexample")) return "difference";
  return kinds.includes("not-known") ? "not-known" : "none";
}

/** A step's answer as `--json` prints it; `kind` speaks of the deployment as it is. */
export function answeredJson(reported: Reported, told: Told) {
  const { title, clocks, fired } = reported;
  const both = (answered: Answered) => {
    const { whole, smaller, refused } = answered;
    return {
      ...askedJson(whole, clocks, told),
      ...(refused && { refused: { ...formJson(refused), step: refused.step + 1 } }),
      ...(smaller && {
        smaller: { ...formJson(smaller.form), ...askedJson(smaller, clocks, told) },
      }),
    };
  };
  return { step: title, clocks, ...both(reported), ...(fired && { fired: both(fired) }) };
}

function formJson({ nodes, numbers, partitions }: Form) {
  return { nodes, tables: numbers, ...(partitions !== undefined && { partitions }) };
}

function askedJson(asked: Asked, clocks: Reported["clocks"], told: Told) {
  const { found, outputs, firings, ofFile, bound } = asked;
  const { together, states, originalStates } = bound;
  const bounds = {
    requests: told.requests,
    facts: ofFile,
    timers: firings,
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
  return { requests: told.requests, ...found, outputs, bounds };
}

/** One sentence with all that limits what is explored, and the option that changes each. */
export function boundsText(told: Told): string {
  const { bound, observer, duplicates, reduced, widens, asksSmaller } = told;
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
    ...(asksSmaller
      ? [
          `where the whole deployment is not decided, fewer of its nodes, the fewest with ${OF_SMALLEST} times the states and ${OF_SMALLEST_ORIGINAL} times the original's (--no-smaller)`,
        ]
      : []),
    ...(reduced ? ["schedules that show nothing new are left out (--every-schedule)"] : []),
  ];
  return `Bounds: ${said.join("; ")}.`;
}

export function report(reported: Reported, told: Told): void {
  const { title, clocks, fired } = reported;
  reportOne(`${title}:`, reported, clocks, told);
  if (fired !== undefined) reportOne(`   ${firedText(fired)}:`, fired, clocks, told);
}

function firedText({ whole }: Answered): string {
  const timers = whole.firings.map(({ timer }) => timer).join(", ");
  return `with ${timers} firing once at each node`;
}

function reportOne(
  title: string,
  { whole, smaller, refused }: Answered,
  clocks: Reported["clocks"],
  told: Told,
): void {
  if (smaller !== undefined) return reportSmaller(title, whole, smaller, clocks, told);
  const { found } = whole;
  const end = endText(whole, clocks);
  switch (found.kind) {
    case "refines":
      print(`${title} refines (${scheduleLimit(whole, found.leftOut, told)}, ${end})${nothingSeen(whole)}`); // prettier-ignore
      return;
    case "not-known":
      print(`${title} not known, no difference so far (${askedText(whole, told)}, ${end}): ${reachedText(found.reached, told)}`); // prettier-ignore
      if (refused !== undefined) print(`     nothing said of ${formText(refused)} either: step ${refused.step + 1} does not apply there`); // prettier-ignore
      return;
    case "counterexample":
      print(`${title} ${VIOLATIONS[found.violation]} (${askedText(whole, told)}, ${end})`);
      found.schedule.forEach((step, i) => print(scheduleText(step, i + 1, whole)));
  }
}

/** What was decided is the smaller form, and never more is said of the whole. */
function reportSmaller(
  title: string,
  whole: Asked,
  smaller: NonNullable<Answered["smaller"]>,
  clocks: Reported["clocks"],
  told: Told,
): void {
  const { found } = smaller;
  const form = `in ${formText(smaller.form)}`;
  const end = endText(smaller, clocks);
  switch (found.kind) {
    case "refines": {
      const tried = `${scheduleLimit(smaller, found.leftOut, told)}, ${end}`;
      print(`${title} no difference within these bounds: ${form} (${tried})${nothingSeen(smaller)};`); // prettier-ignore
      break;
    }
    case "not-known":
      print(`${title} not known, no difference so far ${form} (${askedText(smaller, told)}, ${end});`); // prettier-ignore
      break;
    case "counterexample":
      print(
        `${title} ${VIOLATIONS[found.violation]}, ${form} (${askedText(smaller, told)}, ${end})`,
      );
      found.schedule.forEach((step, i) => print(scheduleText(step, i + 1, smaller)));
  }
  const reached = whole.found.kind === "not-known" ? whole.found.reached : undefined;
  print(`     at full size not decided: ${reachedText(reached, told)}`);
}

/** "the smaller form of 2 nodes (leader, replica.1; quorum = 1; at most 2 partitions)" */
function formText({ nodes, numbers, partitions }: Form): string {
  const said = [
    nodes.join(", "),
    ...Object.entries(numbers).map(([table, number]) => `${table} = ${number}`),
    ...(partitions === undefined ? [] : [`at most ${partitions} partitions`]),
  ].join("; ");
  return `the smaller form of ${counted(nodes.length, "node")} (${said})`;
}

/** How many steps were decided in a smaller form only; undefined where none was. */
export function summary(answers: readonly Reported[]): string | undefined {
  const { length } = answers.filter((each) => {
    const last = each.fired ?? each;
    return last.smaller?.found.kind === "refines";
  });
  if (length === 0) return undefined;
  const steps = answers.length === 1 ? "The step" : `${length} of ${answers.length} steps`;
  return `${steps} ${length === 1 ? "is" : "are"} decided in a smaller form only, which says nothing of more nodes, and little of quorums.`;
}

function scheduleLimit(asked: Asked, leftOut: boolean, told: Told): string {
  const limit = leftOut
    ? ` in which at most ${messages(asked.bound.together)} enter a tick together`
    : "";
  return `every schedule of ${askedText(asked, told)}${limit}`;
}

function endText({ found }: Asked, clocks: Reported["clocks"]): string {
  return `${states(found.explored)}, ${clocks} clocks`;
}

function nothingSeen({ outputs }: Asked): string {
  return outputs === 0 ? ", but clients see nothing in any of them, which says little" : "";
}

function askedText({ ofFile, firings }: Asked, { requests, crashes }: Told): string {
  const sent = [
    ...(requests > 0 || ofFile === 0 ? [counted(requests, "request")] : []),
    ...(ofFile > 0 ? [`${counted(ofFile, "fact")} of the file`] : []),
  ].join(" and ");
  const more = [...(firings.length > 0 ? ["timers"] : []), ...(crashes.length > 0 ? ["crashes"] : [])]; // prettier-ignore
  return more.length === 0 ? sent : `${sent} with ${more.join(" and ")}`;
}

/** Which bound was in the way, and what moves it. */
function reachedText(reached: Bound | undefined, { bound, ofSteps, asksSmaller }: Told): string {
  const smaller = ofSteps ? "--nodes asks of fewer nodes" : "a smaller deployment has fewer";
  const fewer = asksSmaller ? "" : `, ${smaller}`;
  switch (reached) {
    case "originalStates":
      return `the original alone has more than ${count(bound.originalStates)} states; --original-states looks further${fewer}`;
    case "choices":
      return `more than ${MOST_CHOICES} messages are under way to one node, too many to try all that may enter a tick${fewer}`;
    case "states":
    case undefined:
      return `there are more than ${count(bound.states)} states; --bound looks further${fewer}`;
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
  { inputs: all, ofRequests, ofFile }: Asked,
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

function states(n: number): string {
  return counted(n, "state");
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
