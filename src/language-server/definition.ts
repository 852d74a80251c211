import type { Location, Position } from "vscode-languageserver-types";
import { patternVariables } from "../program/variables.ts";
import type { LanguageDocument } from "./languageDocument.ts";
import type { NameUse } from "./nameUse.ts";
import { nameAt, sameName } from "./textNames.ts";
import { contains, offsetAt, rangeOf } from "./textLines.ts";

/** Where the facts of a relation come from, where a variable gets its value, where a component stands. */
export function definition(
  document: LanguageDocument,
  position: Position,
  uri: string,
): readonly Location[] {
  const use = nameAt(document, offsetAt(document.lines, position));
  if (use === undefined) return [];
  return definingUses(document, use).map(({ span }) => ({
    uri,
    range: rangeOf(document.lines, span),
  }));
}

function definingUses(document: LanguageDocument, use: NameUse): readonly NameUse[] {
  const uses = sameName(document, use);
  switch (use.kind) {
    case "relation":
      return relationDefinitions(document, use, uses);
    case "component":
      return uses;
    case "attribute":
      return uses.filter((u) => u.kind === "attribute" && u.declares);
    case "variable":
      return uses.filter((u) => binds(document, u)).slice(0, 1);
  }
}

/** The rules that derive it, of the reading component where it is local; else what declares it. */
function relationDefinitions(
  document: LanguageDocument,
  use: NameUse & { readonly kind: "relation" },
  uses: readonly NameUse[],
): readonly NameUse[] {
  const relations = uses.filter((u) => u.kind === "relation");
  const heads = relations.filter((u) => u.role === "head");
  const declarations = relations.filter((u) => u.role === "declaration");
  if (heads.length === 0) return declarations;
  if (document.analyzed.relations.get(use.name)?.kind !== "local") return heads;
  const own = heads.filter((u) => u.component === use.component);
  return own.length > 0 ? own : heads;
}

/** In a positive literal that matches it, or on the left of `:=`. */
function binds(document: LanguageDocument, use: NameUse): boolean {
  if (use.kind !== "variable") return false;
  const spans = document.read.sourceMap.rules.get(use.rule);
  const index = spans?.literals.findIndex((l) => contains(l, use.span)) ?? -1;
  const literal = document.analyzed.rules.get(use.rule)?.rule.body[index];
  switch (literal?.kind) {
    case "relation":
      return !literal.negated && literal.terms.flatMap(patternVariables).includes(use.name);
    case "assignment":
      return literal.variable === use.name;
    case "comparison":
    case undefined:
      return false;
  }
}
