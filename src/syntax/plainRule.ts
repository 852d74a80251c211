import type { IToken, TokenType } from "chevrotain";
import type { NameSpan, Span } from "../program/diagnostic.ts";
import type { ArithmeticOperator, HeadTerm, Term } from "../program/program.ts";
import type { ReadConstant } from "./constants.ts";
import { readAddress, readBytes, readInteger, readString } from "./constants.ts";
import type {
  ParsedHead,
  ParsedHeader,
  ParsedLiteral,
  ParsedRule,
  ParsedTag,
  Spanned,
} from "./parsed.ts";
import { AGGREGATES, comparisonOf } from "./ruleGrammar.ts";
import { groupByRank, MAX_OPERATORS, operatorOf, tupleOf } from "./termGrammar.ts";
import type { Operation } from "./termGrammar.ts";
import * as words from "./tokens.ts";

/**
 * Reads a rule in which nothing is wrong, in a fifth of the time that the grammar takes: one token at a time, without its
 * look-ahead, its stacks and its recovery. Undefined for all else, and then the grammar says what it is. What it gives is
 * what the grammar gives. Places count from `from`.
 */
export function plainRule(tokens: readonly IToken[], from = 0): ParsedRule | undefined {
  return new PlainRule(tokens, from).read();
}

/** What `parseHeader` answers to `component name by a, b`, where nothing is wrong with it. */
export function plainHeader(tokens: readonly IToken[]): ParsedHeader | undefined {
  const [, name, by, ...rest] = tokens;
  const isPlain =
    name !== undefined &&
    tokens.every(({ tokenType }, i) =>
      i > 3 && i % 2 === 0 ? tokenType === words.Comma : tokenType === words.Identifier,
    ) &&
    (tokens.length === 2 || (tokens.length % 2 === 0 && by!.image === "by"));
  if (!isPlain) return undefined;
  return {
    name: { value: words.nameOf(name), span: words.spanOf(name) },
    by: rest.filter((_, i) => i % 2 === 0).map(words.nameOf),
  };
}

/** Each reader answers undefined for what is not plain, and nobody goes on after that. */
class PlainRule {
  private readonly tokens: readonly IToken[];
  private readonly from: number;
  private readonly names: NameSpan[] = [];
  private at = 0;
  private operators = 0;

  constructor(tokens: readonly IToken[], from: number) {
    this.tokens = tokens;
    this.from = from;
  }

  read(): ParsedRule | undefined {
    const head = this.head();
    if (head === undefined) return undefined;
    const body: ParsedLiteral[] = [];
    if (this.at < this.tokens.length) {
      do {
        if (body.length === 0 && this.take(words.Turnstile) === undefined) return undefined;
        const literal = this.literal();
        if (literal === undefined) return undefined;
        body.push(literal);
      } while (this.take(words.Comma) !== undefined);
    }
    if (this.at < this.tokens.length) return undefined;
    const span = this.spanFrom(this.tokens[0]!);
    return { span, head, body, names: this.names };
  }

  private head(): ParsedHead | undefined {
    const name = this.take(words.Identifier);
    if (name === undefined) return undefined;
    const before = this.tag();
    if (before === undefined || this.take(words.LeftParenthesis) === undefined) return undefined;
    const terms: Spanned<HeadTerm>[] = [];
    if (this.take(words.RightParenthesis) === undefined) {
      do {
        const term = this.headTerm();
        if (term === undefined) return undefined;
        terms.push(term);
      } while (this.take(words.Comma) !== undefined);
      if (this.take(words.RightParenthesis) === undefined) return undefined;
    }
    const after = this.tag();
    if (after === undefined || (before !== "none" && after !== "none")) return undefined;
    const tag = after === "none" ? before : after;
    const span = this.spanFrom(name);
    const relation = this.relation(name);
    if (relation === undefined) return undefined;
    return { relation, span, terms, tag: tag === "none" ? undefined : tag };
  }

