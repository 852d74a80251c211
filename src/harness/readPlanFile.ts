import { analyze } from "../analysis/analyze.ts";
import { readPlan } from "../plan/plan.ts";
import type { PlanRead, ProgramReader } from "../plan/plan.ts";
import { read } from "../syntax/read.ts";

/** Reads a plan document with this program's own reader and analysis. */
export function readPlanFile(json: unknown): PlanRead {
  return readPlan(json, readProgram);
}

const readProgram: ProgramReader = (text, deployment) => {
  const result = read(text, { dialect: "compact" });
  const error = result.diagnostics.find((d) => d.severity === "error");
  if (error !== undefined) {
    const line = text.slice(0, error.span.start).split("\n").length;
    return { kind: "problem", message: `Line ${line} of the program: ${error.message}` };
  }
  return { kind: "ok", analyzed: analyze(result.program, deployment) };
};
