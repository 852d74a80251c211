import type { DocumentHighlight, Location, Position } from "vscode-languageserver-types";
import type { LanguageDocument } from "./languageDocument.ts";
import type { NameUse } from "./nameUse.ts";
import { nameAt, sameName } from "./textNames.ts";
import { offsetAt, rangeOf } from "./textLines.ts";

/** Every place that means the same as the name at a position, over all components, in text order. */
export function references(
  document: LanguageDocument,
  position: Position,
  uri: string,
  options: { readonly includeDeclaration: boolean },
): readonly Location[] {
  return usesAt(document, position)
    .filter((use) => options.includeDeclaration || !defines(use))
    .map(({ span }) => ({ uri, range: rangeOf(document.lines, span) }));
}

/** The same places, told apart by whether facts come from there. */
export function highlights(
  document: LanguageDocument,
  position: Position,
): readonly DocumentHighlight[] {
  return usesAt(document, position).map((use) => ({
    range: rangeOf(document.lines, use.span),
    kind: use.kind === "relation" && use.role === "head" ? WRITE : READ,
  }));
}

const READ = 2;
const WRITE = 3;

function usesAt(document: LanguageDocument, position: Position): readonly NameUse[] {
  const use = nameAt(document, offsetAt(document.lines, position));
  return use === undefined ? [] : sameName(document, use);
}

function defines(use: NameUse): boolean {
  return use.kind === "relation" && (use.role === "head" || use.role === "declaration");
}
