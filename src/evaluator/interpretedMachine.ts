import type { RelationName } from "../program/program.ts";
import type { ComponentShape, Group } from "./componentShape.ts";
import { HeldTable } from "./heldTable.ts";
import type { Interner } from "./interner.ts";
import { bestIndex, misfit, reachOf, type Machine, type NodeTable } from "./machine.ts";
import { recursionOf, type Recursion } from "./recursion.ts";
import type { RowList } from "./rowList.ts";
import type { RowLog } from "./rowLog.ts";
import type { RulePlans } from "./rulePlans.ts";
import { RunningRule, type RuleContext } from "./runningRule.ts";
import { NEW, Table } from "./table.ts";

/** One unit of a tick: relations that are complete when it has run. */
type Stage =
  | { readonly kind: "rules"; readonly rules: readonly RunningRule[]; readonly table: Table }
  | { readonly kind: "recursion"; readonly recursion: Recursion };

/** Runs a component without generating code, for where that is forbidden: closures over tables of any arity. */
export class InterpretedMachine implements Machine {
  readonly tables: ReadonlyMap<RelationName, NodeTable>;
  /** Relations that last, by name. */
  readonly lasting: ReadonlyMap<RelationName, HeldTable>;
  readonly #passing: readonly Table[];
  readonly #held: readonly HeldTable[];
  /** Held relations without now-rules: EDB, and what only inductive rules derive. */
  readonly #roots: readonly HeldTable[];
  readonly #outgoing: readonly HeldTable[];
  readonly #stages: readonly Stage[];
  readonly #late: readonly RunningRule[];
  readonly #keeping: readonly RunningRule[];
  readonly #running: readonly RunningRule[];

  constructor(
    shape: ComponentShape,
    plans: readonly RulePlans[],
    context: Omit<RuleContext, "table">,
  ) {
    const tables = new Map<RelationName, Table>();
    const lost = (cells: number): void => context.interner.lost(cells);
    for (const [relation, arity] of shape.arities) {
      const kind = shape.passing.has(relation) ? Table : HeldTable;
      tables.set(relation, new kind(relation, arity, lost));
    }
    this.tables = new Map([...tables].map(([r, t]) => [r, nodeTable(t, context.interner)]));
    this.#passing = [...tables.values()].filter((t) => !(t instanceof HeldTable));
    this.#held = [...tables.values()].filter((t) => t instanceof HeldTable);
    this.lasting = new Map(this.#held.map((t) => [t.name, t]));
    const table = (relation: RelationName): Table => tables.get(relation)!;
    this.#running = plans.map((p) => new RunningRule(p, { ...context, table }));
    this.#keeping = this.#running.filter((r) => r.plans.kind === "keep");
    this.#setKeeping();
    this.#stages = shape.groups.map((group) => this.#stage(group, table));
    this.#late = this.#running.filter(
      (r) => r.plans.rule.timing !== "now" && r.plans.kind === "plain",
    );
    const computed = new Set(shape.groups.flatMap((g) => g.relations));
    const sending = new Set(shape.sending);
    this.#roots = this.#held.filter((t) => !computed.has(t.name) && !sending.has(t.name));
    this.#outgoing = this.#held.filter((t) => sending.has(t.name));
  }

