import { EOF } from "chevrotain";
import type { IParserErrorMessageProvider, IToken, TokenType } from "chevrotain";
import * as words from "./tokens.ts";

/** One sentence for each way in which a statement can miss the grammar. */
export const syntaxMessages: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected, actual, ruleName }) => {
    if (ruleName === "comparison" && expected === words.ComparisonOperator) {
      return `${found(actual)} where a comparison such as \`==\` is expected.`;
    }
    return `${found(actual)} where ${label(expected)} is expected.`;
  },
  buildNotAllInputParsedMessage: ({ firstRedundant, ruleName }) => {
    if (isClosing(firstRedundant.tokenType)) {
      return `${quoted(firstRedundant)} closes nothing that was opened.`;
    }
    if (firstRedundant.tokenType === words.At) {
      return "`@` is followed by neither `next` nor `async`.";
    }
    if (TAGS.includes(firstRedundant.tokenType)) {
      return `${quoted(firstRedundant)} does not belong here; a rule has one tag, in its head.`;
    }
    if (ruleName === "rule") {
      return `A comma or a new line is missing before ${quoted(firstRedundant)}.`;
    }
    return `${quoted(firstRedundant)} stands after the end of the declaration.`;
  },
  buildNoViableAltMessage: ({ actual, ruleName }) => {
    const [first, second] = actual;
    if (first === undefined) return "The rule ends too early.";
    const names = ruleName === "literal" && first.tokenType === words.Identifier;
    if (names && second !== undefined) {
      const after = isEnd(second) ? "nothing" : quoted(second);
      return `${quoted(first)} is followed by ${after} where \`(\`, \`:=\` or a comparison is expected.`;
    }
    return `${found(first)} where ${AWAITED.get(ruleName) ?? "something else"} is expected.`;
  },
  buildEarlyExitMessage: ({ actual, ruleName }) => {
    const first = actual[0];
    const awaited = AWAITED.get(ruleName) ?? "something else";
    return first === undefined
      ? "The rule ends too early."
      : `${found(first)} where ${awaited} is expected.`;
  },
};

const TAGS: readonly TokenType[] = [words.NextTag, words.AsyncTag];
const VALUE = "a variable, a constant or `_`";
const AWAITED: ReadonlyMap<string, string> = new Map([
  ["rule", "a literal"],
  ["literal", "a literal"],
  ["headTerm", VALUE],
  ["factor", VALUE],
  ["scalar", "a constant"],
  ["row", "a row"],
  ["tag", "`@next` or `@async(…)`"],
  ["aggregate", "a variable"],
  ["header", "an attribute"],
]);

function found(token: IToken): string {
  return isEnd(token) ? "The text of this statement ends" : `${quoted(token)} stands`;
}

function isEnd(token: IToken): boolean {
  return token.tokenType === EOF;
}

function quoted(token: IToken): string {
  const { image } = token;
  return `\`${image.length > 40 ? `${image.slice(0, 37)}…` : image}\``;
}

function label(type: TokenType): string {
  return type.LABEL ?? type.name;
}

function isClosing(type: TokenType): boolean {
  return [words.RightParenthesis, words.RightBracket, words.RightBrace].includes(type);
}
