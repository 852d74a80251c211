import type { RelationLiteral, RelationName } from "../program/program.ts";
import type { AnalyzedProgram, RelationKind, RuleInfo } from "./analyzedProgram.ts";

/** "Rule 8, collector, sends outInconsistent, reads acks twice" (ui.md, "Accessibility"). */
export function describeRule(p: AnalyzedProgram, info: RuleInfo): string {
  const { rule, number, component } = info;
  const clauses = [`Rule ${number}`, component, derives(info)];
  const read = reads(p, rule.body.filter(isPositive));
  if (read.length > 0) clauses.push(`reads ${list(read)}`);
  const absent = reads(p, rule.body.filter(isNegated));
  if (absent.length > 0) clauses.push(`asks that ${list(absent)} is absent`);
  return clauses.join(", ");
}

/** "Relation acks, leader, kept by rule 4, derived by rule 3, read by rules 5, 6 and 8" */
export function describeNode(node: {
  readonly kind: RelationKind;
  readonly relation: RelationName;
  readonly where: string;
  /** "sent by clients" */
  readonly sender: string | undefined;
  readonly keptBy: readonly number[];
  readonly derivedBy: readonly number[];
  readonly readBy: readonly number[];
}): string {
  const sent = node.kind === "chan" || node.where === "to clients";
  const clauses = [`${KIND_WORDS[node.kind]} ${node.relation}`, node.where];
  if (node.sender !== undefined) clauses.push(node.sender);
  if (node.keptBy.length > 0) clauses.push(`kept by ${ruleNumbers(node.keptBy)}`);
  if (node.derivedBy.length > 0) {
    clauses.push(`${sent ? "sent" : "derived"} by ${ruleNumbers(node.derivedBy)}`);
  }
  if (node.readBy.length > 0) clauses.push(`read by ${ruleNumbers(node.readBy)}`);
  return clauses.join(", ");
}

/** "3 nodes", "5 partitions by id", "3 nodes of 5 partitions by id"; empty for one node. */
export function groupWords(group: {
  readonly instances: number;
  readonly partitions: number;
  readonly by: readonly string[];
}): string {
  const { partitions } = group;
  const originals = Math.max(1, Math.round(group.instances / partitions));
  if (partitions <= 1) return originals > 1 ? `${originals} nodes` : "";
  const by = group.by.length === 0 ? "" : ` by ${group.by.join(", ")}`;
  return `${originals > 1 ? `${originals} nodes of ` : ""}${partitions} partitions${by}`;
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** "a", "a and b", "a, b and c" */
export function list(items: readonly string[]): string {
  const last = items.at(-1) ?? "";
  return items.length < 2 ? last : `${items.slice(0, -1).join(", ")} and ${last}`;
}

const KIND_WORDS: Readonly<Record<RelationKind, string>> = {
  "edb.static": "Constant relation",
  "edb.node": "Constant relation",
  func: "Function",
  builtin: "Function",
  chan: "Channel",
  env: "Input",
  local: "Relation",
};

function ruleNumbers(numbers: readonly number[]): string {
  return `rule${numbers.length === 1 ? "" : "s"} ${list(numbers.map(String))}`;
}

function derives({ rule }: RuleInfo): string {
  const { relation, timing } = rule.head;
  switch (timing.kind) {
    case "now":
      return `derives ${relation}`;
    case "next":
      return `derives ${relation} for the next tick`;
    case "async":
      return `sends ${relation}`;
  }
}

/** Names in body order, constants and functions left out, repeated ones counted. */
function reads(p: AnalyzedProgram, literals: readonly RelationLiteral[]): readonly string[] {
  const counts = new Map<RelationName, number>();
  for (const { relation } of literals) {
    if (isSilent(p.relations.get(relation)?.kind)) continue;
    counts.set(relation, (counts.get(relation) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => (count === 1 ? name : `${name} ${times(count)}`));
}

function times(count: number): string {
  return count === 2 ? "twice" : `${count} times`;
}

function isSilent(kind: RelationKind | undefined): boolean {
  return kind === "edb.static" || kind === "edb.node" || kind === "func" || kind === "builtin";
}

type BodyLiteral = RuleInfo["rule"]["body"][number];

function isPositive(literal: BodyLiteral): literal is RelationLiteral {
  return literal.kind === "relation" && !literal.negated;
}

function isNegated(literal: BodyLiteral): literal is RelationLiteral {
  return literal.kind === "relation" && literal.negated;
}
