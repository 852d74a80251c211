import type { Declaration, Head, HeadTerm, Literal, Rule, Term } from "../program/program.ts";

const EVERYWHERE = "_everywhere";

export interface Mapping {
  readonly relation?: (name: string) => string;
  readonly variable?: (name: string) => Term;
}

/** A term with every variable replaced. */
export function mapTerm(term: Term, variable: (name: string) => Term): Term {
  switch (term.kind) {
    case "variable":
      return variable(term.name);
    case "wildcard":
    case "constant":
      return term;
    case "arithmetic":
      return { ...term, left: mapTerm(term.left, variable), right: mapTerm(term.right, variable) };
    case "tuple":
      return { ...term, terms: term.terms.map((t) => mapTerm(t, variable)) };
  }
}

/** An aggregate's variables stay variables: `variable` must give one for each of them. */
function mapHeadTerm(term: HeadTerm, variable: (name: string) => Term): HeadTerm {
  if (term.kind !== "aggregate") return mapTerm(term, variable);
  return { ...term, over: term.over.map((v) => nameOf(variable(v), v)) };
}

function nameOf(term: Term, otherwise: string): string {
  return term.kind === "variable" ? term.name : otherwise;
}

export function mapHead(head: Head, mapping: Mapping): Head {
  const { relation = same, variable = asVariable } = mapping;
  const { timing } = head;
  return {
    relation: relation(head.relation),
    terms: head.terms.map((t) => mapHeadTerm(t, variable)),
    timing:
      timing.kind === "async"
        ? { ...timing, destination: mapTerm(timing.destination, variable) }
        : timing,
  };
}

export function mapLiteral(literal: Literal, mapping: Mapping): Literal {
  const { relation = same, variable = asVariable } = mapping;
  switch (literal.kind) {
    case "relation":
      return {
        ...literal,
        relation: relation(literal.relation),
        terms: literal.terms.map((t) => mapTerm(t, variable)),
      };
    case "comparison":
      return {
        ...literal,
        left: mapTerm(literal.left, variable),
        right: mapTerm(literal.right, variable),
      };
    case "assignment":
      return {
        ...literal,
        variable: nameOf(variable(literal.variable), literal.variable),
        value: mapTerm(literal.value, variable),
      };
  }
}

export function mapRule<R extends Omit<Rule, "id">>(rule: R, mapping: Mapping): R {
  return {
    ...rule,
    head: mapHead(rule.head, mapping),
    body: rule.body.map((l) => mapLiteral(l, mapping)),
  };
}

/** A declaration with its relations renamed. */
export function mapDeclaration(d: Declaration, relation: (name: string) => string): Declaration {
  switch (d.kind) {
    case "relation":
    case "timer":
    case "durable":
    case "sink":
    case "snippet":
      return { ...d, relation: relation(d.relation) };
    case "invariant":
    case "global":
      return {
        ...d,
        relation: relation(d.relation),
        ...(d.rule !== undefined && { rule: mapRule(d.rule, { relation: alsoAtNodes(relation) }) }),
      };
    case "dependency":
      return { ...d, relation: relation(d.relation) };
    case "within":
      return { ...d, relation: relation(d.relation), of: relation(d.of) };
    case "function":
    case "injective":
      return d;
  }
}

/** `r_everywhere` is named after r. */
function alsoAtNodes(relation: (name: string) => string): (name: string) => string {
  return (name) =>
    name.endsWith(EVERYWHERE)
      ? `${relation(name.slice(0, -EVERYWHERE.length))}${EVERYWHERE}`
      : relation(name);
}

function same(name: string): string {
  return name;
}

function asVariable(name: string): Term {
  return { kind: "variable", name };
}
