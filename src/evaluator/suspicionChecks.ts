import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type {
  Literal,
  RelationLiteral,
  RelationName,
  Rule,
  RuleId,
  Term,
} from "../program/program.ts";
import type { Row, Value } from "../program/value.ts";
import { EvaluationError, ValueFault } from "./evaluationError.ts";
import type { FunctionTable } from "./functions.ts";
import type { Interner } from "./interner.ts";
import { functionInputs, gives, needs, orderedLiterals, variablesOf } from "./literalOrder.ts";
import type { NodeTable } from "./machine.ts";
import type { Fact } from "./nodeEngine.ts";
import { flattenedName, hasWildcard, projectionName } from "./normalRules.ts";
import { evaluateHead } from "./ruleHeads.ts";
import type { Suspicion } from "./suspicion.ts";
import { evaluate, extend, type PartialValuation, type Valuation } from "./valuations.ts";

/** What holds when a tick is done. */
export interface TickTables {
  readonly tables: ReadonlyMap<RelationName, NodeTable>;
  /** Relations without a table. */
  readonly edb: ReadonlyMap<RelationName, readonly Row[]>;
  readonly functions: FunctionTable;
  readonly interner: Interner;
}

/** Throws the error that one of the suspicions turns out to be. */
export type CheckSuspicions = (suspicions: readonly Suspicion[], tick: TickTables) => void;

/**
 * What a failed computation means is the reference's to say (`valuations.ts`); here only those valuations are looked
 * for that agree with what is known, by the indexes that the joins have, so that it takes no more than evaluating them
 * did.
 */
export function suspicionChecks(p: AnalyzedProgram): CheckSuspicions {
  const searched = new Map<RuleId, SearchedRule>();
  return (suspicions, tick) => {
    const seen = new Set<string>();
    for (const suspicion of suspicions) {
      const { rule, group, variables, ids } = suspicion;
      const key = `${rule} ${String(group)} ${variables.join()} ${ids.join()}`;
      if (seen.has(key)) continue;
      seen.add(key);
      if (!searched.has(rule)) searched.set(rule, searchedRule(p, p.rules.get(rule)!.rule));
      check(p, searched.get(rule)!, suspicion, tick);
    }
  };
}

function check(
  p: AnalyzedProgram,
  searched: SearchedRule,
  { group, variables, ids }: Suspicion,
  tick: TickTables,
): void {
  const { rule } = searched;
  const known = new Map(variables.map((v, i) => [v, tick.interner.valueOf(ids[i]!)]));
  const members: Valuation[] = [];
  for (const valuation of new Search(p, searched, tick).valuations(known)) {
    evaluateHead(rule, [valuation]);
    if (group) members.push(valuation);
  }
  evaluateHead(rule, members);
}

/** A rule's body, in the parts and the order in which the reference evaluates it. */
interface SearchedRule {
  readonly rule: Rule;
  readonly joined: readonly RelationLiteral[];
  readonly others: readonly Literal[];
  /** Variables that the stored literals bind: nothing that fails can leave them without a value. */
  readonly stored: ReadonlySet<string>;
  /** What each of the others says is equal to what. */
  readonly equalities: ReadonlyMap<Literal, readonly Equality[]>;
  /** Variables that each of the others needs or gives. */
  readonly variables: ReadonlyMap<Literal, readonly string[]>;
}

type Equality = readonly [variable: string, term: Term];

function searchedRule(p: AnalyzedProgram, rule: Rule): SearchedRule {
  const { joined, others } = orderedLiterals(p, rule);
  const stored = new Set(joined.flatMap((l) => variablesOf(l.terms)));
  const literals = others.map((o) => o.literal);
  return {
    rule,
    joined,
    others: literals,
    stored,
    equalities: new Map(
      literals.map((l) => [l, equalities(l).filter(([variable]) => stored.has(variable))]),
    ),
    variables: new Map(literals.map((l) => [l, [...new Set([...needs(p, l), ...gives(p, l)])]])),
  };
}

