import { createTokenInstance } from "chevrotain";
import type { IToken, TokenType } from "chevrotain";
import type { Span } from "../program/diagnostic.ts";
import type { Problem } from "./problem.ts";
import * as words from "./tokens.ts";

/** Deeper nesting than any program has; the parser is recursive and must not be sent deeper. */
const MAX_DEPTH = 64;

/** One rule or declaration, not parsed yet. */
export interface Statement {
  readonly tokens: readonly IToken[];
  /** Index into `blocks`; undefined outside any block. */
  readonly block: number | undefined;
  /** Right of the bar of a test case. */
  readonly rightOfBar: boolean;
  /** A reason not to try to parse it. */
  readonly problem?: Problem;
}

/** A `component … { }` block. */
export interface Block {
  /** `component name by …`, without the brace. */
  readonly header: readonly IToken[];
  readonly open: Span;
  /** End of the closing brace, or of the last token of an unclosed block. */
  end: number;
}

export interface Layout {
  readonly statements: readonly Statement[];
  readonly blocks: readonly Block[];
  readonly bars: readonly Span[];
  readonly problems: readonly Problem[];
}

const OPERATORS: ReadonlySet<TokenType> = new Set([
  words.Turnstile,
  words.LeftArrow,
  words.RightArrow,
  words.Assign,
  words.Equal,
  words.NotEqual,
  words.LessEqual,
  words.GreaterEqual,
  words.LessThan,
  words.GreaterThan,
  words.SingleEqual,
  words.Plus,
  words.Minus,
  words.Times,
  words.Divide,
  words.Modulo,
  words.Comma,
]);
const CONTINUES_AFTER: ReadonlySet<TokenType> = new Set([
  ...OPERATORS,
  words.Not,
  words.Colon,
  words.At,
  words.AsyncTag,
]);
const CONTINUES_BEFORE: ReadonlySet<TokenType> = new Set([
  ...OPERATORS,
  words.At,
  words.AsyncTag,
  words.NextTag,
  words.LeftBrace,
]);
const TAGS: ReadonlySet<TokenType> = new Set([words.At, words.AsyncTag, words.NextTag]);

/**
 * Cuts the tokens into statements (language.md section 2): a rule ends at `.`, `;` or a line end, unless the line ends or
 * the next begins with an operator. A rule that begins at a line's start ends an unfinished one before it, so that a
 * forgotten parenthesis or a stray comma spoils one rule only.
 */
export function layOut(
  tokens: readonly IToken[],
  text: string,
  options: { readonly lineNumbers: boolean },
): Layout {
  const cutter = new Cutter(tokens, text, options.lineNumbers);
  for (let i = 0; i < tokens.length; i++) cutter.take(i);
  return cutter.finish();
}

class Cutter {
  private readonly tokens: readonly IToken[];
  private readonly text: string;
  private readonly lineNumbers: boolean;
  private readonly statements: Statement[] = [];
  private readonly blocks: Block[] = [];
  private readonly bars: Span[] = [];
  private readonly problems: Problem[] = [];
  private block: number | undefined;
  private current: IToken[] = [];
  private brackets: TokenType[] = [];
  private tooDeep = false;
  private hasTurnstile = false;
  /** Where in `current` the latest line begins that looks like a rule of its own. */
  private ruleStart = 0;
  private afterLineNumber = false;

  constructor(tokens: readonly IToken[], text: string, lineNumbers: boolean) {
    this.tokens = tokens;
    this.text = text;
    this.lineNumbers = lineNumbers;
  }

  take(index: number): void {
    const token = this.tokens[index]!;
    const beginsLine = this.afterLineNumber || this.beginsLine(index);
    if (beginsLine && this.isLineNumber(index)) {
      this.afterLineNumber = true;
      return;
    }
    this.afterLineNumber = false;
    if (beginsLine && this.current.length > 0) this.atLineStart(index);
    this.place(token, index);
  }

  finish(): Layout {
    this.endStatement();
    const last = this.tokens.at(-1);
    if (last !== undefined) this.closeBlock(words.endOf(last), "unclosed");
    return {
      statements: this.statements,
      blocks: this.blocks,
      bars: this.bars,
      problems: this.problems,
    };
  }

  private atLineStart(index: number): void {
    const token = this.tokens[index]!;
    const previous = this.current.at(-1)!;
    if (this.beginsDeclaration(index)) this.endStatement();
    else if (this.brackets.length > 0) {
      if (this.looksLikeRule(index)) this.endStatement();
    } else if (!CONTINUES_AFTER.has(previous.tokenType) && !CONTINUES_BEFORE.has(token.tokenType)) {
      this.endStatement();
    } else if (this.looksLikeRule(index)) this.ruleStart = this.current.length;
  }

  private place(token: IToken, index: number): void {
    switch (token.tokenType) {
      case words.Semicolon:
        return this.endStatement();
      case words.Dot:
        return this.isWithinDot() ? this.push(token) : this.endStatement();
      case words.Bar:
        this.endStatement();
        this.bars.push(words.spanOf(token));
        return;
      case words.LeftBrace:
        return this.openBrace(token, index);
      case words.RightBrace:
        return this.closeBrace(token);
      case words.LeftParenthesis:
      case words.LeftBracket:
        this.openBracket(token);
        return this.push(token);
      case words.RightParenthesis:
      case words.RightBracket:
        if (this.brackets.at(-1) !== words.LeftBrace) this.brackets.pop();
        return this.push(token);
      case words.Turnstile:
        return this.turnstile(token);
      case words.LeftArrow:
        return this.leftArrow(token);
      default:
        return this.push(token);
    }
  }

