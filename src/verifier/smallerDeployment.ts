import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { RelationName } from "../program/program.ts";
import { fewerNodes } from "./fewerNodes.ts";

/** A program on some of its nodes, and what its tables of one number say then. */
export interface SmallerDeployment {
  readonly program: AnalyzedProgram;
  readonly nodes: readonly string[];
  readonly numbers: Readonly<Record<RelationName, number>>;
}

/**
 * At most so many nodes of each component, all that are named among them. What a table of one number counts may be nodes:
 * a number that is no greater than those of some component (how many there are, a quorum) is cut to the nodes that are
 * left. Undefined where nothing is left out, or no deployment comes of it.
 */
export function smallerDeployment(
  p: AnalyzedProgram,
  most: number,
  named: readonly string[] = [],
): SmallerDeployment | undefined {
  const { instances = {}, edb = {} } = p.deployment ?? {};
  const all = Object.values(instances);
  const left = all.map((own) => kept(own, most, named));
  const nodes = left.flat();
  if (nodes.length === all.flat().length) return undefined;
  const [before, after] = [all, left].map((each) => Math.max(...each.map((own) => own.length)));
  const numbers: Record<RelationName, number> = {};
  for (const [relation, [row, ...more]] of Object.entries(edb)) {
    const number = row?.length === 1 && more.length === 0 ? row[0] : undefined;
    if (typeof number !== "number" || number > before! || number <= after!) continue;
    numbers[relation] = after!;
  }
  const program = fewerNodes(p, nodes, numbers);
  return typeof program === "string" ? undefined : { program, nodes, numbers };
}

function kept(own: readonly string[], most: number, named: readonly string[]): readonly string[] {
  const first = own.filter((at) => named.includes(at));
  const others = own.filter((at) => !named.includes(at));
  const chosen = [...first, ...others.slice(0, Math.max(0, most - first.length))];
  return own.filter((at) => chosen.includes(at));
}
