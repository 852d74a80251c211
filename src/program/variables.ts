import type { Head, HeadTerm, Literal, Rule, Term } from "./program.ts";
import { isTuple } from "./value.ts";

/** The variables of a term, in text order, repeated ones repeated. */
export function termVariables(term: Term): readonly string[] {
  switch (term.kind) {
    case "variable":
      return [term.name];
    case "wildcard":
    case "constant":
      return [];
    case "arithmetic":
      return [...termVariables(term.left), ...termVariables(term.right)];
    case "tuple":
      return term.terms.flatMap(termVariables);
  }
}

export function literalVariables(literal: Literal): readonly string[] {
  switch (literal.kind) {
    case "relation":
      return literal.terms.flatMap(termVariables);
    case "comparison":
      return [...termVariables(literal.left), ...termVariables(literal.right)];
    case "assignment":
      return [literal.variable, ...termVariables(literal.value)];
  }
}

/** The variables of a head term; an aggregate's are the ones it ranges over. */
export function headTermVariables(term: HeadTerm): readonly string[] {
  return term.kind === "aggregate" ? term.over : termVariables(term);
}

/** Of a whole head, the destination's included. */
export function headVariables({ terms, timing }: Head): readonly string[] {
  const own = terms.flatMap(headTermVariables);
  return timing.kind === "async" ? [...own, ...termVariables(timing.destination)] : own;
}

export function destinationVariables(rule: Rule): readonly string[] {
  const timing = rule.head.timing;
  return timing.kind === "async" ? termVariables(timing.destination) : [];
}

export function hasAggregate(rule: Rule): boolean {
  return rule.head.terms.some((term) => term.kind === "aggregate");
}

/** The items of a tuple, which is itself a constant when all of them are; undefined for any other term. */
export function tupleItems(term: Term): readonly Term[] | undefined {
  if (term.kind === "tuple") return term.terms;
  if (term.kind !== "constant" || !isTuple(term.value)) return undefined;
  return term.value.map((value) => ({ kind: "constant", value }));
}

/** Variables that a literal matches rather than computes: bare ones and those inside tuple patterns. */
export function patternVariables(term: Term): readonly string[] {
  if (term.kind === "variable") return [term.name];
  return term.kind === "tuple" ? term.terms.flatMap(patternVariables) : [];
}

/** The names of the terms when they are distinct variables, else undefined. */
export function distinctVariables(terms: readonly HeadTerm[]): readonly string[] | undefined {
  const names: string[] = [];
  for (const term of terms) {
    if (term.kind !== "variable" || names.includes(term.name)) return undefined;
    names.push(term.name);
  }
  return names;
}
