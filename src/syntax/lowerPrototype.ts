import type { Span } from "../program/diagnostic.ts";
import type { HeadTerm, Literal, RelationName, Term, Timing } from "../program/program.ts";
import {
  headVariables,
  literalVariables,
  patternVariables,
  termVariables,
} from "../program/variables.ts";
import type { Atom, Clause, ComparisonClause } from "./clauseGrammar.ts";
import { withoutLonelyVariables } from "./lonelyVariables.ts";
import type { LoweredRule } from "./lowered.ts";
import type { PlacedLiteral } from "./lowerings.ts";
import { freshName, loweredRule, relationLiteral, variable } from "./lowerings.ts";
import type { MollyClause } from "./lowerMolly.ts";
import { pinnedName, pinnedRules } from "./lowerMolly.ts";
import type { Problem } from "./problem.ts";
import { splitSent } from "./sentRules.ts";

/** Clauses of the prototype notation as rules: the location is implicit there too, or marked with `#`. */
export function lowerPrototype(clauses: readonly MollyClause[]): readonly LoweredRule[] {
  const pinned = new Map<RelationName, { rule: LoweredRule; keep: LoweredRule }>();
  const rules = clauses.map((c) => new ClauseLowering(c, pinned).rule());
  return splitSent([...rules, ...[...pinned.values()].flatMap(({ rule, keep }) => [rule, keep])]);
}

class ClauseLowering {
  readonly #source: MollyClause;
  readonly #clause: Clause;
  readonly #pinned: Map<RelationName, { rule: LoweredRule; keep: LoweredRule }>;
  readonly #problems: Problem[] = [];
  readonly #bound: Set<string>;
  readonly #ticks: PlacedLiteral[] = [];
  #place: { readonly term: Term; readonly span: Span } | undefined;

  constructor(
    source: MollyClause,
    pinned: Map<RelationName, { rule: LoweredRule; keep: LoweredRule }>,
  ) {
    this.#source = source;
    this.#clause = source.clause;
    this.#pinned = pinned;
    this.#bound = new Set(this.#clause.body?.flatMap(boundBy));
  }