  private push(token: IToken): void {
    this.current.push(token);
  }

  /** A second turnstile belongs to a rule that began at the start of some line since. */
  private turnstile(token: IToken): void {
    if (this.hasTurnstile && this.ruleStart > 0) {
      const rest = this.current.splice(this.ruleStart);
      this.endStatement();
      this.current = rest;
    }
    this.hasTurnstile = true;
    this.push(token);
  }

  private leftArrow(token: IToken): void {
    if (!this.hasTurnstile || this.ruleStart > 0) {
      return this.turnstile(respell(token, words.Turnstile, token.image, 0));
    }
    this.push(respell(token, words.LessThan, "<", 0));
    this.push(respell(token, words.Minus, "-", 1));
  }

  private openBracket(token: IToken): void {
    if (this.brackets.length === MAX_DEPTH) this.tooDeep = true;
    else this.brackets.push(token.tokenType);
  }

  private openBrace(token: IToken, index: number): void {
    const previous = this.current.at(-1)?.tokenType;
    if (previous === words.SingleEqual || this.brackets.includes(words.LeftBrace)) {
      this.openBracket(token);
      return this.push(token);
    }
    const header = this.isHeader() ? this.current : [];
    if (header.length > 0) this.reset();
    else {
      this.endStatement();
      this.problems.push({
        code: "nameless-block",
        message: "A block begins here without `component` and a name before it.",
        span: words.spanOf(token),
      });
    }
    this.closeBlock(index > 0 ? words.endOf(this.tokens[index - 1]!) : 0, "unclosed");
    this.block = this.blocks.length;
    const span = words.spanOf(token);
    this.blocks.push({ header, open: span, end: span.end });
  }

  private closeBrace(token: IToken): void {
    const rows = this.brackets.lastIndexOf(words.LeftBrace);
    if (rows >= 0) {
      this.brackets.length = rows;
      return this.push(token);
    }
    this.endStatement();
    if (this.block !== undefined) return this.closeBlock(words.endOf(token), "closed");
    this.problems.push({
      code: "stray-brace",
      message: "This `}` closes no block.",
      span: words.spanOf(token),
    });
  }

  private closeBlock(end: number, how: "closed" | "unclosed"): void {
    if (this.block === undefined) return;
    const block = this.blocks[this.block]!;
    block.end = end;
    this.block = undefined;
    if (how === "closed") return;
    this.problems.push({
      code: "unclosed-block",
      message: "This block is never closed: a `}` is missing.",
      span: block.open,
    });
  }

  private endStatement(): void {
    const { current } = this;
    if (current.length > 0) {
      const problem: Problem | undefined = this.tooDeep
        ? {
            code: "too-deep",
            message: `This is nested more than ${MAX_DEPTH} levels deep.`,
            span: words.spanOf(current[0]!, current.at(-1)!),
          }
        : undefined;
      this.statements.push({
        tokens: current,
        block: this.block,
        rightOfBar: this.bars.length > 0,
        ...(problem && { problem }),
      });
    }
    this.reset();
  }

  private reset(): void {
    this.current = [];
    this.brackets = [];
    this.tooDeep = false;
    this.hasTurnstile = false;
    this.ruleStart = 0;
  }

  private isHeader(): boolean {
    const [first, second] = this.current;
    return first?.image === "component" && second?.tokenType === words.Identifier;
  }

  /** `within r.a of s` */
  private isWithinDot(): boolean {
    const [first, second] = this.current;
    return (
      this.current.length === 2 &&
      first!.image === "within" &&
      second!.tokenType === words.Identifier
    );
  }

  /** Two names side by side begin a declaration or a block and stand nowhere else at a line's start. */
  private beginsDeclaration(index: number): boolean {
    return (
      this.tokens[index]!.tokenType === words.Identifier &&
      this.tokens[index + 1]?.tokenType === words.Identifier
    );
  }

  private looksLikeRule(index: number): boolean {
    const next = this.tokens[index + 1]?.tokenType;
    return (
      this.tokens[index]!.tokenType === words.Identifier &&
      next !== undefined &&
      (next === words.LeftParenthesis || TAGS.has(next))
    );
  }

  private beginsLine(index: number): boolean {
    const start = index > 0 ? words.endOf(this.tokens[index - 1]!) : 0;
    const end = this.tokens[index]!.startOffset;
    for (let i = start; i < end; i++) {
      const c = this.text.charCodeAt(i);
      if (c === 10 || c === 13 || c === 0x2028 || c === 0x2029) return true;
    }
    return index === 0;
  }

  /** A number before a rule, or alone on its line, was printed beside the listing. */
  private isLineNumber(index: number): boolean {
    if (!this.lineNumbers || this.tokens[index]!.tokenType !== words.Integer) return false;
    const next = this.tokens[index + 1];
    if (next?.tokenType === words.Identifier && !this.beginsLine(index + 1)) return true;
    const alone = next === undefined || this.beginsLine(index + 1);
    const previous = this.current.at(-1)?.tokenType;
    const awaited =
      previous !== undefined && previous !== words.Comma && CONTINUES_AFTER.has(previous);
    return alone && !awaited && this.brackets.length === 0;
  }
}

function respell(token: IToken, type: TokenType, image: string, shift: number): IToken {
  const start = token.startOffset + shift;
  const end = start + image.length - 1;
  return createTokenInstance(type, image, start, end, NaN, NaN, NaN, NaN);
}
