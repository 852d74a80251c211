import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { quoted } from "../analysis/wording.ts";
import type { RelationName } from "../program/program.ts";
import { address, valueKey } from "../program/value.ts";
import type { Row } from "../program/value.ts";

/**
 * A program on fewer nodes, so that there are few enough schedules to try them all: rows that name a node that is gone go
 * with it, and a table of one number (a quorum) says another one. A sentence where there is no such node or table.
 */
export function fewerNodes(
  p: AnalyzedProgram,
  nodes: readonly string[],
  numbers: Readonly<Record<RelationName, number>> = {},
): AnalyzedProgram | string {
  const { deployment } = p;
  if (deployment === undefined) return "The program has no deployment, so there are no nodes.";
  const all = Object.values(deployment.instances).flat();
  const unknown = nodes.find((node) => !all.includes(node));
  if (unknown !== undefined) return `There is no node ${quoted(unknown)}; there is ${all.map(quoted).join(", ")}.`; // prettier-ignore
  const noNumber = Object.keys(numbers).find((r) => !isOneNumber(deployment.edb[r]));
  if (noNumber !== undefined) return `The deployment gives ${quoted(noNumber)} no single number.`;
  const gone = all.filter((at) => !nodes.includes(at)).map((at) => valueKey(address(at)));
  const kept = (rows: readonly Row[]): readonly Row[] =>
    rows.filter((row) => !row.some((value) => gone.includes(valueKey(value))));
  const small = analyze(p.program, {
    ...deployment,
    instances: mapped(deployment.instances, (own) => own.filter((at) => nodes.includes(at))),
    edb: { ...mapped(deployment.edb, kept), ...mapped(numbers, (n) => [[n]]) },
    node: mapped(
      Object.fromEntries(Object.entries(deployment.node).filter(([at]) => nodes.includes(at))),
      (tables) => mapped(tables, kept),
    ),
  });
  return small.faults.find(({ severity }) => severity === "error")?.message ?? small;
}

function isOneNumber(rows: readonly Row[] | undefined): boolean {
  return rows?.length === 1 && rows[0]!.length === 1 && typeof rows[0]![0] === "number";
}

function mapped<A, B>(record: Readonly<Record<string, A>>, of: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, of(value)]));
}
