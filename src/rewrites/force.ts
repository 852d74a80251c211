import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { StepRequest } from "./rewrite.ts";
import { rewriteNamed } from "./rewrites.ts";

/**
 * The program that a step would make if nobody asked whether its preconditions hold, to show what a refusal prevents. For
 * the tests and for teaching only; programs that people keep come from the driver. A string says why the step makes none.
 */
export function forceStep(p: AnalyzedProgram, request: StepRequest): AnalyzedProgram | string {
  const rewrite = rewriteNamed(request.rewrite);
  if (rewrite === undefined) return `There is no rewrite “${request.rewrite}”.`;
  const target = rewrite.readTarget(request.target);
  if (typeof target === "string") return target;
  const misfit = rewrite.misfit(p, target);
  if (misfit !== undefined) return misfit;
  const { program, deployment } = rewrite.apply(p, target);
  const forced = analyze(program, deployment);
  return forced.faults.find((fault) => fault.severity === "error")?.message ?? forced;
}
