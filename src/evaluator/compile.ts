import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { ComponentName } from "../program/program.ts";
import { suspicionChecks } from "./suspicionChecks.ts";
import { componentCode } from "./componentCode.ts";
import { componentShape } from "./componentShape.ts";
import { explainFact } from "./explainFact.ts";
import { IncrementalEngine, type CompiledComponent } from "./incrementalEngine.ts";
import type { Runnable } from "./nodeEngine.ts";
import { InterpretedMachine } from "./interpretedMachine.ts";
import { mayGenerateCode } from "./mayGenerateCode.ts";
import type { RuleCosts } from "./ruleCosts.ts";
import { rulePlans } from "./rulePlans.ts";

/** `generated` is faster, and impossible where a content security policy forbids it. */
export type Code = "generated" | "interpreted";

export interface CompileOptions {
  readonly code?: Code;
  /** Where the cost of every rule is recorded; it makes evaluation slower. */
  readonly costs?: RuleCosts;
}

/**
 * Prepares a component of a program without faults for incremental evaluation: classifies its relations and plans the
 * joins of every rule for every way in which its body can change. Generated code contains numbers and our own names
 * only, nothing of the program's text.
 */
export function compile(
  p: AnalyzedProgram,
  component: ComponentName,
  { code = mayGenerateCode() ? "generated" : "interpreted", costs }: CompileOptions = {},
): Runnable {
  const shape = componentShape(p, component);
  const plans = shape.rules.map((rule) => rulePlans(shape, rule, costs !== undefined));
  const compiled: CompiledComponent = {
    shape,
    machine:
      code === "generated"
        ? componentCode(shape, plans, costs)
        : (context) => new InterpretedMachine(shape, plans, { ...context, costs }),
    explain: (timing, fact, database) => explainFact(p, component, timing, fact, database),
    check: suspicionChecks(p),
  };
  return { start: (environment, options) => new IncrementalEngine(compiled, environment, options) };
}
