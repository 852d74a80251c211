import type { AnalyzedProgram, RelationInfo } from "../analysis/analyzedProgram.ts";
import type { RelationName } from "../program/program.ts";
import type { Rewritten } from "./rewrite.ts";

/**
 * What is wrong with a rewrite's result, as a sentence: it must be well-formed, look the same to clients, and say of each
 * rule where it came from. Anything else is a fault of Clew's, which the driver reports instead of handing it on.
 */
export function stepFault(
  before: AnalyzedProgram,
  rewritten: Rewritten,
  after: AnalyzedProgram,
): string | undefined {
  const error = after.faults.find((f) => f.severity === "error");
  if (error !== undefined) return `The rewritten program is not well-formed: ${error.message}`;
  return outwardChange(before, after) ?? looseOrigin(rewritten) ?? strangeId(after);
}

function outwardChange(before: AnalyzedProgram, after: AnalyzedProgram): string | undefined {
  const was = outward(before);
  const is = outward(after);
  for (const name of new Set([...was.keys(), ...is.keys()])) {
    if (was.get(name) !== is.get(name)) {
      return `The rewritten program looks different to clients: ${was.get(name) ?? `no ${name}`} became ${is.get(name) ?? "nothing"}.`;
    }
  }
  return undefined;
}

/** What clients and other environment see: relation, attributes in order, and at which addresses it is received. */
function outward(p: AnalyzedProgram): ReadonlyMap<RelationName, string> {
  const seen = new Map<RelationName, string>();
  for (const info of p.relations.values()) {
    const signature = `${info.name}(${info.attributes.map((a) => a.name).join(", ")})`;
    if (info.kind === "env") seen.set(info.name, `${signature} at ${receivers(p, info)}`);
    else if (info.toClients) seen.set(info.name, signature);
  }
  return seen;
}

function receivers(p: AnalyzedProgram, info: RelationInfo): string {
  const { deployment } = p;
  if (deployment === undefined) return "its component";
  return info.readBy.flatMap((component) => deployment.instances[component] ?? []).join(", ");
}

function looseOrigin({ program, origins }: Rewritten): string | undefined {
  const rules = program.components.flatMap((c) => c.rules);
  const loose = rules.find((rule) => !origins.has(rule.id));
  if (loose !== undefined) return `Nothing says where ${loose.id} came from.`;
  return origins.size === rules.length
    ? undefined
    : "An origin is given for a rule that is not there.";
}

function strangeId(p: AnalyzedProgram): string | undefined {
  for (const component of p.program.components) {
    const seen = new Map<RelationName, number>();
    for (const rule of component.rules) {
      const n = (seen.get(rule.head.relation) ?? 0) + 1;
      seen.set(rule.head.relation, n);
      if (rule.id !== `${component.name}/${rule.head.relation}/${n}`) {
        return `${rule.id} is not the id of a rule at its place.`;
      }
    }
  }
  return undefined;
}
