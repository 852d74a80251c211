import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { choosingRule, isChoice, isNumbering } from "../analysis/choosing.ts";
import type {
  Arithmetic,
  ComponentName,
  Literal,
  RelationLiteral,
  RelationName,
  Rule,
  Term,
  Timing,
} from "../program/program.ts";
import { address, compareRows, equalValues, type Row, type Value } from "../program/value.ts";
import { ruleValuations } from "./choices.ts";
import { indexedDatabase } from "./indexedDatabase.ts";
import { functionInputs } from "./literalOrder.ts";
import type {
  DerivationMember,
  Fact,
  FactDerivation,
  NodeEnvironment,
  Send,
} from "./nodeEngine.ts";
import { orderedValuations } from "./orderedValuations.ts";
import { groups, headRow } from "./ruleHeads.ts";
import type { Database, Valuation } from "./valuations.ts";

/** What rules see in one tick: the facts that held, constant relations, `self` and `tick`. */
export function tickDatabase(
  environment: NodeEnvironment,
  tick: number,
  held: ReadonlyMap<RelationName, readonly Row[]>,
): Database {
  const { edb, functions } = environment;
  const builtin = new Map<RelationName, readonly Row[]>([
    ["self", [[address(environment.address)]]],
    ["tick", [[tick]]],
  ]);
  return {
    functions,
    rows: (relation) =>
      builtin.get(relation) ?? [...(held.get(relation) ?? []), ...(edb.get(relation) ?? [])],
  };
}

/**
 * Every derivation of a fact by the rules of that timing: by `now` rules of the tick the database is of, by `next`
 * rules of the tick after it, by `async` rules for a send. The head is matched first, so that the body is only
 * searched for what can derive this very fact.
 */
export function explainFact(
  p: AnalyzedProgram,
  component: ComponentName,
  timing: Timing["kind"],
  fact: Fact | Send,
  database: Database,
): readonly FactDerivation[] {
  const rules = p.program.components.find((c) => c.name === component)?.rules ?? [];
  const indexed = indexedDatabase(database);
  return rules.flatMap((rule) => {
    if (rule.head.timing.kind !== timing) return [];
    const bound = matchHead(rule, fact);
    if (bound === undefined) return [];
    const choosing = choosingRule(p, rule);
    const found = choosing
      ? ruleValuations(p, rule, indexed)
      : narrowed(p, rule, bound, indexed).map((valuation) => whole(valuation, bound));
    return groups(rule, found, choosing)
      .filter((group) => derives(rule, group, fact))
      .flatMap(({ members }) => {
        const shown = members.map((member) => derivationMember(p, rule, member));
        const one = (member: DerivationMember): FactDerivation => ({
          rule: rule.id,
          members: [member],
        });
        return aggregates(rule) ? [{ rule: rule.id, members: shown }] : shown.map(one);
      });
  });
}

type Bindings = ReadonlyMap<string, Value>;

/** What one row chooses or counts depends on others: only the body of a rule that does neither can be narrowed. */
function narrowed(
  p: AnalyzedProgram,
  rule: Rule,
  bound: Bindings,
  database: Database,
): readonly Valuation[] {
  const body = rule.body.map((l) => substitute(l, bound, "match"));
  return orderedValuations(p, { ...rule, body }, database);
}

function aggregates(rule: Rule): boolean {
  return rule.head.terms.some((term) => term.kind === "aggregate");
}

function derives(rule: Rule, group: Parameters<typeof headRow>[1], fact: Fact | Send): boolean {
  if ("to" in fact && !isAddress(group.destination, fact.to)) return false;
  return compareRows(headRow(rule, group), fact.row) === 0;
}

function isAddress(value: Value | undefined, name: string): boolean {
  return value !== undefined && equalValues(value, address(name));
}

/** The values that a fact gives to the variables of a head that may derive it; undefined when none can. */
function matchHead(rule: Rule, fact: Fact | Send): Bindings | undefined {
  const { relation, terms, timing } = rule.head;
  if (relation !== fact.relation || terms.length !== fact.row.length) return undefined;
  const bound = new Map<string, Value>();
  const fits = terms.every((t, i) => t.kind === "aggregate" || matchTerm(t, fact.row[i]!, bound));
  if (!fits) return undefined;
  if (timing.kind !== "async" || !("to" in fact)) return bound;
  return matchTerm(timing.destination, address(fact.to), bound) ? bound : undefined;
}

/** An expression is not solved for its variables: `derives` looks at its value in the end. */
function matchTerm(term: Term, value: Value, bound: Map<string, Value>): boolean {
  if (term.kind === "constant") return equalValues(term.value, value);
  if (term.kind !== "variable") return true;
  const before = bound.get(term.name);
  if (before === undefined) bound.set(term.name, value);
  return before === undefined || equalValues(before, value);
}

function whole(valuation: Valuation, bound: Bindings): Valuation {
  return { ...valuation, values: new Map([...bound, ...valuation.values]) };
}

function derivationMember(
  p: AnalyzedProgram,
  rule: Rule,
  { values, facts }: Valuation,
): DerivationMember {
  const absent: RelationLiteral[] = [];
  const conditions: Literal[] = [];
  for (const literal of rule.body) {
    const stored =
      literal.kind === "relation" &&
      functionInputs(p, literal) === undefined &&
      !isChoice(p, literal) &&
      !isNumbering(p, literal);
    if (stored && !literal.negated) continue;
    const filled = substitute(literal, values, "show");
    if (stored && filled.kind === "relation") absent.push(filled);
    else conditions.push(filled);
  }
  return { facts, absent, conditions };
}

/** A literal with values in place of variables; to `match`, an assignment to one of them becomes a comparison. */
function substitute(literal: Literal, values: Bindings, purpose: "match" | "show"): Literal {
  switch (literal.kind) {
    case "relation":
      return { ...literal, terms: literal.terms.map((term) => filledIn(term, values)) };
    case "comparison": {
      const { left, right } = literal;
      return { ...literal, left: filledIn(left, values), right: filledIn(right, values) };
    }
    case "assignment": {
      const value = filledIn(literal.value, values);
      const known = values.get(literal.variable);
      if (known === undefined || purpose === "show") return { ...literal, value };
      return {
        kind: "comparison",
        operator: "==",
        left: { kind: "constant", value: known },
        right: value,
      };
    }
  }
}

function filledIn(term: Term, values: Bindings): Term {
  switch (term.kind) {
    case "variable": {
      const value = values.get(term.name);
      return value === undefined ? term : { kind: "constant", value };
    }
    case "tuple":
      return { kind: "tuple", terms: term.terms.map((t) => filledIn(t, values)) };
    case "arithmetic": {
      const filled: Arithmetic = {
        ...term,
        left: filledIn(term.left, values),
        right: filledIn(term.right, values),
      };
      return filled;
    }
    case "constant":
    case "wildcard":
      return term;
  }
}
