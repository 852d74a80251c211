import { Command } from "commander";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import { nodeCrypto } from "../harness/nodeCrypto.ts";
import { writtenOut } from "../rewrites/writtenOut.ts";
import { simulationProblem } from "../simulator/simulation.ts";
import { refines } from "../verifier/refines.ts";
import { MOST_CHOICES } from "../verifier/boundReached.ts";
import { DEFAULT_BOUND } from "../verifier/refines.ts";
import type { Refinement, RefinementBound, RefinementOptions } from "../verifier/refines.ts";
import { clientRequests } from "../verifier/clientRequests.ts";
import { fewerNodes } from "../verifier/fewerNodes.ts";
import type { Input } from "../verifier/machine.ts";
import { crashInputs } from "../verifier/nodeCrashes.ts";
import type { Crash } from "../verifier/nodeCrashes.ts";
import { timerFirings, timersOf } from "../verifier/timerFirings.ts";
import type { Firing } from "../verifier/timerFirings.ts";
import { shortest } from "../verifier/shortest.ts";
import { loadInputs } from "./inputsFile.ts";
import { deploymentFor, loadSealed, wholeNumber } from "./load.ts";
import { print, printJson, progressLine, Stop } from "./output.ts";
import { replayQuietly } from "./rewrite.ts";
import { boundsJson, boundsText, report, WIDER } from "./verifyReport.ts";
import type { Reported, Told } from "./verifyReport.ts";

interface Options {
  readonly derivation?: string;
  readonly deployment?: string;
  readonly rewrittenDeployment?: string;
  readonly nodes?: string;
  readonly table: readonly string[];
  readonly requests?: string;
  readonly inputs?: string;
  readonly timer: readonly string[];
  readonly crash: readonly string[];
  readonly down: readonly string[];
  readonly together?: string;
  readonly bound: string;
  readonly originalStates?: string;
  readonly clocks: string;
  readonly observer: string;
  readonly duplicates?: boolean;
  readonly everySchedule?: boolean;
  readonly json?: boolean;
}

/** One question: may `after` only do what `before` could? */
interface Question {
  readonly title: string;
  readonly before: AnalyzedProgram;
  readonly after: AnalyzedProgram;
  readonly clocks: "free" | "lockstep";
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
    .option("--deployment <file>", "deployment of the original (default: beside the program)")
    .option("--rewritten-deployment <file>", "deployment of the rewritten (default: beside it)")
    .option("--nodes <nodes>", "a,b: these nodes of the original only (with --derivation)")
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
      const questions = questionsFrom(file, rewritten, options);
      const line = progressLine();
      if (!options.json) print(boundsText(told));
      const answers = questions.map((question) => {
        line.show(`${question.title}…`);
        const reported = answer(question, told, options.inputs);
        line.clear();
        if (!options.json) report(reported, told);
        const { title: step, clocks, found } = reported;
        return {
          step,
          clocks,
          requests: told.requests,
          ...found,
          bounds: boundsJson(reported, told),
        };
      });
      if (options.json) printJson(answers);
      else if (told.firings.length === 0) sayOfTimers(questions[0]);
      if (answers.some((a) => a.kind === "counterexample")) throw new Stop("");
      if (answers.some((a) => a.kind === "not-known")) throw new Stop("", 3);
    });
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

function questionsFrom(
  file: string,
  rewritten: string | undefined,
  options: Options,
): readonly Question[] {
  if ((rewritten === undefined) === (options.derivation === undefined)) {
    throw new Stop("name either the rewritten program or a --derivation.", 2);
  }
  const { clocks } = options;
  if (clocks !== "free" && clocks !== "lockstep") {
    throw new Stop(`--clocks is free or lockstep, not “${clocks}”.`, 2);
  }
  const whole = loadSealed(file, deploymentFor(file, options.deployment)).analyzed;
  const original = onFewerNodes(whole, options);
  let before = asItRuns(original);
  if (rewritten !== undefined) {
    const deployment = deploymentFor(rewritten, options.rewrittenDeployment);
    const after = asItRuns(loadSealed(rewritten, deployment).analyzed);
    return [{ title: rewritten, before, after, clocks }];
  }
  return replayQuietly(original, options.derivation!).steps.map((step, i) => {
    const title = `${i + 1}. ${step.step.name} (${step.step.rewrite})`;
    if (step.kind === "broken") throw new Stop(`${title} does not apply: ${step.reason}`);
    const after = asItRuns(step.program);
    const question = {
      title,
      before,
      after,
      clocks: step.verdict === "lockstep" ? "lockstep" : clocks,
    } as const;
    before = after;
    return question;
  });
}

