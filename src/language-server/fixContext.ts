import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { ReadResult } from "../syntax/readResult.ts";

/** What the reader says of a text beside its program; of a printed one the printer says it. */
export type TextReading = Pick<ReadResult, "dialect" | "sourceMap" | "diagnostics" | "included">;

/** A text with what is known of it. */
export interface FixContext {
  readonly text: string;
  readonly read: TextReading;
  readonly analyzed: AnalyzedProgram;
}
