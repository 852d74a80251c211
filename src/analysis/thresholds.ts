import type {
  AggregateOperator,
  ComparisonLiteral,
  ComponentName,
  RelationLiteral,
  Rule,
  Term,
} from "../program/program.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { componentRules, headRules, idbLiterals, kindOfRelation } from "./componentRules.ts";
import { headTermVariables } from "../program/variables.ts";

/** An aggregate that is read once, by a rule that compares it with a constant (T-unit, rewrites.md section 1.4). */
export interface Threshold {
  /** Fires for good once the bound is reached, or only while it is met exactly. */
  readonly kind: "monotone" | "exact";
  readonly operator: "count" | "max" | "min";
  readonly reader: Rule;
  /** Body index of the literal that tests the value. */
  readonly index: number;
  /** What it is compared with, as a reader of the program knows it: "3", "q". */
  readonly bound: string;
}

/** The threshold that an aggregate rule feeds, if its relation is used for nothing else. */
export function readsThreshold(
  p: AnalyzedProgram,
  component: ComponentName,
  rule: Rule,
): Threshold | undefined {
  const relation = rule.head.relation;
  const position = rule.head.terms.findIndex((term) => term.kind === "aggregate");
  const operator = operatorOf(rule, position);
  const readers = componentRules(p, component).readers.get(relation) ?? [];
  const [reader] = readers;
  if (operator === undefined || readers.length !== 1 || reader === undefined) return undefined;
  if (headRules(p, component, relation).all.length !== 1) return undefined;
  const literals = idbLiterals(p, reader);
  const [use] = literals;
  if (literals.length !== 1 || use === undefined || use.literal.negated) return undefined;
  const value = use.literal.terms[position];
  if (value?.kind === "constant") {
    return { kind: "exact", operator, reader, index: use.index, bound: shown(value) };
  }
  if (value?.kind !== "variable") return undefined;
  if (reader.head.terms.flatMap(headTermVariables).includes(value.name)) return undefined;
  return (
    comparisonOf(reader, value.name, operator) ??
    lookUpOf(p, reader, use.literal, value.name, operator)
  );
}

function operatorOf(rule: Rule, position: number): Threshold["operator"] | undefined {
  const term = rule.head.terms[position];
  const operator: AggregateOperator | undefined =
    term?.kind === "aggregate" ? term.operator : undefined;
  return operator === "count" || operator === "max" || operator === "min" ? operator : undefined;
}

function comparisonOf(
  reader: Rule,
  name: string,
  operator: Threshold["operator"],
): Threshold | undefined {
  for (const [index, literal] of reader.body.entries()) {
    if (literal.kind !== "comparison") continue;
    const sided = withValueLeft(literal, name);
    if (sided === undefined) continue;
    const reached = operator === "min" ? ["<=", "<"] : [">=", ">"];
    const kind = reached.includes(sided.operator) ? "monotone" : "exact";
    if (kind === "exact" && sided.operator !== "==") return undefined;
    return { kind, operator, reader, index, bound: shown(sided.right) };
  }
  return undefined;
}

/** `n(k, x), quorum(k)`: a join with EDB waits for exactly the value in the table. */
function lookUpOf(
  p: AnalyzedProgram,
  reader: Rule,
  use: RelationLiteral,
  name: string,
  operator: Threshold["operator"],
): Threshold | undefined {
  const index = reader.body.findIndex(
    (literal) =>
      literal.kind === "relation" &&
      literal !== use &&
      !literal.negated &&
      kindOfRelation(p, literal.relation) === "edb.static" &&
      literal.terms.some((term) => term.kind === "variable" && term.name === name),
  );
  const table = reader.body[index];
  if (table?.kind !== "relation") return undefined;
  return { kind: "exact", operator, reader, index, bound: table.relation };
}

const FLIPPED = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!=" } as const;

function withValueLeft(
  literal: ComparisonLiteral,
  name: string,
): { readonly operator: ComparisonLiteral["operator"]; readonly right: Term } | undefined {
  const { left, right, operator } = literal;
  if (left.kind === "variable" && left.name === name) return { operator, right };
  if (right.kind === "variable" && right.name === name) {
    return { operator: FLIPPED[operator], right: left };
  }
  return undefined;
}

function shown(term: Term): string {
  if (term.kind === "variable") return term.name;
  return term.kind === "constant" && typeof term.value !== "object" ? String(term.value) : "that";
}
