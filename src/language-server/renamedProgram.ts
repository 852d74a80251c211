import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { printCompact } from "../program/printCompact.ts";
import type { Component, Declaration, Program, Rule, RuleId } from "../program/program.ts";
import { mapDeclaration } from "../syntax/mapRule.ts";
import { renameVariable, renameVariableInHead } from "../syntax/renameVariable.ts";
import { writtenName } from "../syntax/unreadableNames.ts";
import type { NameChange } from "./renames.ts";

/** One name given to something else, in the program's own terms. */
export type ProgramRename =
  /** `madeUp`: the reader makes up names from it, which follow. */
  | ({ readonly kind: "relation"; readonly madeUp: boolean } & NameChange)
  | ({ readonly kind: "component" } & NameChange)
  | ({ readonly kind: "variable"; readonly rule: RuleId } & NameChange)
  /** Nothing of the program but names of attributes. */
  | { readonly kind: "attribute" };

/**
 * A program's meaning as text, after a rename: what its names of attributes are does not count, only which attribute is
 * meant, since they follow the variables of rules.
 */
export function meaningText(p: AnalyzedProgram, rename?: ProgramRename): string {
  return printCompact({
    declarations: declarationsOf(p, p.program, rename),
    components: p.program.components.map((component) => ({
      ...component,
      name: renamed(component.name, "component", rename),
      declarations: declarationsOf(p, component, rename),
      rules: component.rules.map((rule) => ruleAfter(rule, rename)),
    })),
  });
}

function renamed(name: string, kind: "relation" | "component", rename?: ProgramRename): string {
  if (rename?.kind !== kind) return name;
  const { from, to } = rename;
  const follows = rename.kind === "relation" && rename.madeUp && writtenName(name) === from;
  return follows || name === from ? `${to}${name.slice(from.length)}` : name;
}

function ruleAfter(rule: Rule, rename: ProgramRename | undefined): Rule {
  switch (rename?.kind) {
    case "relation":
      return {
        ...rule,
        head: { ...rule.head, relation: renamed(rule.head.relation, "relation", rename) },
        body: rule.body.map((l) =>
          l.kind === "relation" ? { ...l, relation: renamed(l.relation, "relation", rename) } : l,
        ),
      };
    case "variable":
      return rule.id !== rename.rule
        ? rule
        : {
            ...rule,
            head: renameVariableInHead(rule.head, rename.from, rename.to),
            body: rule.body.map((l) => renameVariable(l, rename.from, rename.to)),
          };
    case "component":
    case "attribute":
    case undefined:
      return rule;
  }
}

function declarationsOf(
  p: AnalyzedProgram,
  scope: Program | Component,
  rename: ProgramRename | undefined,
): readonly Declaration[] {
  const named = (name: string): string => renamed(name, "relation", rename);
  const position = (relation: string, attribute: string): string =>
    `a${p.relations.get(relation)?.attributes.findIndex((a) => a.name === attribute) ?? -1}`;
  return scope.declarations.map((d): Declaration => {
    switch (d.kind) {
      case "relation": {
        const attributes = d.attributes.map((a, i) => ({ ...a, name: `a${i}` }));
        return { ...d, relation: named(d.relation), attributes };
      }
      case "timer":
      case "durable":
      case "sink":
      case "snippet":
        return { ...d, relation: named(d.relation) };
      case "invariant":
      case "global":
        return mapDeclaration(d, named);
      case "dependency":
        return {
          ...d,
          relation: named(d.relation),
          from: d.from.map((a) => position(d.relation, a)),
          to: position(d.relation, d.to),
          ...(d.function !== undefined && { function: named(d.function) }),
        };
      case "injective":
        return { ...d, function: named(d.function) };
      case "function":
        return {
          ...d,
          function: named(d.function),
          inputs: d.inputs.map((a, i) => ({ ...a, name: `a${i}` })),
          outputs: d.outputs.map((a, i) => ({ ...a, name: `b${i}` })),
        };
      case "within":
        return {
          ...d,
          relation: named(d.relation),
          attribute: position(d.relation, d.attribute),
          of: named(d.of),
        };
    }
  });
}
