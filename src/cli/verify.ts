import { Command } from "commander";
import { MOST_CHOICES } from "../verifier/boundReached.ts";
import type { Crash } from "../verifier/nodeCrashes.ts";
import { DEFAULT_BOUND } from "../verifier/refines.ts";
import type { RefinementOptions } from "../verifier/refines.ts";
import { timersOf } from "../verifier/timerFirings.ts";
import type { Firing } from "../verifier/timerFirings.ts";
import { wholeNumber } from "./load.ts";
import { print, printJson, progressLine, Stop } from "./output.ts";
import { answer } from "./verifyAnswer.ts";
import { questionsFrom } from "./verifyQuestions.ts";
import type { Compared, Question } from "./verifyQuestions.ts";
import { answeredJson, boundsText, decided, report, summary, WIDER } from "./verifyReport.ts";
import type { Reported, Told } from "./verifyReport.ts";

interface Options extends Compared {
  readonly requests?: string;
  readonly inputs?: string;
  readonly timer: readonly string[];
  readonly crash: readonly string[];
  readonly down: readonly string[];
  readonly together?: string;
  readonly bound: string;
  readonly originalStates?: string;
  readonly observer: string;
  readonly duplicates?: boolean;
  readonly everySchedule?: boolean;
  readonly json?: boolean;
}

/** `clew verify ORIGINAL [REWRITTEN | --derivation D.json]`: bounded refinement (rewrites.md section 10). */
export function verifyCommand(): Command {
  return new Command("verify")
    .description(
      "Try every schedule of a few requests: does the rewritten program only do what the original could?",
    )
    .argument("<original>", "the original program")
    .argument("[rewritten]", "the rewritten program")
    .option("--derivation <file>", "check each of these steps against the program before it")
    .option(
      "--deployment <file>",
      "deployment of the original (default: beside the derivation or the program)",
    )
    .option("--rewritten-deployment <file>", "deployment of the rewritten (default: beside it)")
    .option("--nodes <nodes>", "a,b: these nodes of the original only (with --derivation)")
    .option(
      "--no-smaller",
      "where the whole deployment is not decided, do not ask of fewer of its nodes (with --derivation)",
    )
    .option(
      "--table <number>",
      "NAME=NUMBER: with --nodes, what a table of one number says then; may be repeated",
      (number: string, before: readonly string[]) => [...before, number],
      [] as readonly string[],
    )
    .option("--requests <n>", "how many requests clients send (default: 1; with --inputs 0)")
    .option("--inputs <file>", "facts that clients send beside them, each once at any moment")
    .option(
      "--timer <firing>",
      "NAME[@ADDRESS][*TIMES]: a timer fires so often; may be repeated (default: none fires)",
      (firing: string, before: readonly string[]) => [...before, firing],
      [] as readonly string[],
    )
    .option(
      "--crash <node>",
      "NODE[*TIMES]: a node of the original crashes and starts again; may be repeated (default: none does)",
      (crash: string, before: readonly string[]) => [...before, crash],
      [] as readonly string[],
    )
    .option(
      "--down <node>",
      "a node of the original crashes and stays down; may be repeated (default: none does)",
      (node: string, before: readonly string[]) => [...before, node],
      [] as readonly string[],
    )
    .option(
      "--together <n>",
      `how many messages may enter one tick, or all (default: ${DEFAULT_BOUND.together}, ${WIDER} where that takes few states; with --every-schedule all)`,
    )
    .option(
      "--bound <n>",
      "how many states of the rewritten program are looked at",
      String(DEFAULT_BOUND.states),
    )
    .option("--original-states <n>", "and how many of the original (default: 5 times as many)")
    .option("--clocks <kind>", "free, or lockstep: siblings of a node tick together", "free")
    .option("--observer <kind>", "first arrival of each answer, or multi:N for N arrivals", "first")
    .option("--duplicates", "messages between nodes that were one node may arrive twice")
    .option(
      "--every-schedule",
      "try those schedules too that can show nothing new, and any number of messages into one tick",
    )
    .option("--json", "print the results as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  clew verify public/examples/voting/base.ded --derivation public/examples/voting/scaled1.derivation.json",
    )
    .action((file: string, rewritten: string | undefined, options: Options) => {
      const told = toldFrom(options);
      const questions = questionsFrom(file, rewritten, options, namedIn(told));
      const line = progressLine();
      if (!options.json) print(boundsText(told));
      const answers = questions.map((question) => {
        line.show(`${question.title}…`);
        const reported = answer(question, told, options.inputs);
        line.clear();
        if (!options.json) report(reported, told);
        return reported;
      });
      if (options.json) printJson(answers.map((each) => answeredJson(each, told)));
      else finish(answers, told, questions[0]);
      const verdicts = answers.map(decided);
      if (verdicts.includes("difference")) throw new Stop("");
      if (verdicts.includes("not-known")) throw new Stop("", 3);
    });
}

