import type { Fault } from "../program/evidence.ts";
import { nearestName } from "../program/nearestName.ts";
import type { RelationName } from "../program/program.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { isEdbKind } from "./componentRules.ts";
import { globalRules } from "./globalRules.ts";
import { allDeclarations } from "./occurrences.ts";
import { isGenerated } from "./relationKinds.ts";
import { saidInputs } from "./suspicions.ts";
import { quoted } from "./wording.ts";

/** `invariant` and `sink` of what nothing derives: the one always holds, the other never shows anything. */
export function underivedWarnings(p: AnalyzedProgram): readonly Fault[] {
  const declared = allDeclarations(p.program).filter(
    (d) => d.kind === "invariant" || d.kind === "sink",
  );
  if (declared.length === 0) return [];
  const outside = globalRules(p.program).map(({ head }) => head.relation);
  const own = [...p.relations.values()].filter(
    ({ name, derivedBy }) => derivedBy.length > 0 && !isGenerated(name),
  );
  const said = saidInputs(p);
  const comes = (relation: RelationName): boolean => {
    const info = p.relations.get(relation);
    return info !== undefined && (info.readBy.length > 0 || isEdbKind(info.kind));
  };
  const statements = new Map(declared.map((d) => [`${d.kind} ${d.relation}`, d]));
  return [...statements].flatMap(([statement, { kind, relation }]): readonly Fault[] => {
    const known = [...own.map(({ name }) => name), ...(kind === "invariant" ? outside : [])];
    if (known.includes(relation) || said.has(relation) || comes(relation)) return [];
    const nearest = nearestName(relation, known);
    const perhaps = nearest === undefined ? "" : ` Perhaps ${quoted(nearest)} is meant.`;
    return [
      {
        severity: "warning",
        code: `${kind}-underived`,
        message: `${quoted(statement)} says nothing: no rule derives ${quoted(relation)}.${perhaps}`,
        place: { kind: "relation", relation },
        related: [],
        ...(nearest !== undefined && { replacement: { from: relation, to: nearest } }),
      },
    ];
  });
}
