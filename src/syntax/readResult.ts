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
}

/** A rule that could not be read; it is drawn hatched. */
export interface BrokenRule {
  readonly span: Span;
  readonly component: ComponentName;
  /** The head's relation, where that much could be read. */
  readonly head?: RelationName;
  readonly message: string;
}
