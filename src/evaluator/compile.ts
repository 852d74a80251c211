import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { ComponentName } from "../program/program.ts";
import { componentCode, mayGenerateCode } from "./componentCode.ts";
import { componentShape } from "./componentShape.ts";
import { explainFact } from "./explainFact.ts";
import { IncrementalEngine, type CompiledComponent } from "./incrementalEngine.ts";
import type { Runnable } from "./nodeEngine.ts";
import { evaluateRule } from "./reference.ts";
import { InterpretedMachine } from "./interpretedMachine.ts";
import { rulePlans } from "./rulePlans.ts";

/** `generated` is faster, and impossible where a content security policy forbids it. */
export type Code = "generated" | "interpreted";

/**
 * Prepares a component of a program without faults for incremental evaluation: classifies its relations and plans the
 * joins of every rule for every way in which its body can change. Generated code contains numbers and our own names
 * only, nothing of the program's text.
 */
export function compile(
  p: AnalyzedProgram,
  component: ComponentName,
  code: Code = mayGenerateCode() ? "generated" : "interpreted",
): Runnable {
  const shape = componentShape(p, component);
  const plans = shape.rules.map((rule) => rulePlans(shape, rule));
  const compiled: CompiledComponent = {
    shape,
    machine:
      code === "generated"
        ? componentCode(shape, plans)
        : (context) => new InterpretedMachine(shape, plans, context),
    explain: (timing, fact, database) => explainFact(p, component, timing, fact, database),
    check: (rule, database) => void evaluateRule(p, p.rules.get(rule)!.rule, database),
  };
  return { start: (environment, options) => new IncrementalEngine(compiled, environment, options) };
}