  private tag(): ParsedTag | "none" | undefined {
    const next = this.take(words.NextTag);
    if (next !== undefined) return { kind: "next", span: this.spanFrom(next) };
    const token = this.take(words.AsyncTag);
    if (token === undefined) return "none";
    if (this.take(words.LeftParenthesis) === undefined) return undefined;
    const destination = this.expression();
    if (destination === undefined || this.take(words.RightParenthesis) === undefined)
      return undefined;
    return { kind: "async", span: this.spanFrom(token), destination };
  }

  private headTerm(): Spanned<HeadTerm> | undefined {
    return this.isAt(words.LessThan, 1) ? this.aggregate() : this.expression();
  }

  private aggregate(): Spanned<HeadTerm> | undefined {
    const name = this.take(words.Identifier);
    const operator = name && AGGREGATES.get(words.nameOf(name));
    if (name === undefined || operator === undefined) return undefined;
    const over: string[] = [];
    this.at++;
    do {
      const variable = this.take(words.Identifier);
      if (variable === undefined) return undefined;
      over.push(this.note("variable", variable));
    } while (this.take(words.Comma) !== undefined);
    if (this.take(words.GreaterThan) === undefined) return undefined;
    return { value: { kind: "aggregate", operator, over }, span: this.spanFrom(name) };
  }

  private literal(): ParsedLiteral | undefined {
    const not = this.take(words.Not);
    if (not !== undefined) return this.atom(not);
    if (this.isAt(words.Identifier)) {
      if (this.isAt(words.LeftParenthesis, 1)) return this.atom(undefined);
      if (this.isAt(words.Assign, 1)) return this.assignment();
    }
    return this.comparison();
  }

  private atom(not: IToken | undefined): ParsedLiteral | undefined {
    const name = this.take(words.Identifier);
    if (name === undefined || this.take(words.LeftParenthesis) === undefined) return undefined;
    const terms: Term[] = [];
    const spans: Span[] = [];
    if (this.take(words.RightParenthesis) === undefined) {
      do {
        const term = this.expression();
        if (term === undefined) return undefined;
        terms.push(term.value);
        spans.push(term.span);
      } while (this.take(words.Comma) !== undefined);
      if (this.take(words.RightParenthesis) === undefined) return undefined;
    }
    const relation = this.relation(name);
    if (relation === undefined) return undefined;
    return {
      literal: { kind: "relation", negated: not !== undefined, relation, terms },
      span: this.spanFrom(not ?? name),
      terms: spans,
    };
  }

  private assignment(): ParsedLiteral | undefined {
    const token = this.take(words.Identifier)!;
    this.at++;
    const value = this.expression();
    if (value === undefined) return undefined;
    const variable = this.note("variable", token);
    return {
      literal: { kind: "assignment", variable, value: value.value },
      span: this.spanFrom(token),
      terms: [this.spanOf(token), value.span],
    };
  }

  private comparison(): ParsedLiteral | undefined {
    const left = this.expression();
    const token = this.tokens[this.at];
    if (left === undefined || token === undefined || !isComparison(token)) return undefined;
    this.at++;
    const right = this.expression();
    if (right === undefined) return undefined;
    return {
      literal: {
        kind: "comparison",
        operator: comparisonOf(token),
        left: left.value,
        right: right.value,
      },
      span: { start: left.span.start, end: right.span.end },
      terms: [left.span, right.span],
      ...(token.tokenType === words.SingleEqual && { singleEqual: this.spanOf(token) }),
    };
  }

  private expression(): Spanned<Term> | undefined {
    const first = this.factor();
    if (first === undefined || !this.isAtOperator()) return first;
    const rest: Operation[] = [];
    while (this.isAtOperator()) {
      const operator: ArithmeticOperator = operatorOf(this.tokens[this.at]!);
      this.at++;
      const right = this.factor();
      if (right === undefined) return undefined;
      rest.push({ operator, right });
    }
    this.operators += rest.length;
    return this.operators > MAX_OPERATORS ? undefined : groupByRank(first, rest, arithmetic);
  }

