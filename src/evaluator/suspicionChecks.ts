import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { choosingRule } from "../analysis/choosing.ts";
import type {
  Literal,
  RelationLiteral,
  RelationName,
  Rule,
  RuleId,
  Term,
} from "../program/program.ts";
import type { Row, Value } from "../program/value.ts";
import { equalities, type Equality } from "./equalities.ts";
import { EvaluationError, ValueFault } from "./evaluationError.ts";
import type { FunctionTable } from "./functions.ts";
import type { Interner } from "./interner.ts";
import { functionInputs, gives, needs, orderedLiterals, variablesOf } from "./literalOrder.ts";
import type { NodeTable } from "./machine.ts";
import type { Fact } from "./nodeEngine.ts";
import { flattenedName, hasWildcard, projectionName } from "./normalRules.ts";
import { ruleValuations } from "./choices.ts";
import { evaluateHead } from "./ruleHeads.ts";
import type { Suspicion } from "./suspicion.ts";
import { unreadVariables } from "./unreadVariables.ts";
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
      if (checkedWhole(p, rule, seen, tick)) continue;
      if (!searched.has(rule)) searched.set(rule, searchedRule(p, p.rules.get(rule)!.rule));
      check(p, searched.get(rule)!, suspicion, tick);
    }
  };
}

/** What a rule that chooses computes depends on all of its rows: it is evaluated once more, from scratch. */
function checkedWhole(
  p: AnalyzedProgram,
  id: RuleId,
  seen: Set<string>,
  { tables, edb, functions }: TickTables,
): boolean {
  const { rule } = p.rules.get(id)!;
  const choosing = choosingRule(p, rule);
  if (choosing === undefined || seen.has(id)) return choosing !== undefined;
  seen.add(id);
  const rows = (relation: RelationName): Iterable<Row> => {
    const table = tables.get(relation);
    const arity = p.relations.get(relation)?.attributes.length ?? 0;
    const any = Array.from({ length: arity }, () => undefined);
    if (table === undefined) return edb.get(relation) ?? [];
    return Array.from(table.rowsWith(any), (row) => table.values(row, 0));
  };
  evaluateHead(rule, ruleValuations(p, rule, { rows, functions }), choosing);
  return true;
}

function check(
  p: AnalyzedProgram,
  searched: SearchedRule,
  { group, variables, ids }: Suspicion,
  tick: TickTables,
): void {
  const { rule } = searched;
  const known = new Map(variables.map((v, i) => [v, tick.interner.valueOf(ids[i]!)]));
  const search = (whole: boolean): void => {
    const members: Valuation[] = [];
    for (const valuation of new Search(p, searched, tick, whole).valuations(known)) {
      evaluateHead(rule, [valuation]);
      if (group) members.push(valuation);
    }
    evaluateHead(rule, members);
  };
  try {
    search(false);
  } catch (error) {
    // Now that it is one, its facts are looked for, however long that takes.
    if (error instanceof EvaluationError) search(true);
    throw error;
  }
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
  /** Variables that stand in one stored literal only. */
  readonly unread: ReadonlySet<string>;
}

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
    unread: unreadVariables(p, rule),
  };
}

/** A table in which a literal's rows are found, what stands for its columns there, and a row of the literal made of one. */
interface Source {
  readonly table: NodeTable;
  readonly terms: readonly Term[];
  readonly whole: (row: Row) => Row;
}

type Values = PartialValuation["values"];

/** Looks for a rule's valuations, and throws the error of one for which something fails. */
class Search {
  readonly #p: AnalyzedProgram;
  readonly #searched: SearchedRule;
  readonly #tick: TickTables;
  /** Every column of a row must be known, also one that the rule does not read. */
  readonly #whole: boolean;
  readonly #found = new Map<RelationLiteral, readonly Source[]>();

