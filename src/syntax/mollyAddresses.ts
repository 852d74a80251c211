import type { Declaration, HeadTerm, Literal, Rule, Term } from "../program/program.ts";
import { address, kindOf } from "../program/value.ts";
import { everywhereName } from "./lowerMolly.ts";

export interface AddressOptions {
  /** Relations that are about the whole system: their first attribute need not be a node. */
  readonly globals?: ReadonlySet<string>;
  /** What the text declares besides. */
  readonly declarations?: readonly Declaration[];
  /** Whether `crash` is Molly's. */
  readonly crashes?: boolean;
}

/**
 * Strings of Molly's and the prototype notation are addresses where they are used as such: in every column and variable
 * that is joined, however indirectly, with a destination, with `self`, with the node of another node's fact, or with what
 * is declared an address.
 */
export class MollyAddresses {
  readonly #parent = new Map<string, string>();
  readonly #globals: ReadonlySet<string>;
  readonly #crashes: boolean;

  constructor(
    rules: readonly Omit<Rule, "id">[],
    { globals = new Set(), declarations = [], crashes = false }: AddressOptions,
  ) {
    this.#globals = globals;
    this.#crashes = crashes;
    for (const declaration of declarations) this.#declaration(declaration);
    rules.forEach((rule, i) => {
      const { head, body } = rule;
      head.terms.forEach((term, column) => this.#join(`${head.relation}/${column}`, term, i));
      if (head.timing.kind === "async") this.#join(ADDRESS, head.timing.destination, i);
      for (const literal of body) this.#literal(literal, i);
    });
  }

  #declaration(declaration: Declaration): void {
    if (declaration.kind !== "relation") return;
    const { relation, attributes, rows } = declaration;
    attributes.forEach(({ type }, column) => {
      const holds = rows?.some((row) => kindOf(row[column]!) === "address") === true;
      if (type === "address" || holds) this.#union(this.#column(relation, column), ADDRESS);
    });
  }

  /** The rule with its addresses as such. */
  rule<R extends Omit<Rule, "id">>(rule: R, index: number): R {
    const { head, body } = rule;
    const { timing } = head;
    return {
      ...rule,
      head: {
        ...head,
        terms: head.terms.map((t, column) => this.#headTerm(t, `${head.relation}/${column}`)),
        timing:
          timing.kind === "async"
            ? { ...timing, destination: this.#term(timing.destination, ADDRESS) }
            : timing,
      },
      body: body.map((literal) => this.#converted(literal, index)),
    };
  }

  #literal(literal: Literal, rule: number): void {
    switch (literal.kind) {
      case "relation":
        literal.terms.forEach((term, column) =>
          this.#join(this.#column(literal.relation, column), term, rule),
        );
        return;
      case "comparison":
        if (literal.left.kind === "variable" && literal.right.kind === "variable") {
          this.#union(`${rule}:${literal.left.name}`, `${rule}:${literal.right.name}`);
        }
        return;
      case "assignment":
        this.#join(`${rule}:${literal.variable}`, literal.value, rule);
    }
  }

  #converted(literal: Literal, rule: number): Literal {
    switch (literal.kind) {
      case "relation":
        return {
          ...literal,
          terms: literal.terms.map((t, column) =>
            this.#term(t, this.#column(literal.relation, column)),
          ),
        };
      case "comparison": {
        const key = (t: Term): string => (t.kind === "variable" ? `${rule}:${t.name}` : "");
        const left = this.#term(literal.left, key(literal.right));
        return { ...literal, left, right: this.#term(literal.right, key(literal.left)) };
      }
      case "assignment":
        return literal;
    }
  }

  #headTerm(term: HeadTerm, key: string): HeadTerm {
    return term.kind === "aggregate" ? term : this.#term(term, key);
  }

  #term(term: Term, key: string): Term {
    if (term.kind !== "constant" || typeof term.value !== "string") return term;
    return this.#root(key) === this.#root(ADDRESS) ? { ...term, value: address(term.value) } : term;
  }

  /** The view of all nodes has the columns of what it shows, after the node where that is shown too. */
  #column(relation: string, column: number): string {
    if (relation === "self") return ADDRESS;
    if (relation === "crash" && this.#crashes) return column === 0 ? ADDRESS : "crash/time";
    const base = baseOf(relation);
    if (base === relation) return `${relation}/${column}`;
    if (this.#globals.has(base.replace(/_at_\d+$/, ""))) return `${base}/${column}`;
    return column === 0 ? ADDRESS : `${base}/${column - 1}`;
  }

  #join(key: string, term: HeadTerm, rule: number): void {
    if (term.kind === "variable") this.#union(key, `${rule}:${term.name}`);
    const [over] = term.kind === "aggregate" ? term.over : [];
    if (term.kind === "aggregate" && (term.operator === "min" || term.operator === "max")) {
      if (over !== undefined) this.#union(key, `${rule}:${over}`);
    }
  }

  #union(a: string, b: string): void {
    this.#parent.set(this.#root(a), this.#root(b));
  }

  #root(key: string): string {
    let root = key;
    for (
      let up = this.#parent.get(root);
      up !== undefined && up !== root;
      up = this.#parent.get(root)
    ) {
      root = up;
    }
    if (root !== key) this.#parent.set(key, root);
    return root;
  }
}

const ADDRESS = "";

function baseOf(relation: string): string {
  const suffix = everywhereName("");
  return relation.endsWith(suffix) ? relation.slice(0, -suffix.length) : relation;
}
