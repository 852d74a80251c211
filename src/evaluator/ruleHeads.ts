import { printValue } from "../program/printTerm.ts";
import { usesNumber, type ChoosingRule } from "../analysis/choosing.ts";
import type { Aggregate, HeadTerm, Rule } from "../program/program.ts";
import {
  compareRows,
  compareValues,
  integer,
  rowKey,
  valueKey,
  type Address,
  type Row,
  type Value,
} from "../program/value.ts";
import { places } from "./choices.ts";
import { EvaluationError, ValueFault } from "./evaluationError.ts";
import { evaluate, type Valuation } from "./valuations.ts";
import { computed } from "./valueLimits.ts";

/** Valuations that agree on the plain head terms and the destination. A group is never empty (H-12). */
export interface Group {
  readonly plain: readonly (Value | undefined)[];
  readonly destination: Value | undefined;
  readonly members: Valuation[];
}

/** The valuations of a rule, as its head gathers them; groups are numbered where the rule says so. */
export function groups(
  rule: Rule,
  found: readonly Valuation[],
  choosing?: ChoosingRule,
): readonly Group[] {
  const { terms, timing } = rule.head;
  const byKey = new Map<string, Group>();
  const numbers = choosing !== undefined && choosing.aggregates && choosing.numbers.length > 0;
  for (const member of distinct(rule, found)) {
    const value = (term: HeadTerm): Value | undefined =>
      term.kind === "aggregate" || (numbers && usesNumber(term, choosing))
        ? undefined
        : failingIn(rule, member, () => evaluate(term, member.values));
    const plain = terms.map(value);
    const destination = timing.kind === "async" ? value(timing.destination) : undefined;
    const key = rowKey([...plain, destination].filter((v) => v !== undefined));
    const group = byKey.get(key);
    if (group === undefined) byKey.set(key, { plain, destination, members: [member] });
    else group.members.push(member);
  }
  const all = [...byKey.values()];
  return numbers ? numbered(rule, all, choosing) : all;
}

/** With the numbers of the groups in the order of what else their heads say. */
function numbered(rule: Rule, all: readonly Group[], choosing: ChoosingRule): readonly Group[] {
  const rows = all.map((group) =>
    [...headRow(rule, group), group.destination].filter((v) => v !== undefined),
  );
  const place = places(rule, rows, all[0]?.members[0]?.facts ?? []);
  return all.map((group, g) => {
    const number = place.get(rowKey(rows[g]!))!;
    const values = new Map(choosing.numbers.map((v) => [v, number]));
    const plain = rule.head.terms.map((term, i) =>
      term.kind !== "aggregate" && usesNumber(term, choosing)
        ? failingIn(rule, group.members[0]!, () => evaluate(term, values))
        : group.plain[i],
    );
    return { ...group, plain };
  });
}

/** One valuation for each assignment of values to the rule's variables: wildcards do not multiply. */
function distinct(rule: Rule, found: readonly Valuation[]): readonly Valuation[] {
  if (!rule.head.terms.some((t) => t.kind === "aggregate")) return found;
  return [...new Map(found.map((v) => [valuesKey(v), v])).values()];
}

function valuesKey(valuation: Valuation): string {
  return [...valuation.values]
    .map(([name, value]) => `${name}=${valueKey(value)}`)
    .sort()
    .join();
}

/** The row that a rule derives from a group. */
export function headRow(rule: Rule, group: Group): Row {
  const member = chosenMember(rule, group.members);
  return rule.head.terms.map((term, i) =>
    term.kind === "aggregate"
      ? aggregate(rule, term, isChoice(term) ? [member] : group.members)
      : group.plain[i]!,
  );
}

function isChoice(term: HeadTerm): term is Aggregate {
  return term.kind === "aggregate" && term.operator === "choose";
}

/** All `choose<x>` of a head choose one valuation together: the one with the least values, in the order of the head. */
function chosenMember(rule: Rule, members: readonly Valuation[]): Valuation {
  const over = rule.head.terms.filter(isChoice);
  if (over.length === 0) return members[0]!;
  const row = (m: Valuation): Row => over.map((term) => aggregate(rule, term, [m]));
  return members.reduce((least, m) => (compareRows(row(m), row(least)) < 0 ? m : least));
}

/** Where a group of an asynchronous rule is sent. */
export function destinationOf(rule: Rule, { destination: to, members }: Group): Address {
  if (typeof to === "object" && "kind" in to && to.kind === "address") return to;
  const what = to === undefined ? "nothing" : printValue(to);
  throw new EvaluationError(rule.id, `${what} is no address to send to`, members[0]!.facts);
}

/** Everything that a rule derives from valuations, for the sake of the error it may throw. */
export function evaluateHead(
  rule: Rule,
  found: readonly Valuation[],
  choosing?: ChoosingRule,
): void {
  for (const group of groups(rule, found, choosing)) {
    if (rule.head.timing.kind === "async") destinationOf(rule, group);
    headRow(rule, group);
  }
}

function aggregate(
  rule: Rule,
  { operator, over }: Aggregate,
  members: readonly Valuation[],
): Value {
  const valueOf = (m: Valuation): Value =>
    over.length === 1
      ? m.values.get(over[0]!)!
      : failingIn(rule, m, () => computed(over.map((name) => m.values.get(name)!)));
  const values = members.map(valueOf);
  const sorted = [...new Map(values.map((v) => [valueKey(v), v])).values()].sort(compareValues);
  switch (operator) {
    case "count":
      return sorted.length;
    case "min":
    case "choose":
      return sorted[0]!;
    case "max":
      return sorted.at(-1)!;
    case "collect":
      return failingIn(rule, members[0]!, () => computed(sorted));
    case "sum":
      return failingIn(rule, members[0]!, () => sum(values));
    case "seal":
      throw new Error(`seal in rule ${rule.id} must be rewritten before evaluation.`);
  }
}

function sum(values: readonly Value[]): Value {
  let total = 0n;
  for (const value of values) {
    if (typeof value !== "number" && typeof value !== "bigint") {
      throw new ValueFault(`${printValue(value)} cannot be summed`);
    }
    total += BigInt(value);
  }
  const result = integer(total);
  if (result === undefined) throw new ValueFault(`the sum ${total} does not fit 64 bits`);
  return result;
}

function failingIn<T>(rule: Rule, valuation: Valuation, compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    if (error instanceof ValueFault)
      throw new EvaluationError(rule.id, error.message, valuation.facts);
    throw error;
  }
}
