import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { choosingRule, type ChoosingRule } from "../analysis/choosing.ts";
import type { Choice } from "../program/choice.ts";
import type { Literal, Rule, Term } from "../program/program.ts";
import { compareRows, rowKey, type Row, type Value } from "../program/value.ts";
import { EvaluationError, ValueFault } from "./evaluationError.ts";
import { evaluate, valuations, type Database, type Valuation } from "./valuations.ts";
import { computed } from "./valueLimits.ts";

/**
 * All valuations of a rule, after what it chooses and with the numbers that it gives (docs/adr/0044): of rows with equal
 * keys those with the least values stay, and rows are numbered from 0 in the order of values.
 */
export function ruleValuations(
  p: AnalyzedProgram,
  rule: Rule,
  database: Database,
): readonly Valuation[] {
  const parts = choosingRule(p, rule);
  if (parts === undefined) return valuations(p, rule, database);
  let found = valuations(p, { ...rule, body: parts.base }, database);
  for (const choice of parts.choices) found = chosen(rule, choice, found);
  if (parts.numbers.length === 0 || parts.aggregates) return found;
  return numbered(p, rule, parts, found, database);
}

function chosen(
  rule: Rule,
  { keys, values }: Choice,
  found: readonly Valuation[],
): readonly Valuation[] {
  const rows = found.map((valuation) => ({
    valuation,
    key: rowKey(rowOf(rule, keys, valuation)),
    values: rowOf(rule, values, valuation),
  }));
  const least = new Map<string, Row>();
  for (const { key, values: own } of rows) {
    const before = least.get(key);
    if (before === undefined || compareRows(own, before) < 0) least.set(key, own);
  }
  return rows
    .filter(({ key, values: own }) => compareRows(own, least.get(key)!) === 0)
    .map(({ valuation }) => valuation);
}

function rowOf(rule: Rule, terms: readonly Term[], { values, facts }: Valuation): Row {
  return failing(rule, facts, () => terms.map((term) => evaluate(term, values)));
}

function failing<T>(rule: Rule, facts: Valuation["facts"], compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    if (error instanceof ValueFault) throw new EvaluationError(rule.id, error.message, facts);
    throw error;
  }
}

/** The places of distinct rows in their order. What is numbered at once has to fit one value. */
export function places(
  rule: Rule,
  rows: readonly Row[],
  facts: Valuation["facts"],
): ReadonlyMap<string, number> {
  const sorted = [...new Map(rows.map((row) => [rowKey(row), row])).values()].sort(compareRows);
  failing(rule, facts, () =>
    computed(sorted.map((row): Value => (row.length === 1 ? row[0]! : row))),
  );
  return new Map(sorted.map((row, i) => [rowKey(row), i]));
}

/** The name of no program's relation: the rows that get numbers, and in their last column these. */
const ROW = " row";

function numbered(
  p: AnalyzedProgram,
  rule: Rule,
  { variables, numbers, later }: ChoosingRule,
  found: readonly Valuation[],
  database: Database,
): readonly Valuation[] {
  const rows = found.map(({ values }) => variables.map((v) => values.get(v)!));
  const place = places(rule, rows, found[0]?.facts ?? []);
  const known = found.map((valuation, i): Valuation => {
    const number = place.get(rowKey(rows[i]!))!;
    return {
      ...valuation,
      values: new Map([...valuation.values, ...numbers.map((v) => [v, number] as const)]),
    };
  });
  if (later.length === 0) return known;
  const columns = [...variables, ...numbers];
  const terms = columns.map((name): Term => ({ kind: "variable", name }));
  const row: Literal = { kind: "relation", relation: ROW, negated: false, terms };
  return known.flatMap(({ values, facts }) => {
    const own = columns.map((v) => values.get(v)!);
    return valuations(
      p,
      { ...rule, body: [row, ...later] },
      { functions: database.functions, rows: (r) => (r === ROW ? [own] : database.rows(r)) },
    ).map((valuation) => ({
      ...valuation,
      facts: [...facts, ...valuation.facts.filter((f) => f.relation !== ROW)],
    }));
  });
}
