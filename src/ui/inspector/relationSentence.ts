import type { RuleId } from "../../program/program.ts";
import type { ProgramView, RelationView } from "../../workers/workspaceApi.ts";

/** "A channel. Derived by rule 2; read by rules 3 and 4; kept by rule 4." */
export function relationSentence(relation: RelationView, view: ProgramView): string {
  const derived = view.rules.filter((rule) => rule.head === relation.name);
  const read = view.rules.filter((rule) => rule.literals.some((l) => l.relation === relation.name));
  const parts = [
    derived.length > 0 ? `derived by ${ruleNumbers(derived)}` : "",
    read.length > 0 ? `read by ${ruleNumbers(read)}` : "",
    relation.keptBy.length > 0 ? `kept by ${numbersOf(relation.keptBy, view)}` : "",
  ].filter((part) => part !== "");
  const uses = parts.join("; ");
  return `${kindWords(relation)}${uses === "" ? "" : ` ${uses[0]!.toUpperCase()}${uses.slice(1)}.`}`;
}

export function kindWords(relation: RelationView): string {
  switch (relation.kind) {
    case "edb.static":
      return "Constant, the same at every node.";
    case "edb.node":
      return "Constant, each node has its own.";
    case "func":
      return "A function.";
    case "builtin":
      return "Known to every node.";
    case "env":
      return relation.timerMs === undefined
        ? "Clients send it."
        : `A timer, every ${relation.timerMs} ms.`;
    case "chan":
      return relation.toClients ? "Messages to clients." : "Messages between nodes.";
    case "local":
      return relation.toClients ? "Messages to clients." : "Facts of one node.";
  }
}

export function numbersOf(rules: readonly RuleId[], view: ProgramView): string {
  return ruleNumbers(view.rules.filter((rule) => rules.includes(rule.id)));
}

/** "rule 8", "rules 2 and 3", "rules 2, 3 and 6" */
export function ruleNumbers(rules: readonly { readonly number: number }[]): string {
  const numbers = rules.map((rule) => String(rule.number));
  if (numbers.length === 1) return `rule ${numbers[0]}`;
  return `rules ${numbers.slice(0, -1).join(", ")} and ${numbers.at(-1)}`;
}
