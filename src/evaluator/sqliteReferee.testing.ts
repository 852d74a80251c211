import initSqlJs from "sql.js";
import type { RelationName, Rule } from "../program/program.ts";
import { address, type Row } from "../program/value.ts";
import {
  ARRIVING,
  DERIVED,
  ENVIRONMENT,
  SETTLED,
  PLAIN_EDB,
  type EvaluatorCase,
} from "./randomComponent.testing.ts";
import { derivedRelations, type Referee } from "./referee.testing.ts";
import { selection, sqlConstant, type Selection, type TableOf } from "./sqlSelection.testing.ts";

/**
 * SQL as SQLite has it: integers have 64 bits as ours, texts come after them, addresses are blobs and come after those.
 * There are no tuples, and only linear recursion; relations that depend on each other are one recursive table.
 */
export const sqlite: Referee = {
  vocabulary: {
    ...SETTLED,
    values: ["s", "s", "", "it's", address("a"), -1, 2 ** 53 - 1, 2n ** 62n],
    aggregates: ["count", "count", "sum", "min", "max"],
    tuples: "none",
    functions: false,
    linear: true,
  },
  largestInteger: Infinity,
  async verdict(test) {
    const { Database } = await engine;
    const database = new Database();
    try {
      database.run(script(test));
      const [found] = database.exec(question(test));
      return new Set(found?.values.map(([fact]) => String(fact)));
    } finally {
      database.close();
    }
  },
  notation(tick, fact) {
    const row = "to" in fact ? [address(fact.to), ...fact.row] : fact.row;
    const table = "to" in fact ? `send_${fact.relation}` : fact.relation;
    return [`${table}_${tick}`, ...row.map(sqlConstant)].join("|");
  },
};

const engine = initSqlJs();
const ARITY: ReadonlyMap<RelationName, number> = new Map([
  ...ARRIVING,
  ...DERIVED,
  ["self", 1],
  ["tick", 1],
]);

function script({ rules, schedule }: EvaluatorCase): string {
  const constant = [...PLAIN_EDB].map(([relation, rows]) =>
    table(relation, rows[0]?.length ?? 0, rows.map(values)),
  );
  const groups = dependencyOrder(rules);
  const ticks = schedule.flatMap((arrived, i) => {
    const rows = (relation: RelationName): readonly Row[] => {
      if (relation === "self") return [[address(ENVIRONMENT.address)]];
      if (relation === "tick") return [[i + 1]];
      return arrived.filter((f) => f.relation === relation).map((f) => f.row);
    };
    const given = ["self", "tick", ...new Set(ARRIVING.map(([relation]) => relation))];
    return [
      ...given.map((r) => table(`${r}_${i + 1}`, ARITY.get(r)!, rows(r).map(values))),
      ...groups.flatMap((group) => derive(group, rules, i + 1)),
      ...sends(rules, i + 1),
    ];
  });
  return [...constant, ...ticks].join("\n");
}

/** Every fact of every table that is derived, in the notation of the referee. */
function question({ rules, schedule }: EvaluatorCase): string {
  const asked = [
    ...derivedRelations(rules).map((r) => [r, ARITY.get(r)!] as const),
    ...channels(rules).map(([r, arity]) => [`send_${r}`, arity + 1] as const),
  ].flatMap(([name, arity]) =>
    schedule.map((_, i) => {
      const cells = columns(arity).map((c) => ` || '|' || quote(${c})`);
      return `SELECT '${name}_${i + 1}'${cells.join("")} FROM ${name}_${i + 1}`;
    }),
  );
  return asked.length === 0 ? "SELECT 0 WHERE 0" : asked.join(" UNION ALL ");
}

function channels(rules: readonly Rule[]): readonly (readonly [RelationName, number])[] {
  const sent = rules.filter((r) => r.head.timing.kind === "async");
  return [...new Map(sent.map(({ head }) => [head.relation, head.terms.length]))];
}

function sends(rules: readonly Rule[], tick: number): readonly string[] {
  return channels(rules).map(([channel, arity]) => {
    const own = rules.filter((r) => r.head.timing.kind === "async" && r.head.relation === channel);
    const selections = own.map((r) => selection(r, tableAt(tick)));
    return table(`send_${channel}_${tick}`, arity + 1, selections);
  });
}

function tableAt(tick: number): TableOf {
  return (r) => ({ table: PLAIN_EDB.has(r) ? r : `${r}_${tick}`, tag: false });
}

