import type { AttributeUse } from "../program/attributeNames.ts";
import { attributeNames } from "../program/attributeNames.ts";
import { functionSignature } from "../program/functions.ts";
import type {
  Attribute,
  Component,
  Declaration,
  Program,
  RelationName,
  Rule,
} from "../program/program.ts";

const BUILT_IN: ReadonlySet<RelationName> = new Set(["self", "tick", "choose", "index"]);

/**
 * Declares the attributes that are called after variables which are now called otherwise: deployments and clients know
 * them by name. `renamed` is the original, rule by rule, with the names of `expressed`.
 */
export function withAttributeNames(
  expressed: Program,
  { original, renamed }: { readonly original: Program; readonly renamed: Program },
): Program {
  const before = usesByRelation(rulesOf(original), rulesOf(renamed));
  const after = usesByRelation(rulesOf(expressed), rulesOf(expressed));
  const kept = new Map<RelationName, readonly Attribute[]>();
  for (const [relation, uses] of before) {
    const arity = arityOf(expressed, relation, uses);
    if (arity === undefined || isNamed(expressed, relation)) continue;
    const names = attributeNames([], uses, arity);
    const inferred = attributeNames([], after.get(relation) ?? [], arity);
    if (names.some((name, i) => name !== inferred[i])) {
      kept.set(
        relation,
        names.map((name) => ({ name })),
      );
    }
  }
  const declarations = expressed.declarations.map((d) => named(d, kept));
  const components = expressed.components.map((c) => ({
    ...c,
    declarations: c.declarations.map((d) => named(d, kept)),
  }));
  return { declarations, components: components.map((c, i) => (i === 0 ? local(c, kept) : c)) };
}

/** What has a declaration without attributes gets them there; what is left over is declared anew. */
function named(
  declaration: Declaration,
  kept: Map<RelationName, readonly Attribute[]>,
): Declaration {
  if (declaration.kind !== "relation") return declaration;
  const attributes = kept.get(declaration.relation);
  if (attributes === undefined) return declaration;
  kept.delete(declaration.relation);
  return { ...declaration, attributes };
}

function local(component: Component, kept: ReadonlyMap<RelationName, readonly Attribute[]>) {
  const own = [...kept].map(([relation, attributes]): Declaration => {
    return { kind: "relation", role: "local", relation, attributes };
  });
  return { ...component, declarations: [...component.declarations, ...own] };
}

function rulesOf(program: Program): readonly Rule[] {
  return program.components.flatMap((c) => c.rules);
}

/** The uses in `rules`, by the names that relations have in `names`, which are the same rules. */
function usesByRelation(
  rules: readonly Rule[],
  names: readonly Rule[],
): ReadonlyMap<RelationName, readonly AttributeUse[]> {
  const uses = new Map<RelationName, AttributeUse[]>();
  const add = (relation: RelationName, use: AttributeUse): void => {
    const known = uses.get(relation);
    if (known === undefined) uses.set(relation, [use]);
    else known.push(use);
  };
  rules.forEach(({ head, body }, i) => {
    const other = names[i]!;
    add(other.head.relation, { role: "head", terms: head.terms });
    body.forEach((literal, j) => {
      const same = other.body[j]!;
      if (literal.kind !== "relation" || same.kind !== "relation") return;
      const role = literal.negated ? "negated" : "positive";
      add(same.relation, { role, terms: literal.terms });
    });
  });
  return uses;
}

/** The same in all uses, of a relation that is no function. */
function arityOf(
  program: Program,
  relation: RelationName,
  uses: readonly AttributeUse[],
): number | undefined {
  const [arity, second] = new Set(uses.map((u) => u.terms.length));
  if (arity === undefined || second !== undefined || BUILT_IN.has(relation)) return undefined;
  return functionSignature(program, relation, arity) === undefined ? arity : undefined;
}

function isNamed({ declarations, components }: Program, relation: RelationName): boolean {
  return [...declarations, ...components.flatMap((c) => c.declarations)].some(
    (d) =>
      (d.kind === "relation" && d.relation === relation && d.attributes.length > 0) ||
      (d.kind === "timer" && d.relation === relation),
  );
}
