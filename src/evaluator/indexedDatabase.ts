import type { RelationName } from "../program/program.ts";
import { valueKey, type Row } from "../program/value.ts";
import type { Database, KnownColumn } from "./valuations.ts";

/** The same database, in which rows are found by what is known of one of their columns. */
export function indexedDatabase(database: Database): Database {
  const indexes = new Map<string, ReadonlyMap<string, readonly Row[]>>();
  const indexOf = (relation: RelationName, column: number): ReadonlyMap<string, readonly Row[]> => {
    const key = `${column} ${relation}`;
    let index = indexes.get(key);
    if (index === undefined) indexes.set(key, (index = byColumn(database.rows(relation), column)));
    return index;
  };
  return {
    ...database,
    rows: (relation) => database.rows(relation),
    rowsWith(relation, known) {
      if (known.length === 0) return database.rows(relation);
      const found = (k: KnownColumn): readonly Row[] =>
        indexOf(relation, k.column).get(valueKey(k.value)) ?? [];
      return known.map(found).reduce((a, b) => (b.length < a.length ? b : a));
    },
  };
}

function byColumn(rows: Iterable<Row>, column: number): ReadonlyMap<string, readonly Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const key = valueKey(row[column]!);
    const equal = found.get(key);
    if (equal === undefined) found.set(key, [row]);
    else equal.push(row);
  }
  return found;
}
