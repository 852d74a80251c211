import type { TokenType } from "chevrotain";
import * as words from "./tokens.ts";

/** What may stand around a line's end within a rule, and what a head's tags begin with (language.md section 2). */
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
export const CONTINUES_AFTER: ReadonlySet<TokenType> = new Set([
  ...OPERATORS,
  words.Not,
  words.Colon,
  words.At,
  words.AsyncTag,
]);
export const CONTINUES_BEFORE: ReadonlySet<TokenType> = new Set([
  ...OPERATORS,
  words.At,
  words.AsyncTag,
  words.NextTag,
  words.LeftBrace,
]);
export const TAGS: ReadonlySet<TokenType> = new Set([words.At, words.AsyncTag, words.NextTag]);
