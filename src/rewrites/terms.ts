import { headTermVariables, literalVariables, termVariables } from "../program/variables.ts";
import type {
  Head,
  HeadTerm,
  Literal,
  RelationLiteral,
  RelationName,
  Term,
  Variable,
} from "../program/program.ts";

/** What rules are made of here: a head and a body, with or without an id. */
export interface RuleText {
  readonly head: Head;
  readonly body: readonly Literal[];
}

export function variable(name: string): Variable {
  return { kind: "variable", name };
}

export function literal(relation: RelationName, terms: readonly Term[]): RelationLiteral {
  return { kind: "relation", negated: false, relation, terms };
}

export function absent(relation: RelationName, terms: readonly Term[]): RelationLiteral {
  return { kind: "relation", negated: true, relation, terms };
}

export function headOf(
  relation: RelationName,
  terms: readonly HeadTerm[],
  kind: "now" | "next" = "now",
): Head {
  return { relation, terms, timing: { kind } };
}

export function sentTo(
  relation: RelationName,
  terms: readonly HeadTerm[],
  destination: Term,
): Head {
  return { relation, terms, timing: { kind: "async", destination } };
}

export function variablesOfHead(head: Head): readonly string[] {
  const { timing } = head;
  const destination = timing.kind === "async" ? termVariables(timing.destination) : [];
  return [...head.terms.flatMap(headTermVariables), ...destination];
}

export function variablesOfRule(rule: RuleText): ReadonlySet<string> {
  return new Set([...variablesOfHead(rule.head), ...rule.body.flatMap(literalVariables)]);
}

/** The term with variables renamed; an aggregate's variables too. */
export function renameInTerm<T extends HeadTerm>(term: T, names: ReadonlyMap<string, string>): T;
export function renameInTerm(term: HeadTerm, names: ReadonlyMap<string, string>): HeadTerm {
  switch (term.kind) {
    case "variable":
      return variable(names.get(term.name) ?? term.name);
    case "arithmetic":
      return {
        ...term,
        left: renameInTerm(term.left, names),
        right: renameInTerm(term.right, names),
      };
    case "tuple":
      return { ...term, terms: term.terms.map((t) => renameInTerm(t, names)) };
    case "aggregate":
      return { ...term, over: term.over.map((name) => names.get(name) ?? name) };
    case "wildcard":
    case "constant":
      return term;
  }
}

export function renameInLiteral(l: Literal, names: ReadonlyMap<string, string>): Literal {
  switch (l.kind) {
    case "relation":
      return { ...l, terms: l.terms.map((t) => renameInTerm(t, names)) };
    case "comparison":
      return { ...l, left: renameInTerm(l.left, names), right: renameInTerm(l.right, names) };
    case "assignment":
      return {
        ...l,
        variable: names.get(l.variable) ?? l.variable,
        value: renameInTerm(l.value, names),
      };
  }
}

/** Whether the rule reads the relation, positively or negated. */
export function reads(rule: RuleText, relation: RelationName): boolean {
  return rule.body.some((l) => l.kind === "relation" && l.relation === relation);
}

/** `x̄` for a relation: as many distinct variables, named after its attributes. */
export function distinctVariables(names: readonly string[]): readonly Variable[] {
  return names.map((name) => variable(name));
}

/** Whether a now-rule is `h(x̄) :- r(x̄)` with distinct variables: then h holds just what r holds. */
export function copiedRelation(rule: RuleText): RelationName | undefined {
  const [only, ...others] = rule.body;
  if (others.length > 0 || only?.kind !== "relation" || only.negated) return undefined;
  const names = only.terms.map((t) => (t.kind === "variable" ? t.name : undefined));
  const same =
    names.length === rule.head.terms.length &&
    new Set(names).size === names.length &&
    rule.head.terms.every((t, i) => t.kind === "variable" && t.name === names[i]);
  return same ? only.relation : undefined;
}
