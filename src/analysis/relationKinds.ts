import type { Deployment } from "../program/deployment.ts";
import { functionSignature, isFunctionName } from "../program/functions.ts";
import type { Declaration, Program, RelationName } from "../program/program.ts";
import type { RelationKind } from "./analyzedProgram.ts";
import { NON_DETERMINISTIC } from "./componentRules.ts";
import { allDeclarations, type Occurrence } from "./occurrences.ts";

/** EDB that every program has, without declaration (rewrites.md section 0.1). */
const GENERATED: ReadonlyMap<RelationName, RelationKind> = new Map([
  ["boot", "edb.static"],
  ["orig", "edb.node"],
  ["mykey", "edb.node"],
  ["trusted", "edb.node"],
  ["publicKey", "edb.static"],
]);

/** Whether contents for it come from the runtime, not from program or deployment. */
export function isGenerated(relation: RelationName): boolean {
  return GENERATED.has(relation);
}

/** Decides each relation's kind by rewrites.md section 0.2. */
export function relationKinds(
  program: Program,
  deployment: Deployment | undefined,
): (relation: RelationName, occurrences: readonly Occurrence[]) => RelationKind {
  const declarations = allDeclarations(program);
  const perNode = new Set(Object.values(deployment?.node ?? {}).flatMap(Object.keys));
  return (relation, occurrences) => {
    const heads = occurrences.filter((o) => o.role === "head");
    if (heads.length > 0) return heads.some(isAsync) ? "chan" : "local";
    const declared = declaredKind(declarations, relation);
    if (declared !== undefined) return declared;
    if (isInputOf(deployment, relation)) return "env";
    if (perNode.has(relation)) return "edb.node";
    if (deployment?.edb[relation] !== undefined) return "edb.static";
    const terms = occurrences[0]?.terms.length ?? 0;
    if (isFunctionUse(program, relation, occurrences)) return "func";
    if ((relation === "self" || relation === "tick") && terms === 1) return "builtin";
    if (NON_DETERMINISTIC.has(relation) && terms > 0) return "builtin";
    return GENERATED.get(relation) ?? "env";
  };
}

function declaredKind(
  declarations: readonly Declaration[],
  relation: RelationName,
): RelationKind | undefined {
  for (const declaration of declarations) {
    if (declaration.kind === "snippet" && declaration.relation === relation) {
      if (declaration.role === "static") return "edb.node";
    }
    if (declaration.kind !== "timer" && declaration.kind !== "relation") continue;
    if (declaration.relation !== relation) continue;
    if (declaration.kind === "timer" || declaration.role === "input") return "env";
    if (declaration.role === "edb") return "edb.static";
    if (declaration.role === "node") return "edb.node";
  }
  return undefined;
}

function isInputOf(deployment: Deployment | undefined, relation: RelationName): boolean {
  return deployment?.clients.input === relation;
}

function isAsync(occurrence: Occurrence): boolean {
  return occurrence.rule.head.timing.kind === "async";
}

/** A function when some use has as many terms as one of that name; a name alone is not enough. */
function isFunctionUse(
  program: Program,
  relation: RelationName,
  occurrences: readonly Occurrence[],
): boolean {
  return (
    isFunctionName(program, relation) &&
    (occurrences.length === 0 ||
      occurrences.some((o) => functionSignature(program, relation, o.terms.length) !== undefined))
  );
}
