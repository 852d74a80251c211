import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { ReadResult } from "../syntax/readResult.ts";

/** A text with what is known of it. */
export interface FixContext {
  readonly text: string;
  readonly read: ReadResult;
  readonly analyzed: AnalyzedProgram;
}
