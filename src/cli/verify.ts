import { Command } from "commander";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { factText } from "../evaluator/evaluationError.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import { nodeCrypto } from "../harness/nodeCrypto.ts";
import { writtenOut } from "../rewrites/writtenOut.ts";
import { simulationProblem } from "../simulator/simulation.ts";
import { refines } from "../verifier/refines.ts";
import type { Refinement, RefinementOptions } from "../verifier/refines.ts";
import type { ScheduleStep } from "../verifier/schedule.ts";
import { clientRequests } from "../verifier/clientRequests.ts";
import { crashInputs } from "../verifier/nodeCrashes.ts";
import type { Crash } from "../verifier/nodeCrashes.ts";
import { timerFirings, timersOf } from "../verifier/timerFirings.ts";
import type { Firing } from "../verifier/timerFirings.ts";
import { shortest } from "../verifier/shortest.ts";
import { deploymentFor, loadSealed, wholeNumber } from "./load.ts";
import { print, printJson, progressLine, Stop } from "./output.ts";
import { replayQuietly } from "./rewrite.ts";

interface Options {
  readonly derivation?: string;
  readonly deployment?: string;
  readonly rewrittenDeployment?: string;
  readonly requests: string;
  readonly timer: readonly string[];
  readonly crash: readonly string[];
  readonly down: readonly string[];
  readonly bound: string;
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
    .option("--requests <n>", "how many requests clients send", "1")
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
    .option("--bound <n>", "how many states of the rewritten program are looked at", "20000")
    .option("--clocks <kind>", "free, or lockstep: siblings of a node tick together", "free")
    .option("--observer <kind>", "first arrival of each answer, or multi:N for N arrivals", "first")
    .option("--duplicates", "messages between nodes that were one node may arrive twice")
    .option("--every-schedule", "try those schedules too that can show nothing new")
    .option("--json", "print the results as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  clew verify public/examples/voting/base.ded --derivation public/examples/voting/scaled1.derivation.json",
    )
    .action((file: string, rewritten: string | undefined, options: Options) => {
      const questions = questionsFrom(file, rewritten, options);
      const requests = wholeNumber("--requests", options.requests, 1, 8);
      const firings = options.timer.map(firingFrom);
      const ends = options.down.map((node): Crash => ({ node, times: "for good" }));
      const crashes = [...options.crash.map(crashFrom), ...ends];
      const told = {
        firings,
        crashes,
        observer: observerFrom(options.observer),
        duplicates: options.duplicates ?? false,
        reduced: options.everySchedule !== true,
        symmetry: options.everySchedule !== true,
        states: wholeNumber("--bound", options.bound, 1, 1e8),
      };
      const line = progressLine();
      const answers = questions.map((question) => {
        line.show(`${question.title}…`);
        const found = answer(question, requests, told);
        line.clear();
        if (!options.json) report(question, found, requests, told);
        return { step: question.title, clocks: question.clocks, requests, ...found };
      });
      if (options.json) printJson(answers);
      else if (firings.length === 0) sayOfTimers(questions[0]);
      if (answers.some((a) => a.kind === "counterexample")) throw new Stop("");
    });
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
  const original = loadSealed(file, deploymentFor(file, options.deployment)).analyzed;
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

type Told = Required<
  Pick<RefinementOptions, "observer" | "duplicates" | "reduced" | "symmetry">
> & {
  readonly states: number;
  readonly firings: readonly Firing[];
  readonly crashes: readonly Crash[];
};

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

function answer(
  { before, after, clocks }: Question,
  requests: number,
  { states, firings, crashes, ...how }: Told,
): Refinement {
  for (const p of [before, after]) {
    const problem = simulationProblem(p);
    if (problem !== undefined) throw new Stop(problem);
  }
  const [fired, crashing] = [timerFirings(before, firings), crashInputs(before, crashes)];
  if (typeof fired === "string") throw new Stop(fired);
  if (typeof crashing === "string") throw new Stop(crashing);
  const all = {
    inputs: [...clientRequests(before, requests).flat(), ...fired, ...crashing],
    clocks,
    ...how,
    bound: { states, originalStates: 5 * states },
    functions: standardFunctions(nodeCrypto),
    crypto: nodeCrypto,
  };
  const found = refines(before, after, all);
  return found.kind === "counterexample" ? shortest(before, after, all, found) : found;
}

function report(
  { title, before, clocks }: Question,
  found: Refinement,
  requests: number,
  { firings, crashes }: Pick<Told, "firings" | "crashes">,
): void {
  const more = [...(firings.length > 0 ? ["timers"] : []), ...(crashes.length > 0 ? ["crashes"] : [])]; // prettier-ignore
  const withMore = more.length === 0 ? "" : ` with ${more.join(" and ")}`;
  const bounds = `${requests} ${requests === 1 ? "request" : "requests"}${withMore}, ${found.explored} states, ${clocks} clocks`;
  switch (found.kind) {
    case "refines":
      print(`${title}: refines (every schedule of ${bounds})`);
      return;
    case "not-known":
      print(`${title}: not known, no difference so far (${bounds}; --bound looks further)`);
      return;
    case "counterexample": {
      print(`${title}: ${VIOLATIONS[found.violation]} (${bounds})`);
      const sent = clientRequests(before, requests).flat().length;
      found.schedule.forEach((step, i) => print(scheduleText(step, i + 1, sent)));
    }
  }
}

const VIOLATIONS = {
  safety: "clients see what the original cannot show them",
  quiescence: "it comes to rest with other answers than the original ever would",
  error: "it stops with a run-time error",
} as const;

/** Inputs behind those of the requests are timers and crashes, which the ticks tell of. */
function scheduleText(
  { ticks, crashed, forGood, inputs, outputs }: ScheduleStep,
  n: number,
  requests: number,
): string {
  const lines = ticks.map(({ address, arrived }) => {
    const facts = arrived.map(factText).join(", ");
    if (crashed === undefined) return `${address} ticks: ${facts || "nothing arrives"}`;
    if (forGood === true) return `${address} crashes and stays down`;
    return `${address} crashes and starts again, and loses ${facts || "nothing under way"}`;
  });
  const sent = inputs.filter((i) => i < requests).map((i) => i + 1);
  if (sent.length > 0) lines.unshift(`clients send request ${sent.join(", ")}`);
  lines.push(...outputs.map((o) => `clients see ${factText(o)}`));
  return lines.map((line, i) => `  ${i === 0 ? String(n).padStart(3) : "   "} ${line}`).join("\n");
}
