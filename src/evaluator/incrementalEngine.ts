import type { RelationName, RuleId } from "../program/program.ts";
import { address, compareRows, isTuple, rowKey, type Row } from "../program/value.ts";
import type { ComponentShape, Group } from "./componentShape.ts";
import { HeldTable } from "./heldTable.ts";
import { Interner } from "./interner.ts";
import type { Change, Fact, NodeEngine, NodeEnvironment, Send, TickReport } from "./nodeEngine.ts";
import { isAuxiliary, sentRelation, UNIT } from "./normalRules.ts";
import { recursionOf, type Recursion } from "./recursion.ts";
import type { RulePlans } from "./rulePlans.ts";
import { RunningRule, type PlanCode, type RuleContext } from "./runningRule.ts";
import { INSERTED, NEW, Table } from "./table.ts";
import type { Database } from "./valuations.ts";

/** What `compile` prepared, the same for every node that runs the component. */
export interface CompiledComponent {
  readonly shape: ComponentShape;
  readonly plans: readonly RulePlans[];
  readonly code: PlanCode;
  /** Throws the error that a rule makes over these facts, if it makes one. */
  readonly check: (rule: RuleId, database: Database) => void;
}

/** One unit of a tick: relations that are complete when it has run. */
type Stage =
  | { readonly kind: "rules"; readonly rules: readonly RunningRule[]; readonly table: Table }
  | { readonly kind: "recursion"; readonly recursion: Recursion };

/** The evaluator whose work is proportional to what a tick changes (language.md section 3). */
export class IncrementalEngine implements NodeEngine {
  readonly #component: CompiledComponent;
  readonly #environment: NodeEnvironment;
  readonly #interner = new Interner();
  readonly #tables = new Map<RelationName, Table>();
  /** The builtin `tick`, if a rule reads it. */
  readonly #ticks: Table | undefined;
  readonly #passing: readonly Table[];
  readonly #held: readonly HeldTable[];
  /** Held relations without now-rules: EDB, and what only inductive rules derive. */
  readonly #roots: readonly HeldTable[];
  readonly #outgoing: readonly { readonly relation: RelationName; readonly table: HeldTable }[];
  readonly #stages: readonly Stage[];
  readonly #late: readonly RunningRule[];
  readonly #keeping: readonly RunningRule[];
  readonly #running: readonly RunningRule[];
  /** Contents the environment gives to relations that nothing marks as EDB. */
  readonly #refed: readonly Fact[];
  readonly #suspects = new Set<RuleId>();
  readonly #observe: boolean;
  #seen: ReadonlyMap<Table, ReadonlyMap<string, Row>> = new Map();
  #change: Change = { appeared: [], disappeared: [] };
  #tick = 0;
  #failure: unknown;

  constructor(
    component: CompiledComponent,
    environment: NodeEnvironment,
    options?: { readonly observe?: boolean },
  ) {
    this.#component = component;
    this.#environment = environment;
    this.#observe = options?.observe ?? false;
    const { shape, plans } = component;
    for (const [relation, arity] of shape.arities) {
      const passing = shape.passing.has(relation);
      const table = passing ? new Table(relation, arity) : new HeldTable(relation, arity);
      this.#tables.set(relation, table);
    }
    const tables = [...this.#tables.values()];
    this.#ticks = this.#isBuiltin("tick") ? this.#tables.get("tick") : undefined;
    this.#passing = tables.filter((t) => !(t instanceof HeldTable));
    this.#held = tables.filter((t) => t instanceof HeldTable);
    const context: RuleContext = {
      interner: this.#interner,
      functions: environment.functions,
      table: (relation) => this.#tables.get(relation)!,
      suspect: (rule) => void this.#suspects.add(rule),
      code: component.code,
    };
    this.#running = plans.map((p) => new RunningRule(p, context));
    this.#keeping = this.#running.filter((r) => r.plans.kind === "keep");
    this.#setKeeping();
    this.#stages = shape.groups.map((group) => this.#stage(group));
    this.#late = this.#running.filter(
      (r) => r.plans.rule.timing !== "now" && r.plans.kind === "plain",
    );
    const computed = new Set(shape.groups.flatMap((g) => g.relations));
    const sending = new Set(
      this.#late.filter((r) => r.plans.rule.timing === "async").map((r) => r.plans.rule.head),
    );
    this.#roots = this.#held.filter((t) => !computed.has(t.name) && !sending.has(t.name));
    this.#outgoing = this.#held
      .filter((t) => sending.has(t.name))
      .map((table) => ({ relation: sentRelation(table.name), table }));
    this.#refed = this.#loadEdb();
  }

