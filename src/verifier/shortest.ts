import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { refines } from "./refines.ts";
import type { Counterexample, RefinementOptions } from "./refines.ts";

/**
 * The same difference with no input that it does not need and as few steps as it takes: every schedule is tried, none is
 * left out, breadth first. What would take more states than the bound stays as it was found.
 */
export function shortest(
  original: AnalyzedProgram,
  rewritten: AnalyzedProgram,
  options: RefinementOptions,
  found: Counterexample,
): Counterexample {
  const numbers = options.inputs.map((_, i) => i);
  const sent = new Set(found.schedule.flatMap((step) => step.inputs));
  let best = found;
  let used: readonly number[] = numbers;
  const tryWith = (fewer: readonly number[]): void => {
    const inputs = fewer.map((i) => options.inputs[i]!);
    const again = refines(original, rewritten, { ...options, inputs, reduced: false });
    if (again.kind !== "counterexample") return;
    const schedule = again.schedule.map((step) => ({
      ...step,
      inputs: step.inputs.map((i) => fewer[i]!),
    }));
    best = { ...again, schedule, explored: found.explored };
    used = fewer;
  };
  tryWith(numbers.filter((i) => sent.has(i)));
  for (const input of [...used].reverse()) tryWith(used.filter((i) => i !== input));
  return best;
}
