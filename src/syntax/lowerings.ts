import type { NameSpan, Span } from "../program/diagnostic.ts";
import type { Head, HeadTerm, Literal, Term } from "../program/program.ts";
import type { LoweredRule } from "./lowered.ts";
import type { Problem } from "./problem.ts";

export interface PlacedTerm<T extends HeadTerm = Term> {
  readonly term: T;
  readonly span: Span;
}

/** A body literal with where it and its terms stand. */
export interface PlacedLiteral {
  readonly literal: Literal;
  readonly span: Span;
  readonly terms: readonly Span[];
}

export interface PlacedHead {
  readonly head: Head;
  readonly span: Span;
  readonly terms: readonly Span[];
  readonly destination?: Span | undefined;
}

/** A rule and its spans from its parts. */
export function loweredRule(
  { head, span, terms, destination }: PlacedHead,
  body: readonly PlacedLiteral[],
  rule: Span,
  names: readonly NameSpan[],
  problems: readonly Problem[] = [],
): LoweredRule {
  return {
    head,
    body: body.map((l) => l.literal),
    spans: {
      rule,
      head: span,
      headTerms: terms,
      ...(destination && { destination }),
      literals: body.map((l) => l.span),
      terms: body.map((l) => l.terms),
      names,
    },
    problems,
  };
}

export function variable(name: string): Term {
  return { kind: "variable", name };
}

/** A tuple of constants is itself a constant. */
export function tuple(terms: readonly Term[]): Term {
  const values = terms.flatMap((t) => (t.kind === "constant" ? [t.value] : []));
  return values.length === terms.length
    ? { kind: "constant", value: values }
    : { kind: "tuple", terms };
}

export function relationLiteral(
  relation: string,
  terms: readonly Term[],
  negated = false,
): Literal {
  return { kind: "relation", negated, relation, terms };
}

/** A name that is not among `used`, which it joins: `wanted` itself, or with a number. */
export function freshName(wanted: string, used: Set<string>): string {
  let name = wanted;
  for (let i = 1; used.has(name); i++) name = `${wanted}${i}`;
  used.add(name);
  return name;
}
