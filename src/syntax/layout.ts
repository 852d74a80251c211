import { createTokenInstance } from "chevrotain";
import type { IToken, TokenType } from "chevrotain";
import type { Span } from "../program/diagnostic.ts";
import type { Cut } from "./cuts.ts";
import { Cuts, difference, NO_CUT } from "./cuts.ts";
import { CONTINUES_AFTER, CONTINUES_BEFORE, TAGS } from "./lineEnds.ts";
import { movedProblem, movedSpan } from "./movedPlaces.ts";
import type { Problem } from "./problem.ts";
import type { KeptTokens } from "./scannedText.ts";
import * as words from "./tokens.ts";

/** Deeper nesting than any program has; the parser is recursive and must not be sent deeper. */
export const MAX_DEPTH = 64;

/** One rule or declaration, not parsed yet. */
export interface Statement {
  readonly tokens: readonly IToken[];
  /** Index into `blocks`; undefined outside any block. */
  readonly block: number | undefined;
  /** Right of the bar of a test case. */
  readonly rightOfBar: boolean;
  /** A reason not to try to parse it. */
  readonly tooDeep: boolean;
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
  /** Where the next text's layout can begin, and where it can go over into this one. */
  readonly cuts: Cuts;
  readonly tokens: number;
  /** So many of the first and the last statements are those of the layout that was known. */
  readonly kept: { readonly before: number; readonly after: number };
}

/** The layout of the text before this one in the same notation, and what both texts have in common. */
export interface KnownLayout {
  readonly layout: Layout;
  readonly kept: KeptTokens;
}

/**
 * Cuts the tokens into statements (language.md section 2): a rule ends at `.`, `;` or a line end, unless the line ends or
 * the next begins with an operator. A rule that begins at a line's start ends an unfinished one before it, so that a
 * forgotten parenthesis or a stray comma spoils one rule only. Of a layout that is `known` all is taken over that an edit
 * leaves alone: what comes before it, and what comes after the first place where nothing is open or both have the same open.
 */
export function layOut(
  tokens: readonly IToken[],
  text: string,
  options: { readonly lineNumbers: boolean; readonly known?: KnownLayout | undefined },
): Layout {
  return new Cutter(tokens, text, options).cut();
}

class Cutter {
  private readonly tokens: readonly IToken[];
  private readonly text: string;
  private readonly lineNumbers: boolean;
  private statements: Statement[] = [];
  private blocks: Block[] = [];
  private bars: Span[] = [];
  private problems: Problem[] = [];
  private block: number | undefined;
  private current: IToken[] = [];
  private brackets: TokenType[] = [];
  private tooDeep = false;
  private hasTurnstile = false;
  /** Where in `current` the latest line begins that looks like a rule of its own. */
  private ruleStart = 0;
  private afterLineNumber = false;
  private readonly known: KnownLayout | undefined;
  private readonly cuts = new Cuts();
  private keptBefore = 0;
  private keptAfter = 0;

  constructor(
    tokens: readonly IToken[],
    text: string,
    { lineNumbers, known }: Parameters<typeof layOut>[2],
  ) {
    this.tokens = tokens;
    this.text = text;
    this.lineNumbers = lineNumbers;
    this.known = known;
  }

  cut(): Layout {
    for (let i = this.takeBeginning(); i < this.tokens.length; i++) {
      if (this.take(i) === "the rest") return this.layout();
    }
    this.endStatement();
    const last = this.tokens.at(-1);
    if (last !== undefined) this.closeBlock(words.endOf(last), "unclosed");
    return this.layout();
  }

  /** Takes over what was cut before the edit; the token with which to go on. What stands there looks one token ahead. */
  private takeBeginning(): number {
    if (this.known === undefined) return 0;
    const { layout, kept } = this.known;
    const last = layout.cuts.countBefore(kept.before - 1) - 1;
    if (last < 0) return 0;
    const cut = layout.cuts.at(last);
    this.cuts.addAll(layout.cuts, 0, last, NO_CUT);
    this.statements = layout.statements.slice(0, cut.statements);
    this.blocks = layout.blocks.slice(0, cut.blocks);
    this.bars = layout.bars.slice(0, cut.bars);
    this.problems = layout.problems.slice(0, cut.problems);
    if (cut.inBlock === 1) {
      this.block = cut.blocks - 1;
      this.blocks[this.block] = { ...this.blocks[this.block]! };
    }
    this.keptBefore = cut.statements;
    return cut.token;
  }

