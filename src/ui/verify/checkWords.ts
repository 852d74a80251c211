import type { SmallerForm } from "../../workers/verifyApi.ts";
import type { ScheduleStep } from "../../verifier/schedule.ts";
import { factText } from "../simulate/factText.ts";
import { ORIGINAL_STATES, times, withinWords } from "./checkStore.ts";
import type { Question } from "./checkShown.ts";
import type { Checked, CheckSettings, CheckVerdict } from "./checkStore.ts";

type NotKnown = Extract<CheckVerdict, { readonly kind: "not-known" }>;
type Difference = Extract<CheckVerdict, { readonly kind: "difference" }>;

/** "Step 2 against step 1" */
export function questionWords({ from, to }: Question): string {
  const what = to - from === 1 ? `Step ${to}` : `Steps ${from + 1} to ${to}`;
  return `${what} against ${stepWords(from)}`;
}

/** "the base", "step 2" */
export function stepWords(step: number): string {
  return step === 0 ? "the base" : `step ${step}`;
}

/** Everything that bounds a check, one phrase each. */
export function boundPhrases(settings: CheckSettings): readonly string[] {
  const { requests, states, clocks, observer, duplicates, firings, crashes, down, together } =
    settings;
  return [
    requests === 1
      ? "the first request of the deployment’s clients"
      : `the first ${requests} requests of the deployment’s clients`,
    ...(firings === 0 ? [] : [`each timer fires at most ${times(firings)} at each node`]),
    ...(crashes === 0 ? [] : [`each node crashes at most ${times(crashes)}`]),
    ...(down.length === 0 ? [] : [`${list(down)} may crash and stay down`]),
    `at most ${count(states)} states`,
    `at most ${together} ${together === 1 ? "message" : "messages"} into one tick`,
    clocks === "free" ? "every node ticks by itself" : "nodes that were one node tick together",
    observer === "first"
      ? "clients notice the first of equal answers"
      : `clients count up to ${observer.multi} of equal answers`,
    duplicates
      ? "messages between nodes that were one node may arrive twice"
      : "no message arrives twice",
  ];
}

/** What came out, its first sentence the verdict. */
export function verdictSentences(question: Question, checked: Checked): string {
  const { verdict, settings } = checked;
  const [after, before] = [capital(stepWords(question.to)), stepWords(question.from)];
  switch (verdict.kind) {
    case "refines":
      return `Refines ${withinWords(settings)}. In every schedule ${after.toLowerCase()} does only what ${before} could do, and owes clients no answer that ${before} would give. More requests may show more.`;
    case "smaller":
      return `No difference in a smaller form ${withinWords(settings)}. In every schedule of ${formWords(verdict.form)}, ${states(verdict.explored)}, ${after.toLowerCase()} does only what ${before} could do, and owes clients no answer that ${before} would give. With all nodes it is not decided. ${reached(checked, before)} More nodes or requests may show more.`;
    case "not-known":
      return `Not known. ${notKnown(verdict, checked, before)}`;
    case "difference":
      return `${differenceSentences(verdict, after, before)}${verdict.form === undefined ? "" : ` This is so with ${formWords(verdict.form)}; with all nodes it was not decided.`}`;
  }
}

/** "3 nodes (leader, replica.1, replica.2; numReplicas = 2; at most 2 partitions)" */
function formWords({ nodes, numbers, partitions }: SmallerForm): string {
  const said = [
    nodes.join(", "),
    ...Object.entries(numbers).map(([table, number]) => `${table} = ${number}`),
    ...(partitions === undefined ? [] : [`at most ${partitions} partitions`]),
  ].join("; ");
  return `${nodes.length} ${nodes.length === 1 ? "node" : "nodes"} (${said})`;
}

function notKnown({ cancelled, form }: NotKnown, checked: Checked, before: string): string {
  if (cancelled) return `Cancelled after ${states(checked.explored)} without a difference.`;
  const more = "A larger bound may decide it, or fewer requests.";
  const smaller = form === undefined ? "" : ` Nor was it decided with ${formWords(form)}.`;
  return `${reached(checked, before)}${smaller} ${more}`;
}

