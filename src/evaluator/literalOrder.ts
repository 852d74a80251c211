import { functionSignature } from "../program/functions.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Literal, RelationLiteral, Rule, Term } from "../program/program.ts";
import { PLACE, PLACE_INPUTS } from "./placeFunction.ts";

/**
 * The order in which a rule's body is evaluated: stored relations first, in text order, then the other literals as
 * their variables become bound. An expression inside a stored literal becomes a variable of its own (named as no
 * program's can be) and a comparison, so that joins never compute.
 */
export function literalOrder(p: AnalyzedProgram, rule: Rule): readonly Literal[] {
  const { joined, others } = orderedLiterals(p, rule);
  return [...joined, ...others.map((o) => o.literal)];
}

/** A literal of a rule's body, or what was taken out of one, and the place of that in the body. */
export interface OrderedLiteral {
  readonly literal: Literal;
  readonly index: number;
}

/** The same in two parts: the positive stored literals, and all others. */
export function orderedLiterals(
  p: AnalyzedProgram,
  rule: Rule,
): { readonly joined: readonly RelationLiteral[]; readonly others: readonly OrderedLiteral[] } {
  const joined: RelationLiteral[] = [];
  const waiting: OrderedLiteral[] = [];
  rule.body.forEach((literal, index) => {
    if (literal.kind !== "relation" || literal.negated) {
      waiting.push({ literal, index });
      return;
    }
    const inputs = functionInputs(p, literal);
    const { terms, comparisons } = computed(literal.terms, inputs ?? 0, `#${index}.`);
    if (inputs === undefined) joined.push({ ...literal, terms });
    else waiting.push({ literal: { ...literal, terms }, index });
    waiting.push(...comparisons.map((c) => ({ literal: c, index })));
  });
  const bound = new Set(joined.flatMap((l) => variablesOf(l.terms)));
  const others: OrderedLiteral[] = [];
  while (waiting.length > 0) {
    const next = waiting.findIndex((l) => needs(p, l.literal).every((v) => bound.has(v)));
    if (next < 0) throw new Error(`A variable of rule ${rule.id} is bound nowhere.`);
    const found = waiting.splice(next, 1)[0]!;
    for (const v of gives(p, found.literal)) bound.add(v);
    others.push(found);
  }
  return { joined, others };
}

/** How many of a function literal's terms are inputs; undefined when it is no function. */
export function functionInputs(p: AnalyzedProgram, literal: RelationLiteral): number | undefined {
  if (literal.relation === PLACE) return PLACE_INPUTS;
  if (p.relations.get(literal.relation)?.kind !== "func") return undefined;
  return functionSignature(p.program, literal.relation, literal.terms.length)?.inputs.length;
}

function computed(
  terms: readonly Term[],
  from: number,
  prefix: string,
): { readonly terms: readonly Term[]; readonly comparisons: readonly Literal[] } {
  const comparisons: Literal[] = [];
  const replace = (term: Term): Term => {
    if (term.kind === "tuple") return { kind: "tuple", terms: term.terms.map(replace) };
    if (term.kind !== "arithmetic") return term;
    const left: Term = { kind: "variable", name: `${prefix}${comparisons.length}` };
    comparisons.push({ kind: "comparison", operator: "==", left, right: term });
    return left;
  };
  return { terms: terms.map((t, i) => (i < from ? t : replace(t))), comparisons };
}

/** Variables that must be bound before the literal can be evaluated. */
export function needs(p: AnalyzedProgram, literal: Literal): readonly string[] {
  switch (literal.kind) {
    case "comparison":
      return variablesOf([literal.left, literal.right]);
    case "assignment":
      return variablesOf([literal.value]);
    case "relation": {
      const inputs = literal.negated ? undefined : functionInputs(p, literal);
      return variablesOf(literal.terms.slice(0, inputs));
    }
  }
}

/** Variables that the literal binds where they are not bound yet. */
export function gives(p: AnalyzedProgram, literal: Literal): readonly string[] {
  if (literal.kind === "assignment") return [literal.variable];
  if (literal.kind !== "relation" || literal.negated) return [];
  return variablesOf(literal.terms.slice(functionInputs(p, literal)));
}

/** Names of the variables in terms, in order of appearance, with repetitions. */
export function variablesOf(terms: readonly Term[]): readonly string[] {
  return terms.flatMap((term): readonly string[] => {
    switch (term.kind) {
      case "variable":
        return [term.name];
      case "tuple":
        return variablesOf(term.terms);
      case "arithmetic":
        return variablesOf([term.left, term.right]);
      case "wildcard":
      case "constant":
        return [];
    }
  });
}
