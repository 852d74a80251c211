import type { Head, HeadTerm, Literal } from "../program/program.ts";

/** The variables in a term, in text order, as often as they stand there. */
export function variablesOf(term: HeadTerm): readonly string[] {
  switch (term.kind) {
    case "variable":
      return [term.name];
    case "wildcard":
    case "constant":
      return [];
    case "arithmetic":
      return [...variablesOf(term.left), ...variablesOf(term.right)];
    case "tuple":
      return term.terms.flatMap(variablesOf);
    case "aggregate":
      return term.over;
  }
}

export function variablesOfLiteral(literal: Literal): readonly string[] {
  switch (literal.kind) {
    case "relation":
      return literal.terms.flatMap(variablesOf);
    case "comparison":
      return [...variablesOf(literal.left), ...variablesOf(literal.right)];
    case "assignment":
      return [literal.variable, ...variablesOf(literal.value)];
  }
}

/** The destination's included. */
export function variablesOfHead(head: Head): readonly string[] {
  const { timing } = head;
  const own = head.terms.flatMap(variablesOf);
  return timing.kind === "async" ? [...own, ...variablesOf(timing.destination)] : own;
}
