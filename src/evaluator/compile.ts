import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { ComponentName } from "../program/program.ts";
import { componentShape } from "./componentShape.ts";
import { IncrementalEngine, type CompiledComponent } from "./incrementalEngine.ts";
import type { Runnable } from "./nodeEngine.ts";
import { evaluateRule } from "./reference.ts";
import { mayGenerateCode } from "./generatePlan.ts";
import type { PlanCode } from "./runningRule.ts";
import { rulePlans } from "./rulePlans.ts";

/**
 * Prepares a component of a program without faults for incremental evaluation: classifies its relations and plans the
 * joins of every rule for every way in which its body can change. `code` says how plans
 * run; generated code contains numbers and our own names only, nothing of the program's text.
 */
export function compile(
  p: AnalyzedProgram,
  component: ComponentName,
  code: PlanCode = mayGenerateCode() ? "generated" : "closures",
): Runnable {
  const shape = componentShape(p, component);
  const compiled: CompiledComponent = {
    shape,
    code,
    plans: shape.rules.map((rule) => rulePlans(shape, rule)),
    check: (rule, database) => void evaluateRule(p, p.rules.get(rule)!.rule, database),
  };
  return { start: (environment, options) => new IncrementalEngine(compiled, environment, options) };
}