  begin(): void {
    for (const table of this.#passing) table.clear();
    for (const { inserted, deleted } of this.#held) {
      inserted.clear();
      deleted.clear();
    }
  }

  run(): void {
    for (const table of this.#roots) table.settle();
    for (const stage of this.#stages) runStage(stage);
    for (const rule of this.#keeping) rule.doubtKeeping();
    for (const rule of this.#late) runRule(rule);
    for (const table of this.#outgoing) table.settle();
  }

  end(): number {
    let differences = 0;
    for (const table of this.#held) differences += table.end();
    return differences;
  }

  visitLive(mark: (id: number) => void): void {
    for (const rule of this.#running) rule.visitLive(mark);
  }

  #stage(group: Group, table: (relation: RelationName) => Table): Stage {
    const rules = this.#running.filter(
      (r) => r.plans.rule.timing === "now" && group.relations.includes(r.plans.rule.head),
    );
    if (!group.recursive) return { kind: "rules", rules, table: table(group.relations[0]!) };
    const tables = group.relations.map(table);
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
}

function runStage(stage: Stage): void {
  if (stage.kind === "recursion") {
    stage.recursion.run();
    return;
  }
  for (const rule of stage.rules) runRule(rule);
  if (stage.table instanceof HeldTable) stage.table.settle();
}

function runRule(rule: RunningRule): void {
  if (rule.plans.rule.pulse) rule.runAfresh();
  else rule.runDeltas();
}

function nodeTable(table: Table, interner: Interner): NodeTable {
  const held = table instanceof HeldTable ? table : undefined;
  const { arity } = table;
  const assertScratch = (): void => {
    if (held === undefined) table.add();
    else held.derive(held.upsert(), 1);
  };
  const logRow = (log: RowLog, tag: number, row: number): void => {
    const { cells } = table;
    log.push(tag);
    log.push(arity);
    for (let i = 0; i < arity; i++) log.push(cells[row * arity + i]!);
  };
  const logList = (log: RowLog, tag: number, rows: RowList): void => {
    for (let i = 0; i < rows.length; i++) logRow(log, tag, rows.at(i));
  };
  return {
    name: table.name,
    arity,
    held: held !== undefined,
    assert(row) {
      if (row.length !== arity) misfit(table.name, arity, row);
      for (let i = 0; i < row.length; i++) table.scratch[i] = interner.intern(row[i]!);
      assertScratch();
    },
    assertCells(cells, at) {
      for (let i = 0; i < arity; i++) table.scratch[i] = cells[at + i]!;
      assertScratch();
    },
    present: () => table.present,
    eachHolding(visit) {
      for (let row = 0; row < table.top; row++) if ((table.view[row]! & NEW) !== 0) visit(row);
    },
    reach: (known) => reachOf(table.indexes, known, true),
    *rowsWith(ids) {
      const holds = (row: number): boolean => (table.view[row]! & NEW) !== 0;
      const index = bestIndex(table.indexes, ids);
      if (ids.every((id) => id !== undefined)) {
        table.scratch.set(ids);
        const row = table.find();
        if (row >= 0 && holds(row)) yield row;
      } else if (index !== undefined) {
        index.columns.forEach((column, i) => void (index.key[i] = ids[column]!));
        for (let row = index.first(); row >= 0; row = index.next[row]!) if (holds(row)) yield row;
      } else for (let row = 0; row < table.top; row++) if (holds(row)) yield row;
    },
    eachId(visit) {
      const { cells } = table;
      for (let row = 0; row < table.top; row++) {
        if (!table.isUsed(row)) continue;
        for (let at = row * arity; at < (row + 1) * arity; at++) visit(cells[at]!);
      }
    },
    cell: (row, column) => table.cells[row * arity + column]!,
    values: (row, from) =>
      Array.from({ length: arity - from }, (_, i) =>
        interner.valueOf(table.cells[row * arity + from + i]!),
      ),
    appeared: () => held?.inserted.length ?? 0,
    appearedAt: (i) => held!.inserted.at(i),
    disappeared: () => held?.deleted.length ?? 0,
    disappearedAt: (i) => held!.deleted.at(i),
    logChanges(log, holds, appeared, disappeared) {
      if (held === undefined) for (let row = 0; row < table.top; row++) logRow(log, holds, row);
      else {
        logList(log, appeared, held.inserted);
        logList(log, disappeared, held.deleted);
      }
    },
    logAppeared(log, tag) {
      if (held !== undefined) logList(log, tag, held.inserted);
    },
  };
}
