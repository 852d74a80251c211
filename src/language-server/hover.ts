import type { Hover, Position } from "vscode-languageserver-types";
import type { AnalyzedProgram, RelationInfo } from "../analysis/analyzedProgram.ts";
import { DOWN } from "../analysis/globalRules.ts";
import { allDeclarations } from "../analysis/occurrences.ts";
import { capitalized, ruleName, ruleNames } from "../analysis/wording.ts";
import { BUILTIN_FUNCTIONS, functionSignature } from "../program/functions.ts";
import type { FunctionSignature } from "../program/functions.ts";
import { printDeclaration } from "../program/printDeclaration.ts";
import type { ComponentName, RelationName, RuleId } from "../program/program.ts";
import { aggregateAt } from "./aggregateAt.ts";
import type { LanguageDocument } from "./languageDocument.ts";
import type { NameUse } from "./nameUse.ts";
import * as facts from "./relationFacts.ts";
import { nameAt } from "./textNames.ts";
import { offsetAt, rangeOf } from "./textLines.ts";

/** What is known of the name at a position, in Markdown; null where there is none. */
export function hover(document: LanguageDocument, position: Position): Hover | null {
  const offset = offsetAt(document.lines, position);
  const use = nameAt(document, offset);
  if (use === undefined) return aggregateHover(document, offset);
  const paragraphs = describe(document, use);
  if (paragraphs.length === 0) return null;
  return {
    contents: { kind: "markdown", value: paragraphs.join("\n\n") },
    range: rangeOf(document.lines, use.span),
  };
}

function aggregateHover(document: LanguageDocument, offset: number): Hover | null {
  const found = aggregateAt(document, offset);
  if (found === undefined) return null;
  const value = [code(found.written), capitalized(found.sentence)].join("\n\n");
  return { contents: { kind: "markdown", value }, range: rangeOf(document.lines, found.span) };
}

function describe(document: LanguageDocument, use: NameUse): readonly string[] {
  const p = document.analyzed;
  switch (use.kind) {
    case "relation": {
      const info = p.relations.get(use.name);
      return info === undefined ? globalParagraphs(p, use.name) : relationParagraphs(p, info);
    }
    case "variable":
      return variableParagraphs(document, use.name, use.rule);
    case "component":
      return componentParagraphs(p, use.name);
    case "attribute": {
      const type = p.relations.get(use.relation)?.attributes.find((a) => a.name === use.name)?.type;
      const typed = type === undefined ? use.name : `${use.name}: ${type}`;
      return [code(typed), `An attribute of \`${use.relation}\`.`];
    }
  }
}

/** What no node has: a relation about the whole system, with its rules, or who is down. */
function globalParagraphs({ program }: AnalyzedProgram, name: RelationName): readonly string[] {
  if (name === DOWN) return ["Holds of a node that has crashed and not started again."];
  const stated = allDeclarations(program).filter(
    (d) => (d.kind === "invariant" || d.kind === "global") && d.relation === name,
  );
  if (stated.length === 0) return [];
  const must = stated.some(({ kind }) => kind === "invariant") ? " It must stay empty." : "";
  return [
    code(stated.map(printDeclaration).join("\n")),
    `About the whole system: no node has it, simulated runs are looked at for it.${must}`,
  ];
}

/** Also what completion shows beside a relation. */
export function relationParagraphs(p: AnalyzedProgram, info: RelationInfo): readonly string[] {
  if (info.kind === "func") return functionParagraphs(p, info);
  const dependencies = facts.dependencyTexts(p, info);
  const held = [
    ...facts.keptSentences(p, info),
    facts.monotoneSentence(p, info),
    ...facts.stratumSentences(p, info),
  ].filter((sentence) => sentence !== undefined);
  return [
    code(facts.signatureOf(info)),
    sentences(facts.kindSentence(info), facts.usesSentence(p, info.name)),
    sentences(...held),
    facts.coordinationSentence(p, info) ?? "",
    dependencies.length === 0
      ? ""
      : `Always: ${dependencies.map((text) => `\`${text}\``).join(", ")}.`,
  ].filter((paragraph) => paragraph !== "");
}

/** Every function of that name, each with what it does. */
function functionParagraphs(p: AnalyzedProgram, info: RelationInfo): readonly string[] {
  const declared = functionSignature(p.program, info.name, info.arity);
  const builtin = BUILTIN_FUNCTIONS.filter((f) => f.name === info.name);
  const all = declared === undefined || builtin.includes(declared) ? builtin : [declared];
  return [
    ...all.flatMap((f) => [code(functionText(f)), f.documentation]),
    facts.usesSentence(p, info.name),
  ].filter((paragraph) => paragraph !== "");
}

/** `hash(x, bits: int -> h: int)` */
export function functionText({ name, inputs, outputs }: FunctionSignature): string {
  const list = (attributes: typeof inputs): string =>
    attributes.map((a) => (a.type === undefined ? a.name : `${a.name}: ${a.type}`)).join(", ");
  return `${name}(${[list(inputs), list(outputs)].filter((s) => s !== "").join(" -> ")})`;
}

/** What a variable stands for: the attributes that it is matched with. */
function variableParagraphs(
  document: LanguageDocument,
  name: string,
  ruleId: RuleId,
): readonly string[] {
  const p = document.analyzed;
  const rule = p.rules.get(ruleId)!.rule;
  const places = rule.body.flatMap((literal) => {
    if (literal.kind !== "relation" || literal.negated) return [];
    return literal.terms.flatMap((term, i) => {
      if (term.kind !== "variable" || term.name !== name) return [];
      const attribute = p.relations.get(literal.relation)?.attributes[i];
      return attribute === undefined ? [] : [{ relation: literal.relation, attribute }];
    });
  });
  const type = places.find(({ attribute }) => attribute.type !== undefined)?.attribute.type;
  const from = [...new Set(places.map((at) => `\`${at.relation}.${at.attribute.name}\``))];
  return [
    code(type === undefined ? name : `${name}: ${type}`),
    sentences(
      `A variable of ${ruleName(p, ruleId)}.`,
      from.length === 0 ? "" : `From ${from.join(", ")}.`,
    ),
  ];
}

function componentParagraphs(p: AnalyzedProgram, name: ComponentName): readonly string[] {
  const component = p.program.components.find((c) => c.name === name);
  if (component === undefined) return [];
  const nodes = p.deployment?.instances[name]?.length;
  const rules = component.rules.map((rule) => rule.id);
  return [
    code(`component ${name}`),
    sentences(
      rules.length === 0 ? "" : `${capitalized(ruleNames(p, rules))}.`,
      nodes === undefined ? "" : nodes === 1 ? "One node." : `${nodes} nodes.`,
    ),
  ];
}

function code(text: string): string {
  return `\`\`\`dedalus\n${text}\n\`\`\``;
}

function sentences(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" ");
}