/** A table of a relation with parts of a tuple in columns of their own, and what is looked for in it. */
interface Flattened {
  readonly table: NodeTable;
  readonly at: number;
  readonly ids: readonly (number | undefined)[];
  readonly reach: number;
}

type Values = PartialValuation["values"];

/** Looks for a rule's valuations, and throws the error of one for which something fails. */
class Search {
  readonly #p: AnalyzedProgram;
  readonly #searched: SearchedRule;
  readonly #tick: TickTables;

  constructor(p: AnalyzedProgram, searched: SearchedRule, tick: TickTables) {
    this.#p = p;
    this.#searched = searched;
    this.#tick = tick;
  }

  valuations(known: Values): Iterable<Valuation> {
    return this.#join(
      { values: known, facts: [], failure: undefined },
      this.#searched.others,
      new Map(),
    );
  }

  /** Goes on with the stored literal that is best found; the facts of those before it are given. */
  *#join(
    before: PartialValuation,
    others: readonly Literal[],
    facts: ReadonlyMap<RelationLiteral, Fact>,
  ): Iterable<Valuation> {
    const tested = this.#test({ ...before, values: this.#solved(before.values, others) }, others);
    if (tested === undefined) return;
    const { partial, waiting } = tested;
    const next = this.#next(partial.values, facts);
    if (next === undefined) {
      yield* this.#complete(partial, waiting, facts);
      return;
    }
    for (const found of this.#extended(next, partial)) {
      const last = found.facts.at(-1)!;
      yield* this.#join({ ...found, facts: [] }, waiting, new Map([...facts, [next, last]]));
    }
  }

  /** The literals that are left, in the order in which the reference evaluates them. */
  *#complete(
    partial: PartialValuation,
    others: readonly Literal[],
    facts: ReadonlyMap<RelationLiteral, Fact>,
  ): Iterable<Valuation> {
    let found: readonly PartialValuation[] = [
      { ...partial, facts: this.#searched.joined.map((l) => facts.get(l)!) },
    ];
    for (const literal of others) found = found.flatMap((f) => [...this.#extended(literal, f)]);
    for (const { values, failure, facts: of } of found) {
      if (failure !== undefined) throw new EvaluationError(this.#searched.rule.id, failure, of);
      yield { values: values as Valuation["values"], facts: of };
    }
  }

  /** With the values of variables that are equal to what is known. */
  #solved(values: Values, others: readonly Literal[]): Values {
    const { equalities: said } = this.#searched;
    const equal = others.flatMap((l) => said.get(l)!);
    if (equal.every(([variable]) => values.has(variable))) return values;
    const solved = new Map(values);
    for (let size = -1; size < solved.size;) {
      size = solved.size;
      for (const [variable, term] of equal) {
        if (solved.has(variable)) continue;
        const value = this.#known(term, solved);
        if (value !== undefined) solved.set(variable, value);
      }
    }
    return solved;
  }

  /** What can be decided now, and for what it is too early; undefined when something does not hold. */
  #test(
    partial: PartialValuation,
    others: readonly Literal[],
  ): { readonly partial: PartialValuation; readonly waiting: readonly Literal[] } | undefined {
    const waiting: Literal[] = [];
    for (const literal of others) {
      // Until the others are complete, only what stored literals bind has values.
      const variables = this.#searched.variables.get(literal)!;
      const isBound = variables.every((v) => partial.values.has(v));
      const [result] = isBound ? this.#extended(literal, partial) : [partial];
      if (result === undefined) return undefined;
      if (!isBound || result.failure !== undefined) waiting.push(literal);
    }
    return { partial, waiting };
  }

  #next(values: Values, facts: ReadonlyMap<RelationLiteral, Fact>): RelationLiteral | undefined {
    let best: RelationLiteral | undefined;
    let most = -1;
    for (const literal of this.#searched.joined) {
      if (facts.has(literal)) continue;
      const reach = this.#reach(literal, values);
      if (reach <= most) continue;
      best = literal;
      most = reach;
    }
    return best;
  }

  #reach(literal: RelationLiteral, values: Values): number {
    const known = literal.terms.map((t) => this.#known(t, values) !== undefined);
    const whole = this.#tick.tables.get(literal.relation)?.reach(known) ?? 0;
    return Math.max(whole, ...this.#flattened(literal, values).map((f) => f.reach));
  }

  /** Tables in which parts of one of the literal's tuples have columns. */
  #flattened({ relation, terms }: RelationLiteral, values: Values): readonly Flattened[] {
    const { tables, interner } = this.#tick;
    return terms.flatMap((tuple, at): readonly Flattened[] => {
      if (tuple.kind !== "tuple") return [];
      const table = tables.get(flattenedName(relation, at, tuple.terms.length));
      if (table === undefined) return [];
      const columns = [...terms.toSpliced(at, 1), ...tuple.terms];
      const ids = columns.map((t) => {
        const value = this.#known(t, values);
        return value === undefined ? undefined : interner.intern(value);
      });
      return [{ table, at, ids, reach: table.reach(ids.map((id) => id !== undefined)) }];
    });
  }

  #extended(literal: Literal, partial: PartialValuation): Iterable<PartialValuation> {
    const { functions } = this.#tick;
    const rows = (): Iterable<Row> =>
      literal.kind === "relation" ? this.#rows(literal, partial.values) : [];
    return extend(this.#p, literal, partial, { rows, functions });
  }

  /** All rows that the literal may mean, and perhaps others. */
  #rows(literal: RelationLiteral, values: Values): Iterable<Row> {
    const { tables, edb, interner } = this.#tick;
    const { relation, terms, negated } = literal;
    if (functionInputs(this.#p, literal) !== undefined) return [];
    const ids = terms.map((t) => {
      const value = this.#known(t, values);
      return value === undefined ? undefined : interner.intern(value);
    });
    const table = tables.get(relation);
    if (table === undefined) return edb.get(relation) ?? [];
    // Whether there is such a row is known by the rows without the columns that do not matter.
    const projected = negated ? tables.get(projectionName(relation, terms)) : undefined;
    const given = ids.filter((_, i) => terms[i]!.kind !== "wildcard");
    if (projected?.reach(given.map((id) => id !== undefined)) === Infinity) {
      if (projected.rowsWith(given).length === 0) return [];
      return [ids.map((id) => (id === undefined ? 0 : interner.valueOf(id)))];
    }
    const reach = table.reach(ids.map((id) => id !== undefined));
    const better = negated ? [] : this.#flattened(literal, values).filter((f) => f.reach > reach);
    return better.length === 0
      ? table.rowsWith(ids).map((row) => table.values(row, 0))
      : wholeRows(better[0]!, terms.length);
  }

  /** The value of a term, if its variables have values and it can be computed. */
  #known(term: Term, values: Values): Value | undefined {
    if (term.kind === "constant") return term.value;
    if (term.kind === "variable") return valueOf(values, term.name);
    if (hasWildcard(term)) return undefined;
    if (variablesOf([term]).some((v) => valueOf(values, v) === undefined)) return undefined;
    try {
      return evaluate(term, values as Valuation["values"]);
    } catch (error) {
      if (error instanceof ValueFault) return undefined;
      throw error;
    }
  }
}

/** The rows of the relation itself. */
function wholeRows({ table, at, ids }: Flattened, arity: number): readonly Row[] {
  return table.rowsWith(ids).map((row) => {
    const values = table.values(row, 0);
    const parts = values.splice(arity - 1);
    return values.toSpliced(at, 0, parts);
  });
}

/** Its value, if it has one and not one that could not be computed. */
function valueOf(values: Values, variable: string): Value | undefined {
  const value = values.get(variable);
  return typeof value === "symbol" ? undefined : value;
}

/** Variables that the literal says are equal to something. */
function equalities(literal: Literal): readonly Equality[] {
  if (literal.kind === "assignment") return [[literal.variable, literal.value]];
  if (literal.kind !== "comparison" || literal.operator !== "==") return [];
  const { left, right } = literal;
  return [
    ...(left.kind === "variable" ? [[left.name, right] as const] : []),
    ...(right.kind === "variable" ? [[right.name, left] as const] : []),
  ];
}
