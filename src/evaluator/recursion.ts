import { HeldTable } from "./heldTable.ts";
import type { RunningRule } from "./runningRule.ts";
import { DELETED, STABLE, type Table } from "./table.ts";

/** Evaluates a group of mutually recursive relations. */
export interface Recursion {
  run(): void;
}

export function recursionOf(tables: readonly Table[], rules: readonly RunningRule[]): Recursion {
  const held = tables.filter((t) => t instanceof HeldTable);
  return held.length === 0 ? passingRecursion(tables, rules) : heldRecursion(held, rules);
}

/** Semi-naive from nothing: every row drives the rules that read it, in the order the rows came. */
function passingRecursion(tables: readonly Table[], rules: readonly RunningRule[]): Recursion {
  const readers = tables.map((table) => ({
    table,
    plans: rules.flatMap((r) => r.recursive.filter((d) => d.table === table).map((d) => d.plan)),
  }));
  return {
    run() {
      for (const rule of rules) rule.runAfresh();
      const done = tables.map(() => 0);
      for (let moved = true; moved;) {
        moved = false;
        readers.forEach(({ table, plans }, i) => {
          while (done[i]! < table.top) {
            const row = done[i]!++;
            moved = true;
            for (const plan of plans) plan.run(row);
          }
        });
      }
      for (const rule of rules) rule.recordOutcome();
    },
  };
}

/**
 * Delete and re-derive: takes back everything that some deleted fact helped to derive, puts back what has another
 * derivation, then adds what is new, semi-naively. Without deletions only the last part has anything to do.
 */
function heldRecursion(tables: readonly HeldTable[], rules: readonly RunningRule[]): Recursion {
  for (const table of tables) table.recursive = true;
  const recursive = rules.filter((r) => r.recursive.length > 0);
  const plain = rules.filter((r) => r.recursive.length === 0);
  return {
    run() {
      for (const rule of plain) {
        if (rule.plans.rule.pulse) rule.runAfresh();
        else rule.runDeltas();
      }
      const touched = tables.map((t) => t.touched.toArray());
      const deleted = overdelete(tables, recursive, touched);
      insertAgain(tables, recursive, touched, deleted);
      for (const { table, row } of deleted) {
        if (table.view[row] === DELETED) table.deleted.push(row);
      }
      for (const rule of recursive) rule.recordOutcome();
    },
  };
}

interface TableRow {
  readonly table: HeldTable;
  readonly row: number;
}

function overdelete(
  tables: readonly HeldTable[],
  rules: readonly RunningRule[],
  touched: readonly (readonly number[])[],
): readonly TableRow[] {
  const queue: TableRow[] = [];
  const remove = (table: HeldTable, row: number): void => {
    if (table.view[row] !== STABLE || table.isSupported(row)) return;
    table.view[row] = DELETED;
    table.present--;
    table.touch(row);
    queue.push({ table, row });
  };
  tables.forEach((table, i) => {
    for (const row of touched[i]!) remove(table, row);
  });
  for (const rule of rules) {
    const target = rule.target as HeldTable;
    rule.redirect((row) => remove(target, row));
    rule.removeDeltas();
  }
  for (let i = 0; i < queue.length; i++) {
    const { table, row } = queue[i]!;
    for (const rule of rules) {
      for (const driven of rule.recursive) {
        if (driven.table === table) driven.overdelete?.run(row);
      }
    }
  }
  return queue;
}

function insertAgain(
  tables: readonly HeldTable[],
  rules: readonly RunningRule[],
  touched: readonly (readonly number[])[],
  deleted: readonly TableRow[],
): void {
  const queue: TableRow[] = [];
  const add = (table: HeldTable, row: number): void => {
    const view = table.view[row]!;
    if (view === 0) {
      table.appear(row);
      table.touch(row);
    } else if (view === DELETED) {
      table.view[row] = STABLE;
      table.present++;
    } else return;
    queue.push({ table, row });
  };
  for (const rule of rules) {
    const target = rule.target as HeldTable;
    const { pulse } = rule.plans.rule;
    rule.redirect((row) => {
      if (pulse) target.pulse(row);
      add(target, row);
    });
  }
  tables.forEach((table, i) => {
    for (const row of touched[i]!) if (table.isSupported(row)) add(table, row);
  });
  for (const { table, row } of deleted) {
    const derivable = rules.some((r) => r.target === table && r.rederive?.run(row) === true);
    if (table.view[row] === DELETED && derivable) add(table, row);
  }
  for (const rule of rules) {
    if (rule.plans.rule.pulse) rule.runAfresh();
    else rule.addDeltas();
  }
  for (let i = 0; i < queue.length; i++) {
    const { table, row } = queue[i]!;
    for (const rule of rules) {
      for (const driven of rule.recursive) if (driven.table === table) driven.plan.run(row);
    }
  }
}
