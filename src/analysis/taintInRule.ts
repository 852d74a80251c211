import type { Place } from "../program/evidence.ts";
import type { Literal, RelationName, Rule } from "../program/program.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { functionTerms } from "./bindings.ts";
import { isEdbKind, kindOfRelation } from "./componentRules.ts";
import {
  destinationVariables,
  headTermVariables,
  literalVariables,
  termVariables,
} from "../program/variables.ts";

/** A place where a tainted value becomes data: anything but a destination and the way to it. */
export type TaintUse = {
  readonly place: Place;
  /** The relation position it was read from; undefined when the rule reads the source itself. */
  readonly from: string | undefined;
} & (
  | { readonly kind: "head"; readonly relation: RelationName; readonly position: number }
  | { readonly kind: "comparison" }
  | { readonly kind: "join"; readonly relation: RelationName }
  /** Where a message goes: asked for only of the tick number. */
  | { readonly kind: "destination" }
);

/** "source" when the position of a literal holds the source itself, a key when it may hold it, else undefined. */
export type TaintOf = (relation: RelationName, position: number) => string | undefined;

/** All uses as data inside one rule (the taint analysis of rewrites.md section 1.7). */
export function taintInRule(
  p: AnalyzedProgram,
  rule: Rule,
  taintOf: TaintOf,
  destinations: "routing" | "data" = "routing",
): readonly TaintUse[] {
  const walk = new Walk(p, rule);
  for (const [index, literal] of rule.body.entries()) walk.start(literal, index, taintOf);
  const tests = sourceTests(rule, taintOf);
  if (walk.tainted.size === 0) return tests;
  walk.spread();
  return [
    ...tests,
    ...walk.bodyUses(),
    ...walk.headUses(),
    ...(destinations === "data" ? walk.destinationUses() : []),
  ];
}

/** `tick(5)`, `!self(p)`: literals over the source itself that compare it with something. */
function sourceTests(rule: Rule, taintOf: TaintOf): readonly TaintUse[] {
  return rule.body.flatMap((literal, index): readonly TaintUse[] => {
    if (literal.kind !== "relation") return [];
    const compares = literal.terms.some(
      (term, i) =>
        taintOf(literal.relation, i) === "source" &&
        term.kind !== "wildcard" &&
        (literal.negated || term.kind !== "variable"),
    );
    const place: Place = { kind: "literal", rule: rule.id, index };
    return compares ? [{ kind: "comparison", place, from: undefined }] : [];
  });
}

interface Taint {
  readonly from: string | undefined;
  /** The literal that introduced it: joining with itself is no use. */
  readonly literal: number;
}

class Walk {
  readonly tainted = new Map<string, Taint>();
  readonly #p: AnalyzedProgram;
  readonly #rule: Rule;
  readonly #data: ReadonlySet<string>;
  readonly #passed = new Set<number>();

  constructor(p: AnalyzedProgram, rule: Rule) {
    this.#p = p;
    this.#rule = rule;
    this.#data = dataVariables(p, rule);
  }

  start(literal: Literal, index: number, taintOf: TaintOf): void {
    if (literal.kind !== "relation" || literal.negated) return;
    for (const [position, term] of literal.terms.entries()) {
      const taint = taintOf(literal.relation, position);
      if (taint === undefined) continue;
      const from = taint === "source" ? undefined : taint;
      for (const name of termVariables(term)) {
        if (!this.tainted.has(name)) this.tainted.set(name, { from, literal: index });
      }
    }
  }

