import type { IToken } from "chevrotain";
import * as words from "../syntax/tokens.ts";
import { tokensOf } from "./declaredNames.ts";
import type { LanguageDocument } from "./languageDocument.ts";
import { contains } from "./textLines.ts";

/** What may stand at an offset, found from the words before it: the rule there is seldom one that can be read. */
export type CompletionContext =
  | { readonly kind: "nothing" }
  /** Where a rule, a declaration or a block begins. */
  | { readonly kind: "statement"; readonly component: string | undefined }
  /** After `@`. */
  | { readonly kind: "tag"; readonly variables: readonly string[] }
  /** Where a literal begins. */
  | { readonly kind: "literal"; readonly variables: readonly string[] }
  /** Inside parentheses. */
  | {
      readonly kind: "term";
      readonly variables: readonly string[];
      readonly inHead: boolean;
    };

export function completionContext(document: LanguageDocument, offset: number): CompletionContext {
  const { tokens, comments } = tokensOf(document);
  if (comments.some((c) => c.startOffset < offset && offset <= words.endOf(c))) {
    return { kind: "nothing" };
  }
  const typed = wordStart(document.text, offset);
  const before = tokens.filter((t) => t.startOffset < typed);
  const last = before.at(-1);
  if (last !== undefined && words.endOf(last) > typed && last.tokenType === words.StringLiteral) {
    return { kind: "nothing" };
  }
  const own = ownStatement(document, before, typed);
  if (last?.tokenType === words.At) {
    return { kind: "tag", variables: variablesOf(document, own, offset) };
  }
  if (own.length === 0) return { kind: "statement", component: componentAt(document, offset) };
  const turnstile = own.some(
    (t) => t.tokenType === words.Turnstile || t.tokenType === words.LeftArrow,
  );
  const variables = variablesOf(document, own, offset);
  if (depthOf(own) > 0) return { kind: "term", variables, inHead: !turnstile };
  return turnstile ? { kind: "literal", variables } : { kind: "nothing" };
}

export function wordStart(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && /[A-Za-z0-9_']/.test(text[start - 1]!)) start--;
  return start;
}

/** The words of the statement that an offset is in; none where a new one begins. */
function ownStatement(
  document: LanguageDocument,
  before: readonly IToken[],
  offset: number,
): readonly IToken[] {
  const { statements } = tokensOf(document);
  const last = before.at(-1);
  if (last === undefined || ENDS.has(last.tokenType)) return [];
  const own = statements.find((tokens) => tokens.includes(last));
  const words = own?.filter((t) => t.startOffset < offset) ?? [];
  const newLine = document.text.slice(last.startOffset + last.image.length, offset).includes("\n");
  const goesOn = CONTINUES.has(last.tokenType) || depthOf(words) > 0;
  return newLine && !goesOn ? [] : words;
}

const ENDS: ReadonlySet<unknown> = new Set([
  words.Dot,
  words.Semicolon,
  words.LeftBrace,
  words.RightBrace,
]);
const CONTINUES: ReadonlySet<unknown> = new Set([
  words.Comma,
  words.Turnstile,
  words.LeftArrow,
  words.Not,
  words.Assign,
  words.Equal,
  words.NotEqual,
]);

function depthOf(tokens: readonly IToken[]): number {
  let depth = 0;
  for (const { tokenType } of tokens) {
    if (tokenType === words.LeftParenthesis) depth++;
    if (tokenType === words.RightParenthesis) depth = Math.max(0, depth - 1);
  }
  return depth;
}

function componentAt({ read }: LanguageDocument, offset: number): string | undefined {
  const at = { start: offset, end: offset };
  for (const [name, { block }] of read.sourceMap.components) {
    if (contains(block, at)) return name;
  }
  return undefined;
}

/** Those that positive literals of the whole statement bind come first, then the others. */
function variablesOf(
  document: LanguageDocument,
  own: readonly IToken[],
  offset: number,
): readonly string[] {
  const [first] = own;
  const all = tokensOf(document).statements.find((tokens) => tokens[0] === first) ?? own;
  const bound = new Set<string>();
  const others = new Set<string>();
  let inBody = false;
  let negated = false;
  let depth = 0;
  all.forEach((token, i) => {
    const { tokenType } = token;
    if (tokenType === words.Turnstile || tokenType === words.LeftArrow) inBody = true;
    if (tokenType === words.LeftParenthesis) depth++;
    if (tokenType === words.RightParenthesis) depth--;
    if (depth === 0)
      negated = tokenType === words.Not || (negated && tokenType === words.Identifier);
    const typing = token.startOffset <= offset && offset <= words.endOf(token);
    const isName =
      tokenType === words.Identifier && all[i + 1]?.tokenType !== words.LeftParenthesis;
    if (!isName || typing) return;
    const assigned = depth === 0 && all[i + 1]?.tokenType === words.Assign;
    const image = words.nameOf(token);
    // In prototype notation other names are constants.
    if (document.read.dialect === "prototype" && !/^[A-Z]/.test(image)) return;
    if (inBody && ((depth > 0 && !negated) || assigned)) bound.add(image);
    else if (depth > 0) others.add(image);
  });
  return [...bound, ...[...others].filter((name) => !bound.has(name))];
}
