import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { sealedRelations } from "../analysis/seals.ts";
import { applyStep } from "./driver.ts";

/**
 * The program as it runs: what `seal` stands for is written out, as the step “Sealed sets” does (rewrites.md section 7). A
 * program without seals is left as it is, and so is one with other errors. A sentence where a seal cannot be received.
 */
export function writtenOut(p: AnalyzedProgram): AnalyzedProgram | string {
  if (sealedRelations(p).length === 0) return p;
  const step = applyStep(p, { rewrite: "sendSealed", target: {} });
  switch (step.kind) {
    case "applied":
      return step.program;
    case "refused":
      return step.preconditions.find((c) => c.verdict === "violated")!.statement;
    case "fault":
      return p;
  }
}
