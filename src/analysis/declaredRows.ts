import type { Fault } from "../program/evidence.ts";
import { printValue } from "../program/printTerm.ts";
import type { RelationName } from "../program/program.ts";
import { rowKey } from "../program/value.ts";
import type { Row } from "../program/value.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { declaredDependencies } from "./keyTerm.ts";
import { allDeclarations } from "./occurrences.ts";
import { staticRows } from "./staticRows.ts";
import { joined, quoted } from "./wording.ts";

/** Two rows that agree in the attributes `from` and differ in `to`, by positions; undefined when there are none. */
export function contradictingRows(
  rows: readonly Row[],
  from: readonly number[],
  to: number,
): readonly [Row, Row] | undefined {
  const seen = new Map<string, Row>();
  for (const row of rows) {
    const key = rowKey(from.map((position) => row[position]!));
    const other = seen.get(key);
    if (other === undefined) seen.set(key, row);
    else if (rowKey([other[to]!]) !== rowKey([row[to]!])) return [other, row];
  }
  return undefined;
}

/** ``` `h("x", 1)` and `h("x", 2)` ``` */
export function shownRows(relation: RelationName, rows: readonly Row[]): string {
  return joined(rows.map((row) => quoted(`${relation}(${row.map(printValue).join(", ")})`)));
}

/** Functional dependencies that are declared of tables whose rows, as they are listed, do not have them. */
export function untrueDependencies(p: AnalyzedProgram): readonly Fault[] {
  const declared = allDeclarations(p.program).flatMap((d) =>
    d.kind === "dependency" && p.relations.has(d.relation) ? [d.relation] : [],
  );
  return [...new Set(declared)].flatMap((relation): readonly Fault[] => {
    const arity = p.relations.get(relation)?.arity;
    const rows = (staticRows(p, relation) ?? []).filter((row) => row.length === arity);
    return declaredDependencies(p, relation).flatMap(({ from, to }): readonly Fault[] => {
      const pair = contradictingRows(rows, from, to);
      if (pair === undefined) return [];
      const names = p.relations.get(relation)!.attributes.map(({ name }) => name);
      const said = `fd ${relation}: ${from.map((i) => names[i]).join(", ")} -> ${names[to]}`;
      const message = `${quoted(said)} is declared, but ${shownRows(relation, pair)} are rows of it.`;
      const place = { kind: "relation", relation } as const;
      return [{ severity: "error", code: "untrue-dependency", message, place, related: [] }];
    });
  });
}
