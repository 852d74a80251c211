import type { SemanticTokensLegend } from "vscode-languageserver-types";

export const TYPES = [
  "namespace",
  "function",
  "event",
  "class",
  "variable",
  "property",
  "keyword",
  "comment",
  "string",
  "number",
  "decorator",
] as const;
export const MODIFIERS = ["declaration", "definition", "readonly", "async"] as const;
export type TokenType = (typeof TYPES)[number];
export type Modifier = (typeof MODIFIERS)[number];

/** A channel is an `event`, any other relation a `class`, `@next` and `@async` are decorators. */
export const semanticTokensLegend: SemanticTokensLegend = {
  tokenTypes: [...TYPES],
  tokenModifiers: [...MODIFIERS],
};
