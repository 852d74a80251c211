import type { IToken } from "chevrotain";
import type { AggregateOperator, ComparisonOperator, HeadTerm, Term } from "../program/program.ts";
import type { Span } from "../program/diagnostic.ts";
import type { ParsedHead, ParsedLiteral, ParsedTag, Spanned } from "./parsed.ts";
import { TermGrammar } from "./termGrammar.ts";
import * as words from "./tokens.ts";

export const AGGREGATES: ReadonlyMap<string, AggregateOperator> = new Map([
  ["count", "count"],
  ["sum", "sum"],
  ["min", "min"],
  ["max", "max"],
  ["choose", "choose"],
  ["collect", "collect"],
  // The paper's certificate: the signatures themselves (rewrites.md section 0.1).
  ["cert", "collect"],
  ["seal", "seal"],
]);

/** Rules: heads with tags and aggregates, and the literals of bodies. */
export class RuleGrammar extends TermGrammar {
  readonly rule = this.RULE("rule", (): { head: ParsedHead; body: ParsedLiteral[] } => {
    const head = this.SUBRULE(this.head);
    const body: ParsedLiteral[] = [];
    this.OPTION(() => {
      this.CONSUME(words.Turnstile);
      this.AT_LEAST_ONE_SEP({
        SEP: words.Comma,
        DEF: () => {
          const literal = this.SUBRULE(this.literal);
          this.ACTION(() => body.push(literal));
        },
      });
    });
    return { head, body };
  });

  private readonly head = this.RULE("head", (): ParsedHead => {
    const name = this.CONSUME(words.Identifier);
    let tag: ParsedTag | undefined;
    this.OPTION(() => {
      tag = this.SUBRULE(this.tag);
    });
    this.CONSUME(words.LeftParenthesis);
    const terms: Spanned<HeadTerm>[] = [];
    this.MANY_SEP({
      SEP: words.Comma,
      DEF: () => {
        const term = this.SUBRULE(this.headTerm);
        this.ACTION(() => terms.push(term));
      },
    });
    const close = this.CONSUME(words.RightParenthesis);
    this.OPTION2(() => {
      const second = this.SUBRULE2(this.tag);
      this.ACTION(() => {
        if (tag !== undefined)
          this.complain(
            "two-tags",
            "The head has two tags; one timing is all it can have.",
            second.span,
          );
        tag = second;
      });
    });
    return this.ACTION(() => ({
      relation: this.relationName(name),
      span: { start: name.startOffset, end: Math.max(words.endOf(close), tag?.span.end ?? 0) },
      terms,
      tag,
    }));
  });

  private readonly tag = this.RULE("tag", (): ParsedTag =>
    this.OR([
      {
        ALT: (): ParsedTag => {
          const token = this.CONSUME(words.NextTag);
          return this.ACTION(() => ({ kind: "next", span: words.spanOf(token) }));
        },
      },
      {
        ALT: (): ParsedTag => {
          const token = this.CONSUME(words.AsyncTag);
          this.CONSUME(words.LeftParenthesis);
          const destination = this.SUBRULE(this.expression);
          const close = this.CONSUME(words.RightParenthesis);
          return this.ACTION(() => ({
            kind: "async",
            span: words.spanOf(token, close),
            destination,
          }));
        },
      },
    ]),
  );

  private readonly headTerm = this.RULE("headTerm", (): Spanned<HeadTerm> =>
    this.OR([
      { ALT: (): Spanned<HeadTerm> => this.SUBRULE(this.aggregate) },
      { ALT: (): Spanned<HeadTerm> => this.SUBRULE(this.expression) },
    ]),
  );

  private readonly aggregate = this.RULE("aggregate", (): Spanned<HeadTerm> => {
    const name = this.CONSUME(words.Identifier);
    this.CONSUME(words.LessThan);
    const over: string[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: words.Comma,
      DEF: () => {
        const variable = this.CONSUME2(words.Identifier);
        this.ACTION(() => over.push(this.note("variable", variable)));
      },
    });
    const close = this.CONSUME(words.GreaterThan);
    return this.ACTION(() => {
      const operator = AGGREGATES.get(words.nameOf(name));
      if (operator === undefined) {
        const known = "count, sum, min, max, choose, collect, seal";
        this.complain(
          "aggregate-name",
          `\`${name.image}\` is no aggregate; there are ${known}.`,
          words.spanOf(name),
        );
      }
      return {
        value: { kind: "aggregate", operator: operator ?? "count", over },
        span: words.spanOf(name, close),
      };
    });
  });

  private readonly literal = this.RULE("literal", (): ParsedLiteral =>
    this.OR([
      {
        ALT: (): ParsedLiteral => {
          const not = this.CONSUME(words.Not);
          const atom = this.SUBRULE(this.atom);
          return this.ACTION(() => negate(atom, not));
        },
      },
      { ALT: (): ParsedLiteral => this.SUBRULE2(this.atom) },
      { ALT: (): ParsedLiteral => this.SUBRULE(this.assignment) },
      { ALT: (): ParsedLiteral => this.SUBRULE(this.comparison) },
    ]),
  );

  private readonly atom = this.RULE("atom", (): ParsedLiteral => {
    const name = this.CONSUME(words.Identifier);
    this.CONSUME(words.LeftParenthesis);
    const terms: Term[] = [];
    const spans: Span[] = [];
    this.MANY_SEP({
      SEP: words.Comma,
      DEF: () => {
        const term = this.SUBRULE(this.expression);
        this.ACTION(() => {
          terms.push(term.value);
          spans.push(term.span);
        });
      },
    });
    const close = this.CONSUME(words.RightParenthesis);
    return this.ACTION(() => ({
      literal: { kind: "relation", negated: false, relation: this.relationName(name), terms },
      span: words.spanOf(name, close),
      terms: spans,
    }));
  });

  private readonly assignment = this.RULE("assignment", (): ParsedLiteral => {
    const variable = this.CONSUME(words.Identifier);
    this.CONSUME(words.Assign);
    const value = this.SUBRULE(this.expression);
    return this.ACTION(() => ({
      literal: {
        kind: "assignment",
        variable: this.note("variable", variable),
        value: value.value,
      },
      span: { start: variable.startOffset, end: value.span.end },
      terms: [words.spanOf(variable), value.span],
    }));
  });

  private readonly comparison = this.RULE("comparison", (): ParsedLiteral => {
    const left = this.SUBRULE(this.expression);
    const operator = this.CONSUME(words.ComparisonOperator);
    const right = this.SUBRULE2(this.expression);
    return this.ACTION(() => ({
      literal: {
        kind: "comparison",
        operator: comparisonOf(operator),
        left: left.value,
        right: right.value,
      },
      span: { start: left.span.start, end: right.span.end },
      terms: [left.span, right.span],
      ...(operator.tokenType === words.SingleEqual && { singleEqual: words.spanOf(operator) }),
    }));
  });
}

function negate(atom: ParsedLiteral, not: IToken): ParsedLiteral {
  if (atom.literal.kind !== "relation") throw new Error("only relations are negated");
  return {
    ...atom,
    literal: { ...atom.literal, negated: true },
    span: { start: not.startOffset, end: atom.span.end },
  };
}

export function comparisonOf(token: IToken): ComparisonOperator {
  switch (token.tokenType) {
    case words.NotEqual:
      return "!=";
    case words.LessEqual:
      return "<=";
    case words.GreaterEqual:
      return ">=";
    case words.LessThan:
      return "<";
    case words.GreaterThan:
      return ">";
    default:
      return "==";
  }
}