  /** Takes over what was cut after the edit, if from this token on, which begins something, nothing is new. */
  private takesRest(index: number): boolean {
    if (this.known === undefined) return false;
    const { layout, kept } = this.known;
    const token = index + layout.tokens - this.tokens.length;
    // A block that nobody closed ends with the token before the next one's brace.
    if (token < layout.tokens - kept.after || this.tokens[index]!.tokenType === words.LeftBrace)
      return false;
    const number = layout.cuts.countBefore(token);
    if (number === layout.cuts.size) return false;
    const cut = layout.cuts.at(number);
    const here = this.here(index);
    const more = difference(here, cut);
    if (cut.token !== token || more.inBlock !== 0 || more.blocks !== 0) return false;
    if (here.bars > 0 !== cut.bars > 0) return false;
    this.cuts.addAll(layout.cuts, number, layout.cuts.size, more);
    this.takeAfter(cut, layout, kept.by);
    return true;
  }

  private takeAfter(cut: Cut, layout: Layout, by: number): void {
    this.keptAfter = layout.statements.length - cut.statements;
    this.statements = this.statements.concat(layout.statements.slice(cut.statements));
    const open = this.block === undefined ? undefined : this.blocks[this.block]!;
    const wasOpen = this.block === undefined ? undefined : layout.blocks[this.block]!;
    if (open !== undefined) open.end = wasOpen!.end + by;
    for (const block of layout.blocks.slice(cut.blocks))
      this.blocks.push({ ...block, open: movedSpan(block.open, by), end: block.end + by });
    for (const bar of layout.bars.slice(cut.bars)) this.bars.push(movedSpan(bar, by));
    for (const problem of layout.problems.slice(cut.problems)) {
      // What is said at the end of a block stands where it begins.
      if (open !== undefined && problem.span.start === wasOpen!.open.start)
        this.problems.push({ ...problem, span: open.open });
      else this.problems.push(movedProblem(problem, by));
    }
  }

  private here(token: number): Cut {
    return {
      token,
      statements: this.statements.length,
      blocks: this.blocks.length,
      bars: this.bars.length,
      problems: this.problems.length,
      inBlock: this.block === undefined ? 0 : 1,
    };
  }

  private take(index: number): "the rest" | undefined {
    const token = this.tokens[index]!;
    const beginsLine = this.afterLineNumber || this.beginsLine(index);
    if (beginsLine && this.isLineNumber(index)) {
      this.afterLineNumber = true;
      return undefined;
    }
    this.afterLineNumber = false;
    if (beginsLine && this.current.length > 0) this.atLineStart(index);
    if (this.current.length === 0) {
      if (this.takesRest(index)) return "the rest";
      this.cuts.add(this.here(index));
    }
    this.place(token, index);
    return undefined;
  }

  private layout(): Layout {
    return {
      statements: this.statements,
      blocks: this.blocks,
      bars: this.bars,
      problems: this.problems,
      cuts: this.cuts,
      tokens: this.tokens.length,
      kept: { before: this.keptBefore, after: this.keptAfter },
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
      this.statements.push({
        tokens: current,
        block: this.block,
        rightOfBar: this.bars.length > 0,
        tooDeep: this.tooDeep,
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

  /** A number before a rule or a literal, or alone on its line, was printed beside the listing. */
  private isLineNumber(index: number): boolean {
    if (!this.lineNumbers || this.tokens[index]!.tokenType !== words.Integer) return false;
    const next = this.tokens[index + 1];
    const beginsLiteral = next?.tokenType === words.Identifier || next?.tokenType === words.Not;
    if (beginsLiteral && !this.beginsLine(index + 1)) return true;
    const alone = next === undefined || this.beginsLine(index + 1);
    const previous = this.current.at(-1)?.tokenType;
    const awaited =
      previous !== undefined && previous !== words.Comma && CONTINUES_AFTER.has(previous);
    return alone && !awaited && this.brackets.length === 0;
  }
}

/** Stands where the token stands, wherever that is moved. */
function respell(token: IToken, type: TokenType, image: string, shift: number): IToken {
  const respelled = createTokenInstance(type, image, 0, 0, NaN, NaN, NaN, NaN);
  return Object.defineProperties(respelled, {
    startOffset: { get: () => token.startOffset + shift },
    endOffset: { get: () => token.startOffset + shift + image.length - 1 },
  });
}