  rule(): LoweredRule {
    const { span, names } = this.#source;
    const body = (this.#clause.body ?? []).map((l) => this.#literal(l));
    const head = this.#head(this.#clause.head, body);
    if (this.#place !== undefined) {
      const { term, span: place } = this.#place;
      const used = [
        ...headVariables(head.head),
        ...body.flatMap((l) => literalVariables(l.literal)),
      ];
      const needed = term.kind !== "variable" || used.includes(term.name);
      if (needed && term.kind !== "wildcard") body.push(implied("self", [term], place));
    }
    body.push(...this.#ticks);
    return withoutLonelyVariables(loweredRule(head, body, span, names, this.#problems));
  }

  #head(atom: Atom, body: readonly PlacedLiteral[]): Parameters<typeof loweredRule>[0] {
    const { relation, tag, span, marked } = atom;
    const mark = marked === undefined ? undefined : atom.terms[marked]!;
    const terms = atom.terms.filter((_, i) => i !== marked);
    const timing = this.#timing(atom, body);
    if (mark !== undefined && tag?.kind !== "async") this.#sits(asTerm(mark.term), mark.span);
    if (tag?.kind === "tick") {
      if (this.#clause.body !== undefined) {
        this.#report("pinned-head", "Only a fact is pinned to a tick; this is a rule.", tag.span);
      }
      this.#ticks.push(implied("tick", [{ kind: "constant", value: tag.tick }], tag.span));
    }
    return {
      head: { relation, terms: terms.map((t) => t.term), timing },
      span,
      terms: terms.map((t) => t.span),
      ...(timing.kind === "async" && { destination: mark?.span ?? tag?.span }),
    };
  }

  /** What is sent without a `#` arrives at the same node. */
  #timing({ tag, marked, terms }: Atom, body: readonly PlacedLiteral[]): Timing {
    if (tag?.kind === "next") return { kind: "next" };
    if (tag?.kind !== "async") return { kind: "now" };
    if (marked !== undefined) return { kind: "async", destination: asTerm(terms[marked]!.term) };
    if (this.#place?.term.kind !== "variable") {
      const used = [
        ...headVariables({
          relation: "",
          terms: terms.map((t) => t.term),
          timing: { kind: "now" },
        }),
        ...body.flatMap((l) => literalVariables(l.literal)),
        ...this.#ticks.flatMap((l) => literalVariables(l.literal)),
      ];
      this.#place = { term: variable(freshName("L", new Set(used))), span: tag.span };
    }
    return { kind: "async", destination: this.#place.term };
  }

  #literal(literal: Atom | ComparisonClause): PlacedLiteral {
    if (literal.kind === "comparison") return this.#comparison(literal);
    const { relation, negated, span, marked, tag } = literal;
    if (marked !== undefined) {
      const mark = literal.terms[marked]!;
      this.#sits(asTerm(mark.term), mark.span);
    }
    const placed = literal.terms.filter((_, i) => i !== marked);
    const terms = placed.map((t) => asTerm(t.term));
    const spans = placed.map((t) => t.span);
    const [first, second] = terms;
    if (relation === "successor" && terms.length === 2) {
      return { ...this.#successor(first!, second!, negated), span };
    }
    if (tag?.kind === "named") {
      this.#ticks.push(implied("tick", [variable(tag.variable)], tag.span));
    }
    if (tag?.kind !== "tick")
      return { literal: relationLiteral(relation, terms, negated), span, terms: spans };
    const name = pinnedName(relation, tag.tick);
    if (!this.#pinned.has(name)) {
      this.#pinned.set(name, pinnedRules(name, relation, tag.tick, terms.length, span));
    }
    return { literal: relationLiteral(name, terms, negated), span, terms: spans };
  }

  #sits(term: Term, span: Span): void {
    const known = this.#place?.term;
    if (known === undefined) this.#place = { term, span };
    else if (known.kind !== "variable" || term.kind !== "variable" || known.name !== term.name) {
      this.#report(
        "place",
        "The literals of a rule are at one location, and this is another one.",
        span,
      );
    }
  }

  /** `=` compares, or gives a variable that nothing else binds its value. */
  #comparison({ literal, span, terms }: ComparisonClause): PlacedLiteral {
    const { left, right, operator } = literal;
    if (operator !== "==") return { literal, span, terms };
    if (this.#assigns(left, right)) {
      return { literal: this.#assigned(left, right), span, terms };
    }
    if (this.#assigns(right, left)) {
      return { literal: this.#assigned(right, left), span, terms: terms.toReversed() };
    }
    return { literal, span, terms };
  }

  #assigns(target: Term, value: Term): target is Extract<Term, { kind: "variable" }> {
    if (target.kind !== "variable" || this.#bound.has(target.name)) return false;
    return termVariables(value).every((v) => this.#bound.has(v)) && value.kind !== "wildcard";
  }

  #assigned(target: Extract<Term, { kind: "variable" }>, value: Term): Literal {
    this.#bound.add(target.name);
    return { kind: "assignment", variable: target.name, value };
  }

  /** `successor(x, y)`: y is x + 1. */
  #successor(x: Term, y: Term, negated: boolean): Omit<PlacedLiteral, "span"> {
    const { span } = this.#source;
    const one: Term = { kind: "constant", value: 1 };
    const above: Term = { kind: "arithmetic", operator: "+", left: x, right: one };
    const below: Term = { kind: "arithmetic", operator: "-", left: y, right: one };
    const terms = [span, span];
    if (!negated && this.#assigns(y, above)) return { literal: this.#assigned(y, above), terms };
    if (!negated && this.#assigns(x, below)) return { literal: this.#assigned(x, below), terms };
    const operator = negated ? "!=" : "==";
    return { literal: { kind: "comparison", operator, left: y, right: above }, terms };
  }

  #report(code: string, message: string, span: Span): void {
    this.#problems.push({ code, message, span });
  }
}

/** The variables that a positive literal binds; `tick` binds the one after `@`. */
function boundBy(literal: Atom | ComparisonClause): readonly string[] {
  if (literal.kind === "comparison" || literal.negated || literal.relation === "successor")
    return [];
  const own = literal.terms.flatMap((t) => patternVariables(asTerm(t.term)));
  return literal.tag?.kind === "named" ? [...own, literal.tag.variable] : own;
}

function asTerm(term: HeadTerm): Term {
  return term.kind === "aggregate" ? { kind: "wildcard" } : term;
}

function implied(relation: string, terms: readonly Term[], span: Span): PlacedLiteral {
  return { literal: relationLiteral(relation, terms), span, terms: terms.map(() => span) };
}