  private factor(): Spanned<Term> | undefined {
    const token = this.tokens[this.at];
    if (token === undefined) return undefined;
    this.at++;
    switch (token.tokenType) {
      case words.Identifier: {
        const name = this.note("variable", token);
        return { value: { kind: "variable", name }, span: this.spanOf(token) };
      }
      case words.Wildcard:
        if (token.image !== "_") return undefined;
        return { value: { kind: "wildcard" }, span: this.spanOf(token) };
      case words.LeftParenthesis:
        return this.parenthesised(token);
      case words.Minus: {
        const digits = this.take(words.Integer);
        return digits && this.constant(token, readInteger(digits, token));
      }
      default:
        return this.constant(token, readConstant(token));
    }
  }

  private parenthesised(open: IToken): Spanned<Term> | undefined {
    const items: Term[] = [];
    let commas = 0;
    while (this.take(words.RightParenthesis) === undefined) {
      const item = this.expression();
      if (item === undefined) return undefined;
      items.push(item.value);
      if (this.take(words.Comma) !== undefined) commas++;
      else if (this.isAt(words.RightParenthesis)) continue;
      else return undefined;
    }
    if (commas === items.length && commas > 1) return undefined;
    const value = items.length === 1 && commas === 0 ? items[0]! : tupleOf(items);
    return { value, span: this.spanFrom(open) };
  }

  private constant(first: IToken, read: ReadConstant | undefined): Spanned<Term> | undefined {
    if (read === undefined || read.problem !== undefined) return undefined;
    return { value: { kind: "constant", value: read.value }, span: this.spanFrom(first) };
  }

  private relation(token: IToken): string | undefined {
    const name = this.note("relation", token);
    return name === "addr" ? undefined : name;
  }

  private note(kind: NameSpan["kind"], token: IToken): string {
    const name = words.nameOf(token);
    this.names.push({ kind, name, span: this.spanOf(token) });
    return name;
  }

  private take(type: TokenType): IToken | undefined {
    const token = this.tokens[this.at];
    if (token?.tokenType !== type) return undefined;
    this.at++;
    return token;
  }

  private isAt(type: TokenType, ahead = 0): boolean {
    return this.tokens[this.at + ahead]?.tokenType === type;
  }

  private isAtOperator(): boolean {
    const type = this.tokens[this.at]?.tokenType;
    return (
      type === words.Plus ||
      type === words.Minus ||
      type === words.Times ||
      type === words.Divide ||
      type === words.Modulo
    );
  }

  private spanOf(token: IToken): Span {
    const start = token.startOffset - this.from;
    return { start, end: start + token.image.length };
  }

  /** From this token to the one that was taken last. */
  private spanFrom(first: IToken): Span {
    const last = this.tokens[this.at - 1]!;
    return { start: first.startOffset - this.from, end: words.endOf(last) - this.from };
  }
}

function arithmetic(
  left: Spanned<Term>,
  operator: ArithmeticOperator,
  right: Spanned<Term>,
): Spanned<Term> {
  return {
    value: { kind: "arithmetic", operator, left: left.value, right: right.value },
    span: { start: left.span.start, end: right.span.end },
  };
}

function isComparison({ tokenType }: IToken): boolean {
  return tokenType.CATEGORIES?.includes(words.ComparisonOperator) ?? false;
}

function readConstant(token: IToken): ReadConstant | undefined {
  switch (token.tokenType) {
    case words.Integer:
      return readInteger(token, undefined);
    case words.StringLiteral:
      return readString(token);
    case words.AddressLiteral:
      return readAddress(token);
    case words.BytesLiteral:
      return readBytes(token);
    case words.True:
      return { value: true };
    case words.False:
      return { value: false };
    default:
      return undefined;
  }
}
