import type { Attribute, HeadTerm } from "./program.ts";

/** Where a relation stands in a rule. */
export interface AttributeUse {
  readonly role: "head" | "positive" | "negated";
  readonly terms: readonly HeadTerm[];
}

/**
 * Names for a relation's attributes: as declared, else after the variables used at each position, heads before
 * bodies in text order; unique within the relation.
 */
export function attributeNames(
  declared: readonly Attribute[],
  occurrences: readonly AttributeUse[],
  arity: number,
): readonly string[] {
  const ordered = [
    ...occurrences.filter((o) => o.role === "head"),
    ...occurrences.filter((o) => o.role === "positive"),
    ...occurrences.filter((o) => o.role === "negated"),
  ];
  const names: string[] = [];
  for (let i = 0; i < arity; i++) {
    const name = declared[i]?.name ?? inferred(ordered, i) ?? `a${i + 1}`;
    names.push(unused(name, names));
  }
  return names;
}

function inferred(occurrences: readonly AttributeUse[], position: number): string | undefined {
  const terms = occurrences.flatMap((o) => o.terms[position] ?? []);
  const variable = terms.find((term) => term.kind === "variable");
  if (variable !== undefined) return variable.name;
  return terms.map(describedBy).find((name) => name !== undefined);
}

/** A position that no rule fills with a plain variable is named after the aggregate that fills it. */
function describedBy(term: HeadTerm): string | undefined {
  return term.kind === "aggregate" ? term.operator : undefined;
}

function unused(name: string, taken: readonly string[]): string {
  if (!taken.includes(name)) return name;
  for (let i = 2; ; i++) {
    if (!taken.includes(`${name}${i}`)) return `${name}${i}`;
  }
}
