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
  const names = new Set<string>();
  const next = new Map<string, number>();
  for (let i = 0; i < arity; i++) {
    const name = declared[i]?.name ?? inferred(ordered, i) ?? `a${i + 1}`;
    names.add(unused(name, names, next));
  }
  return [...names];
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

/** `next` has the number that is tried next for a name: those below are taken. */
function unused(name: string, taken: ReadonlySet<string>, next: Map<string, number>): string {
  if (!taken.has(name)) return name;
  let i = next.get(name) ?? 2;
  while (taken.has(`${name}${i}`)) i++;
  next.set(name, i + 1);
  return `${name}${i}`;
}
