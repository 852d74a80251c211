import type { RelationName, Timing } from "../program/program.ts";
import { address, compareRows, rowKey, type Address, type Row } from "../program/value.ts";
import type { CheckSuspicions } from "./suspicionChecks.ts";
import type { CodeContext } from "./codeText.ts";
import type { ComponentShape } from "./componentShape.ts";
import { tickDatabase } from "./explainFact.ts";
import { Interner } from "./interner.ts";
import { misfit, type Machine, type NodeTable } from "./machine.ts";
import type {
  Change,
  Fact,
  NodeEngine,
  NodeEnvironment,
  RowReport,
  Send,
  StandingChange,
  StartOptions,
  TickReport,
  FactDerivation,
} from "./nodeEngine.ts";
import { isAuxiliary, sentRelation, UNIT } from "./normalRules.ts";
import {
  ENTRY,
  entryTag,
  kindOfTag,
  relationOfTag,
  type RowLog,
  type SharedIds,
} from "./rowLog.ts";
import { StandingWatch } from "./standingWatch.ts";
import type { Suspicion } from "./suspicion.ts";
import type { Database } from "./valuations.ts";

/** What `compile` prepared, the same for every node that runs the component. */
export interface CompiledComponent {
  readonly shape: ComponentShape;
  readonly machine: (context: CodeContext) => Machine;
  readonly explain: (
    timing: Timing["kind"],
    fact: Fact | Send,
    database: Database,
  ) => readonly FactDerivation[];
  readonly check: CheckSuspicions;
}

interface Outgoing {
  readonly relation: RelationName;
  readonly table: NodeTable;
  readonly tag: number;
}

/** A table whose changes are recorded, with the tags of its entries. */
interface Logged {
  readonly table: NodeTable;
  readonly holds: number;
  readonly appeared: number;
  readonly disappeared: number;
}

/** The evaluator whose work is proportional to what a tick changes (language.md section 3). */
export class IncrementalEngine implements NodeEngine {
  readonly #component: CompiledComponent;
  readonly #environment: NodeEnvironment;
  readonly #interner: Interner;
  readonly #ids: SharedIds | undefined;
  readonly #machine: Machine;
  readonly #tables: ReadonlyMap<RelationName, NodeTable>;
  /** The builtin `tick`, if a rule reads it. */
  readonly #ticks: NodeTable | undefined;
  readonly #outgoing: readonly Outgoing[];
  /** Contents the environment gives to relations that nothing marks as EDB. */
  readonly #refed: readonly Fact[];
  readonly #suspicions: Suspicion[] = [];
  readonly #observe: boolean;
  /** What passing tables held in the last tick. */
  readonly #seen = new Map<NodeTable, readonly Row[]>();
  #visible: readonly NodeTable[] | undefined;
  #logged: readonly Logged[] | undefined;
  /** By the number of the relation; null for what nothing here reads. */
  readonly #numbered: (NodeTable | null | undefined)[] = [];
  #change: Change = { appeared: [], disappeared: [] };
  /** By channel: those that somebody asks about. */
  readonly #watched = new Map<RelationName, StandingWatch>();
  #tick = 0;
  #failure: unknown;