  tick(arrived: readonly Fact[]): TickReport {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      return this.#run(arrived);
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }

  standing(channels?: ReadonlySet<RelationName>): readonly Send[] {
    return this.#outgoing.flatMap(({ relation, table }) => {
      if (channels?.has(relation) === false) return [];
      const fresh = new Set(table.inserted.toArray());
      const sends: Send[] = [];
      for (let row = 0; row < table.top; row++) {
        if ((table.view[row]! & NEW) !== 0 && !fresh.has(row))
          sends.push(this.#send(relation, table, row));
      }
      return sends;
    });
  }

  change(): Change {
    if (!this.#observe) throw new Error("The engine was not started with `observe`.");
    return this.#change;
  }

  facts(relation: RelationName): readonly Row[] {
    const table = this.#tables.get(relation);
    if (table === undefined) return this.#environment.edb.get(relation) ?? [];
    return this.#rows(table).sort(compareRows);
  }

  size(): number {
    let size = 0;
    for (const [relation, table] of this.#tables)
      if (this.#isVisible(relation)) size += table.present;
    return size;
  }

  #run(arrived: readonly Fact[]): TickReport {
    this.#begin();
    for (let i = 0; i < arrived.length; i++) this.#arrive(arrived[i]!);
    for (let i = 0; i < this.#refed.length; i++) this.#arrive(this.#refed[i]!);
    for (let i = 0; i < this.#roots.length; i++) this.#roots[i]!.settle();
    for (let i = 0; i < this.#stages.length; i++) this.#runStage(this.#stages[i]!);
    for (let i = 0; i < this.#keeping.length; i++) this.#keeping[i]!.doubtKeeping();
    for (let i = 0; i < this.#late.length; i++) this.#runRule(this.#late[i]!);
    const sends = this.#sends();
    if (this.#observe) this.#change = this.#observed();
    let differences = 0;
    for (let i = 0; i < this.#held.length; i++) differences += this.#held[i]!.end();
    if (this.#suspects.size > 0) this.#checkSuspects();
    if (this.#interner.needsSweep()) this.#sweep();
    let standing = -sends.length;
    for (const { table } of this.#outgoing) standing += table.present;
    return { tick: this.#tick, sends, standing, unsettled: differences > 0 };
  }

  #begin(): void {
    this.#tick++;
    for (let i = 0; i < this.#passing.length; i++) this.#passing[i]!.clear();
    for (let i = 0; i < this.#held.length; i++) {
      this.#held[i]!.inserted.clear();
      this.#held[i]!.deleted.clear();
    }
    if (this.#ticks === undefined) return;
    this.#ticks.scratch[0] = this.#interner.intern(this.#tick);
    this.#ticks.add();
  }

  #isBuiltin(relation: RelationName): boolean {
    return this.#tables.get(relation)?.arity === 1 && !this.#component.shape.derived.has(relation);
  }

  #arrive({ relation, row }: Fact): void {
    const table = this.#tables.get(relation);
    if (table === undefined) return;
    if (table instanceof HeldTable)
      throw new Error(`${relation} is derived here; it cannot arrive.`);
    if (row.length !== table.arity)
      throw new Error(`${relation} has ${table.arity} columns, not ${row.length}.`);
    for (let i = 0; i < row.length; i++) table.scratch[i] = this.#interner.intern(row[i]!);
    table.add();
  }

  #runStage(stage: Stage): void {
    if (stage.kind === "recursion") {
      stage.recursion.run();
      return;
    }
    for (let i = 0; i < stage.rules.length; i++) this.#runRule(stage.rules[i]!);
    if (stage.table instanceof HeldTable) stage.table.settle();
  }

  #runRule(rule: RunningRule): void {
    if (rule.plans.rule.pulse) rule.runAfresh();
    else rule.runDeltas();
  }

  #stage(group: Group): Stage {
    const rules = this.#running.filter(
      (r) => r.plans.rule.timing === "now" && group.relations.includes(r.plans.rule.head),
    );
    if (!group.recursive)
      return { kind: "rules", rules, table: this.#tables.get(group.relations[0]!)! };
    const tables = group.relations.map((r) => this.#tables.get(r)!);
    return { kind: "recursion", recursion: recursionOf(tables, rules) };
  }

  #setKeeping(): void {
    for (const table of this.#held) {
      const rules = this.#running.filter((r) => r.plans.kind !== "plain" && r.target === table);
      if (rules.length === 0) continue;
      const keepers = rules.flatMap((r) => (r.rederive === undefined ? [] : [r.rederive]));
      const always = keepers.length < rules.length;
      table.keeping =
        keepers.length === 0
          ? "always"
          : (row) => {
              let kept = always;
              // All of them, also when one has decided: a later one may fail.
              for (const keeper of keepers) if (keeper.run(row)) kept = true;
              return kept;
            };
    }
  }

  #loadEdb(): readonly Fact[] {
    const refed: Fact[] = [];
    const all = new Map<RelationName, readonly Row[]>(this.#environment.edb);
    all.set(UNIT, [[]]);
    if (this.#isBuiltin("self")) all.set("self", [[address(this.#environment.address)]]);
    for (const [relation, rows] of all) {
      const table = this.#tables.get(relation);
      for (const row of table === undefined ? [] : rows) {
        if (!(table instanceof HeldTable)) {
          refed.push({ relation, row });
          continue;
        }
        for (let i = 0; i < row.length; i++) table.scratch[i] = this.#interner.intern(row[i]!);
        table.derive(table.upsert(), 1);
      }
    }
    return refed;
  }

  #sends(): readonly Send[] {
    const sends: Send[] = [];
    for (const { relation, table } of this.#outgoing) {
      table.settle();
      const { inserted } = table;
      for (let i = 0; i < inserted.length; i++) {
        sends.push(this.#send(relation, table, inserted.at(i)));
      }
    }
    return sends;
  }

  #send(relation: RelationName, table: Table, row: number): Send {
    const to = this.#interner.valueOf(table.cells[row * table.arity]!);
    if (typeof to !== "object" || isTuple(to)) throw new Error("A destination is an address.");
    return {
      relation,
      row: this.#row(table, row, 1),
      to: to.kind === "address" ? to.name : "",
    };
  }

  #row(table: Table, row: number, from = 0): Row {
    const values: Row[number][] = [];
    for (let c = from; c < table.arity; c++)
      values.push(this.#interner.valueOf(table.cells[row * table.arity + c]!));
    return values;
  }

  #rows(table: Table): Row[] {
    const rows: Row[] = [];
    for (let row = 0; row < table.top; row++) {
      if ((table.view[row]! & NEW) !== 0) rows.push(this.#row(table, row));
    }
    return rows;
  }

  /** A failed computation is an error only if its valuation holds in everything else: the reference decides. */
  #checkSuspects(): void {
    const database: Database = {
      rows: (relation) => this.facts(relation),
      functions: this.#environment.functions,
    };
    for (const rule of this.#suspects) this.#component.check(rule, database);
    this.#suspects.clear();
  }

  /** Relations that the program names and that can change. */
  #isVisible(relation: RelationName): boolean {
    return (
      !isAuxiliary(relation) &&
      !this.#environment.edb.has(relation) &&
      !((relation === "self" || relation === "tick") && this.#isBuiltin(relation))
    );
  }

  #observed(): Change {
    const appeared: Fact[] = [];
    const disappeared: Fact[] = [];
    const fact = (table: Table, row: number): Fact => ({
      relation: table.name,
      row: this.#row(table, row),
    });
    for (const table of this.#held) {
      if (!this.#isVisible(table.name)) continue;
      for (const row of table.inserted.toArray()) {
        if (table.view[row] === INSERTED) appeared.push(fact(table, row));
      }
      for (const row of table.deleted.toArray()) disappeared.push(fact(table, row));
    }
    const seen = new Map<Table, ReadonlyMap<string, Row>>();
    for (const table of this.#passing) {
      if (!this.#isVisible(table.name)) continue;
      const before = this.#seen.get(table) ?? new Map<string, Row>();
      const now = new Map(this.#rows(table).map((row) => [rowKey(row), row]));
      for (const [key, row] of now)
        if (!before.has(key)) appeared.push({ relation: table.name, row });
      for (const [key, row] of before)
        if (!now.has(key)) disappeared.push({ relation: table.name, row });
      seen.set(table, now);
    }
    this.#seen = seen;
    return { appeared, disappeared };
  }

  #sweep(): void {
    this.#interner.sweep((mark) => {
      for (const table of this.#tables.values()) {
        const isUsed = table instanceof HeldTable ? (row: number) => table.isUsed(row) : () => true;
        for (let row = 0; row < table.top; row++) {
          if (!isUsed(row)) continue;
          const at = row * table.arity;
          for (let c = 0; c < table.arity; c++) mark(table.cells[at + c]!);
        }
      }
      for (const rule of this.#running) rule.visitLive(mark);
    });
  }
}
