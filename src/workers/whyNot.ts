import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { nobleCrypto } from "../evaluator/nobleCrypto.ts";
import type { Send } from "../evaluator/nodeEngine.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import { printCompact } from "../program/printCompact.ts";
import type { ComponentName, Program } from "../program/program.ts";
import { forceStep } from "../rewrites/force.ts";
import type { StepRequest } from "../rewrites/rewrite.ts";
import { rewriteNamed } from "../rewrites/rewrites.ts";
import { SMALLEST_PROGRAMS } from "../rewrites/smallestPrograms.ts";
import type { SmallestProgram } from "../rewrites/smallestPrograms.ts";
import { crashInputs } from "../verifier/nodeCrashes.ts";
import { refines } from "../verifier/refines.ts";
import type { Refinement } from "../verifier/refines.ts";
import { caseProgram, movedRules } from "./caseProgram.ts";
import { factText, RunRecorder } from "./recordRun.ts";
import type { RecordedRun, WhyNot } from "./whyNotApi.ts";

/** Sends the inputs; what it does is no part of the program. */
const ENVIRONMENT: readonly ComponentName[] = ["K"];
const functions = standardFunctions(nobleCrypto);

/** Forces the step that the condition refuses on its smallest program, and lets the referee find what goes wrong. */
export function whyNot(code: string): WhyNot | undefined {
  const smallest = SMALLEST_PROGRAMS.find((program) => program.code === code);
  if (smallest === undefined) return undefined;
  const { original, forced, refinement } = forcedRefinement(smallest);
  if (refinement.kind !== "counterexample" || refinement.violation === "error") return undefined;
  const { schedule, violation, explored } = refinement;
  // A crash is the input after all others.
  const events = schedule.flatMap((step) =>
    step.inputs.map((i): Event => smallest.inputs[i] ?? "crash"),
  );
  const sent = events.filter((event) => event !== "crash");
  const forcedRun = new RunRecorder(forced, ENVIRONMENT);
  for (const { crashed, ticks } of schedule) {
    if (crashed === undefined) forcedRun.step(ticks);
    else forcedRun.crash(crashed, ticks);
  }
  // What is still under way when nothing can come of it any more is delivered too, so that nobody waits for it.
  if (violation === "quiescence") forcedRun.drain();
  const originalRun = runInOrder(original, events);
  const given = new Set(forcedRun.outputs);
  return {
    code,
    rewrite: rewriteNamed(smallest.rewrite)!.title,
    original: textOf(original.program),
    forced: textOf(forced.program),
    inputs: sent.map(([relation, ...row]) => factText({ relation, row })),
    originalRun: originalRun.run,
    forcedRun: forcedRun.run(),
    violation,
    last: violation === "safety" ? schedule.at(-1)!.outputs.map(factText) : [],
    missing: originalRun.outputs.filter((output) => !given.has(output)),
    explored,
  };
}

export interface ForcedRefinement {
  readonly original: AnalyzedProgram;
  readonly request: StepRequest;
  readonly forced: AnalyzedProgram;
  readonly refinement: Refinement;
}

export function forcedRefinement(smallest: SmallestProgram): ForcedRefinement {
  const original = originalOf(smallest);
  const request = requestOf(smallest);
  const forced = forceStep(original, request);
  if (typeof forced === "string") throw new Error(forced);
  const refinement = refines(original, forced, {
    inputs: [
      ...smallest.inputs.map(([relation, ...row]) => ({
        relation: `send_${relation}`,
        row,
        to: "K",
      })),
      ...(smallest.crashes ? crashOfNode(original) : []),
    ],
    clocks: "free",
    observer: "first",
    environment: ENVIRONMENT,
    bound: { together: 2 },
    functions,
    crypto: nobleCrypto,
  });
  return { original, request, forced, refinement };
}

function originalOf(smallest: SmallestProgram): AnalyzedProgram {
  const { rules, channels, edb = {}, receiver, declarations } = smallest;
  return caseProgram({
    nodes: { L: rules, ...(receiver && { R: receiver }) },
    channels: Object.fromEntries(channels.split(" ").map((channel) => [channel, "L"])),
    deployment: { edb },
    ...(declarations !== undefined && { declarations }),
  });
}

function crashOfNode(p: AnalyzedProgram): readonly Send[] {
  const crashes = crashInputs(p, [{ node: "L", times: 1 }]);
  if (typeof crashes === "string") throw new Error(crashes);
  return crashes;
}

function requestOf({ rewrite, rules, keys, replicated }: SmallestProgram): StepRequest {
  if (keys === undefined) {
    return { rewrite, target: { component: "L", rules: movedRules("L", rules), name: "M" } };
  }
  const partitioned = { component: "L", partitions: 2, keys };
  return {
    rewrite,
    target: replicated ? { ...partitioned, replicated, name: "proxy" } : partitioned,
  };
}

type Event = SmallestProgram["inputs"][number] | "crash";

/** The original is given the same facts in the same order, each as soon as it has come to rest from the one before. */
function runInOrder(
  p: AnalyzedProgram,
  events: readonly Event[],
): { readonly run: RecordedRun; readonly outputs: readonly string[] } {
  const recorder = new RunRecorder(p, ENVIRONMENT);
  for (const event of events) {
    if (event === "crash") recorder.crash("L", []);
    else {
      const [relation, ...row] = event;
      recorder.step([{ address: "L", arrived: [{ relation, row }] }]);
    }
    recorder.drain();
  }
  return { run: recorder.run(), outputs: recorder.outputs };
}

function textOf(program: Program): string {
  const shown = program.components.filter(({ name }) => !ENVIRONMENT.includes(name));
  return printCompact({ ...program, declarations: [], components: shown }).trim();
}
