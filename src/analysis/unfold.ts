import type { HeadTerm, Literal, RelationLiteral, Rule, Term } from "../program/program.ts";
import { hasAggregate, headVariables, literalVariables } from "../program/variables.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import {
  headRules,
  isIdbKind,
  isRelationLiteral,
  isTimeless,
  kindOfRelation,
} from "./componentRules.ts";
import type { RuleSet } from "./ruleSets.ts";
import { waitsFor } from "./thresholds.ts";

/** Gives variables that nothing else uses. */
export type Fresh = () => Term;

export function freshVariables(prefix: string): Fresh {
  let count = 0;
  // A name that no program can have.
  return () => ({ kind: "variable", name: `${prefix}#${count++}` });
}

/**
 * `unfold` of rewrites.md sections 0.1 and 1.8: positive literals over relations that one now-rule of the set derives are
 * replaced by its body. Stops at inputs and at what rules outside the set derive (which come as messages), at relations
 * with next rules and at thresholds. Undefined where a relation has several rules or an aggregate, or feeds itself.
 */
export function unfold(
  p: AnalyzedProgram,
  set: RuleSet,
  body: readonly Literal[],
  fresh: Fresh,
  passed: readonly string[] = [],
): readonly Literal[] | undefined {
  const parts = body.map((literal): readonly Literal[] | undefined => {
    if (!isRelationLiteral(literal) || !isUnfoldable(p, set, literal)) return [literal];
    const [rule, ...others] = headRules(p, set.component, literal.relation).all;
    if (rule === undefined || others.length > 0 || passed.includes(literal.relation)) {
      return undefined;
    }
    if (hasAggregate(rule) || !isTimeless(rule)) return undefined;
    const inside = unfold(p, set, rule.body, fresh, [...passed, literal.relation]);
    return inside && instantiated(rule, inside, literal, fresh);
  });
  return parts.some((part) => part === undefined)
    ? undefined
    : (parts as readonly (readonly Literal[])[]).flat();
}

function isUnfoldable(p: AnalyzedProgram, set: RuleSet, literal: RelationLiteral): boolean {
  if (literal.negated || !isIdbKind(kindOfRelation(p, literal.relation))) return false;
  const { all, now } = headRules(p, set.component, literal.relation);
  if (all.length === 0 || now.length !== all.length) return false;
  if (!all.every((rule) => set.rules.has(rule.id))) return false;
  return all.every((rule) => waitsFor(p, set.component, rule) === undefined);
}

/** The rule's body with its variables renamed apart, and its head's terms made equal to the literal's. */
function instantiated(
  rule: Rule,
  body: readonly Literal[],
  literal: RelationLiteral,
  fresh: Fresh,
): readonly Literal[] {
  const names = new Map<string, Term>();
  const equations: Literal[] = [];
  rule.head.terms.forEach((term: HeadTerm, i) => {
    const given = literal.terms[i]!;
    if (given.kind === "wildcard" || term.kind === "aggregate") return;
    if (term.kind === "variable" && !names.has(term.name)) names.set(term.name, given);
  });
  const own = [...headVariables(rule.head), ...body.flatMap(literalVariables)];
  for (const name of own) if (!names.has(name)) names.set(name, fresh());
  rule.head.terms.forEach((term: HeadTerm, i) => {
    const given = literal.terms[i]!;
    if (given.kind === "wildcard" || term.kind === "aggregate") return;
    if (term.kind === "variable" && names.get(term.name) === given) return;
    const left = substituted(term, names);
    equations.push({ kind: "comparison", operator: "==", left, right: given });
  });
  return [...body.map((l) => substitutedLiteral(l, names)), ...equations];
}

function substituted(term: Term, names: ReadonlyMap<string, Term>): Term {
  switch (term.kind) {
    case "variable":
      return names.get(term.name) ?? term;
    case "arithmetic":
      return {
        ...term,
        left: substituted(term.left, names),
        right: substituted(term.right, names),
      };
    case "tuple":
      return { ...term, terms: term.terms.map((t) => substituted(t, names)) };
    case "wildcard":
    case "constant":
      return term;
  }
}

/** Every occurrence of the variables replaced; an assignment to one that is no variable any more becomes a comparison. */
export function substitutedLiteral(l: Literal, names: ReadonlyMap<string, Term>): Literal {
  switch (l.kind) {
    case "relation":
      return { ...l, terms: l.terms.map((t) => substituted(t, names)) };
    case "comparison":
      return { ...l, left: substituted(l.left, names), right: substituted(l.right, names) };
    case "assignment": {
      const left = names.get(l.variable) ?? { kind: "variable", name: l.variable };
      return { kind: "comparison", operator: "==", left, right: substituted(l.value, names) };
    }
  }
}

/** The literals with a variable of its own for each `_` of a positive one, so that every place has a name. */
export function withoutWildcards(body: readonly Literal[], fresh: Fresh): readonly Literal[] {
  return body.map((l) =>
    l.kind !== "relation" || l.negated
      ? l
      : { ...l, terms: l.terms.map((t) => (t.kind === "wildcard" ? fresh() : t)) },
  );
}
