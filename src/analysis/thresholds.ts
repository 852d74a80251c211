import type {
  AggregateOperator,
  ComparisonLiteral,
  ComponentName,
  RelationLiteral,
  RelationName,
  Rule,
  Term,
} from "../program/program.ts";
import { destinationVariables, headTermVariables, termVariables } from "../program/variables.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import {
  componentRules,
  headRules,
  idbLiterals,
  isTimeless,
  kindOfRelation,
  memoised,
} from "./componentRules.ts";

/**
 * An aggregate that is read once, by a rule that compares it with a constant or with given data (T-unit, rewrites.md
 * section 1.4). That what it counts is kept is not part of its shape.
 */
export interface Threshold {
  /** Fires for good once the bound is reached, or only while it is met exactly. */
  readonly kind: "monotone" | "exact";
  readonly operator: "count" | "max" | "min";
  /** The rule with the aggregate. */
  readonly rule: Rule;
  /** Position of the aggregate in its head, and so of the value in the literal that reads it. */
  readonly position: number;
  readonly reader: Rule;
  /** Body index of that literal. */
  readonly read: number;
  /** Body index of the literal that tests the value. */
  readonly index: number;
  /** What the value is compared with; a table's column for a look-up. */
  readonly quota:
    Term | { readonly kind: "column"; readonly of: RelationName; readonly at: number };
  /** The same as a reader of the program knows it: "3", "q". */
  readonly bound: string;
}

/** The thresholds of a component by the relation that holds the aggregate. */
export const thresholds: (
  p: AnalyzedProgram,
  component: ComponentName,
) => ReadonlyMap<RelationName, Threshold> = memoised((p, component) => {
  const found = componentRules(p, component).rules.flatMap((rule) => {
    const threshold = fedThreshold(p, component, rule);
    return threshold === undefined ? [] : [[rule.head.relation, threshold] as const];
  });
  return new Map(found);
});

/** The threshold that an aggregate rule feeds, if its relation is used for nothing else. */
export function readsThreshold(
  p: AnalyzedProgram,
  component: ComponentName,
  rule: Rule,
): Threshold | undefined {
  const found = thresholds(p, component).get(rule.head.relation);
  return found?.rule === rule ? found : undefined;
}

/** The threshold that a rule waits for. */
export function waitsFor(
  p: AnalyzedProgram,
  component: ComponentName,
  rule: Rule,
): Threshold | undefined {
  return [...thresholds(p, component).values()].find(({ reader }) => reader === rule);
}

function fedThreshold(
  p: AnalyzedProgram,
  component: ComponentName,
  rule: Rule,
): Threshold | undefined {
  const { relation, terms, timing } = rule.head;
  const position = terms.findIndex((term) => term.kind === "aggregate");
  const operator = operatorOf(rule, position);
  if (operator === undefined || timing.kind !== "now" || !isTimeless(rule)) return undefined;
  if (terms.filter((term) => term.kind === "aggregate").length > 1) return undefined;
  const counted = idbLiterals(p, rule);
  if (counted.length === 0 || counted.some(({ literal }) => literal.negated)) return undefined;
  const [reader, ...others] = componentRules(p, component).readers.get(relation) ?? [];
  if (reader === undefined || others.length > 0) return undefined;
  if (headRules(p, component, relation).all.length !== 1 || !isTimeless(reader)) return undefined;
  const [use, ...further] = idbLiterals(p, reader);
  if (use === undefined || further.length > 0 || use.literal.negated) return undefined;
  if (reader.head.terms.some((term) => term.kind === "aggregate")) return undefined;
  const test = testOf(p, reader, use.literal, position, operator);
  return test && { ...test, operator, rule, position, reader, read: use.index };
}

type Test = Pick<Threshold, "kind" | "index" | "quota" | "bound">;

