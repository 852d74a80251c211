import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Literal, RelationLiteral, Rule, Term } from "../program/program.ts";
import { compareRows, type Value } from "../program/value.ts";
import { EvaluationError, ValueFault } from "./evaluationError.ts";
import { equalities, type Equality } from "./equalities.ts";
import { gives, needs, orderedLiterals, variablesOf } from "./literalOrder.ts";
import {
  evaluate,
  extend,
  type Database,
  type PartialValuation,
  type Valuation,
} from "./valuations.ts";

/**
 * The valuations that `valuations` finds, found in the order in which plans look for them: next is the stored literal of
 * which most columns are known, by equalities, too, and what can be tested is tested before.
 */
export function orderedValuations(
  p: AnalyzedProgram,
  rule: Rule,
  database: Database,
): readonly Valuation[] {
  const { joined, others } = orderedLiterals(p, rule);
  const search = new OrderedSearch(
    p,
    joined,
    others.map((o) => o.literal),
    database,
  );
  const found = search.valuations();
  for (const { failure, facts } of found) {
    if (failure !== undefined) throw new EvaluationError(rule.id, failure, facts);
  }
  return (found as readonly Valuation[]).toSorted(compareFacts);
}

class OrderedSearch {
  readonly #p: AnalyzedProgram;
  readonly #database: Database;
  readonly #joined: readonly RelationLiteral[];
  readonly #stored: ReadonlySet<string>;
  readonly #equalities: readonly Equality[];
  /** Variables that have values. */
  readonly #bound = new Set<string>();
  /** Literals for which it is too early, in the order in which the reference evaluates them. */
  #waiting: readonly Literal[];
  #found: readonly PartialValuation[] = [{ values: new Map(), facts: [], failure: undefined }];

  constructor(
    p: AnalyzedProgram,
    joined: readonly RelationLiteral[],
    others: readonly Literal[],
    database: Database,
  ) {
    this.#p = p;
    this.#database = database;
    this.#joined = joined;
    this.#waiting = others;
    this.#stored = new Set(joined.flatMap((l) => variablesOf(l.terms)));
    this.#equalities = others.flatMap((l) => equalities(l)).filter(([v]) => this.#stored.has(v));
  }

  valuations(): readonly PartialValuation[] {
    const order: RelationLiteral[] = [];
    this.#test();
    while (order.length < this.#joined.length) {
      const next = this.#next(order);
      order.push(next);
      this.#found = this.#found.flatMap((f) => [
        ...extend(this.#p, next, { ...f, values: this.#solved(f.values) }, this.#database),
      ]);
      for (const v of variablesOf(next.terms)) this.#bound.add(v);
      this.#test();
    }
    const places = this.#joined.map((l) => order.indexOf(l));
    return this.#found.map((f) => ({ ...f, facts: places.map((place) => f.facts[place]!) }));
  }

  /** Evaluates what need not wait: those that give variables in the reference's order, for the first one defines them. */
  #test(): void {
    let mayGive = true;
    const waiting: Literal[] = [];
    for (const literal of this.#waiting) {
      const given = gives(this.#p, literal);
      const isReady =
        needs(this.#p, literal).every((v) => this.#bound.has(v)) &&
        given.every((v) => this.#bound.has(v) || !this.#stored.has(v));
      if (!isReady || (given.length > 0 && !mayGive)) {
        waiting.push(literal);
        mayGive &&= given.length === 0;
        continue;
      }
      this.#found = this.#found.flatMap((f) => [...extend(this.#p, literal, f, this.#database)]);
      for (const v of given) this.#bound.add(v);
    }
    this.#waiting = waiting;
  }

  #next(done: readonly RelationLiteral[]): RelationLiteral {
    const known = this.#knownVariables();
    const isKnown = (t: Term): boolean =>
      t.kind === "constant" || (t.kind === "variable" && known.has(t.name));
    let best: RelationLiteral | undefined;
    let most = -1;
    for (const literal of this.#joined) {
      const count = literal.terms.filter(isKnown).length;
      if (count > most && !done.includes(literal)) [best, most] = [literal, count];
    }
    return best!;
  }

  #knownVariables(): ReadonlySet<string> {
    const known = new Set(this.#bound);
    for (let size = -1; size < known.size;) {
      size = known.size;
      for (const [variable, term] of this.#equalities) {
        if (term.kind !== "wildcard" && variablesOf([term]).every((v) => known.has(v)))
          known.add(variable);
      }
    }
    return known;
  }

  /** With the values of variables that are equal to what is known: for some of them, computing these may fail. */
  #solved(values: PartialValuation["values"]): PartialValuation["values"] {
    const solved = new Map(values);
    for (let size = -1; size < solved.size;) {
      size = solved.size;
      for (const [variable, term] of this.#equalities) {
        if (solved.has(variable)) continue;
        const value = valueIn(term, solved);
        if (value !== undefined) solved.set(variable, value);
      }
    }
    return solved;
  }
}

function valueIn(term: Term, values: PartialValuation["values"]): Value | undefined {
  const isKnown = (v: string): boolean => values.has(v) && typeof values.get(v) !== "symbol";
  if (!variablesOf([term]).every(isKnown)) return undefined;
  try {
    return evaluate(term, values as Valuation["values"]);
  } catch (error) {
    if (error instanceof ValueFault) return undefined;
    throw error;
  }
}

function compareFacts(a: Valuation, b: Valuation): number {
  for (const [i, fact] of a.facts.entries()) {
    const order = compareRows(fact.row, b.facts[i]!.row);
    if (order !== 0) return order;
  }
  return 0;
}
