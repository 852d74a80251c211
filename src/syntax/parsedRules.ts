import type { IToken } from "chevrotain";
import type { NameSpan, Span } from "../program/diagnostic.ts";
import { keepParts } from "../program/keepParts.ts";
import type { Program } from "../program/program.ts";
import type { Parsed, ParsedHead, ParsedLiteral, ParsedRule, Spanned } from "./parsed.ts";
import { parseRule } from "./parseStatement.ts";
import { ScannedText } from "./scannedText.ts";
import type { Scanned } from "./tokens.ts";

interface KnownRule {
  /** Type and place of each token, from the rule's start. */
  readonly shape: Int32Array;
  readonly rule: ParsedRule;
}

/**
 * The rules of the text that was read last, by their own text: a keystroke leaves nearly all of them as they are, and
 * they are four fifths of what reading costs. Give the same one to each reading of one document.
 */
export class ParsedRules {
  #last: ReadonlyMap<string, KnownRule> = new Map();
  #next = new Map<string, KnownRule>();
  #program: Program | undefined;
  readonly #scanned = new ScannedText();

  /** The text's tokens. Begins a reading: what the one before it did not meet is forgotten. */
  scan(text: string): Scanned {
    this.#last = this.#next;
    this.#next = new Map();
    return this.#scanned.scan(text);
  }

  /** The program that was read, with what it has in common with the one before it. */
  keep(program: Program): Program {
    this.#program = keepParts(this.#program, program);
    return this.#program;
  }

  /** What `parseRule` answers to these tokens of the text. */
  parse(tokens: readonly IToken[], text: string): Parsed<ParsedRule> {
    const { startOffset } = tokens[0]!;
    const last = tokens.at(-1)!;
    const key = text.slice(startOffset, last.startOffset + last.image.length);
    const known = this.#next.get(key) ?? this.#last.get(key);
    // The notation decides whether a number at a line's start is a part of the rule.
    if (known !== undefined && hasShape(tokens, known.shape)) {
      const rule = moved(known.rule, startOffset - known.rule.span.start);
      this.#next.set(key, { shape: known.shape, rule });
      return { ok: true, value: rule };
    }
    const parsed = parseRule(tokens);
    if (parsed.ok) this.#next.set(key, { shape: shapeOf(tokens), rule: parsed.value });
    return parsed;
  }
}

function shapeOf(tokens: readonly IToken[]): Int32Array {
  const { startOffset } = tokens[0]!;
  return Int32Array.from(
    tokens.flatMap((token) => [token.tokenTypeIdx, token.startOffset - startOffset]),
  );
}

function hasShape(tokens: readonly IToken[], shape: Int32Array): boolean {
  if (shape.length !== 2 * tokens.length) return false;
  const { startOffset } = tokens[0]!;
  return tokens.every(
    (token, i) =>
      token.tokenTypeIdx === shape[2 * i] && token.startOffset - startOffset === shape[2 * i + 1],
  );
}

/** The same rule so many characters further on. */
function moved(rule: ParsedRule, by: number): ParsedRule {
  if (by === 0) return rule;
  const span = ({ start, end }: Span): Span => ({ start: start + by, end: end + by });
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
  const name = ({ kind, name: word, span: at }: NameSpan): NameSpan => ({
    kind,
    name: word,
    span: span(at),
  });
  return {
    span: span(rule.span),
    head: head(rule.head),
    body: rule.body.map(literal),
    names: rule.names.map(name),
  };
}
