import type { Position, SignatureHelp, SignatureInformation } from "vscode-languageserver-types";
import type { IToken } from "chevrotain";
import { BUILTIN_FUNCTIONS } from "../program/functions.ts";
import type { Attribute, RelationName } from "../program/program.ts";
import * as words from "../syntax/tokens.ts";
import { tokensOf } from "./declaredNames.ts";
import type { LanguageDocument } from "./languageDocument.ts";
import { kindSentence, usesSentence } from "./relationFacts.ts";
import { offsetAt } from "./textLines.ts";
import { writtenAttributes } from "./writtenAttributes.ts";

/** The attributes of the relation, or the functions, whose parentheses a position is in. */
export function signatureHelp(
  document: LanguageDocument,
  position: Position,
): SignatureHelp | null {
  const call = callAt(tokensOf(document).tokens, offsetAt(document.lines, position));
  if (call === undefined) return null;
  const signatures = signaturesOf(document, call);
  if (signatures.length === 0) return null;
  const fits = signatures.findIndex((s) => (s.parameters?.length ?? 0) > call.argument);
  return {
    signatures: [...signatures],
    activeSignature: Math.max(0, fits),
    activeParameter: call.argument,
  };
}

export interface Call {
  readonly name: RelationName;
  /** From 0. */
  readonly argument: number;
  /** Just past its parenthesis. */
  readonly start: number;
}

/** The innermost `name(` that is open before an offset, as far back as its statement can reach. */
export function callAt(tokens: readonly IToken[], offset: number): Call | undefined {
  const before = tokens.filter((t) => words.endOf(t) <= offset);
  let depth = 0;
  let argument = 0;
  for (let i = before.length - 1; i >= 0; i--) {
    const { tokenType } = before[i]!;
    if (tokenType === words.RightParenthesis) depth++;
    else if (tokenType === words.Comma && depth === 0) argument++;
    else if (ENDS.has(tokenType) && depth === 0) return undefined;
    else if (tokenType === words.LeftParenthesis) {
      if (depth-- > 0) continue;
      // Hydroflow writes the destination between them: `r@d(`.
      const name = before[before[i - 2]?.tokenType === words.At ? i - 3 : i - 1];
      if (name?.tokenType === words.Identifier)
        return { name: words.nameOf(name), argument, start: words.endOf(before[i]!) };
      // Inside a tuple: its commas are not the literal's.
      depth = 0;
      argument = 0;
    }
  }
  return undefined;
}

const ENDS: ReadonlySet<unknown> = new Set([
  words.Turnstile,
  words.LeftBrace,
  words.RightBrace,
  words.Semicolon,
  words.Dot,
]);

function signaturesOf(
  document: LanguageDocument,
  { name, start }: Call,
): readonly SignatureInformation[] {
  const { analyzed: p, read, text } = document;
  const info = p.relations.get(name);
  const builtin = BUILTIN_FUNCTIONS.filter((f) => f.name === name);
  // In other notations these names are relations like others.
  const hasFunctions = read.dialect === "compact" || read.dialect === "paper";
  if (builtin.length > 0 && hasFunctions && (info === undefined || info.kind === "func")) {
    return builtin.map((f) => signature(name, f.inputs, f.outputs, f.documentation));
  }
  if (info === undefined) return [];
  const documentation = [kindSentence(info), usesSentence(p, name)].filter((s) => s !== "");
  const marked = read.dialect === "prototype" && /^\s*#/.test(text.slice(start, start + 100));
  const place = marked ? [{ name: "#L" }] : [];
  const attributes = [...place, ...writtenAttributes(document, info)];
  return [signature(name, attributes, [], documentation.join(" "))];
}

/** Parameters are ranges of the label. */
function signature(
  name: string,
  inputs: readonly Attribute[],
  outputs: readonly Attribute[],
  documentation: string,
): SignatureInformation {
  let label = `${name}(`;
  const parameters = [...inputs, ...outputs].map((attribute, i) => {
    if (i > 0) label += i === inputs.length ? " -> " : ", ";
    const start = label.length;
    label += attribute.type === undefined ? attribute.name : `${attribute.name}: ${attribute.type}`;
    return { label: [start, label.length] as [number, number] };
  });
  return { label: `${label})`, documentation, parameters };
}