function onFewerNodes(p: AnalyzedProgram, options: Options): AnalyzedProgram {
  const { nodes, table, derivation } = options;
  if (nodes === undefined && table.length === 0) return p;
  if (nodes === undefined || derivation === undefined) {
    throw new Stop("--nodes goes with --derivation, and --table with --nodes.", 2);
  }
  const small = fewerNodes(p, nodes.split(","), Object.fromEntries(table.map(numberFrom)));
  if (typeof small === "string") throw new Stop(small);
  return small;
}

/** `quorum=1` */
function numberFrom(text: string): readonly [string, number] {
  const [, name, number] = /^([^=]+)=(-?\d+)$/.exec(text) ?? [];
  if (name === undefined) throw new Stop(`--table is NAME=NUMBER, not “${text}”.`, 2);
  return [name, Number(number)];
}

function asItRuns(p: AnalyzedProgram): AnalyzedProgram {
  const program = writtenOut(p);
  if (typeof program === "string") throw new Stop(program);
  return program;
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

/** A protocol that begins with a timer does nothing without one, and then everything refines it. */
function sayOfTimers(question: Question | undefined): void {
  const timers = question === undefined ? [] : [...timersOf(question.before).keys()];
  if (timers.length === 0) return;
  const names = timers.join(", ");
  print(`No timer fired, of ${names}; see --timer for what a protocol does when one fires.`);
}

/** Where nothing was said of it and little had to be explored, more messages than usual enter a tick together. */
function widened(
  before: AnalyzedProgram,
  after: AnalyzedProgram,
  options: RefinementOptions & { readonly bound: RefinementBound },
  widens: boolean,
): { readonly found: Refinement; readonly bound: RefinementBound } {
  const found = refines(before, after, options);
  const usual = { found, bound: options.bound };
  const states = Math.ceil(options.bound.states / 10);
  if (!widens || found.kind !== "refines" || !found.leftOut || found.explored > states) {
    return usual;
  }
  const bound = { ...options.bound, together: WIDER };
  const wide = refines(before, after, { ...options, bound: { ...bound, states } });
  return wide.kind === "not-known" ? usual : { found: wide, bound };
}

function answer(
  { title, before, after, clocks }: Question,
  { requests, firings, crashes, widens, ...how }: Told,
  file: string | undefined,
): Reported {
  for (const p of [before, after]) {
    const problem = simulationProblem(p);
    if (problem !== undefined) throw new Stop(problem);
  }
  const [fired, crashing] = [timerFirings(before, firings), crashInputs(before, crashes)];
  if (typeof fired === "string") throw new Stop(fired);
  if (typeof crashing === "string") throw new Stop(crashing);
  const asked = clientRequests(before, requests).flat();
  const facts: readonly Input[] = file === undefined ? [] : loadInputs(file, before);
  const inputs = [...asked, ...facts, ...fired, ...crashing];
  const told = { functions: standardFunctions(nodeCrypto), crypto: nodeCrypto };
  const all = { ...told, ...how, inputs, clocks };
  const { found: first, bound } = widened(before, after, all, widens);
  const by = { ...all, bound };
  const found = first.kind === "counterexample" ? shortest(before, after, by, first) : first;
  return {
    title,
    clocks,
    found,
    together: bound.together,
    inputs,
    ofRequests: asked.length,
    ofFile: facts.length,
  };
}