function reached({ explored, settings }: Checked, before: string): string {
  const far = `${states(explored)} without a difference`;
  const more =
    explored > settings.states
      ? "there are more"
      : `${before} alone has more than ${count(ORIGINAL_STATES * settings.states)} beside them`;
  return `The bound was reached after ${far}: ${more}.`;
}

function differenceSentences(
  { counterexample }: Difference,
  after: string,
  before: string,
): string {
  const { violation, schedule } = counterexample;
  const seen = schedule.flatMap(({ outputs }) => outputs);
  const last = schedule.at(-1);
  switch (violation) {
    case "safety": {
      const shown = facts(last?.outputs ?? []);
      return `A violation. Clients see ${shown}. After what they have sent and seen by then, no schedule of ${before} shows that.`;
    }
    case "quiescence": {
      const shown = seen.length === 0 ? "nothing" : `only ${facts(seen)}`;
      return `A violation. ${after} comes to rest, and clients have seen ${shown}. No run of ${before} comes to rest with so little.`;
    }
    case "error":
      return `A violation. \`${last?.ticks.at(-1)?.address ?? ""}\` of ${after.toLowerCase()} stops with a run-time error.`;
  }
}

/** Caution about a check that could hardly have found anything; undefined when there is none. */
export function vacuousSentence({ verdict, outputs, settings }: Checked): string | undefined {
  const isDecided = verdict.kind === "refines" || verdict.kind === "smaller";
  if (!isDecided || outputs > 0) return undefined;
  const little = "Clients see nothing in any of these schedules, so this says little.";
  return settings.firings > 0
    ? little
    : `${little} No timer fired: a protocol that waits for one does nothing without.`;
}

/** The steps of a counterexample, a sentence or more each. */
export function scheduleSentences({ counterexample, requestOf }: Difference): readonly string[] {
  const { schedule, violation } = counterexample;
  const steps = schedule.map((step, i) => {
    const stops = violation === "error" && i === schedule.length - 1;
    return stepSentences(step, requestOf, stops);
  });
  if (violation !== "quiescence") return steps;
  return [...steps, "Nothing is left to happen that would show clients anything."];
}

function stepSentences(
  { ticks, crashed, forGood, inputs, outputs }: ScheduleStep,
  requestOf: readonly number[],
  stops: boolean,
): string {
  // Timers and crashes are no requests; what they do is told with the ticks.
  const numbers = [...new Set(inputs.flatMap((input) => requestOf[input] ?? []))];
  const asked =
    numbers.length === 0
      ? []
      : [`Clients send request${numbers.length === 1 ? "" : "s"} ${list(numbers.map(String))}.`];
  const ticking = ticks.map(({ address, arrived }) => {
    if (forGood === true) return `\`${address}\` crashes and stays down.`;
    if (crashed !== undefined) {
      const lost = arrived.length === 1 ? "is lost" : "are lost";
      const end = arrived.length === 0 ? "" : `: ${facts(arrived)}, under way to it, ${lost}`;
      return `\`${address}\` crashes and starts again${end}.`;
    }
    const what = arrived.length === 0 ? "nothing arrives" : `${facts(arrived)} arrive`;
    const verb = arrived.length === 1 ? `${what}s` : what;
    return `\`${address}\` ticks: ${verb}.`;
  });
  const together = ticks.length > 1 ? ["At once:"] : [];
  const seen = outputs.length === 0 ? [] : [`Clients see ${facts(outputs)}.`];
  const end = stops ? ["It stops with a run-time error."] : [];
  return [...asked, ...together, ...ticking, ...seen, ...end].join(" ");
}

function facts(all: readonly Parameters<typeof factOf>[0][]): string {
  return list(all.map(factOf));
}

function factOf({ relation, row }: ScheduleStep["outputs"][number] | ArrivedFact): string {
  return `\`${factText(relation, row)}\``;
}

type ArrivedFact = ScheduleStep["ticks"][number]["arrived"][number];

function list(texts: readonly string[]): string {
  if (texts.length < 2) return texts.join("");
  return `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}`;
}

/** "1 state", "20,000 states" */
export function states(explored: number): string {
  return `${count(explored)} ${explored === 1 ? "state" : "states"}`;
}

function count(n: number): string {
  return n.toLocaleString("en");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
