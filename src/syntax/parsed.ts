import type { Span } from "../program/diagnostic.ts";
import type { NameSpan } from "../program/diagnostic.ts";
import type { Declaration, HeadTerm, Literal, Term } from "../program/program.ts";
import type { Problem } from "./problem.ts";

/** What the grammar gives, before a dialect's reader makes rules of it. */
export interface Spanned<T> {
  readonly value: T;
  readonly span: Span;
}

export interface ParsedRule {
  readonly span: Span;
  readonly head: ParsedHead;
  readonly body: readonly ParsedLiteral[];
  readonly names: readonly NameSpan[];
}

export interface ParsedHead {
  readonly relation: string;
  readonly span: Span;
  readonly terms: readonly Spanned<HeadTerm>[];
  readonly tag: ParsedTag | undefined;
}

export type ParsedTag =
  | { readonly kind: "next"; readonly span: Span }
  | { readonly kind: "async"; readonly span: Span; readonly destination: Spanned<Term> };

export interface ParsedLiteral {
  readonly literal: Literal;
  readonly span: Span;
  /** A relation's terms; a comparison's sides; an assignment's variable and value. */
  readonly terms: readonly Span[];
  /** The place of a single `=`, which compact notation does not have. */
  readonly singleEqual?: Span;
}

export interface ParsedHeader {
  readonly name: Spanned<string>;
  readonly by: readonly string[];
}

export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

export interface ParsedDeclaration {
  readonly declaration: Declaration;
  readonly name: string;
  readonly span: Span;
}
