import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { ComponentName, RelationName } from "../program/program.ts";
import { address, type Row } from "../program/value.ts";
import { suspicionChecks, type CheckSuspicions } from "./suspicionChecks.ts";
import { componentShape, type ComponentShape } from "./componentShape.ts";
import type { HeldTable } from "./heldTable.ts";
import type { Interner } from "./interner.ts";
import { InterpretedMachine } from "./interpretedMachine.ts";
import type { NodeTable } from "./machine.ts";
import type { Fact, NodeEnvironment } from "./nodeEngine.ts";
import { sentRelation, UNIT } from "./normalRules.ts";
import type { SharedIds } from "./rowLog.ts";
import { rulePlans, type RulePlans } from "./rulePlans.ts";
import type { Suspicion } from "./suspicion.ts";
import { NEW } from "./table.ts";

/** A component's rules, planned once for all of its nodes. */
export interface PlannedComponent {
  readonly p: AnalyzedProgram;
  readonly component: ComponentName;
  readonly shape: ComponentShape;
  readonly plans: readonly RulePlans[];
  readonly check: CheckSuspicions;
}

export function plannedComponent(p: AnalyzedProgram, component: ComponentName): PlannedComponent {
  const shape = componentShape(p, component);
  const plans = shape.rules.map((rule) => rulePlans(shape, rule));
  return { p, component, shape, plans, check: suspicionChecks(p) };
}

/** A row of a relation: so many ids, which begin there. */
export type VisitRow = (
  relation: RelationName,
  cells: Int32Array,
  at: number,
  length: number,
) => void;

/**
 * What a node does in one tick, from any state: a state is what inductive rules carried over, and what a tick takes
 * grows with how its state differs from the one that the tick before it led to. A tick is `begin`, then `carry` and
 * `arrive`, then `run`, after which the visits say what came of it. A node that has thrown must not be used again.
 */
export class NodeTransitions {
  readonly #planned: PlannedComponent;
  readonly #environment: NodeEnvironment;
  readonly #machine: InterpretedMachine;
  /** Relations with inductive rules. */
  readonly #carrying: readonly HeldTable[];
  readonly #outgoing: readonly (readonly [RelationName, HeldTable])[];
  /** The builtin `tick`, if a rule reads it. */
  readonly #ticks: NodeTable | undefined;
  /** Contents that the environment gives to relations which nothing marks as EDB. */
  readonly #refed: readonly Fact[];
  readonly #interner: Interner;
  readonly #suspicions: Suspicion[] = [];

  constructor(planned: PlannedComponent, environment: NodeEnvironment, ids: SharedIds) {
    const { shape, plans } = planned;
    this.#planned = planned;
    this.#environment = environment;
    this.#interner = ids.interner;
    this.#machine = new InterpretedMachine(shape, plans, {
      interner: ids.interner,
      functions: environment.functions,
      suspect: (suspicion) => void this.#suspicions.push(suspicion),
    });
    const { lasting } = this.#machine;
    const inductive = new Set(shape.rules.flatMap((r) => (r.timing === "next" ? [r.head] : [])));
    this.#carrying = [...inductive].map((relation) => lasting.get(relation)!);
    this.#outgoing = shape.sending.map((name) => [sentRelation(name), lasting.get(name)!]);
    this.#ticks = this.#builtin("tick");
    this.#refed = this.#loadEdb();
  }

  /** Opens the tick of that number. */
  begin(tick: number): void {
    this.#machine.begin();
    this.#ticks?.assert([tick]);
  }

  /** The tick starts with that row of a relation, or without it, unlike the state that the tick before it led to. */
  carry(relation: RelationName, cells: ArrayLike<number>, at: number, carried: boolean): void {
    const table = this.#machine.lasting.get(relation)!;
    for (let i = 0; i < table.arity; i++) table.scratch[i] = cells[at + i]!;
    table.carry(table.upsert(), carried);
  }

  arrive({ relation, row }: Fact): void {
    const table = this.#machine.tables.get(relation);
    if (table?.held === true) throw new Error(`${relation} is derived here; it cannot arrive.`);
    table?.assert(row);
  }

  /** Throws what the program's own values make fail. */
  run(): void {
    for (const fact of this.#refed) this.arrive(fact);
    this.#machine.run();
    this.#machine.end();
    if (this.#suspicions.length > 0) this.#checkSuspicions();
  }

  /** What the next tick starts with. */
  eachCarried(visit: VisitRow): void {
    for (const table of this.#carrying) {
      for (let row = 0; row < table.top; row++) {
        if (table.isCarried(row)) visit(table.name, table.cells, row * table.arity, table.arity);
      }
    }
  }

  /** Everything that was sent, new or not: the first id of a row is where it goes. */
  eachSent(visit: VisitRow): void {
    for (const [relation, table] of this.#outgoing) {
      if (table.present === 0) continue;
      for (let row = 0; row < table.top; row++) {
        if ((table.view[row]! & NEW) !== 0)
          visit(relation, table.cells, row * table.arity, table.arity);
      }
    }
  }

  #builtin(relation: RelationName): NodeTable | undefined {
    const table = this.#machine.tables.get(relation);
    return table?.arity === 1 && !this.#planned.shape.derived.has(relation) ? table : undefined;
  }

  #loadEdb(): readonly Fact[] {
    const refed: Fact[] = [];
    const all = new Map<RelationName, readonly Row[]>(this.#environment.edb);
    all.set(UNIT, [[]]);
    if (this.#builtin("self")) all.set("self", [[address(this.#environment.address)]]);
    for (const [relation, rows] of all) {
      const table = this.#machine.tables.get(relation);
      for (const row of table === undefined ? [] : rows) {
        if (table!.held) table!.assert(row);
        else refed.push({ relation, row });
      }
    }
    return refed;
  }

  /** A failed computation is an error only if its valuation holds in everything else. */
  #checkSuspicions(): void {
    const { edb, functions } = this.#environment;
    const { tables } = this.#machine;
    const tick = { tables, edb, functions, interner: this.#interner };
    this.#planned.check(this.#suspicions, tick);
    this.#suspicions.length = 0;
  }
}
