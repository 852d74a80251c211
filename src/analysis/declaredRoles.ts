import type { RelationName, RelationRole } from "../program/program.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";

/** The role that a declaration gives the relation. */
export function declaredRole(p: AnalyzedProgram, relation: RelationName): RelationRole | undefined {
  for (const scope of [p.program, ...p.program.components]) {
    for (const declaration of scope.declarations) {
      if (declaration.kind === "relation" && declaration.relation === relation) {
        return declaration.role;
      }
    }
  }
  return undefined;
}

/** Whether the program or the deployment says that clients or a timer send it. */
export function isClientInput(p: AnalyzedProgram, relation: RelationName): boolean {
  return (
    p.deployment?.clients.input === relation ||
    declaredRole(p, relation) === "input" ||
    p.relations.get(relation)?.timerMs !== undefined
  );
}
