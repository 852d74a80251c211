import { createToken, Lexer } from "chevrotain";
import type { CustomPatternMatcherReturn, IToken, TokenType } from "chevrotain";
import type { Span } from "../program/diagnostic.ts";

/**
 * The words of every notation. One lexer serves them all, and it takes what PDF text does to code: minus signs in
 * turnstiles, typographic primes and quotes, ligatures, no-break spaces.
 */
const IDENTIFIER_PART = "A-Za-z0-9_'’‘′\\ufb00-\\ufb06";

export const ArithmeticOperator = createToken({ name: "ArithmeticOperator", pattern: Lexer.NA });
export const ComparisonOperator = createToken({
  name: "ComparisonOperator",
  pattern: Lexer.NA,
  label: "a comparison",
});

const Blank = createToken({
  name: "Blank",
  pattern: /[\s\u00ad\u200b\u2060]+/,
  group: Lexer.SKIPPED,
  line_breaks: true,
});
const LineComment = createToken({
  name: "LineComment",
  pattern: /(?:\/\/|#)[^\n\r]*/,
  group: "comments",
  start_chars_hint: ["/", "#"],
});
const BlockComment = createToken({
  name: "BlockComment",
  pattern: { exec: blockComment },
  group: "comments",
  line_breaks: true,
  start_chars_hint: ["/"],
});
export const StringLiteral = createToken({
  name: "StringLiteral",
  pattern: { exec: (text, offset) => wrap(text, offset, stringEnd(text, offset)) },
  line_breaks: false,
  start_chars_hint: ['"', "“", "”"],
  label: "a string",
});
/** A token of its own, so that `addr` stays free as a variable. */
export const AddressLiteral = createToken({
  name: "AddressLiteral",
  pattern: { exec: addressLiteral },
  line_breaks: false,
  start_chars_hint: ["a"],
});
export const Identifier = createToken({
  name: "Identifier",
  pattern: new RegExp(`[A-Za-z\\ufb00-\\ufb06][${IDENTIFIER_PART}]*`),
  label: "a name",
});
export const True = createToken({ name: "True", pattern: /true/, longer_alt: Identifier });
export const False = createToken({ name: "False", pattern: /false/, longer_alt: Identifier });
export const Wildcard = createToken({
  name: "Wildcard",
  pattern: new RegExp(`_[${IDENTIFIER_PART}]*`),
  label: "`_`",
});
export const BytesLiteral = createToken({ name: "BytesLiteral", pattern: /0x[0-9A-Za-z]*/ });
export const Decimal = createToken({ name: "Decimal", pattern: /\d+\.\d+/ });
export const Integer = createToken({ name: "Integer", pattern: /\d+/, label: "a number" });

const MINUS = "\\-−–—‐‑﹣－";
export const Turnstile = createToken({
  name: "Turnstile",
  pattern: new RegExp(`:[ \\u00a0]?[−–—‐‑﹣－]|:-|←`),
  label: "`:-`",
  start_chars_hint: [":", "←"],
});
/** A turnstile where the rule has none yet, else less-than and minus: `x<-1`. */
export const LeftArrow = createToken({ name: "LeftArrow", pattern: /<-/, label: "`<-`" });
export const RightArrow = createToken({
  name: "RightArrow",
  pattern: /[-−]>|→/,
  label: "`->`",
});
export const Assign = createToken({ name: "Assign", pattern: /:=/, label: "`:=`" });
export const Colon = createToken({ name: "Colon", pattern: /:/, label: "`:`" });

function comparison(name: string, pattern: RegExp): TokenType {
  return createToken({ name, pattern, categories: ComparisonOperator });
}
export const Equal = comparison("Equal", /==/);
export const NotEqual = comparison("NotEqual", /!=|≠/);
export const LessEqual = comparison("LessEqual", /<=|≤|⩽/);
export const GreaterEqual = comparison("GreaterEqual", />=|≥|⩾/);
export const LessThan = comparison("LessThan", /[<⟨〈〈]/);
export const GreaterThan = comparison("GreaterThan", /[>⟩〉〉]/);
export const SingleEqual = comparison("SingleEqual", /=/);
export const Not = createToken({ name: "Not", pattern: /[!¬]/, label: "`!`" });

export const Plus = createToken({ name: "Plus", pattern: /\+/, categories: ArithmeticOperator });
export const Minus = createToken({
  name: "Minus",
  pattern: new RegExp(`[${MINUS}]`),
  categories: ArithmeticOperator,
});
export const Times = createToken({
  name: "Times",
  pattern: /[*×∗]/,
  categories: ArithmeticOperator,
});
export const Divide = createToken({
  name: "Divide",
  pattern: /\//,
  categories: ArithmeticOperator,
});
export const Modulo = createToken({
  name: "Modulo",
  pattern: /%/,
  categories: ArithmeticOperator,
});

export const NextTag = createToken({
  name: "NextTag",
  pattern: new RegExp(`@[ \\t]*next(?![${IDENTIFIER_PART}])`),
  label: "`@next`",
  start_chars_hint: ["@"],
});
export const AsyncTag = createToken({
  name: "AsyncTag",
  pattern: new RegExp(`@[ \\t]*async(?![${IDENTIFIER_PART}])`),
  label: "`@async`",
  start_chars_hint: ["@"],
});
export const At = createToken({ name: "At", pattern: /@/, label: "`@`" });

export const LeftParenthesis = createToken({
  name: "LeftParenthesis",
  pattern: /\(/,
  label: "`(`",
});
export const RightParenthesis = createToken({
  name: "RightParenthesis",
  pattern: /\)/,
  label: "`)`",
});
export const LeftBrace = createToken({ name: "LeftBrace", pattern: /\{/, label: "`{`" });
export const RightBrace = createToken({ name: "RightBrace", pattern: /\}/, label: "`}`" });
export const LeftBracket = createToken({ name: "LeftBracket", pattern: /\[/, label: "`[`" });
export const RightBracket = createToken({ name: "RightBracket", pattern: /\]/, label: "`]`" });
export const Comma = createToken({ name: "Comma", pattern: /,/, label: "a comma" });
export const Dot = createToken({ name: "Dot", pattern: /\./, label: "`.`" });
export const Semicolon = createToken({ name: "Semicolon", pattern: /;/, label: "`;`" });
export const Bar = createToken({ name: "Bar", pattern: /\|/, label: "`|`" });

/** Longer words before their beginnings. */
export const VOCABULARY: readonly TokenType[] = [
  Blank,
  LineComment,
  BlockComment,
  StringLiteral,
  AddressLiteral,
  BytesLiteral,
  Decimal,
  Integer,
  True,
  False,
  Identifier,
  Wildcard,
  Turnstile,
  Assign,
  Colon,
  LeftArrow,
  RightArrow,
  Equal,
  NotEqual,
  LessEqual,
  GreaterEqual,
  LessThan,
  GreaterThan,
  SingleEqual,
  Not,
  Plus,
  Minus,
  Times,
  Divide,
  Modulo,
  NextTag,
  AsyncTag,
  At,
  LeftParenthesis,
  RightParenthesis,
  LeftBrace,
  RightBrace,
  LeftBracket,
  RightBracket,
  Comma,
  Dot,
  Semicolon,
  Bar,
  ArithmeticOperator,
  ComparisonOperator,
];

export interface Scanned {
  readonly tokens: readonly IToken[];
  readonly comments: readonly IToken[];
  /** Stretches of text that are no part of any notation, in text order. */
  readonly unreadable: readonly Span[];
}

/** Lists that are whose asked for them. */
export interface OwnScanned extends Scanned {
  readonly tokens: IToken[];
  readonly comments: IToken[];
}

let lexer: Lexer | undefined;

/** Text to tokens, in linear time for any text. */
export function scan(text: string): OwnScanned {
  lexer ??= new Lexer([...VOCABULARY], { positionTracking: "onlyOffset" });
  const { tokens, groups, errors } = lexer.tokenize(text);
  return {
    tokens,
    comments: groups["comments"] ?? [],
    unreadable: errors.map((e) => ({ start: e.offset, end: e.offset + e.length })),
  };
}

export function spanOf(first: IToken, last: IToken = first): Span {
  return { start: first.startOffset, end: endOf(last) };
}

export function endOf(token: IToken): number {
  return token.startOffset + token.image.length;
}

/** The name a token means: typographic primes and ligatures as they were before the PDF. */
export function nameOf(token: IToken): string {
  const { image } = token;
  return /^[\x20-\x7e]*$/.test(image) ? image : image.replace(/[’‘′]/g, "'").normalize("NFKC");
}

function wrap(text: string, start: number, end: number): CustomPatternMatcherReturn | null {
  return end > start ? [text.slice(start, end)] : null;
}

function blockComment(text: string, offset: number): CustomPatternMatcherReturn | null {
  if (!text.startsWith("/*", offset)) return null;
  const close = text.indexOf("*/", offset + 2);
  return wrap(text, offset, close < 0 ? text.length : close + 2);
}

/** What may close a string that begins so: PDF text has typographic quotes, but inside plain ones they are text. */
export function closingQuotes(opening: string): string {
  if (opening === '"') return '"';
  return opening === "“" || opening === "”" ? '"“”' : "";
}

/** Just past a string that starts at `offset`, at the line's end when it is not closed; `offset` when there is none. */
function stringEnd(text: string, offset: number): number {
  const closing = closingQuotes(text.charAt(offset));
  if (closing === "") return offset;
  for (let i = offset + 1; i < text.length; i++) {
    const c = text.charAt(i);
    if (c === "\n" || c === "\r") return i;
    if (closing.includes(c)) return i + 1;
    if (c === "\\" && !/[\n\r]/.test(text.charAt(i + 1))) i++;
  }
  return text.length;
}

function addressLiteral(text: string, offset: number): CustomPatternMatcherReturn | null {
  if (!text.startsWith("addr", offset)) return null;
  const open = skipSpaces(text, offset + 4);
  if (text.charAt(open) !== "(") return null;
  const quote = skipSpaces(text, open + 1);
  const end = stringEnd(text, quote);
  if (end === quote) return null;
  const close = skipSpaces(text, end);
  return text.charAt(close) === ")" ? wrap(text, offset, close + 1) : null;
}

function skipSpaces(text: string, offset: number): number {
  let i = offset;
  while (text.charAt(i) === " " || text.charAt(i) === "\t") i++;
  return i;
}
