import type { NameSpan, RuleSpans, Span } from "../program/diagnostic.ts";
import type { ParsedHead, ParsedLiteral, ParsedRule, Spanned } from "./parsed.ts";
import type { Problem } from "./problem.ts";

/** The same places so many characters further on. */
export function movedSpan({ start, end }: Span, by: number): Span {
  return { start: start + by, end: end + by };
}

export function movedProblem(problem: Problem, by: number): Problem {
  if (by === 0) return problem;
  const { fix, related } = problem;
  return {
    ...problem,
    span: movedSpan(problem.span, by),
    ...(fix && {
      fix: { ...fix, edits: fix.edits.map((e) => ({ ...e, span: movedSpan(e.span, by) })) },
    }),
    ...(related && { related: related.map((r) => ({ ...r, span: movedSpan(r.span, by) })) }),
  };
}

export function movedRuleSpans(spans: RuleSpans, by: number): RuleSpans {
  if (by === 0) return spans;
  const span = (of: Span): Span => movedSpan(of, by);
  const { destination } = spans;
  return {
    rule: span(spans.rule),
    head: span(spans.head),
    headTerms: spans.headTerms.map(span),
    ...(destination && { destination: span(destination) }),
    literals: spans.literals.map(span),
    terms: spans.terms.map((of) => of.map(span)),
    names: spans.names.map((of) => movedName(of, by)),
  };
}

export function movedRule(rule: ParsedRule, by: number): ParsedRule {
  if (by === 0) return rule;
  const span = (of: Span): Span => movedSpan(of, by);
  const spanned = <T>(of: Spanned<T>): Spanned<T> => ({ value: of.value, span: span(of.span) });
  const head = ({ relation, tag, ...at }: ParsedHead): ParsedHead => ({
    relation,
    span: span(at.span),
    terms: at.terms.map(spanned),
    tag:
      tag?.kind === "async"
        ? { kind: "async", span: span(tag.span), destination: spanned(tag.destination) }
        : tag && { kind: "next", span: span(tag.span) },
  });
  const literal = ({
    literal: value,
    terms,
    singleEqual,
    ...at
  }: ParsedLiteral): ParsedLiteral => ({
    literal: value,
    span: span(at.span),
    terms: terms.map(span),
    ...(singleEqual !== undefined && { singleEqual: span(singleEqual) }),
  });
  return {
    span: span(rule.span),
    head: head(rule.head),
    body: rule.body.map(literal),
    names: rule.names.map((of) => movedName(of, by)),
  };
}

function movedName({ kind, name, span }: NameSpan, by: number): NameSpan {
  return { kind, name, span: movedSpan(span, by) };
}
