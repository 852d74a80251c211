import { UnionFind } from "../program/unionFind.ts";
import type { HeadTerm, Literal, Program, Rule, Term } from "../program/program.ts";
import { termVariables } from "../program/variables.ts";

/** Stands for all integers. */
const INTEGER = "";

/**
 * Which variables and attributes of a text are integers: what is computed with, counted or written as a number, and
 * whatever is joined with that, however indirectly.
 */
export class IntegerColumns {
  readonly #classes = new UnionFind();

  constructor(program: Program) {
    for (const { declarations } of [program, ...program.components]) {
      for (const d of declarations) {
        if (d.kind !== "relation") continue;
        d.attributes.forEach(({ type }, i) => {
          if (type === "int") this.#classes.join(`${d.relation}/${i}`, INTEGER);
        });
      }
    }
    for (const rule of program.components.flatMap((c) => c.rules)) this.#rule(rule);
  }

  isInteger(term: Term, { id }: Rule): boolean {
    return this.#classes.find(this.#key(term, id) ?? id) === this.#classes.find(INTEGER);
  }

  #rule({ id, head, body }: Rule): void {
    head.terms.forEach((term, i) => this.#headTerm(`${head.relation}/${i}`, term, id));
    if (head.timing.kind === "async") this.#key(head.timing.destination, id);
    for (const literal of body) this.#literal(literal, id);
  }

  #headTerm(column: string, term: HeadTerm, id: string): void {
    if (term.kind !== "aggregate") return this.#is(column, term, id);
    const [first] = term.over;
    const { operator } = term;
    if (operator === "count" || operator === "sum") this.#classes.join(column, INTEGER);
    if (first === undefined) return;
    if (operator === "sum") this.#classes.join(`${id}:${first}`, INTEGER);
    if (operator === "min" || operator === "max") this.#classes.join(column, `${id}:${first}`);
  }

  #literal(literal: Literal, id: string): void {
    switch (literal.kind) {
      case "assignment":
        return this.#is(`${id}:${literal.variable}`, literal.value, id);
      case "comparison": {
        const left = this.#key(literal.left, id);
        const right = this.#key(literal.right, id);
        if (left !== undefined && right !== undefined) this.#classes.join(left, right);
        return;
      }
      case "relation": {
        const { relation, terms } = literal;
        // Its elements are of many kinds.
        if (relation === "flatten") return;
        const isNumber = relation === "index" || relation === "less_than";
        for (const [i, term] of terms.entries()) {
          this.#is(isNumber ? INTEGER : `${relation}/${i}`, term, id);
        }
      }
    }
  }

  #is(column: string, term: Term, id: string): void {
    const key = this.#key(term, id);
    if (key !== undefined) this.#classes.join(column, key);
  }

  /** What the term is one with; a variable that is computed with is an integer. */
  #key(term: Term, id: string): string | undefined {
    switch (term.kind) {
      case "variable":
        return `${id}:${term.name}`;
      case "constant":
        return typeof term.value === "number" || typeof term.value === "bigint"
          ? INTEGER
          : undefined;
      case "arithmetic":
        for (const name of termVariables(term)) this.#classes.join(`${id}:${name}`, INTEGER);
        return INTEGER;
      case "tuple":
        for (const inner of term.terms) this.#key(inner, id);
        return undefined;
      case "wildcard":
        return undefined;
    }
  }
}
