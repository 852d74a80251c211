import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type {
  AssignmentLiteral,
  ComparisonLiteral,
  Literal,
  RelationLiteral,
  RelationName,
  Rule,
  Term,
} from "../program/program.ts";
import { equalValues, isTuple, type Row, type Value } from "../program/value.ts";
import { arithmetic, compares } from "./arithmetic.ts";
import { EvaluationError, ValueFault } from "./evaluationError.ts";
import { functionAt } from "./functionAt.ts";
import { functionKey, type FunctionTable } from "./functions.ts";
import { functionInputs, literalOrder } from "./literalOrder.ts";
import type { Fact } from "./nodeEngine.ts";
import { hasWildcard } from "./normalRules.ts";
import { computed } from "./valueLimits.ts";

/** What a rule is evaluated over: the rows that hold in a tick, and the functions. */
export interface Database {
  rows(relation: RelationName): Iterable<Row>;
  /** Those of the rows, in the same order, that have these values in these columns; perhaps others, too. */
  rowsWith?(relation: RelationName, known: readonly KnownColumn[]): Iterable<Row>;
  readonly functions: FunctionTable;
}

/** A column of which a literal says beforehand what stands in it. */
export interface KnownColumn {
  readonly column: number;
  readonly value: Value;
}

/** Values of a rule's variables under which its whole body holds, and the facts that made it hold. */
export interface Valuation {
  readonly values: ReadonlyMap<string, Value>;
  readonly facts: readonly Fact[];
}

/**
 * All valuations of a rule's body, from scratch. A run-time error counts only for valuations under which everything
 * that does not depend on the failed value holds: neither the order of literals nor the way they are evaluated decides
 * whether a program fails.
 */
export function valuations(
  p: AnalyzedProgram,
  rule: Rule,
  database: Database,
): readonly Valuation[] {
  let found: readonly PartialValuation[] = [{ values: new Map(), facts: [], failure: undefined }];
  for (const literal of literalOrder(p, rule)) {
    found = found.flatMap((partial) => [...extend(p, literal, partial, database)]);
  }
  for (const { failure, facts } of found) {
    if (failure !== undefined) throw new EvaluationError(rule.id, failure, facts);
  }
  return found as readonly Valuation[];
}

interface Bindings {
  get(variable: string): Value | undefined;
}

/** The value of a term whose variables are all bound. */
export function evaluate(term: Term, values: Bindings): Value {
  switch (term.kind) {
    case "constant":
      return term.value;
    case "variable": {
      const value = values.get(term.name);
      if (value === undefined) throw new Error(`Variable ${term.name} is not bound.`);
      return value;
    }
    case "tuple":
      return computed(term.terms.map((t) => evaluate(t, values)));
    case "arithmetic":
      return arithmetic(term.operator, evaluate(term.left, values), evaluate(term.right, values));
    case "wildcard":
      throw new Error("A wildcard has no value.");
  }
}

/** A variable whose computation failed, or that depends on one that did, has no value. */
const FAILED = Symbol("failed");

/** A valuation on the way: what failed so far is only an error if the rest holds. */
export interface PartialValuation {
  readonly values: ReadonlyMap<string, Value | typeof FAILED>;
  readonly facts: readonly Fact[];
  readonly failure: string | undefined;
}

/** The valuations that go on with the literal. */
export function extend(
  p: AnalyzedProgram,
  literal: Literal,
  partial: PartialValuation,
  database: Database,
): Iterable<PartialValuation> {
  switch (literal.kind) {
    case "comparison":
      return compareSides(literal, partial);
    case "assignment":
      return assign(literal, partial);
    case "relation": {
      const inputs = functionInputs(p, literal);
      if (inputs !== undefined) return apply(literal, inputs, partial, database);
      return literal.negated
        ? negate(literal, partial, database)
        : join(literal, partial, database);
    }
  }
}

function* join(
  literal: RelationLiteral,
  partial: PartialValuation,
  database: Database,
): Iterable<PartialValuation> {
  const { relation, terms } = literal;
  const rows =
    database.rowsWith?.(relation, knownColumns(terms, partial.values)) ?? database.rows(relation);
  for (const row of rows) {
    const values = new Map(partial.values);
    if (!terms.every((term, i) => matches(term, row[i]!, values))) continue;
    const facts = [...partial.facts, { relation, row }];
    yield { ...partial, values, facts };
  }
}

function knownColumns(
  terms: readonly Term[],
  values: PartialValuation["values"],
): readonly KnownColumn[] {
  return terms.flatMap((term, column): readonly KnownColumn[] => {
    const value =
      term.kind === "constant"
        ? term.value
        : term.kind === "variable"
          ? values.get(term.name)
          : undefined;
    return value === undefined || value === FAILED ? [] : [{ column, value }];
  });
}

