import type { RuleId } from "./program.ts";

/** A half-open range of UTF-16 offsets into the text it was read from. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Severity = "error" | "warning" | "information";

/** A fault of the user's, as a value: what is wrong first, where, and what would mend it. */
export interface Diagnostic {
  readonly severity: Severity;
  /** Stable, kebab-case: `unbound-variable`. */
  readonly code: string;
  /** One sentence, what is wrong first. */
  readonly message: string;
  readonly span: Span;
  readonly rule?: RuleId;
  readonly related?: readonly { readonly message: string; readonly span: Span }[];
  readonly fix?: Fix;
}

/** A quick fix: named edits of the text. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly { readonly span: Span; readonly text: string }[];
}

/** Where a rule's parts stand in the text. Lives beside the program, never in it. */
export interface RuleSpans {
  readonly rule: Span;
  readonly head: Span;
  readonly headTerms: readonly Span[];
  readonly destination?: Span;
  /** One a body literal, in body order. */
  readonly literals: readonly Span[];
  /** For each body literal, its terms in order (comparison: left, right; assignment: variable, value). */
  readonly terms: readonly (readonly Span[])[];
  /** Every place where the rule names a relation or a variable, in no particular order. */
  readonly names: readonly NameSpan[];
}

export interface NameSpan {
  readonly kind: "relation" | "variable";
  readonly name: string;
  readonly span: Span;
}

export interface SourceMap {
  readonly rules: ReadonlyMap<RuleId, RuleSpans>;
  readonly components: ReadonlyMap<string, { readonly block: Span; readonly name: Span }>;
  /** Parallel to the declarations in text order: relation or function name to the span of its declaration. */
  readonly declarations: ReadonlyMap<string, Span>;
}