  constructor(p: AnalyzedProgram, searched: SearchedRule, tick: TickTables, whole: boolean) {
    this.#p = p;
    this.#searched = searched;
    this.#tick = tick;
    this.#whole = whole;
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
    return Math.max(0, ...this.#sources(literal).map((s) => this.#reachOf(s, values)));
  }

  #reachOf({ table, terms }: Source, values: Values): number {
    return table.reach(terms.map((t) => this.#known(t, values) !== undefined));
  }

  #sources(literal: RelationLiteral): readonly Source[] {
    let sources = this.#found.get(literal);
    if (sources === undefined) this.#found.set(literal, (sources = this.#sourcesOf(literal)));
    return sources;
  }

  /** The relation's own table, its projection to what the rule reads, and tables in which parts of a tuple have columns. */
  #sourcesOf({ relation, terms, negated }: RelationLiteral): readonly Source[] {
    const table = this.#tick.tables.get(relation);
    const own = table === undefined ? [] : [{ table, terms, whole: (row: Row) => row }];
    const projection = negated || !this.#whole ? this.#projection(relation, terms) : undefined;
    const projected = projection === undefined ? [] : [projection];
    if (negated) return [...own, ...projected];
    const flattened = [...own, ...projected].flatMap((source) => this.#flattened(source));
    return [...own, ...projected, ...flattened];
  }

  #projection(relation: RelationName, terms: readonly Term[]): Source | undefined {
    const read = terms.map((t) => !this.#isUnread(t));
    const blanked = terms.map((t, i): Term => (read[i] ? t : { kind: "wildcard" }));
    const table = this.#tick.tables.get(projectionName(relation, blanked));
    if (table === undefined || !read.includes(false)) return undefined;
    const whole = (row: Row): Row => {
      const values = row.values();
      return read.map((isRead) => (isRead ? values.next().value! : 0));
    };
    return { table, terms: terms.filter((_, i) => read[i]), whole };
  }

  #flattened({ table: { name }, terms, whole }: Source): readonly Source[] {
    return terms.flatMap((tuple, at): readonly Source[] => {
      if (tuple.kind !== "tuple") return [];
      const table = this.#tick.tables.get(flattenedName(name, at, tuple.terms.length));
      if (table === undefined) return [];
      const others = terms.length - 1;
      return [
        {
          table,
          terms: [...terms.toSpliced(at, 1), ...tuple.terms],
          whole: (row) => whole(row.slice(0, others).toSpliced(at, 0, row.slice(others))),
        },
      ];
    });
  }

  #isUnread(term: Term): boolean {
    if (term.kind === "variable") return this.#searched.unread.has(term.name);
    return term.kind === "wildcard";
  }

  *#extended(literal: Literal, partial: PartialValuation): Iterable<PartialValuation> {
    const { functions } = this.#tick;
    const rows = (): Iterable<Row> =>
      literal.kind === "relation" ? this.#rows(literal, partial.values) : [];
    const isOne = literal.kind === "relation" && this.#isOne(literal, partial.values);
    for (const found of extend(this.#p, literal, partial, { rows, functions })) {
      yield found;
      if (isOne) return;
    }
  }

  /** Whether all rows that the literal may mean are the same for the rule. */
  #isOne({ terms }: RelationLiteral, values: Values): boolean {
    return terms.every((t) => this.#isUnread(t) || this.#known(t, values) !== undefined);
  }

  /** All rows that the literal may mean, perhaps others; of the columns that the rule does not read, perhaps not all. */
  *#rows(literal: RelationLiteral, values: Values): Iterable<Row> {
    const { tables, edb, interner } = this.#tick;
    if (functionInputs(this.#p, literal) !== undefined) return;
    if (!tables.has(literal.relation)) {
      yield* edb.get(literal.relation) ?? [];
      return;
    }
    let best: Source | undefined;
    let most = -1;
    for (const source of this.#sources(literal)) {
      const reach = this.#reachOf(source, values);
      if (reach > most) [best, most] = [source, reach];
    }
    const { table, terms, whole } = best!;
    const ids = terms.map((t) => {
      const value = this.#known(t, values);
      return value === undefined ? undefined : interner.intern(value);
    });
    for (const row of table.rowsWith(ids)) yield whole(table.values(row, 0));
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

/** Its value, if it has one and not one that could not be computed. */
function valueOf(values: Values, variable: string): Value | undefined {
  const value = values.get(variable);
  return typeof value === "symbol" ? undefined : value;
}
