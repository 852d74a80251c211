import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { ComponentName } from "../program/program.ts";
import { componentShape } from "./componentShape.ts";
import { IncrementalEngine, type CompiledComponent } from "./incrementalEngine.ts";
import type { Runnable } from "./nodeEngine.ts";
import { evaluateRule } from "./reference.ts";
import { rulePlans } from "./rulePlans.ts";

/**
 * Prepares a component of a program without faults for incremental evaluation: classifies its relations and plans the
 * joins of every rule for every way in which its body can change. No text of the program becomes code.
 */
export function compile(p: AnalyzedProgram, component: ComponentName): Runnable {
  const shape = componentShape(p, component);
  const compiled: CompiledComponent = {
    shape,
    plans: shape.rules.map((rule) => rulePlans(shape, rule)),
    check: (rule, database) => void evaluateRule(p, p.rules.get(rule)!.rule, database),
  };
  return { start: (environment, options) => new IncrementalEngine(compiled, environment, options) };
}
