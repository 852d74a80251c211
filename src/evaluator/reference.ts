import { printValue } from "../program/printTerm.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { stratify } from "../analysis/stratify.ts";
import type {
  Aggregate,
  Component,
  ComponentName,
  HeadTerm,
  RelationName,
  Rule,
  RuleId,
} from "../program/program.ts";
import {
  address,
  compareRows,
  compareValues,
  integer,
  rowKey,
  valueKey,
  type Row,
  type Value,
} from "../program/value.ts";
import { EvaluationError, ValueFault } from "./evaluationError.ts";
import type { Change, Fact, NodeEngine, NodeEnvironment, Runnable, Send } from "./nodeEngine.ts";
import { evaluate, valuations, type Database, type Valuation } from "./valuations.ts";

/** What a node carries from one tick to the next: the number of ticks done, and what inductive rules derived. */
export interface NodeState {
  readonly tick: number;
  readonly carried: ReadonlyMap<RelationName, readonly Row[]>;
}

export const INITIAL_STATE: NodeState = { tick: 0, carried: new Map() };

export interface ReferenceTick {
  readonly state: NodeState;
  /** Every asynchronous fact of the tick, new and standing, each once. */
  readonly sends: readonly Send[];
  /** Every fact that held, EDB included. */
  readonly facts: ReadonlyMap<RelationName, readonly Row[]>;
}

/** One way a fact came about in the last tick (for an inductive rule: in the tick before). */
export interface RuleDerivation {
  readonly rule: RuleId;
  readonly facts: readonly Fact[];
}

/**
 * The naive evaluator: what every tick means, from scratch (language.md section 3). Pure. Arrived facts that no rule of
 * the component reads are dropped.
 */
export function referenceTick(
  p: AnalyzedProgram,
  component: ComponentName,
  environment: NodeEnvironment,
): (state: NodeState, arrived: readonly Fact[]) => ReferenceTick {
  const rules = rulesOf(p, component);
  const strata = strataOf(p, component);
  const read = new Set(
    rules.flatMap((r) => r.body.map((l) => l.kind === "relation" && l.relation)),
  );
  return (state, arrived) => {
    const tick = state.tick + 1;
    const facts = new Facts(environment);
    for (const [relation, rows] of environment.edb) facts.addAll(relation, rows);
    facts.add("self", [address(environment.address)]);
    facts.add("tick", [tick]);
    for (const [relation, rows] of state.carried) facts.addAll(relation, rows);
    for (const { relation, row } of arrived) if (read.has(relation)) facts.add(relation, row);
    for (const stratum of strata) fixpoint(p, deductive(rules, stratum), facts);

    const next = new Facts(environment);
    const sends = new Map<string, Send>();
    for (const rule of rules) {
      if (rule.head.timing.kind === "next") next.addAll(rule.head.relation, heads(p, rule, facts));
      if (rule.head.timing.kind === "async") {
        for (const send of sendsOf(p, rule, facts)) sends.set(sendKey(send), send);
      }
    }
    return {
      state: { tick, carried: next.sorted() },
      sends: [...sends.values()],
      facts: facts.sorted(),
    };
  };
}

/** The naive evaluator as an engine: the referee of every test of the incremental one. */
export function reference(p: AnalyzedProgram, component: ComponentName): Runnable {
  return {
    start: (environment, options) => new ReferenceEngine(p, component, environment, options),
  };
}

export class ReferenceEngine implements NodeEngine {
  readonly #p: AnalyzedProgram;
  readonly #rules: readonly Rule[];
  readonly #environment: NodeEnvironment;
  readonly #observe: boolean;
  readonly #next: (state: NodeState, arrived: readonly Fact[]) => ReferenceTick;
  #before: ReferenceTick = { state: INITIAL_STATE, sends: [], facts: new Map() };
  #now: ReferenceTick = this.#before;

  constructor(
    p: AnalyzedProgram,
    component: ComponentName,
    environment: NodeEnvironment,
    options?: { readonly observe?: boolean },
  ) {
    this.#p = p;
    this.#rules = rulesOf(p, component);
    this.#environment = environment;
    this.#observe = options?.observe ?? false;
    this.#next = referenceTick(p, component, environment);
  }

