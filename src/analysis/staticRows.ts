import type { RelationName } from "../program/program.ts";
import type { Row } from "../program/value.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { kindOfRelation } from "./componentRules.ts";
import { allDeclarations } from "./occurrences.ts";

/**
 * The rows of a table that is the same at every node, as program and deployment list them; undefined when nobody lists
 * any, which says nothing of what a run will give.
 */
export function staticRows(p: AnalyzedProgram, relation: RelationName): readonly Row[] | undefined {
  if (kindOfRelation(p, relation) !== "edb.static") return undefined;
  const declared = allDeclarations(p.program).flatMap((d) =>
    d.kind === "relation" && d.relation === relation && d.rows !== undefined ? [d.rows] : [],
  );
  const given = p.deployment?.edb[relation];
  if (declared.length === 0 && given === undefined) return undefined;
  return [...declared.flat(), ...(given ?? [])];
}
