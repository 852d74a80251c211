import type { Fault, Place } from "../program/evidence.ts";
import type { RelationName } from "../program/program.ts";
import type { Row } from "../program/value.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { nearestName } from "../program/nearestName.ts";
import { resolveClients } from "./resolveClients.ts";
import { quoted } from "./wording.ts";

/** Where the deployment and the program do not fit each other. */
export function deploymentFaults(p: AnalyzedProgram): readonly Fault[] {
  const { deployment } = p;
  if (deployment === undefined) return [];
  const clients = resolveClients(p);
  return [
    ...instanceFaults(p),
    ...Object.entries(deployment.edb).flatMap(([name, rows]) => rowFaults(p, name, rows)),
    ...Object.values(deployment.node).flatMap((contents) =>
      Object.entries(contents).flatMap(([name, rows]) => rowFaults(p, name, rows)),
    ),
    // The text may be on its way to fit again, so these do not stop the analyses.
    ...(clients.kind === "faults"
      ? clients.faults.map((fault): Fault => ({ ...fault, severity: "warning" }))
      : []),
  ];
}

function instanceFaults(p: AnalyzedProgram): readonly Fault[] {
  const placed = p.deployment!.instances;
  return p.program.components
    .filter(({ name, rules }) => rules.length > 0 && (placed[name]?.length ?? 0) === 0)
    .map(({ name, rules }) => ({
      severity: "warning",
      code: "no-instance",
      message: `The deployment runs component ${quoted(name)} nowhere.`,
      place: { kind: "path", rules: rules.map((rule) => rule.id) },
      related: [],
    }));
}

/** W1 for the contents that the deployment gives: one arity. */
function rowFaults(
  p: AnalyzedProgram,
  relation: RelationName,
  rows: readonly Row[],
): readonly Fault[] {
  const info = p.relations.get(relation);
  if (info === undefined) return strangers(p, relation);
  const wrong = rows.find((row) => row.length !== info.arity);
  if (wrong === undefined) return [];
  const place: Place = { kind: "relation", relation };
  const message =
    `The deployment gives ${quoted(relation)} a row of ${wrong.length} values, ` +
    `but the program reads ${info.arity}.`;
  return [{ severity: "error", code: "edb-arity", message, place, related: [] }];
}

/** Contents that nothing reads are harmless, unless they are a relation's under a name that was misspelt. */
function strangers(p: AnalyzedProgram, relation: RelationName): readonly Fault[] {
  const empty = [...p.relations.keys()].filter((name) => awaitsRows(p, name) && !isGiven(p, name));
  const meant = nearestName(relation, empty);
  if (meant === undefined) return [];
  const message =
    `The deployment gives rows to ${quoted(relation)}, which the program does not know, ` +
    `and none to ${quoted(meant)}. Perhaps ${quoted(meant)} is meant.`;
  const place: Place = { kind: "relation", relation: meant };
  return [{ severity: "warning", code: "edb-name", message, place, related: [] }];
}

/** An undeclared relation that is given nothing is taken for an input (H-03). */
function awaitsRows({ deployment, relations }: AnalyzedProgram, relation: RelationName): boolean {
  const { kind, timerMs } = relations.get(relation)!;
  if (kind === "env") return timerMs === undefined && relation !== deployment!.clients.input;
  return kind === "edb.static" || kind === "edb.node";
}

function isGiven({ deployment }: AnalyzedProgram, relation: RelationName): boolean {
  const { edb, node } = deployment!;
  return relation in edb || Object.values(node).some((contents) => relation in contents);
}