function testOf(
  p: AnalyzedProgram,
  reader: Rule,
  use: RelationLiteral,
  position: number,
  operator: Threshold["operator"],
): Test | undefined {
  const value = use.terms[position];
  if (value?.kind === "constant") {
    const index = reader.body.indexOf(use);
    return { kind: "exact", index, quota: value, bound: shown(value) };
  }
  if (value?.kind !== "variable") return undefined;
  // The value itself must not be told: a later one would be another.
  const told = [...reader.head.terms.flatMap(headTermVariables), ...destinationVariables(reader)];
  if (told.includes(value.name)) return undefined;
  const tests = reader.body.flatMap((literal, index): readonly (Test | undefined)[] => {
    if (literal === use) return uses(use, value.name) > 1 ? [undefined] : [];
    switch (literal.kind) {
      case "comparison":
        if (!mentions(literal, value.name)) return [];
        return [comparison(p, reader, literal, index, value.name, operator)];
      case "relation":
        if (uses(literal, value.name) === 0) return [];
        return [lookUp(p, literal, index, value.name)];
      case "assignment":
        return termVariables(literal.value).includes(value.name) ? [undefined] : [];
    }
  });
  const [test] = tests;
  if (test === undefined || tests.includes(undefined)) return undefined;
  // Of several tests each must be one that stays met.
  return tests.length > 1 && tests.some((t) => t?.kind === "exact") ? undefined : test;
}

function operatorOf(rule: Rule, position: number): Threshold["operator"] | undefined {
  const term = rule.head.terms[position];
  const operator: AggregateOperator | undefined =
    term?.kind === "aggregate" ? term.operator : undefined;
  return operator === "count" || operator === "max" || operator === "min" ? operator : undefined;
}

function uses(literal: RelationLiteral, name: string): number {
  return literal.terms.flatMap(termVariables).filter((used) => used === name).length;
}

function mentions({ left, right }: ComparisonLiteral, name: string): boolean {
  return [...termVariables(left), ...termVariables(right)].includes(name);
}

function comparison(
  p: AnalyzedProgram,
  reader: Rule,
  literal: ComparisonLiteral,
  index: number,
  name: string,
  operator: Threshold["operator"],
): Test | undefined {
  const sided = withValueLeft(literal, name);
  if (sided === undefined || !isGiven(p, reader, sided.right)) return undefined;
  const reached = operator === "min" ? ["<=", "<"] : [">=", ">"];
  const kind = reached.includes(sided.operator) ? "monotone" : "exact";
  if (kind === "exact" && sided.operator !== "==") return undefined;
  return { kind, index, quota: sided.right, bound: shown(sided.right) };
}

/** A constant, or computed from columns of tables that are the same everywhere. */
function isGiven(p: AnalyzedProgram, reader: Rule, term: Term): boolean {
  return termVariables(term).every((name) =>
    reader.body.some(
      (literal) =>
        literal.kind === "relation" &&
        !literal.negated &&
        kindOfRelation(p, literal.relation) === "edb.static" &&
        literal.terms.some((t) => t.kind === "variable" && t.name === name),
    ),
  );
}

/** `n(k, x), quorum(k)`: a join with EDB waits for exactly the value in the table. */
function lookUp(
  p: AnalyzedProgram,
  literal: RelationLiteral,
  index: number,
  name: string,
): Test | undefined {
  const { relation: of, negated, terms } = literal;
  const at = terms.findIndex((term) => term.kind === "variable" && term.name === name);
  if (negated || at < 0 || uses(literal, name) > 1) return undefined;
  if (kindOfRelation(p, of) !== "edb.static") return undefined;
  return { kind: "exact", index, quota: { kind: "column", of, at }, bound: of };
}

const FLIPPED = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!=" } as const;

function withValueLeft(
  literal: ComparisonLiteral,
  name: string,
): { readonly operator: ComparisonLiteral["operator"]; readonly right: Term } | undefined {
  const { left, right, operator } = literal;
  if (left.kind === "variable" && left.name === name && !termVariables(right).includes(name)) {
    return { operator, right };
  }
  if (right.kind === "variable" && right.name === name && !termVariables(left).includes(name)) {
    return { operator: FLIPPED[operator], right: left };
  }
  return undefined;
}

function shown(term: Term): string {
  if (term.kind === "variable") return term.name;
  return term.kind === "constant" && typeof term.value !== "object" ? String(term.value) : "that";
}
