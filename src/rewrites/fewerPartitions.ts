import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Step } from "./derivation.ts";
import { UNBOUND } from "./driver.ts";
import { replayStep } from "./replay.ts";
import type { ReadProgram } from "./replay.ts";
import type { Chain } from "./rewrite.ts";

/**
 * The steps with at most so many partitions each; the very same ones where none makes more. The text of a step by hand says
 * how many partitions there are: then they stay.
 */
export function fewerPartitions(steps: readonly Step[], most: number): readonly Step[] {
  if (steps.some(({ rewrite }) => rewrite === "by-hand")) return steps;
  const fewer = steps.map((step) => withPartitions(step, most));
  return fewer.some((step, i) => step !== steps[i]) ? fewer : steps;
}

function withPartitions(step: Step, most: number): Step {
  if (step.rewrite === "by-hand") return step;
  const target = step.target as { readonly partitions?: unknown } | null;
  if (typeof target?.partitions !== "number" || target.partitions <= most) return step;
  return { ...step, target: { ...target, partitions: most } };
}

/** A program and what each step makes of it, as far as the steps apply. */
export function programsOf(
  base: AnalyzedProgram,
  steps: readonly Step[],
  read: ReadProgram,
): readonly AnalyzedProgram[] {
  const programs = [base];
  let chain: Chain = UNBOUND;
  for (const step of steps) {
    const done = replayStep(programs.at(-1)!, step, chain, read);
    if (done.kind === "broken") return programs;
    programs.push(done.program);
    ({ chain } = done);
  }
  return programs;
}
