import type { IToken, TokenType } from "chevrotain";
import type { SpacedWord } from "./spacedWords.ts";
import * as words from "./tokens.ts";

/** How a symbol is written, whatever the PDF made of it. */
const SYMBOLS: ReadonlyMap<TokenType, string> = new Map([
  [words.Turnstile, ":-"],
  [words.LeftArrow, ":-"],
  [words.Assign, ":="],
  [words.Equal, "=="],
  [words.NotEqual, "!="],
  [words.LessEqual, "<="],
  [words.GreaterEqual, ">="],
  [words.LessThan, "<"],
  [words.GreaterThan, ">"],
  [words.SingleEqual, "="],
  [words.Not, "!"],
  [words.Plus, "+"],
  [words.Minus, "-"],
  [words.Times, "*"],
  [words.Divide, "/"],
  [words.Modulo, "%"],
  [words.NextTag, "@next"],
  [words.AsyncTag, "@async"],
  [words.At, "@"],
  [words.LeftParenthesis, "("],
  [words.RightParenthesis, ")"],
  [words.Comma, ","],
]);

/** The words of a rule in paper notation as they are to be written: `t' = t+1` is one. */
export function paperWords(tokens: readonly IToken[]): readonly SpacedWord[] {
  const found: SpacedWord[] = [];
  let depth = 0;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.tokenType === words.LeftParenthesis) depth++;
    if (token.tokenType === words.RightParenthesis) depth--;
    if (depth === 0 && isNextTick(tokens, i)) {
      const [later, , now, , one] = tokens.slice(i, i + 5).map(words.nameOf);
      found.push({ image: `${later} = ${now}+${one}`, isSymbol: false });
      i += 4;
      continue;
    }
    const symbol = SYMBOLS.get(token.tokenType);
    found.push({ image: symbol ?? written(token), isSymbol: symbol !== undefined });
  }
  return found;
}

function written(token: IToken): string {
  const isName = token.tokenType === words.Identifier || token.tokenType === words.Wildcard;
  return isName ? words.nameOf(token) : token.image;
}

/** A literal that is nothing but `t' = t+1`. */
function isNextTick(tokens: readonly IToken[], at: number): boolean {
  const types = tokens.slice(at, at + 6).map((token) => token.tokenType);
  const [later, equal, now, plus, one, after] = types;
  const before = tokens[at - 1]?.tokenType;
  return (
    (before === words.Comma || before === words.Turnstile) &&
    later === words.Identifier &&
    equal === words.SingleEqual &&
    now === words.Identifier &&
    plus === words.Plus &&
    one === words.Integer &&
    (after === undefined || after === words.Comma)
  );
}