function* negate(
  literal: RelationLiteral,
  partial: PartialValuation,
  database: Database,
): Iterable<PartialValuation> {
  const pattern = attempt(partial, () => literal.terms.map((t) => ground(t, partial.values)));
  if (pattern.kind === "failed") return yield* pattern.result;
  const { relation } = literal;
  const rows =
    database.rowsWith?.(relation, knownColumns(pattern.value, new Map())) ??
    database.rows(relation);
  for (const row of rows) {
    if (pattern.value.every((term, i) => matches(term, row[i]!, new Map()))) return;
  }
  yield partial;
}

function* apply(
  literal: RelationLiteral,
  inputs: number,
  partial: PartialValuation,
  database: Database,
): Iterable<PartialValuation> {
  const key = functionKey(literal.relation, literal.terms.length);
  const implementation = functionAt(database.functions, key);
  const outputs = literal.terms.slice(inputs);
  const result = attempt(partial, () => {
    const values = known(partial.values);
    const given = literal.terms.slice(0, inputs).map((t) => evaluate(t, values));
    return { row: implementation(given) };
  });
  const values = new Map(partial.values);
  if (result.kind === "failed") {
    for (const term of outputs) markFailed(term, values);
    return yield* result.result.map((failed) => ({ ...failed, values }));
  }
  const { row } = result.value;
  const holds = row !== undefined && outputs.every((term, i) => matches(term, row[i]!, values));
  if (holds !== literal.negated) yield literal.negated ? partial : { ...partial, values };
}

function* assign(
  literal: AssignmentLiteral,
  partial: PartialValuation,
): Iterable<PartialValuation> {
  const result = attempt(partial, () => evaluate(literal.value, known(partial.values)));
  const values = new Map(partial.values);
  const variable: Term = { kind: "variable", name: literal.variable };
  if (result.kind === "failed") {
    markFailed(variable, values);
    return yield* result.result.map((failed) => ({ ...failed, values }));
  }
  if (matches(variable, result.value, values)) yield { ...partial, values };
}

function* compareSides(
  literal: ComparisonLiteral,
  partial: PartialValuation,
): Iterable<PartialValuation> {
  const result = attempt(partial, () => {
    const values = known(partial.values);
    return compares(
      literal.operator,
      evaluate(literal.left, values),
      evaluate(literal.right, values),
    );
  });
  if (result.kind === "failed") yield* result.result;
  else if (result.value) yield partial;
}

type Attempt<T> =
  | { readonly kind: "value"; readonly value: T }
  /** The valuation goes on without the literal, remembering the first failure. */
  | { readonly kind: "failed"; readonly result: readonly PartialValuation[] };

function attempt<T>(partial: PartialValuation, compute: () => T): Attempt<T> {
  try {
    return { kind: "value", value: compute() };
  } catch (error) {
    if (!(error instanceof ValueFault)) throw error;
    return { kind: "failed", result: [{ ...partial, failure: partial.failure ?? error.message }] };
  }
}

/** Asking for a value that failed fails too; `failure` already says why. */
function known(values: PartialValuation["values"]): Bindings {
  return {
    get(variable) {
      const value = values.get(variable);
      if (value === FAILED) throw new ValueFault(`${variable} has no value`);
      return value;
    },
  };
}

/** The pattern of a negated literal with its variables replaced by their values. */
function ground(term: Term, values: PartialValuation["values"]): Term {
  if (term.kind === "wildcard") return term;
  if (term.kind === "tuple" && hasWildcard(term))
    return { kind: "tuple", terms: term.terms.map((t) => ground(t, values)) };
  return { kind: "constant", value: evaluate(term, known(values)) };
}

/** Binds what is free in `term` so that it equals `value`. A failed variable equals everything. */
function matches(term: Term, value: Value, values: Map<string, Value | typeof FAILED>): boolean {
  switch (term.kind) {
    case "wildcard":
      return true;
    case "constant":
      return equalValues(term.value, value);
    case "variable": {
      const bound = values.get(term.name);
      if (bound === undefined) values.set(term.name, value);
      return bound === undefined || bound === FAILED || equalValues(bound, value);
    }
    case "tuple":
      return (
        isTuple(value) &&
        value.length === term.terms.length &&
        term.terms.every((t, i) => matches(t, value[i]!, values))
      );
    case "arithmetic":
      return equalValues(evaluate(term, known(values)), value);
  }
}

function markFailed(term: Term, values: Map<string, Value | typeof FAILED>): void {
  if (term.kind === "variable" && !values.has(term.name)) values.set(term.name, FAILED);
  if (term.kind === "tuple") for (const t of term.terms) markFailed(t, values);
}
