import type { Span } from "../program/diagnostic.ts";
import { printDeclaration } from "../program/printDeclaration.ts";
import type { Component, Declaration } from "../program/program.ts";
import type { NotationComment } from "./notationTokens.ts";
import type { ParsedHeader } from "./parsed.ts";
import { isDeclaration, parseDeclaration, parseHeader } from "./parseStatement.ts";
import type { Problem } from "./problem.ts";
import * as words from "./tokens.ts";

/**
 * What a notation has no words for, in a comment that other tools pass over: `// clew: durable log`, a declaration as
 * compact notation has it, or `// clew: component leader by id`, the name of the component that follows.
 */
export type Annotation = { readonly span: Span } & (
  | { readonly kind: "component"; readonly header: ParsedHeader }
  | { readonly kind: "declaration"; readonly declaration: Declaration }
  | { readonly kind: "broken"; readonly problem: Problem }
);

const MARK = /^\s*clew:/;

export function readAnnotations(comments: readonly NotationComment[], text: string): Annotation[] {
  return comments.flatMap((comment) => readAnnotation(comment, text));
}

function readAnnotation({ text: comment, span }: NotationComment, text: string): Annotation[] {
  const mark = MARK.exec(comment)?.[0];
  if (mark === undefined) return [];
  const start = text.indexOf(comment, span.start) + mark.length;
  const { tokens, unreadable } = words.scan(
    text.slice(start, start + comment.length - mark.length),
  );
  const shift = (s: Span): Span => ({ start: s.start + start, end: s.end + start });
  if (tokens.length === 0 || unreadable.length > 0) return [broken(span)];
  if (tokens[0]!.image === "component" && tokens[1]?.tokenType === words.Identifier) {
    const header = parseHeader(tokens);
    if (!header.ok) return [{ kind: "broken", span, problem: { ...header.problem, span } }];
    const { name, by } = header.value;
    return [{ kind: "component", span, header: { name: { ...name, span: shift(name.span) }, by } }];
  }
  if (!isDeclaration(tokens)) return [broken(span)];
  const parsed = parseDeclaration(tokens);
  if (!parsed.ok) {
    const problem = { ...parsed.problem, span: shift(parsed.problem.span) };
    return [{ kind: "broken", span, problem }];
  }
  return [{ kind: "declaration", span, declaration: parsed.value.declaration }];
}

function broken(span: Span): Annotation {
  const message =
    "A comment that begins with `clew:` holds a declaration or `component NAME`, and this is neither.";
  return { kind: "broken", span, problem: { code: "annotation", message, span } };
}

export function printComponentAnnotation(comment: string, { name, by }: Component): string {
  return `${comment} clew: component ${name}${by.length > 0 ? ` by ${by.join(", ")}` : ""}`;
}

export function printDeclarationAnnotation(comment: string, declaration: Declaration): string {
  return `${comment} clew: ${printDeclaration(declaration)}`;
}
