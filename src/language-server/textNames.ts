import type { ComponentName, Rule } from "../program/program.ts";
import { writtenName } from "../syntax/unreadableNames.ts";
import {
  annotatedNames,
  declaredNames,
  directiveNames,
  namesInBroken,
  tokensOf,
} from "./declaredNames.ts";
import type { LanguageDocument } from "./languageDocument.ts";
import type { NameUse } from "./nameUse.ts";
import { contains } from "./textLines.ts";

const memo = new WeakMap<LanguageDocument, readonly NameUse[]>();

/** Every name in the text, in text order. */
export function namesOf(document: LanguageDocument): readonly NameUse[] {
  let found = memo.get(document);
  if (found === undefined) memo.set(document, (found = collect(document)));
  return found;
}

/** The name at an offset; one that ends there counts when none begins there. */
export function nameAt(document: LanguageDocument, offset: number): NameUse | undefined {
  const touching = namesOf(document).filter(
    ({ span }) => span.start <= offset && offset <= span.end,
  );
  return touching.find(({ span }) => offset < span.end) ?? touching[0];
}

/** All places that mean the same thing as the given one. */
export function sameName(document: LanguageDocument, use: NameUse): readonly NameUse[] {
  return namesOf(document).filter((other) => {
    if (other.name !== use.name || other.kind !== use.kind) return false;
    switch (use.kind) {
      case "relation":
      case "component":
        return true;
      case "variable":
        return other.kind === "variable" && other.rule === use.rule;
      case "attribute":
        return other.kind === "attribute" && other.relation === use.relation;
    }
  });
}

function collect(document: LanguageDocument): readonly NameUse[] {
  const { sourceMap, dialect } = document.read;
  const uses = new Map<number, NameUse>();
  const add = (use: NameUse): void => {
    if (!uses.has(use.span.start)) uses.set(use.span.start, use);
  };
  for (const { rule, component } of document.analyzed.rules.values()) {
    for (const use of ruleNames(document, rule, component)) add(use);
  }
  for (const [name, { name: span }] of sourceMap.components) add({ kind: "component", name, span });
  const tokens = tokensOf(document);
  const hasDeclarations = dialect === "compact" || dialect === "paper";
  const declared = hasDeclarations ? declaredNames(tokens) : annotatedNames(tokens);
  for (const use of declared) add(use);
  if (dialect === "hydroflow") for (const use of directiveNames(tokens)) add(use);
  for (const use of namesInBroken(tokens, document.read.broken)) add(use);
  return [...uses.values()].toSorted((a, b) => a.span.start - b.span.start);
}

function ruleNames(
  document: LanguageDocument,
  rule: Rule,
  component: ComponentName,
): readonly NameUse[] {
  const spans = document.read.sourceMap.rules.get(rule.id);
  if (spans === undefined) return [];
  return spans.names.flatMap(({ kind, name, span }): readonly NameUse[] => {
    if (kind === "variable") return [{ kind, name, span, rule: rule.id }];
    const own = { kind, name, span, rule: rule.id, component } as const;
    if (contains(spans.head, span)) return [{ ...own, role: "head" }];
    const literal = rule.body[spans.literals.findIndex((l) => contains(l, span))];
    // `delay` of paper notation is part of the head's timing.
    if (literal?.kind !== "relation") return [];
    // Molly's `r@1` and r at another node have relations of their own.
    const isWritten = document.read.dialect === "molly" && writtenName(literal.relation) === name;
    if (literal.relation !== name && !isWritten) return [];
    return [{ ...own, role: literal.negated ? "absent" : "read" }];
  });
}