/** Nodes that something happens to: they are in every smaller form. */
function namedIn({ firings, crashes }: Told): readonly string[] {
  return [...firings.flatMap(({ at }) => at ?? []), ...crashes.map(({ node }) => node)];
}

function toldFrom(options: Options): Told {
  const every = options.everySchedule === true;
  const states = wholeNumber("--bound", options.bound, 1, 1e8);
  const requests = options.requests ?? (options.inputs === undefined ? "1" : "0");
  const ends = options.down.map((node): Crash => ({ node, times: "for good" }));
  return {
    requests: wholeNumber("--requests", requests, 0, 8),
    firings: options.timer.map(firingFrom),
    crashes: [...options.crash.map(crashFrom), ...ends],
    observer: observerFrom(options.observer),
    duplicates: options.duplicates ?? false,
    reduced: !every,
    symmetry: !every,
    ofSteps: options.derivation !== undefined,
    asksSmaller: options.derivation !== undefined && options.smaller && options.nodes === undefined,
    widens: options.together === undefined && !every,
    bound: {
      states,
      originalStates: wholeNumber("--original-states", options.originalStates ?? String(5 * states), 1, 1e9), // prettier-ignore
      together: togetherFrom(options.together ?? (every ? "all" : String(DEFAULT_BOUND.together))),
    },
  };
}

function togetherFrom(text: string): number {
  return text === "all" ? Infinity : wholeNumber("--together", text, 1, MOST_CHOICES);
}

/** `first`, or `multi:N`. */
function observerFrom(text: string): RefinementOptions["observer"] {
  if (text === "first") return "first";
  const [kind, count = "", ...more] = text.split(":");
  if (kind === "multi" && more.length === 0) {
    return { multi: wholeNumber("--observer multi:N", count, 1, 8) };
  }
  throw new Stop(`--observer is first or multi:N, not “${text}”.`, 2);
}

/** `watchdog`, `watchdog@proposer.1`, `expire*2` */
function firingFrom(text: string): Firing {
  const [, timer, at, times = "1"] = /^([^@*]+)(?:@([^*]+))?(?:\*(\d+))?$/.exec(text) ?? [];
  if (timer === undefined) {
    throw new Stop(`--timer is NAME[@ADDRESS][*TIMES], not “${text}”.`, 2);
  }
  const often = wholeNumber("--timer NAME*TIMES", times, 1, 8);
  return { timer, ...(at !== undefined && { at }), times: often };
}

/** `leader`, `participant.1*2` */
function crashFrom(text: string): Crash {
  const [, node, times = "1"] = /^([^*]+)(?:\*(\d+))?$/.exec(text) ?? [];
  if (node === undefined) throw new Stop(`--crash is NODE[*TIMES], not “${text}”.`, 2);
  return { node, times: wholeNumber("--crash NODE*TIMES", times, 1, 8) };
}

function finish(
  answers: readonly Reported[],
  { firings }: Told,
  question: Question | undefined,
): void {
  const said = summary(answers);
  if (said !== undefined) print(said);
  if (firings.length > 0) return;
  // A protocol that begins with a timer does nothing without one, and then everything refines it.
  const timers = question === undefined ? [] : [...timersOf(question.before).keys()];
  const fired = answers.flatMap(
    (each) => each.fired?.whole.firings.map(({ timer }) => timer) ?? [],
  );
  const others = timers.filter((timer) => !fired.includes(timer));
  if (others.length === 0) return;
  print(
    `No timer fired, of ${others.join(", ")}; see --timer for what a protocol does when one fires.`,
  );
}
