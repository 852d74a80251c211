import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { isNumbering } from "../analysis/choosing.ts";
import { functionSignature } from "../program/functions.ts";
import type {
  Aggregate,
  HeadTerm,
  Literal,
  RelationLiteral,
  RelationName,
  Rule,
  Term,
} from "../program/program.ts";
import type { Value } from "../program/value.ts";
import { headVariables, literalVariables } from "../program/variables.ts";

/** Where messages go, and what `self` and `orig` say. */
export const ADDRESSES = "addresses";

export function columnOf(relation: RelationName, index: number): string {
  return `${relation} ${index}`;
}

/**
 * Columns between which values may flow are of one sort. In a sort that is not fixed nothing but equality is ever asked
 * of values, so that exchanging some of them everywhere exchanges them in whatever is derived.
 */
export class ColumnSorts {
  readonly #parents = new Map<string, string>();
  readonly #fixed = new Set<string>();
  readonly #constants: { readonly column: string; readonly value: Value }[] = [];

  /** One name for all columns of a sort. */
  of(column: string): string {
    let root = column;
    for (let up = this.#parents.get(root); up !== undefined; up = this.#parents.get(root)) {
      root = up;
    }
    return root;
  }

  /** Values in this sort must stay what they are. */
  isFixed(sort: string): boolean {
    return this.#fixed.has(this.of(sort));
  }

  /** What rules name in the text, with its column. */
  constants(): readonly { readonly column: string; readonly value: Value }[] {
    return this.#constants;
  }

  join(a: string, b: string): void {
    const [from, to] = [this.of(a), this.of(b)];
    if (from === to) return;
    this.#parents.set(from, to);
    if (this.#fixed.has(from)) this.#fixed.add(to);
  }

  fix(column: string): void {
    this.#fixed.add(this.of(column));
  }

  name(column: string, value: Value): void {
    this.#constants.push({ column, value });
  }
}

/** The sorts of the columns of several programs that share the names of relations and addresses. */
export function columnSorts(programs: readonly AnalyzedProgram[]): ColumnSorts {
  const sorts = new ColumnSorts();
  programs.forEach((p, number) => {
    for (const { name, rules } of p.program.components) {
      for (const rule of rules) new RuleSorts(p, `${number} ${name} ${rule.id}`, sorts).add(rule);
    }
  });
  return sorts;
}

/** What one rule does to values. */
class RuleSorts {
  readonly #p: AnalyzedProgram;
  readonly #scope: string;
  readonly #sorts: ColumnSorts;
  #fresh = 0;

  constructor(p: AnalyzedProgram, scope: string, sorts: ColumnSorts) {
    this.#p = p;
    this.#scope = scope;
    this.#sorts = sorts;
  }

  add(rule: Rule): void {
    const { head, body } = rule;
    if (body.some((l) => isNumbering(this.#p, l))) this.#fixAll(rule);
    head.terms.forEach((term, i) => this.#head(term, columnOf(head.relation, i)));
    if (head.timing.kind === "async") this.#put(head.timing.destination, ADDRESSES);
    for (const literal of body) this.#literal(literal);
  }

  #head(term: HeadTerm, column: string): void {
    if (term.kind === "aggregate") this.#aggregate(term, column);
    else this.#put(term, column);
  }

  /** How many values there are does not depend on what they are; everything else that is gathered does. */
  #aggregate({ operator, over }: Aggregate, column: string): void {
    this.#sorts.fix(column);
    if (operator === "count") return;
    for (const name of over) this.#sorts.fix(this.#variable(name));
  }

  #literal(literal: Literal): void {
    switch (literal.kind) {
      case "relation":
        this.#relation(literal);
        return;
      case "assignment":
        this.#put(literal.value, this.#variable(literal.variable));
        return;
      case "comparison": {
        const { operator, left, right } = literal;
        if (operator === "==" || operator === "!=") {
          const both = this.#variable(`==${this.#fresh++}`);
          this.#put(left, both);
          this.#put(right, both);
        } else for (const term of [left, right]) this.#fix(term);
      }
    }
  }

  #relation({ relation, terms }: RelationLiteral): void {
    const kind = this.#p.relations.get(relation)?.kind;
    if (kind === "func" || (kind === "builtin" && relation !== "self")) {
      for (const term of terms) this.#fix(term);
      // Its keys are the node's own.
      const keyed = functionSignature(this.#p.program, relation, terms.length)?.keyed === true;
      if (keyed) this.#sorts.fix(ADDRESSES);
      return;
    }
    // Keys come from names.
    if (KEYS.has(relation)) this.#sorts.fix(ADDRESSES);
    const isAddress = kind === "builtin" || relation === "orig";
    terms.forEach((term, i) => this.#put(term, columnOf(relation, i)));
    if (isAddress) this.#sorts.join(columnOf(relation, 0), ADDRESSES);
  }

  /** The term's value gets into that column, or comes from there; a tuple's items count as the tuple. */
  #put(term: Term, column: string): void {
    switch (term.kind) {
      case "variable":
        this.#sorts.join(this.#variable(term.name), column);
        return;
      case "constant":
        this.#sorts.name(column, term.value);
        return;
      case "tuple":
        for (const item of term.terms) this.#put(item, column);
        return;
      case "arithmetic":
        this.#sorts.fix(column);
        for (const side of [term.left, term.right]) this.#put(side, column);
        return;
      case "wildcard":
    }
  }

  /** Rows are numbered in the order of all their values. */
  #fixAll({ head, body }: Rule): void {
    for (const name of [...headVariables(head), ...body.flatMap(literalVariables)]) {
      this.#sorts.fix(this.#variable(name));
    }
  }

  #fix(term: Term): void {
    const column = this.#variable(`!${this.#fresh++}`);
    this.#sorts.fix(column);
    this.#put(term, column);
  }

  #variable(name: string): string {
    return `${this.#scope} ?${name}`;
  }
}

const KEYS: ReadonlySet<RelationName> = new Set(["mykey", "trusted", "publicKey"]);