  tick(arrived: readonly Fact[]): ReturnType<NodeEngine["tick"]> {
    this.#before = this.#now;
    this.#now = this.#next(this.#before.state, arrived);
    const held = new Set(this.#before.sends.map(sendKey));
    const sends = this.#now.sends.filter((s) => !held.has(sendKey(s)));
    return {
      tick: this.#now.state.tick,
      sends,
      standing: this.#now.sends.length - sends.length,
      unsettled: !sameFacts(this.#before.state.carried, this.#now.state.carried),
    };
  }

  standing(channels?: ReadonlySet<RelationName>): readonly Send[] {
    const held = new Set(this.#before.sends.map(sendKey));
    const among = this.#now.sends.filter((s) => channels?.has(s.relation) !== false);
    return among.filter((s) => held.has(sendKey(s)));
  }

  change(): Change {
    if (!this.#observe) throw new Error("The engine was not started with `observe`.");
    const before = this.#stored(this.#before.facts);
    const now = this.#stored(this.#now.facts);
    const missing = (from: readonly Fact[], other: readonly Fact[]): readonly Fact[] => {
      const keys = new Set(other.map(factKey));
      return from.filter((f) => !keys.has(factKey(f)));
    };
    return { appeared: missing(now, before), disappeared: missing(before, now) };
  }

  facts(relation: RelationName): readonly Row[] {
    return this.#now.facts.get(relation) ?? [];
  }

  size(): number {
    return this.#stored(this.#now.facts).length;
  }

  /** How a fact of the last tick was derived; empty for EDB and for facts that arrived. */
  explain(fact: Fact): readonly RuleDerivation[] {
    const derivations = (timing: "now" | "next", facts: ReferenceTick["facts"]): RuleDerivation[] =>
      this.#rules
        .filter((r) => r.head.relation === fact.relation && r.head.timing.kind === timing)
        .flatMap((rule) => {
          const database = new Facts(this.#environment, facts);
          return groups(rule, valuations(this.#p, rule, database))
            .filter((group) => compareRows(headRow(rule, group), fact.row) === 0)
            .flatMap((group) => group.members.map((m) => ({ rule: rule.id, facts: m.facts })));
        });
    return [...derivations("now", this.#now.facts), ...derivations("next", this.#before.facts)];
  }

  /** Everything but EDB and builtins, which never change or always do. */
  #stored(facts: ReferenceTick["facts"]): readonly Fact[] {
    return [...facts].flatMap(([relation, rows]) =>
      this.#environment.edb.has(relation) || relation === "self" || relation === "tick"
        ? []
        : rows.map((row) => ({ relation, row })),
    );
  }
}

/** The facts of one tick, as sets. */
class Facts implements Database {
  readonly functions: Database["functions"];
  readonly #rows = new Map<RelationName, Map<string, Row>>();

  constructor(
    environment: NodeEnvironment,
    facts: ReadonlyMap<RelationName, readonly Row[]> = new Map(),
  ) {
    this.functions = environment.functions;
    for (const [relation, rows] of facts) this.addAll(relation, rows);
  }

  rows(relation: RelationName): Iterable<Row> {
    return this.#rows.get(relation)?.values() ?? [];
  }

  /** Whether it was new. */
  add(relation: RelationName, row: Row): boolean {
    let rows = this.#rows.get(relation);
    if (rows === undefined) this.#rows.set(relation, (rows = new Map()));
    const size = rows.size;
    rows.set(rowKey(row), row);
    return rows.size > size;
  }

  addAll(relation: RelationName, rows: readonly Row[]): boolean {
    return rows.filter((row) => this.add(relation, row)).length > 0;
  }

  sorted(): ReadonlyMap<RelationName, readonly Row[]> {
    return new Map(
      [...this.#rows].map(([relation, rows]) => [relation, [...rows.values()].sort(compareRows)]),
    );
  }
}

function rulesOf(p: AnalyzedProgram, component: ComponentName): readonly Rule[] {
  const found = p.program.components.find((c): c is Component => c.name === component);
  if (found === undefined) throw new Error(`There is no component ${component}.`);
  return found.rules;
}

function strataOf(
  p: AnalyzedProgram,
  component: ComponentName,
): readonly (readonly RelationName[])[] {
  const result = stratify(p, component);
  if (result.kind === "cycle") throw new Error(`Component ${component} is not stratified.`);
  return result.strata;
}

function deductive(rules: readonly Rule[], stratum: readonly RelationName[]): readonly Rule[] {
  return rules.filter((r) => r.head.timing.kind === "now" && stratum.includes(r.head.relation));
}

function fixpoint(p: AnalyzedProgram, rules: readonly Rule[], facts: Facts): void {
  let grew = true;
  while (grew) {
    grew = rules
      .map((rule) => facts.addAll(rule.head.relation, heads(p, rule, facts)))
      .includes(true);
  }
}

/** The rows that a rule derives. */
function heads(p: AnalyzedProgram, rule: Rule, facts: Database): readonly Row[] {
  return groups(rule, valuations(p, rule, facts)).map((group) => headRow(rule, group));
}

function sendsOf(p: AnalyzedProgram, rule: Rule, facts: Database): readonly Send[] {
  return groups(rule, valuations(p, rule, facts)).map((group) => {
    const to = group.destination!;
    if (typeof to !== "object" || !("kind" in to) || to.kind !== "address") {
      throw new EvaluationError(
        rule.id,
        `${printValue(to)} is no address to send to`,
        group.members[0]!.facts,
      );
    }
    return { relation: rule.head.relation, row: headRow(rule, group), to: to.name };
  });
}

/** Everything that a rule derives from a database, for the sake of the error it may throw. */
export function evaluateRule(p: AnalyzedProgram, rule: Rule, database: Database): void {
  if (rule.head.timing.kind === "async") sendsOf(p, rule, database);
  else heads(p, rule, database);
}

/** Valuations that agree on the plain head terms and the destination. A group is never empty (H-12). */
export interface Group {
  readonly plain: readonly (Value | undefined)[];
  readonly destination: Value | undefined;
  readonly members: Valuation[];
}

/** The valuations of a rule, as its head gathers them. */
export function groups(rule: Rule, found: readonly Valuation[]): readonly Group[] {
  const { terms, timing } = rule.head;
  const byKey = new Map<string, Group>();
  for (const member of distinct(rule, found)) {
    const value = (term: HeadTerm): Value | undefined =>
      term.kind === "aggregate"
        ? undefined
        : failingIn(rule, member, () => evaluate(term, member.values));
    const plain = terms.map(value);
    const destination = timing.kind === "async" ? value(timing.destination) : undefined;
    const key = rowKey([...plain, destination].filter((v) => v !== undefined));
    const group = byKey.get(key);
    if (group === undefined) byKey.set(key, { plain, destination, members: [member] });
    else group.members.push(member);
  }
  return [...byKey.values()];
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
  return rule.head.terms.map((term, i) =>
    term.kind === "aggregate" ? aggregate(rule, term, group.members) : group.plain[i]!,
  );
}

function aggregate(
  rule: Rule,
  { operator, over }: Aggregate,
  members: readonly Valuation[],
): Value {
  const valueOf = (m: Valuation): Value =>
    over.length === 1 ? m.values.get(over[0]!)! : over.map((name) => m.values.get(name)!);
  const values = members.map(valueOf);
  const sorted = [...new Map(values.map((v) => [valueKey(v), v])).values()].sort(compareValues);
  switch (operator) {
    case "count":
      return sorted.length;
    case "min":
      return sorted[0]!;
    case "max":
      return sorted.at(-1)!;
    case "collect":
      return sorted;
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

function sameFacts(a: NodeState["carried"], b: NodeState["carried"]): boolean {
  const keys = (facts: NodeState["carried"]): string[] =>
    [...facts].flatMap(([relation, rows]) => rows.map((row) => factKey({ relation, row })));
  const inA = new Set(keys(a));
  const inB = keys(b);
  return inA.size === inB.length && inB.every((key) => inA.has(key));
}

function factKey(fact: Fact): string {
  return `${fact.relation}(${rowKey(fact.row)}`;
}

function sendKey(send: Send): string {
  return `${send.to.length}:${send.to}${factKey(send)}`;
}