  constructor(
    component: CompiledComponent,
    environment: NodeEnvironment,
    { observe = false, ids }: StartOptions = {},
  ) {
    this.#component = component;
    this.#environment = environment;
    this.#observe = observe;
    this.#ids = ids;
    this.#interner = ids?.interner ?? new Interner();
    this.#machine = component.machine({
      interner: this.#interner,
      functions: environment.functions,
      suspect: (suspicion) => void this.#suspicions.push(suspicion),
    });
    this.#tables = this.#machine.tables;
    this.#ticks = this.#isBuiltin("tick") ? this.#tables.get("tick") : undefined;
    this.#outgoing = component.shape.sending.map((name) => {
      const relation = sentRelation(name);
      const tag = ids === undefined ? -1 : entryTag(ids.relation(relation), ENTRY.sent);
      return { relation, table: this.#tables.get(name)!, tag };
    });
    this.#refed = this.#loadEdb();
  }

  tick(arrived: readonly Fact[]): TickReport {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      this.#begin();
      this.#arrive(arrived);
      this.#run();
      const sends = this.#sends();
      if (this.#observe) this.#change = this.#observed();
      for (const watch of this.#watched.values()) watch.ran();
      const unsettled = this.#end();
      return { tick: this.#tick, sends, standing: this.#present() - sends.length, unsettled };
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }

  tickRows(log: RowLog, arrived: readonly number[], facts: readonly Fact[]): RowReport {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      this.#begin();
      for (let i = 0; i < arrived.length; i++) this.#arriveEntry(log, arrived[i]!);
      this.#arrive(facts);
      this.#run();
      if (this.#observe) this.#logChanges(log);
      const sendsFrom = log.top;
      const sends = this.#logSends(log);
      for (const watch of this.#watched.values()) watch.ran();
      const unsettled = this.#end();
      return { tick: this.#tick, sendsFrom, standing: this.#present() - sends, unsettled };
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }

  standing(channels?: ReadonlySet<RelationName>): readonly Send[] {
    return this.#outgoing.flatMap(({ relation, table }) => {
      if (channels?.has(relation) === false) return [];
      const fresh = new Set<number>();
      for (let i = 0; i < table.appeared(); i++) fresh.add(table.appearedAt(i));
      const sends: Send[] = [];
      table.eachHolding((row) => {
        if (!fresh.has(row)) sends.push(this.#send(relation, table, row));
      });
      return sends;
    });
  }

  standingChange(channels: ReadonlySet<RelationName>): StandingChange {
    let standing = 0;
    const ceased: Send[] = [];
    for (const { relation, table } of this.#outgoing) {
      if (!channels.has(relation)) continue;
      standing += table.present() - table.appeared();
      const watch = this.#watched.get(relation);
      if (watch === undefined) this.#watched.set(relation, new StandingWatch(table));
      else for (const row of watch.ceased) ceased.push(sendOf(relation, row));
    }
    return { standing, ceased };
  }

  change(): Change {
    if (!this.#observe) throw new Error("The engine was not started with `observe`.");
    return this.#change;
  }

  facts(relation: RelationName): readonly Row[] {
    const table = this.#tables.get(relation);
    if (table === undefined) {
      return (this.#environment.edb.get(relation) ?? []).toSorted(compareRows);
    }
    return this.#rows(table).sort(compareRows);
  }

  explain(timing: Timing["kind"], fact: Fact | Send): readonly FactDerivation[] {
    const held = new Map<RelationName, readonly Row[]>();
    for (const relation of this.#tables.keys()) {
      if (this.#isVisible(relation)) held.set(relation, this.facts(relation));
    }
    const database = tickDatabase(this.#environment, this.#tick, held);
    return this.#component.explain(timing, fact, database);
  }

  size(): number {
    let size = 0;
    for (const [relation, table] of this.#tables)
      if (this.#isVisible(relation)) size += table.present();
    return size;
  }

  #run(): void {
    this.#arrive(this.#refed);
    this.#machine.run();
  }

  /** Whether the next tick starts from another state than this one did. */
  #end(): boolean {
    const differences = this.#machine.end();
    if (this.#suspicions.length > 0) this.#checkSuspicions();
    // Ids that others share stay what they are.
    if (this.#ids === undefined && this.#interner.needsSweep()) this.#sweep();
    return differences > 0;
  }

  /** How many asynchronous facts hold. */
  #present(): number {
    let present = 0;
    for (let i = 0; i < this.#outgoing.length; i++) present += this.#outgoing[i]!.table.present();
    return present;
  }

  #begin(): void {
    this.#tick++;
    for (const watch of this.#watched.values()) watch.begins();
    this.#machine.begin();
    if (this.#ticks === undefined) return;
    this.#ticks.assert([this.#tick]);
  }

  #isBuiltin(relation: RelationName): boolean {
    return this.#tables.get(relation)?.arity === 1 && !this.#component.shape.derived.has(relation);
  }

  #arrive(arrived: readonly Fact[]): void {
    let relation: RelationName | undefined;
    let table: NodeTable | undefined;
    for (let i = 0; i < arrived.length; i++) {
      const fact = arrived[i]!;
      if (fact.relation !== relation) {
        relation = fact.relation;
        table = this.#tables.get(relation);
        if (table?.held === true) throw new Error(`${relation} is derived here; it cannot arrive.`);
      }
      table?.assert(fact.row);
    }
  }

  #arriveEntry(log: RowLog, entry: number): void {
    const { cells } = log;
    const table = this.#tableOf(relationOfTag(cells[entry]!));
    if (table === null) return;
    const destination = kindOfTag(cells[entry]!) === ENTRY.sent ? 1 : 0;
    if (cells[entry + 1] !== table.arity + destination)
      misfit(table.name, table.arity, log.row(entry, this.#interner, destination));
    table.assertCells(cells, entry + 2 + destination);
  }

  #tableOf(relation: number): NodeTable | null {
    const known = this.#numbered[relation];
    if (known !== undefined) return known;
    const name = this.#ids!.nameOf(relation);
    const table = this.#tables.get(name) ?? null;
    if (table?.held === true) throw new Error(`${name} is derived here; it cannot arrive.`);
    return (this.#numbered[relation] = table);
  }

  #logChanges(log: RowLog): void {
    const logged = (this.#logged ??= this.#toLog());
    for (let i = 0; i < logged.length; i++) {
      const { table, holds, appeared, disappeared } = logged[i]!;
      table.logChanges(log, holds, appeared, disappeared);
    }
  }

  #toLog(): readonly Logged[] {
    const visible = [...this.#tables.values()].filter((t) => this.#isVisible(t.name));
    return visible.map((table) => {
      const relation = this.#ids!.relation(table.name);
      return {
        table,
        holds: entryTag(relation, ENTRY.holds),
        appeared: entryTag(relation, ENTRY.appeared),
        disappeared: entryTag(relation, ENTRY.disappeared),
      };
    });
  }

  #logSends(log: RowLog): number {
    let sends = 0;
    for (let i = 0; i < this.#outgoing.length; i++) {
      const { table, tag } = this.#outgoing[i]!;
      const fresh = table.appeared();
      if (fresh === 0) continue;
      table.logAppeared(log, tag);
      sends += fresh;
    }
    return sends;
  }

  #loadEdb(): readonly Fact[] {
    const refed: Fact[] = [];
    const all = new Map<RelationName, readonly Row[]>(this.#environment.edb);
    all.set(UNIT, [[]]);
    if (this.#isBuiltin("self")) all.set("self", [[address(this.#environment.address)]]);
    for (const [relation, rows] of all) {
      const table = this.#tables.get(relation);
      if (table === undefined) continue;
      for (const row of rows) {
        if (table.held) table.assert(row);
        else refed.push({ relation, row });
      }
    }
    return refed;
  }

  #sends(): readonly Send[] {
    const sends: Send[] = [];
    for (const { relation, table } of this.#outgoing) {
      const fresh = table.appeared();
      for (let i = 0; i < fresh; i++) sends.push(this.#send(relation, table, table.appearedAt(i)));
    }
    return sends;
  }

  #send(relation: RelationName, table: NodeTable, row: number): Send {
    const to = this.#interner.valueOf(table.cell(row, 0)) as Address;
    return { relation, row: table.values(row, 1), to: to.name };
  }

  #rows(table: NodeTable): Row[] {
    const rows: Row[] = [];
    table.eachHolding((row) => void rows.push(table.values(row, 0)));
    return rows;
  }

  /** A failed computation is an error only if its valuation holds in everything else. */
  #checkSuspicions(): void {
    const { edb, functions } = this.#environment;
    const tick = { tables: this.#tables, edb, functions, interner: this.#interner };
    this.#component.check(this.#suspicions, tick);
    this.#suspicions.length = 0;
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
    const tables = (this.#visible ??= [...this.#tables.values()].filter((t) =>
      this.#isVisible(t.name),
    ));
    for (const table of tables) {
      const relation = table.name;
      if (!table.held) {
        const before = this.#seen.get(table) ?? [];
        if (before.length === 0 && table.present() === 0) continue;
        const now = this.#rows(table);
        for (const row of missing(now, before)) appeared.push({ relation, row });
        for (const row of missing(before, now)) disappeared.push({ relation, row });
        this.#seen.set(table, now);
        continue;
      }
      for (let i = 0; i < table.appeared(); i++) {
        appeared.push({ relation, row: table.values(table.appearedAt(i), 0) });
      }
      for (let i = 0; i < table.disappeared(); i++) {
        disappeared.push({ relation, row: table.values(table.disappearedAt(i), 0) });
      }
    }
    return { appeared, disappeared };
  }

  #sweep(): void {
    this.#interner.sweep((mark) => {
      for (const table of this.#tables.values()) table.eachId(mark);
      this.#machine.visitLive(mark);
    });
  }
}

/** The first value of an outgoing table's row is where it goes. */
function sendOf(relation: RelationName, [to, ...row]: Row): Send {
  return { relation, row, to: (to as Address).name };
}

/** The rows that are not among the others. */
function missing(rows: readonly Row[], others: readonly Row[]): readonly Row[] {
  if (rows.length === 0 || others.length === 0) return rows;
  const keys = new Set(others.map(rowKey));
  return rows.filter((row) => !keys.has(rowKey(row)));
}
