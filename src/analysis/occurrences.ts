import type { Place } from "../program/evidence.ts";
import type {
  Component,
  ComponentName,
  Declaration,
  HeadTerm,
  Program,
  RelationName,
  Rule,
} from "../program/program.ts";

/** One use of a relation in a rule. */
export interface Occurrence {
  readonly relation: RelationName;
  readonly role: "head" | "positive" | "negated";
  readonly rule: Rule;
  readonly component: ComponentName;
  readonly terms: readonly HeadTerm[];
  readonly place: Place;
}

export type Occurrences = ReadonlyMap<RelationName, readonly Occurrence[]>;

export type RelationDeclaration = Extract<Declaration, { readonly kind: "relation" }>;

/** Every use of each relation, in text order: a rule's head before its body. */
export function occurrencesByRelation(program: Program): Occurrences {
  const result = new Map<RelationName, Occurrence[]>();
  for (const component of program.components) {
    for (const [relation, uses] of occurrencesIn(component)) {
      const list = result.get(relation);
      if (list === undefined) result.set(relation, [...uses]);
      else list.push(...uses);
    }
  }
  return result;
}

const known = new WeakMap<Component, Occurrences>();

/** Those in one component; they live as long as it does. */
export function occurrencesIn(component: Component): Occurrences {
  let result = known.get(component);
  if (result === undefined) known.set(component, (result = indexed(component)));
  return result;
}

function indexed(component: Component): Occurrences {
  const result = new Map<RelationName, Occurrence[]>();
  for (const rule of component.rules) {
    for (const occurrence of occurrencesOf(component, rule)) {
      const list = result.get(occurrence.relation);
      if (list === undefined) result.set(occurrence.relation, [occurrence]);
      else list.push(occurrence);
    }
  }
  return result;
}

function occurrencesOf(component: Component, rule: Rule): readonly Occurrence[] {
  const inRule = { rule, component: component.name };
  const head: Occurrence = {
    ...inRule,
    relation: rule.head.relation,
    role: "head",
    terms: rule.head.terms,
    place: { kind: "head", rule: rule.id },
  };
  const body = rule.body.flatMap((literal, index): readonly Occurrence[] =>
    literal.kind !== "relation"
      ? []
      : [
          {
            ...inRule,
            relation: literal.relation,
            role: literal.negated ? "negated" : "positive",
            terms: literal.terms,
            place: { kind: "literal", rule: rule.id, index },
          },
        ],
  );
  return [head, ...body];
}

/** All declarations, those outside any component first. */
export function allDeclarations(program: Program): readonly Declaration[] {
  let all = declarations.get(program);
  if (all === undefined) {
    all = [program, ...program.components].flatMap((scope) => scope.declarations);
    declarations.set(program, all);
  }
  return all;
}

const declarations = new WeakMap<Program, readonly Declaration[]>();

export function relationDeclarations(
  program: Program,
): ReadonlyMap<RelationName, RelationDeclaration> {
  const result = new Map<RelationName, RelationDeclaration>();
  for (const declaration of allDeclarations(program)) {
    if (declaration.kind !== "relation") continue;
    const earlier = result.get(declaration.relation);
    // `output r` beside `edb r` and the like: the one with attributes says more.
    if (earlier === undefined || earlier.attributes.length === 0) {
      result.set(declaration.relation, declaration);
    }
  }
  return result;
}
