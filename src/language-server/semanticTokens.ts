import type { SemanticTokens } from "vscode-languageserver-types";
import type { IToken } from "chevrotain";
import * as words from "../syntax/tokens.ts";
import { tokensOf } from "./declaredNames.ts";
import type { LanguageDocument } from "./languageDocument.ts";
import type { NameUse } from "./nameUse.ts";
import { MODIFIERS, TYPES } from "./semanticTokensLegend.ts";
import type { Modifier, TokenType } from "./semanticTokensLegend.ts";
import type { TextFile } from "./textFiles.ts";
import { namesOf } from "./textNames.ts";
import { positionAt } from "./textLines.ts";

interface Painted {
  readonly start: number;
  readonly length: number;
  readonly type: TokenType;
  readonly modifiers: readonly Modifier[];
}

/** What each word of a file is, in LSP's relative form. */
export function semanticTokens(
  document: LanguageDocument,
  file: TextFile = document.files[0]!,
): SemanticTokens {
  const data: number[] = [];
  let [line, character] = [file.firstLine, 0];
  for (const token of painted(document)) {
    if (token.start < file.span.start || token.start >= file.span.end) continue;
    const at = positionAt(document.lines, token.start);
    const sameLine = at.line === line;
    data.push(
      at.line - line,
      sameLine ? at.character - character : at.character,
      token.length,
      TYPES.indexOf(token.type),
      token.modifiers.reduce((bits, m) => bits | (1 << MODIFIERS.indexOf(m)), 0),
    );
    ({ line, character } = at);
  }
  return { data };
}

function painted(document: LanguageDocument): readonly Painted[] {
  const named = new Map(namesOf(document).map((use) => [use.span.start, use]));
  const { tokens, comments, statements } = tokensOf(document);
  const starters = new Set(statements.map(([first]) => first));
  return [
    ...tokens.flatMap((token, i): readonly Painted[] => {
      const use = named.get(token.startOffset);
      if (use !== undefined) return [namePaint(document, use)];
      return wordPaint(token, tokens[i + 1], starters.has(token));
    }),
    ...comments.flatMap(commentPaint),
  ].toSorted((a, b) => a.start - b.start);
}

function namePaint(document: LanguageDocument, use: NameUse): Painted {
  const at = { start: use.span.start, length: use.span.end - use.span.start };
  switch (use.kind) {
    case "component":
      return { ...at, type: "namespace", modifiers: ["declaration"] };
    case "variable":
      return { ...at, type: "variable", modifiers: [] };
    case "attribute":
      return { ...at, type: "property", modifiers: use.declares ? ["declaration"] : [] };
    case "relation":
      return relationPaint(document, use, at);
  }
}

function relationPaint(
  { analyzed }: LanguageDocument,
  use: NameUse & { readonly kind: "relation" },
  at: { readonly start: number; readonly length: number },
): Painted {
  const kind = analyzed.relations.get(use.name)?.kind;
  const role: readonly Modifier[] =
    use.role === "head" ? ["definition"] : use.role === "declaration" ? ["declaration"] : [];
  switch (kind) {
    case "func":
    case "builtin":
      return { ...at, type: "function", modifiers: role };
    case "edb.static":
    case "edb.node":
      return { ...at, type: "class", modifiers: [...role, "readonly"] };
    case "env":
    case "chan":
      return { ...at, type: "event", modifiers: [...role, "async"] };
    case "local":
    case undefined:
      return { ...at, type: "class", modifiers: role };
  }
}

/** Words without a name: constants, tags, what begins a declaration, and the operators of aggregates. */
function wordPaint(token: IToken, next: IToken | undefined, begins: boolean): readonly Painted[] {
  const paint = (type: TokenType, ...modifiers: readonly Modifier[]): readonly Painted[] => [
    { start: token.startOffset, length: token.image.length, type, modifiers },
  ];
  switch (token.tokenType) {
    case words.StringLiteral:
    case words.AddressLiteral:
      return paint("string");
    case words.Integer:
    case words.Decimal:
    case words.BytesLiteral:
      return paint("number");
    case words.True:
    case words.False:
      return paint("keyword");
    case words.NextTag:
      return paint("decorator");
    case words.AsyncTag:
      return paint("decorator", "async");
    case words.Identifier: {
      const aggregate =
        next?.tokenType === words.LessThan &&
        /^(count|sum|min|max|choose|collect|seal|cert)$/.test(token.image);
      const opens = begins && next?.tokenType === words.Identifier;
      return aggregate || opens || KEYWORDS.has(token.image) ? paint("keyword") : [];
    }
    default:
      return [];
  }
}

/** Keywords that do not begin their statement. */
const KEYWORDS: ReadonlySet<string> = new Set(["component", "by", "every", "of", "delay"]);

/** No token goes over a line's end. */
function commentPaint({ startOffset, image }: IToken): readonly Painted[] {
  return [...image.matchAll(/[^\r\n]+/g)].map((line) => ({
    start: startOffset + line.index,
    length: line[0].length,
    type: "comment",
    modifiers: [],
  }));
}
