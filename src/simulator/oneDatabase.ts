import { functionSignature } from "../program/functions.ts";
import type {
  Component,
  HeadTerm,
  Literal,
  Program,
  RelationLiteral,
  RelationName,
  Rule,
  Term,
} from "../program/program.ts";
import { address } from "../program/value.ts";
import { headVariables, literalVariables, tupleItems } from "../program/variables.ts";

/** All nodes of a run, in the program that `oneDatabase` gives. No program that is read has such names. */
export const NODES: RelationName = "@nodes";

/** What a rule sends: sender and receiver before the columns. */
export function sentName(relation: RelationName): RelationName {
  return `@sent ${relation}`;
}

/** Where facts about the whole system are said to stand. */
export const NOWHERE = address("");

const EVERYWHERE = "_everywhere";

/**
 * A component as one node that holds the facts of all nodes, the location before the columns: Molly's one database a tick
 * (docs/adr/0024). What is sent becomes a relation of its own, to be delivered by whoever runs the ticks.
 */
export function oneDatabase(program: Program, component: Component): Program {
  const rules = component.rules.map((rule) =>
    new RuleInOneDatabase(program, component, rule).rule(),
  );
  const declarations = [...program.declarations, ...component.declarations].filter(
    (d) =>
      d.kind === "function" ||
      d.kind === "injective" ||
      (d.kind === "relation" && d.role === "edb"),
  );
  return { declarations, components: [{ name: component.name, by: [], declarations: [], rules }] };
}

/** Whether r is about the whole system, and so stands at no node in particular. */
export function isGlobal(program: Program, relation: RelationName): boolean {
  const base = relation.replace(/_at_\d+$/, "");
  return [program, ...program.components].some((scope) =>
    scope.declarations.some(
      (d) => d.kind === "global" && d.rule === undefined && d.relation === base,
    ),
  );
}

class RuleInOneDatabase {
  readonly #program: Program;
  readonly #component: Component;
  readonly #rule: Rule;
  readonly #location: Term;

  constructor(program: Program, component: Component, rule: Rule) {
    this.#program = program;
    this.#component = component;
    this.#rule = rule;
    const used = new Set([...headVariables(rule.head), ...rule.body.flatMap(literalVariables)]);
    let name = "l";
    for (let i = 1; used.has(name); i++) name = `l${i}`;
    this.#location = { kind: "variable", name };
  }

  rule(): Rule {
    const { id, head, body } = this.#rule;
    const nodes: Literal = {
      kind: "relation",
      negated: false,
      relation: NODES,
      terms: [this.#location],
    };
    // `self(v)` binds v before anything that is computed from it.
    const self = body.filter((l) => isSelf(l)).map((l) => this.#literal(l));
    const others = body.filter((l) => !isSelf(l)).map((l) => this.#literal(l));
    return { id, head: this.#head(head), body: [nodes, ...self, ...others] };
  }

  #head({ relation, terms, timing }: Rule["head"]): Rule["head"] {
    if (timing.kind === "async") {
      const sent: readonly HeadTerm[] = [this.#location, timing.destination, ...terms];
      return { relation: sentName(relation), terms: sent, timing: { kind: "now" } };
    }
    const place: Term = isGlobal(this.#program, relation)
      ? { kind: "constant", value: NOWHERE }
      : this.#location;
    return { relation, terms: [place, ...terms], timing };
  }

  #literal(literal: Literal): Literal {
    if (literal.kind !== "relation") return literal;
    const { relation, terms, negated } = literal;
    if (isSelf(literal)) return this.#self(terms[0]!, negated);
    const keys = literal.relation === "choose" ? tupleItems(terms[0] ?? this.#location) : undefined;
    if (keys !== undefined && terms.length === 2) {
      // Each node chooses for itself.
      return {
        ...literal,
        terms: [{ kind: "tuple", terms: [this.#location, ...keys] }, terms[1]!],
      };
    }
    if (this.#isTheSameEverywhere(literal)) return literal;
    const wildcard: Term = { kind: "wildcard" };
    const derived = this.#component.rules.some((r) => r.head.relation === relation);
    if (relation.endsWith(EVERYWHERE) && !derived) {
      const base = relation.slice(0, -EVERYWHERE.length);
      const whole = isGlobal(this.#program, base) ? [wildcard, ...terms] : terms;
      return { ...literal, relation: base, terms: whole };
    }
    const place = isGlobal(this.#program, relation) ? wildcard : this.#location;
    return { ...literal, terms: [place, ...terms] };
  }

  #self(term: Term, negated: boolean): Literal {
    if (term.kind === "variable" && !negated) {
      return { kind: "assignment", variable: term.name, value: this.#location };
    }
    return {
      kind: "comparison",
      operator: negated ? "!=" : "==",
      left: this.#location,
      right: term,
    };
  }

  #isTheSameEverywhere({ relation, terms }: RelationLiteral): boolean {
    if (relation === "tick" && terms.length === 1) return true;
    if (functionSignature(this.#program, relation, terms.length) !== undefined) return true;
    return [...this.#program.declarations, ...this.#component.declarations].some(
      (d) => d.kind === "relation" && d.role === "edb" && d.relation === relation,
    );
  }
}

function isSelf(literal: Literal): boolean {
  return literal.kind === "relation" && literal.relation === "self" && literal.terms.length === 1;
}
