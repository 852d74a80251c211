import { attributeCount } from "../analysis/wording.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Fault, Place } from "../program/evidence.ts";
import type { RelationName } from "../program/program.ts";
import type { FixContext } from "./fixContext.ts";
import { writtenAttributes } from "./writtenAttributes.ts";

/** A wrong number of attributes, counted as the text has them: with the location and the time where they are written. */
export function writtenArity(context: Pick<FixContext, "read" | "analyzed">, fault: Fault): Fault {
  const relation = relationOf(context.analyzed, fault.place);
  const info = relation === undefined ? undefined : context.analyzed.relations.get(relation);
  if (fault.code !== "arity" || info === undefined) return fault;
  const more = writtenAttributes(context, info).length - info.arity;
  const counted = (message: string): string =>
    message.replace(/\b(\d+) attributes?/g, (_, count) => attributeCount(Number(count) + more));
  return {
    ...fault,
    message: counted(fault.message),
    related: fault.related.map((each) => ({ ...each, because: counted(each.because) })),
  };
}

function relationOf(p: AnalyzedProgram, place: Place): RelationName | undefined {
  if (place.kind === "relation") return place.relation;
  if (place.kind !== "head" && place.kind !== "literal") return undefined;
  const rule = p.rules.get(place.rule)?.rule;
  if (place.kind === "head") return rule?.head.relation;
  const literal = rule?.body[place.index];
  return literal?.kind === "relation" ? literal.relation : undefined;
}
