import { functionSignature } from "../program/functions.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Literal, RelationLiteral, Rule, Term } from "../program/program.ts";

/**
 * The order in which a rule's body is evaluated: stored relations first, in text order, then the other literals as
 * their variables become bound. An expression inside a stored literal becomes a variable of its own (named as no
 * program's can be) and a comparison, so that joins never compute.
 */
export function literalOrder(p: AnalyzedProgram, rule: Rule): readonly Literal[] {
  const ordered: Literal[] = [];
  const waiting: Literal[] = [];
  rule.body.forEach((literal, index) => {
    if (literal.kind !== "relation" || literal.negated) {
      waiting.push(literal);
      return;
    }
    const inputs = functionInputs(p, literal);
    const { terms, comparisons } = computed(literal.terms, inputs ?? 0, `#${index}.`);
    (inputs === undefined ? ordered : waiting).push({ ...literal, terms });
    waiting.push(...comparisons);
  });
  const bound = new Set(
    ordered.flatMap((l) => (l.kind === "relation" ? variablesOf(l.terms) : [])),
  );
  while (waiting.length > 0) {
    const next = waiting.findIndex((l) => needs(p, l).every((v) => bound.has(v)));
    if (next < 0) throw new Error(`A variable of rule ${rule.id} is bound nowhere.`);
    const literal = waiting.splice(next, 1)[0]!;
    for (const v of gives(p, literal)) bound.add(v);
    ordered.push(literal);
  }
  return ordered;
}

/** How many of a function literal's terms are inputs; undefined when it is no function. */
export function functionInputs(p: AnalyzedProgram, literal: RelationLiteral): number | undefined {
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
function needs(p: AnalyzedProgram, literal: Literal): readonly string[] {
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

function gives(p: AnalyzedProgram, literal: Literal): readonly string[] {
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
