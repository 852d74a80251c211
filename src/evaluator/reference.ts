import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { choosingRule } from "../analysis/choosing.ts";
import { stratify } from "../analysis/stratify.ts";
import type { Component, ComponentName, RelationName, Rule, Timing } from "../program/program.ts";
import { address, compareRows, rowKey, type Row } from "../program/value.ts";
import { canonicalRow } from "./canonicalValue.ts";
import { ruleValuations } from "./choices.ts";
import { explainFact, tickDatabase } from "./explainFact.ts";
import type {
  Change,
  Fact,
  NodeEngine,
  NodeEnvironment,
  Runnable,
  Send,
  StandingChange,
  FactDerivation,
} from "./nodeEngine.ts";
import { destinationOf, groups, headRow, type Group } from "./ruleHeads.ts";
import type { Database } from "./valuations.ts";

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
    for (const { relation, row } of arrived)
      if (read.has(relation)) facts.add(relation, canonicalRow(row));
    for (const stratum of strata) fixpoint(p, deductive(rules, stratum), facts);

    let sorted: ReferenceTick["facts"] | undefined;
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
      // Sorted only when asked for: the verifier never does.
      get facts() {
        return (sorted ??= facts.sorted());
      },
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
  readonly #component: ComponentName;
  readonly #environment: NodeEnvironment;
  readonly #observe: boolean;
  readonly #next: (state: NodeState, arrived: readonly Fact[]) => ReferenceTick;
  #before: ReferenceTick = { state: INITIAL_STATE, sends: [], facts: new Map() };
  #now: ReferenceTick = this.#before;
  /** What stood in the tick before the last one. */
  #stood: ReadonlySet<string> = new Set();
  /** The tick after which a channel was first asked about. */
  readonly #asked = new Map<RelationName, number>();

  constructor(
    p: AnalyzedProgram,
    component: ComponentName,
    environment: NodeEnvironment,
    options?: { readonly observe?: boolean },
  ) {
    this.#p = p;
    this.#component = component;
    this.#environment = environment;
    this.#observe = options?.observe ?? false;
    this.#next = referenceTick(p, component, environment);
  }

  tick(arrived: readonly Fact[]): ReturnType<NodeEngine["tick"]> {
    this.#stood = new Set(this.#asked.size === 0 ? [] : this.standing().map(sendKey));
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

  standingChange(channels: ReadonlySet<RelationName>): StandingChange {
    const { tick } = this.#now.state;
    for (const channel of channels) if (!this.#asked.has(channel)) this.#asked.set(channel, tick);
    const held = new Set(this.#now.sends.map(sendKey));
    const ceased = this.#before.sends.filter(
      (s) =>
        channels.has(s.relation) &&
        this.#asked.get(s.relation)! < tick &&
        this.#stood.has(sendKey(s)) &&
        !held.has(sendKey(s)),
    );
    return { standing: this.standing(channels).length, ceased };
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

  explain(timing: Timing["kind"], fact: Fact | Send): readonly FactDerivation[] {
    const held = new Map(
      [...this.#now.facts].filter(([r]) => r !== "self" && r !== "tick" && !this.#isEdb(r)),
    );
    const database = tickDatabase(this.#environment, this.#now.state.tick, held);
    return explainFact(this.#p, this.#component, timing, fact, database);
  }

  /** Everything but EDB and builtins, which never change or always do. */
  #stored(facts: ReferenceTick["facts"]): readonly Fact[] {
    return [...facts].flatMap(([relation, rows]) =>
      this.#isEdb(relation) || relation === "self" || relation === "tick"
        ? []
        : rows.map((row) => ({ relation, row })),
    );
  }

  #isEdb(relation: RelationName): boolean {
    return this.#environment.edb.has(relation);
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
  return groupsOf(p, rule, facts).map((group) => headRow(rule, group));
}

function groupsOf(p: AnalyzedProgram, rule: Rule, facts: Database): readonly Group[] {
  return groups(rule, ruleValuations(p, rule, facts), choosingRule(p, rule));
}

function sendsOf(p: AnalyzedProgram, rule: Rule, facts: Database): readonly Send[] {
  return groupsOf(p, rule, facts).map((group) => ({
    relation: rule.head.relation,
    row: headRow(rule, group),
    to: destinationOf(rule, group).name,
  }));
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
