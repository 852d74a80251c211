import type { Diagnostic, SourceMap, Span } from "../program/diagnostic.ts";
import type { ComponentName, Program, RelationName } from "../program/program.ts";
import type { Dialect } from "./dialect.ts";

export interface ReadResult {
  readonly dialect: Dialect;
  /** All that could be read. */
  readonly program: Program;
  readonly sourceMap: SourceMap;
  /** In text order. */
  readonly diagnostics: readonly Diagnostic[];
  readonly broken: readonly BrokenRule[];
  /** The files that were read besides, where their texts are joined; in the order in which they stand. */
  readonly included?: readonly IncludedText[];
}

/** An included file, where it stands in all texts one after the other. */
export interface IncludedText {
  /** From the folder of the text that includes it first. */
  readonly path: string;
  readonly text: string;
  readonly start: number;
}

/** A rule that could not be read; it is drawn hatched. */
export interface BrokenRule {
  readonly span: Span;
  readonly component: ComponentName;
  /** The head's relation, where that much could be read. */
  readonly head?: RelationName;
  readonly message: string;
}