function columns(arity: number): readonly string[] {
  return Array.from({ length: arity }, (_, i) => `c${i}`);
}

function values(row: Row): Selection {
  return { cells: row.map(sqlConstant), source: "" };
}

/** Tables have a first column that says nothing, so that one of no columns is a table, too. */
function table(name: string, arity: number, selections: readonly Selection[]): string {
  const names = columns(arity).map((c) => `0 AS ${c}`);
  const rows = selections.map(
    ({ cells, source }) => `SELECT ${["0", ...cells].join(", ")}${source}`,
  );
  const none = `SELECT ${["0 AS u", ...names].join(", ")} WHERE 0`;
  return `CREATE TABLE ${name} AS ${[none, ...rows].join(" UNION ")};`;
}

/** Groups of derived relations that depend on each other; after all that they depend on. */
function dependencyOrder(rules: readonly Rule[]): readonly (readonly RelationName[])[] {
  const relations = DERIVED.map(([r]) => r);
  const reach = new Map(relations.map((r) => [r, new Set<RelationName>()]));
  const now = rules.filter((r) => r.head.timing.kind === "now");
  for (let before = -1, size = 0; size > before;) {
    before = size;
    for (const { head, body } of now) {
      const from = reach.get(head.relation)!;
      for (const l of body) {
        if (l.kind !== "relation" || !reach.has(l.relation)) continue;
        for (const r of [l.relation, ...reach.get(l.relation)!]) from.add(r);
      }
    }
    size = [...reach.values()].reduce((sum, set) => sum + set.size, 0);
  }
  const together = (a: RelationName, b: RelationName): boolean =>
    a === b || (reach.get(a)!.has(b) && reach.get(b)!.has(a));
  const groups = new Set(relations.map((r) => relations.filter((o) => together(r, o)).join()));
  const dependencies = (group: readonly RelationName[]): number =>
    [...reach.get(group[0]!)!].filter((r) => !group.includes(r)).length;
  return [...groups]
    .map((names) => names.split(","))
    .toSorted((a, b) => dependencies(a) - dependencies(b));
}

function derive(
  group: readonly RelationName[],
  rules: readonly Rule[],
  tick: number,
): readonly string[] {
  const isStep = (r: Rule): boolean =>
    r.head.timing.kind === "now" &&
    r.body.some((l) => l.kind === "relation" && group.includes(l.relation));
  const base = (relation: RelationName): readonly Selection[] =>
    rules.flatMap((r) => {
      if (r.head.relation !== relation || r.head.timing.kind === "async" || isStep(r)) return [];
      if (r.head.timing.kind === "now") return [selection(r, tableAt(tick))];
      return tick === 1 ? [] : [selection(r, tableAt(tick - 1))];
    });
  const steps = rules.filter((r) => group.includes(r.head.relation) && isStep(r));
  if (steps.length === 0) {
    return group.map((r) => table(`${r}_${tick}`, ARITY.get(r)!, base(r)));
  }
  const tableOf: TableOf = (r) =>
    group.includes(r) ? { table: "r", tag: true } : tableAt(tick)(r);
  return recursive(group, tick, [
    ...group.flatMap((r) => base(r).map((s) => [r, s] as const)),
    ...steps.map((r) => [r.head.relation, selection(r, tableOf)] as const),
  ]);
}

/** One recursive table for all relations of the group, which says of a row to which of them it belongs. */
function recursive(
  group: readonly RelationName[],
  tick: number,
  selections: readonly (readonly [RelationName, Selection])[],
): readonly string[] {
  const name = `group_${group.join("_")}_${tick}`;
  const width = Math.max(...group.map((r) => ARITY.get(r)!));
  const rows = selections.map(([relation, { cells, source }]) => {
    const padded = columns(width).map((_, i) => cells[i] ?? "0");
    return `SELECT ${[`'${relation}'`, ...padded].join(", ")}${source}`;
  });
  const none = `SELECT ${["''", ...columns(width).map(() => "0")].join(", ")} WHERE 0`;
  const union = [none, ...rows].join(" UNION ");
  const header = ["tag", ...columns(width)].join(", ");
  return [
    `CREATE TABLE ${name} AS WITH RECURSIVE r(${header}) AS (${union}) SELECT * FROM r;`,
    ...group.map((relation) => {
      const cells = ["0 AS u", ...columns(ARITY.get(relation)!)].join(", ");
      return `CREATE TABLE ${relation}_${tick} AS SELECT ${cells} FROM ${name} WHERE tag = '${relation}';`;
    }),
  ];
}