  /** Through assignments, functions and look-ups that only serve to find a destination. */
  spread(): void {
    for (let grown = true; grown;) {
      grown = false;
      for (const [index, literal] of this.#rule.body.entries()) {
        if (this.#passed.has(index)) continue;
        const taint = this.#taintOfInputs(literal, index);
        if (taint === undefined) continue;
        this.#passed.add(index);
        for (const name of this.#outputs(literal)) {
          if (this.tainted.has(name)) continue;
          this.tainted.set(name, { from: taint.from, literal: index });
          grown = true;
        }
      }
    }
  }

  bodyUses(): readonly TaintUse[] {
    return this.#rule.body.flatMap((literal, index): readonly TaintUse[] => {
      const place: Place = { kind: "literal", rule: this.#rule.id, index };
      if (literal.kind === "assignment") return [];
      const taint = this.#taintOfInputs(literal, index);
      if (taint === undefined) return [];
      if (literal.kind === "comparison") return [{ kind: "comparison", place, from: taint.from }];
      if (this.#outputs(literal).length > 0) return [];
      return [{ kind: "join", relation: literal.relation, place, from: taint.from }];
    });
  }

  headUses(): readonly TaintUse[] {
    const { relation, terms } = this.#rule.head;
    return terms.flatMap((term, position): readonly TaintUse[] => {
      const name = headTermVariables(term).find((v) => this.tainted.has(v));
      if (name === undefined) return [];
      const place: Place = { kind: "head", rule: this.#rule.id };
      return [{ kind: "head", relation, position, place, from: this.tainted.get(name)!.from }];
    });
  }

  destinationUses(): readonly TaintUse[] {
    const name = destinationVariables(this.#rule).find((v) => this.tainted.has(v));
    if (name === undefined) return [];
    const place: Place = { kind: "head", rule: this.#rule.id };
    return [{ kind: "destination", place, from: this.tainted.get(name)!.from }];
  }

  /** The taint that a literal takes in, other than the taint it introduced itself. */
  #taintOfInputs(literal: Literal, index: number): Taint | undefined {
    for (const name of this.#inputs(literal)) {
      const taint = this.tainted.get(name);
      if (taint !== undefined && taint.literal !== index) return taint;
    }
    return undefined;
  }

  #inputs(literal: Literal): readonly string[] {
    if (literal.kind === "assignment") return termVariables(literal.value);
    if (literal.kind === "comparison" || this.#kind(literal.relation) !== "func") {
      return literalVariables(literal);
    }
    const { inputs } = functionTerms(this.#p.program, literal.relation, literal.terms);
    return inputs.flatMap(termVariables);
  }

  /** Variables that a literal passes taint on to; none when it tests or joins with data instead. */
  #outputs(literal: Literal): readonly string[] {
    if (literal.kind === "assignment") return [literal.variable];
    if (literal.kind === "comparison" || literal.negated) return [];
    const kind = this.#kind(literal.relation);
    if (kind === "func") {
      const { outputs } = functionTerms(this.#p.program, literal.relation, literal.terms);
      return outputs.flatMap(termVariables);
    }
    if (!isEdbKind(kind)) return [];
    const others = literalVariables(literal).filter((v) => !this.#isSourceOf(literal, v));
    return others.some((v) => this.#data.has(v)) ? [] : others;
  }

  /** Whether the variable came into this table look-up from outside. */
  #isSourceOf(literal: Literal, name: string): boolean {
    const taint = this.tainted.get(name);
    return taint !== undefined && this.#rule.body[taint.literal] !== literal;
  }

  #kind(relation: RelationName): ReturnType<typeof kindOfRelation> {
    return kindOfRelation(this.#p, relation);
  }
}

/** Variables that are compared, sent, kept or joined with changing relations; the others only find destinations. */
function dataVariables(p: AnalyzedProgram, rule: Rule): ReadonlySet<string> {
  const inBody = rule.body.flatMap((literal) => {
    if (literal.kind === "comparison") return literalVariables(literal);
    if (literal.kind === "assignment") return [];
    const kind = kindOfRelation(p, literal.relation);
    return isEdbKind(kind) || kind === "func" || kind === "builtin"
      ? []
      : literalVariables(literal);
  });
  return new Set([...rule.head.terms.flatMap(headTermVariables), ...inBody]);
}
