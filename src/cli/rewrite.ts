import { Command } from "commander";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { writeDeployment } from "../plan/deploymentFile.ts";
import { printCompact } from "../program/printCompact.ts";
import { readDerivation } from "../rewrites/derivation.ts";
import { remediesAtOnce } from "../rewrites/remedies.ts";
import type { Remedy } from "../rewrites/remedy.ts";
import { replay } from "../rewrites/replay.ts";
import type { ReadProgram, Replay, ReplayedStep } from "../rewrites/replay.ts";
import { faultDiagnostic } from "../syntax/locate.ts";
import { read } from "../syntax/read.ts";
import { deploymentFor, loadGood, readJson } from "./load.ts";
import { jsonText, linesOf, print, printJson, Stop, writeFile } from "./output.ts";
import { conditionText } from "./rewrites.ts";

interface Options {
  readonly derivation: string;
  readonly deployment?: string;
  readonly output?: string;
  readonly outputDeployment?: string;
  readonly dryRun?: boolean;
  readonly steps?: boolean;
  readonly json?: boolean;
}

/** `clew rewrite FILE --derivation D.json`: replay a derivation. */
export function rewriteCommand(): Command {
  return new Command("rewrite")
    .description("Replay a derivation: apply its steps one by one, every condition checked again.")
    .argument("<file>", "the base program")
    .requiredOption("--derivation <file>", "the steps")
    .option(
      "--deployment <file>",
      "deployment of the base (default: beside the derivation or the program)",
    )
    .option("-o, --output <file>", "write the rewritten program there")
    .option("--output-deployment <file>", "write the rewritten deployment there")
    .option("--dry-run", "check only, print no program")
    .option("--steps", "print the program after each step")
    .option("--json", "print the steps with their conditions as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  clew rewrite public/examples/voting/base.ded --derivation public/examples/voting/scaled.derivation.json -o scaled.ded",
    )
    .action((file: string, options: Options) => {
      const { analyzed } = loadGood(
        file,
        deploymentFor(file, options.deployment, options.derivation),
      );
      const replayed = replayQuietly(analyzed, options.derivation);
      if (options.json) printJson(replayed.steps.map(stepJson));
      else report(analyzed, replayed, options.steps ?? false);
      if (replayed.steps.some((step) => step.kind === "broken")) throw new Stop("");
      writeOut(replayed.last, options);
    });
}

function writeOut(p: AnalyzedProgram, options: Options): void {
  const text = printCompact(p.program);
  if (options.output !== undefined) writeFile(options.output, text);
  else if (!options.dryRun && !options.steps && !options.json) print(text);
  if (options.outputDeployment !== undefined) {
    if (p.deployment === undefined)
      throw new Stop("the base has no deployment, so there is none to write.");
    writeFile(options.outputDeployment, jsonText(writeDeployment(p.deployment)));
  }
}

function stepJson(step: ReplayedStep) {
  const { name, rewrite } = step.step;
  return step.kind === "done"
    ? { rewrite, name, verdict: step.verdict, preconditions: step.preconditions }
    : { rewrite, name, verdict: "broken", reason: step.reason, preconditions: step.preconditions };
}

/** Steps go to stderr, so that the program alone is on standard output. */
function report(base: AnalyzedProgram, replayed: Replay, programs: boolean): void {
  const say = (text: string): unknown => process.stderr.write(`${text}\n`);
  if (replayed.baseDiffers)
    say("The base's rules are not those the derivation was made from; going on.");
  let before = base;
  for (const [i, step] of replayed.steps.entries()) {
    const title = `${i + 1}. ${step.step.name} (${step.step.rewrite})`;
    if (step.kind === "broken") {
      say(`${title}: refused. ${step.reason}`);
      for (const c of step.preconditions) if (c.verdict !== "holds") say(conditionText(before, c));
      for (const { sentence } of remediesOf(before, replayed.steps, i))
        say(`      what would work: ${sentence}`);
      const waiting = replayed.steps.length - i - 1;
      if (waiting > 0)
        say(
          waiting === 1
            ? "The step after it was not tried."
            : `The ${waiting} steps after it were not tried.`,
        );
      return;
    }
    say(
      `${title}: ${{ holds: "applies", lockstep: "applies in lock-step, waived", unverified: "by hand, unverified" }[step.verdict]}`,
    );
    for (const c of step.preconditions) {
      if (c.verdict === "holds" && c.caution) say(`   But note: ${c.statement}`);
    }
    if (programs) print(`\n// ${title}\n${printCompact(step.program.program)}`);
    before = step.program;
  }
}

/** Of a refused step what would make it legal; of one that does not fit the program nothing. */
function remediesOf(
  before: AnalyzedProgram,
  steps: readonly ReplayedStep[],
  at: number,
): readonly Remedy[] {
  const { step } = steps[at]!;
  if (step.rewrite === "by-hand") return [];
  const lockstep = steps.some((one) => one.kind === "done" && one.verdict === "lockstep");
  return remediesAtOnce(before, step, { lockstep });
}

/** Replays a derivation file; a step that does not apply ends the command. */
export function replayFile(base: AnalyzedProgram, file: string): Replay {
  const replayed = replayQuietly(base, file);
  for (const [i, step] of replayed.steps.entries()) {
    if (step.kind === "broken")
      throw new Stop(`${file}: step ${i + 1}, ${step.step.name}: ${step.reason}`);
  }
  return replayed;
}

export function replayQuietly(base: AnalyzedProgram, file: string): Replay {
  const result = readDerivation(readJson(file));
  if (result.kind === "problems") {
    throw new Stop(result.problems.map((p) => `${file}#${p.pointer}: ${p.message}`).join("\n"));
  }
  return replay(base, result.derivation, readByHand);
}

export const readByHand: ReadProgram = (text, before) => {
  const result = read(text);
  const program = analyze(result.program, before.deployment);
  const faults = program.faults.map((fault) => faultDiagnostic(fault, result.sourceMap));
  const error = [...result.diagnostics, ...faults].find((d) => d.severity === "error");
  if (error !== undefined) return `${linesOf(text)(error.span.start)}: ${error.message}`;
  const origins = new Map(
    [...program.rules.keys()].map((id) => [
      id,
      { kind: "added", because: "Written by hand." } as const,
    ]),
  );
  return { program, origins };
};
