import type { IToken } from "chevrotain";
import type { BrokenRule } from "../syntax/readResult.ts";
import { layOut } from "../syntax/layout.ts";
import { isDeclaration } from "../syntax/parseStatement.ts";
import * as words from "../syntax/tokens.ts";
import type { LanguageDocument } from "./languageDocument.ts";
import type { NameUse } from "./nameUse.ts";
import { scannableText } from "./scannableText.ts";

/** The text's words, cut into statements. */
export interface TextTokens {
  readonly tokens: readonly IToken[];
  readonly comments: readonly IToken[];
  readonly statements: readonly (readonly IToken[])[];
}

const memo = new WeakMap<LanguageDocument, TextTokens>();

export function tokensOf(document: LanguageDocument): TextTokens {
  let found = memo.get(document);
  if (found === undefined) memo.set(document, (found = cut(document)));
  return found;
}

function cut({ text, read }: LanguageDocument): TextTokens {
  const scannable = scannableText(text, read.dialect);
  const { tokens, comments } = words.scan(scannable);
  const layout = layOut(tokens, scannable, { lineNumbers: read.dialect === "paper" });
  return { tokens, comments, statements: layout.statements.map((s) => s.tokens) };
}

/** What declarations name, which the source map does not say: a relation may have several, attributes stand in some. */
export function declaredNames({ statements }: TextTokens): readonly NameUse[] {
  return statements.filter(isDeclaration).flatMap((tokens): readonly NameUse[] => {
    switch (tokens[0]!.image) {
      case "fd":
        return dependencyNames(tokens);
      case "within":
        return [
          ...relationAt(tokens[1]),
          ...attributeAt(tokens[3], tokens[1]!, false),
          ...relationAt(tokens[5]),
        ];
      case "invariant":
      case "global":
        return globalRuleNames(tokens);
      case "timer":
      case "durable":
      case "sink":
      case "injective":
        return relationAt(tokens[1]);
      default:
        return [...relationAt(tokens[1]), ...listedAttributes(tokens)];
    }
  });
}

/** `.input r`, `.persist r` and the like. */
export function directiveNames({ tokens }: TextTokens): readonly NameUse[] {
  return tokens.flatMap((word, i): readonly NameUse[] => {
    const dot = tokens[i - 1];
    const isDirective =
      dot?.tokenType === words.Dot &&
      words.endOf(dot) === word.startOffset &&
      DIRECTIVES.has(word.image);
    return isDirective ? relationAt(tokens[i + 1]) : [];
  });
}

const DIRECTIVES: ReadonlySet<string> = new Set(["input", "output", "static", "async", "persist"]);

/** What comments of other notations declare: `// clew: durable log`. */
export function annotatedNames({ comments }: TextTokens): readonly NameUse[] {
  return comments.flatMap(({ image, startOffset }): readonly NameUse[] => {
    const mark = /^(?:\/\/|#|\/\*)\s*clew:/.exec(image)?.[0];
    if (mark === undefined) return [];
    const { tokens } = words.scan(image.slice(mark.length));
    if (tokens.length === 0 || !isDeclaration(tokens)) return [];
    const shift = startOffset + mark.length;
    return declaredNames({ tokens, comments: [], statements: [tokens] }).map((use) => ({
      ...use,
      span: { start: use.span.start + shift, end: use.span.end + shift },
    }));
  });
}

/** The relation and, where its rule stands with it, those that the rule reads: `r_everywhere` is r at all nodes. */
function globalRuleNames(tokens: readonly IToken[]): readonly NameUse[] {
  const read = tokens.slice(2).filter((token, i) => {
    const next = tokens[i + 3]?.tokenType;
    return token.tokenType === words.Identifier && next === words.LeftParenthesis;
  });
  return [
    ...relationAt(tokens[1]),
    ...read.map((token): NameUse => {
      const name = words.nameOf(token).replace(/_everywhere$/, "");
      const { start } = words.spanOf(token);
      const span = { start, end: start + name.length };
      return { kind: "relation", role: "read", name, span };
    }),
  ];
}

/** Up to the first closing parenthesis: a name after `(`, a comma or an arrow is an attribute, one after a colon a type. */
function listedAttributes(tokens: readonly IToken[]): readonly NameUse[] {
  const end = tokens.findIndex((t) => t.tokenType === words.RightParenthesis);
  return tokens.slice(3, end < 0 ? undefined : end).flatMap((token, i) => {
    const before = tokens[i + 2]!.tokenType;
    return before === words.Colon ? [] : attributeAt(token, tokens[1]!, true);
  });
}

/** `fd r: a, b -> [f] c`, also without the brackets. */
function dependencyNames(tokens: readonly IToken[]): readonly NameUse[] {
  const arrow = tokens.findIndex((t) => t.tokenType === words.RightArrow);
  const names = tokens.slice(2).filter((t) => t.tokenType === words.Identifier);
  const after = names.filter((t) => arrow >= 0 && t.startOffset > tokens[arrow]!.startOffset);
  const through = after.length > 1 ? after[0] : undefined;
  return [
    ...relationAt(tokens[1]),
    ...names.flatMap((t) => (t === through ? relationAt(t) : attributeAt(t, tokens[1]!, false))),
  ];
}

function relationAt(token: IToken | undefined): readonly NameUse[] {
  if (token?.tokenType !== words.Identifier) return [];
  return [
    {
      kind: "relation",
      role: "declaration",
      name: words.nameOf(token),
      span: words.spanOf(token),
    },
  ];
}

function attributeAt(
  token: IToken | undefined,
  relation: IToken,
  declares: boolean,
): readonly NameUse[] {
  if (token?.tokenType !== words.Identifier) return [];
  return [
    {
      kind: "attribute",
      relation: words.nameOf(relation),
      declares,
      name: words.nameOf(token),
      span: words.spanOf(token),
    },
  ];
}

/** In rules that cannot be read a name with a parenthesis after it is a relation's, or one with a destination. */
export function namesInBroken(
  { tokens }: TextTokens,
  broken: readonly BrokenRule[],
): readonly NameUse[] {
  if (broken.length === 0) return [];
  return tokens.flatMap((token, i): readonly NameUse[] => {
    const next = tokens[i + 1]?.tokenType;
    const named =
      token.tokenType === words.Identifier &&
      (next === words.LeftParenthesis || next === words.At) &&
      broken.some(({ span }) => span.start <= token.startOffset && token.startOffset < span.end);
    if (!named) return [];
    const name = words.nameOf(token);
    return [{ kind: "relation", role: "broken", name, span: words.spanOf(token) }];
  });
}
