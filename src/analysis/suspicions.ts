import type { Fault, Place } from "../program/evidence.ts";
import { isFunctionName } from "../program/functions.ts";
import type { RelationName } from "../program/program.ts";
import type { AnalyzedProgram, RelationInfo } from "./analyzedProgram.ts";
import { isEdbKind } from "./componentRules.ts";
import { nearestName } from "../program/nearestName.ts";
import { allDeclarations } from "./occurrences.ts";
import type { Occurrence, Occurrences } from "./occurrences.ts";
import { isGenerated } from "./relationKinds.ts";
import { attributeCount, joined, quoted } from "./wording.ts";

/** More names than this that nobody derives are no slips of the keyboard, and comparing all names with all takes long. */
const MOST_SLIPS = 500;

/** Things that are legal but are probably not meant, or cannot be run with this deployment. */
export function suspicions(p: AnalyzedProgram, occurrences: Occurrences): readonly Fault[] {
  const faults: Fault[] = [];
  const said = saidInputs(p);
  const candidates = candidatesByLength(p, said);
  let unknown = 0;
  for (const [relation, uses] of occurrences) {
    const info = p.relations.get(relation)!;
    const [read] = uses.filter((use) => use.role !== "head");
    if (read === undefined) continue;
    if (info.kind === "env" && !said.has(relation) && unknown++ < MOST_SLIPS) {
      faults.push(...misspelt(p, info, read, candidates));
    }
    faults.push(...derivedElsewhere(info, read));
    if (isEdbKind(info.kind) && !hasContents(p, relation)) {
      faults.push(
        warning(
          "no-contents",
          `${quoted(relation)} has no contents in this deployment.`,
          read.place,
        ),
      );
    }
  }
  return [...faults, ...unknownAttributes(p)];
}

/** What declarations, the deployment or Hydroflow's Rust say to come from outside the rules. */
export function saidInputs(p: AnalyzedProgram): ReadonlySet<RelationName> {
  const said = allDeclarations(p.program).flatMap((d) => {
    const isInput =
      d.kind === "timer" ||
      (d.kind === "relation" && d.role === "input") ||
      (d.kind === "snippet" && d.role !== "output");
    return isInput ? [d.relation] : [];
  });
  return new Set(p.deployment === undefined ? said : [...said, p.deployment.clients.input]);
}

/** A dependency or foreign key over an attribute that the relation does not have says nothing, which nobody would notice. */
function unknownAttributes(p: AnalyzedProgram): readonly Fault[] {
  return allDeclarations(p.program).flatMap((d): readonly Fault[] => {
    if (d.kind !== "dependency" && d.kind !== "within") return [];
    const known = p.relations.get(d.relation)?.attributes.map(({ name }) => name) ?? [];
    const named = d.kind === "within" ? [d.attribute] : [...d.from, d.to];
    return named
      .filter((name) => !known.includes(name))
      .map((name) => {
        const has = known.length === 0 ? "it has none" : `it has ${joined(known.map(quoted))}`;
        const message = `${quoted(d.relation)} has no attribute ${quoted(name)}: ${has}.`;
        return warning("no-attribute", message, { kind: "relation", relation: d.relation });
      });
  });
}

function warning(code: string, message: string, place: Place): Fault {
  return { severity: "warning", code, message, place, related: [] };
}

/** What a name of some length can be a slip for: whatever somebody gives, of about that length, nearest lengths first. */
type Candidates = (length: number) => readonly RelationName[];

function candidatesByLength(p: AnalyzedProgram, said: ReadonlySet<RelationName>): Candidates {
  const derived = [...p.relations.values()].filter((r) => r.kind !== "env").map((r) => r.name);
  const given = new Set([...derived, ...said]);
  const byLength = new Map<number, RelationName[]>();
  for (const name of given) {
    const alike = byLength.get(name.length);
    if (alike === undefined) byLength.set(name.length, [name]);
    else alike.push(name);
  }
  const known = new Map<number, readonly RelationName[]>();
  return (length) => {
    const names =
      known.get(length) ?? [0, 1, -1, 2, -2].flatMap((by) => byLength.get(length + by) ?? []);
    known.set(length, names);
    return names;
  };
}

/** Read, never derived, expected from nobody, and one slip away from another name; or a function called wrongly. */
function misspelt(
  p: AnalyzedProgram,
  info: RelationInfo,
  read: Occurrence,
  candidates: Candidates,
): readonly Fault[] {
  if (isFunctionName(p.program, info.name)) {
    const message = `The function ${quoted(info.name)} does not take ${attributeCount(info.arity)}; here it counts as an input from clients.`;
    return [warning("function-arity", message, read.place)];
  }
  const nearest = nearestName(info.name, candidates(info.name.length));
  if (nearest === undefined) return [];
  const message = `Nothing derives ${quoted(info.name)}, so it counts as an input from clients. Perhaps ${quoted(nearest)} is meant.`;
  const fault = warning("misspelt-relation", message, read.place);
  return [{ ...fault, replacement: { from: info.name, to: nearest } }];
}

/** A local relation does not travel: read in one component and derived only in another, it is always empty. */
function derivedElsewhere(info: RelationInfo, read: Occurrence): readonly Fault[] {
  if (info.kind !== "local") return [];
  return info.readBy
    .filter((component) => !info.derivedBy.includes(component))
    .map((component) =>
      warning(
        "never-sent",
        `Component ${quoted(component)} reads ${quoted(info.name)}, which only ${quoted(info.derivedBy[0]!)} derives, and no rule sends it.`,
        read.place,
      ),
    );
}

function hasContents(p: AnalyzedProgram, relation: RelationName): boolean {
  if (p.deployment === undefined || isGenerated(relation)) return true;
  if (p.deployment.edb[relation] !== undefined) return true;
  if (Object.values(p.deployment.node).some((rows) => rows[relation] !== undefined)) return true;
  return [p.program, ...p.program.components].some((scope) =>
    scope.declarations.some(
      (d) => d.kind === "relation" && d.relation === relation && d.rows !== undefined,
    ),
  );
}
