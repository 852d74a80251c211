import type { Head, HeadTerm, Literal, Term } from "../program/program.ts";

export function renameVariable(literal: Literal, from: string, to: string): Literal {
  switch (literal.kind) {
    case "relation":
      return { ...literal, terms: literal.terms.map((t) => inTerm(t, from, to)) };
    case "comparison":
      return {
        ...literal,
        left: inTerm(literal.left, from, to),
        right: inTerm(literal.right, from, to),
      };
    case "assignment":
      return {
        ...literal,
        variable: literal.variable === from ? to : literal.variable,
        value: inTerm(literal.value, from, to),
      };
  }
}

export function renameVariableInHead(head: Head, from: string, to: string): Head {
  const { timing } = head;
  return {
    ...head,
    terms: head.terms.map((t) => inHeadTerm(t, from, to)),
    timing:
      timing.kind === "async"
        ? { ...timing, destination: inTerm(timing.destination, from, to) }
        : timing,
  };
}

function inHeadTerm(term: HeadTerm, from: string, to: string): HeadTerm {
  if (term.kind !== "aggregate") return inTerm(term, from, to);
  return { ...term, over: term.over.map((v) => (v === from ? to : v)) };
}

function inTerm(term: Term, from: string, to: string): Term {
  switch (term.kind) {
    case "variable":
      return term.name === from ? { ...term, name: to } : term;
    case "wildcard":
    case "constant":
      return term;
    case "arithmetic":
      return { ...term, left: inTerm(term.left, from, to), right: inTerm(term.right, from, to) };
    case "tuple":
      return { ...term, terms: term.terms.map((t) => inTerm(t, from, to)) };
  }
}
