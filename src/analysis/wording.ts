import type { Aggregate, RelationName, Rule, RuleId } from "../program/program.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";

/** Relations go by name, in backticks (ui.md, Words). */
export function quoted(relation: RelationName): string {
  return `\`${relation}\``;
}

export function ruleNumber(p: AnalyzedProgram, rule: RuleId): number {
  const info = p.rules.get(rule);
  if (info === undefined) throw new Error(`no rule ${rule}`);
  return info.number;
}

/** "rule 3", by the number the gutter shows. */
export function ruleName(p: AnalyzedProgram, rule: RuleId): string {
  return `rule ${ruleNumber(p, rule)}`;
}

/** "rule 3", "rules 3 and 5", "rules 2, 3 and 5": ordered, without repeats. */
export function ruleNames(p: AnalyzedProgram, rules: Iterable<RuleId>): string {
  const numbers = [...new Set([...rules].map((rule) => ruleNumber(p, rule)))].sort((a, b) => a - b);
  return `${numbers.length === 1 ? "rule" : "rules"} ${joined(numbers.map(String))}`;
}

/** "a", "a and b", "a, b and c" */
export function joined(words: readonly string[]): string {
  if (words.length <= 1) return words[0] ?? "";
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

export function capitalized(sentence: string): string {
  return sentence.slice(0, 1).toUpperCase() + sentence.slice(1);
}

function aggregateOf(rule: Rule): Aggregate | undefined {
  return rule.head.terms.find((term): term is Aggregate => term.kind === "aggregate");
}

/** What happens to the facts of a group: "counted". */
export function aggregatedWord(rule: Rule): string {
  switch (aggregateOf(rule)?.operator) {
    case "count":
      return "counted";
    case "sum":
      return "summed up";
    case "min":
    case "max":
      return "compared";
    case "choose":
      return "chosen from";
    case "collect":
    case "seal":
      return "collected";
    case undefined:
      throw new Error(`${rule.id} has no aggregate`);
  }
}

/** What a rule with aggregates does, as a verb: "counts". */
export function aggregateVerb(rule: Rule): string {
  switch (aggregateOf(rule)?.operator) {
    case "count":
      return "counts";
    case "sum":
      return "sums up";
    case "min":
      return "takes a minimum";
    case "max":
      return "takes a maximum";
    case "choose":
      return "chooses one";
    case "collect":
      return "collects a set";
    case "seal":
      return "seals a set";
    case undefined:
      throw new Error(`${rule.id} has no aggregate`);
  }
}

/** "1 attribute", "3 attributes" */
export function attributeCount(terms: number): string {
  return terms === 1 ? "1 attribute" : `${terms} attributes`;
}
