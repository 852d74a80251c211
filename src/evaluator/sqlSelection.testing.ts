import type {
  Aggregate,
  Literal,
  RelationLiteral,
  RelationName,
  Rule,
  Term,
} from "../program/program.ts";
import { isTuple, type Value } from "../program/value.ts";
import { bodyVariables, grouping } from "./referee.testing.ts";

/** `SELECT cells source`. */
export interface Selection {
  readonly cells: readonly string[];
  readonly source: string;
}

/** The table to read for a relation; `tag` if that table holds several relations, told apart by its column `tag`. */
export type TableOf = (relation: RelationName) => { readonly table: string; readonly tag: boolean };

/** What a rule derives: the destination first, if there is one, then the head's columns. */
export function selection(rule: Rule, tableOf: TableOf): Selection {
  const { terms, timing } = rule.head;
  const body = new Body(rule, tableOf);
  const { by, aggregates } = grouping(rule);
  const isSent = timing.kind === "async";
  if (aggregates.length === 0) {
    const row = isSent ? [timing.destination, ...terms] : terms;
    return { cells: (row as readonly Term[]).map((t) => body.expression(t)), source: body.source };
  }
  const variables = bodyVariables(rule);
  const members = [
    ...by.map((t, i) => `${body.expression(t)} AS g${i}`),
    ...variables.map((v) => `${body.expression({ kind: "variable", name: v })} AS v_${v}`),
  ];
  let next = 0;
  const row = terms.map((t) => (t.kind === "aggregate" ? aggregate(t) : `g${next++}`));
  const groups = by.length === 0 ? "" : ` GROUP BY ${by.map((_, i) => `g${i}`).join(", ")}`;
  return {
    cells: isSent ? [`g${next}`, ...row] : row,
    source: ` FROM (SELECT DISTINCT ${members.join(", ")}${body.source})${groups} HAVING count(*) > 0`,
  };
}

function aggregate({ operator, over }: Aggregate): string {
  const names = over.map((v) => `v_${v}`);
  if (operator !== "count") return `${operator}(${names[0]})`;
  return `count(DISTINCT ${names.map((v) => `quote(${v})`).join(" || ',' || ")})`;
}

/** A rule's body as tables and conditions on them. */
class Body {
  readonly #tableOf: TableOf;
  readonly #tables: string[] = [];
  readonly #conditions: string[] = [];
  readonly #values = new Map<string, string>();

  constructor(rule: Rule, tableOf: TableOf) {
    this.#tableOf = tableOf;
    const isJoin = (l: Literal): l is RelationLiteral =>
      l.kind === "relation" && !l.negated && !isFunction(l.relation);
    for (const l of rule.body) if (isJoin(l)) this.#join(l);
    let waiting = rule.body.filter((l) => !isJoin(l));
    while (waiting.length > 0) {
      const ready = waiting.findIndex((l) => this.#isReady(l));
      if (ready < 0) throw new Error(`Rule ${rule.id} has unbound variables.`);
      this.#compute(waiting[ready]!);
      waiting = waiting.toSpliced(ready, 1);
    }
  }

  get source(): string {
    const from = this.#tables.length === 0 ? "" : ` FROM ${this.#tables.join(", ")}`;
    return this.#conditions.length === 0 ? from : `${from} WHERE ${this.#conditions.join(" AND ")}`;
  }

  expression(term: Term): string {
    switch (term.kind) {
      case "variable": {
        const value = this.#values.get(term.name);
        if (value === undefined) throw new Error(`${term.name} is not bound.`);
        return value;
      }
      case "constant":
        return sqlConstant(term.value);
      case "arithmetic":
        return `(${this.expression(term.left)} ${term.operator} ${this.expression(term.right)})`;
      default:
        throw new Error(`SQL has no ${term.kind}.`);
    }
  }

  #join({ relation, terms }: RelationLiteral): void {
    const name = `t${this.#tables.length}`;
    const { table, tag } = this.#tableOf(relation);
    this.#tables.push(`${table} AS ${name}`);
    if (tag) this.#conditions.push(`${name}.tag = '${relation}'`);
    terms.forEach((t, i) => this.#match(t, `${name}.c${i}`));
  }

  /** Binds a variable that is free, and compares all else. */
  #match(term: Term, value: string): void {
    if (term.kind === "wildcard") return;
    if (term.kind === "variable" && !this.#values.has(term.name)) {
      this.#values.set(term.name, value);
    } else this.#conditions.push(`${this.expression(term)} = ${value}`);
  }

  #isReady(literal: Literal): boolean {
    if (literal.kind === "comparison") return this.#isBound(literal.left, literal.right);
    if (literal.kind === "assignment") return this.#isBound(literal.value);
    return isFunction(literal.relation)
      ? this.#isBound(literal.terms[0]!)
      : this.#isBound(...literal.terms);
  }

  #isBound(...terms: readonly Term[]): boolean {
    return terms.every((t) => {
      if (t.kind === "variable") return this.#values.has(t.name);
      return t.kind !== "arithmetic" || this.#isBound(t.left, t.right);
    });
  }

  #compute(literal: Literal): void {
    if (literal.kind === "assignment") {
      const term: Term = { kind: "variable", name: literal.variable };
      return this.#match(term, this.expression(literal.value));
    }
    if (literal.kind === "comparison") {
      const operator = literal.operator === "==" ? "=" : literal.operator;
      const [left, right] = [this.expression(literal.left), this.expression(literal.right)];
      this.#conditions.push(`${left} ${operator} ${right}`);
      return;
    }
    if (isFunction(literal.relation)) this.#apply(literal);
    else this.#negate(literal);
  }

  #apply({ terms, negated }: RelationLiteral): void {
    const input = this.expression(terms[0]!);
    this.#conditions.push(`${input} % 2 ${negated ? "<>" : "="} 0`);
    if (!negated && terms[1] !== undefined) this.#match(terms[1], `(${input} / 2)`);
  }

  #negate({ relation, terms }: RelationLiteral): void {
    const conditions = terms.flatMap((t, i) =>
      t.kind === "wildcard" ? [] : [`n.c${i} = ${this.expression(t)}`],
    );
    const where = conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
    const { table } = this.#tableOf(relation);
    this.#conditions.push(`NOT EXISTS (SELECT 1 FROM ${table} AS n${where})`);
  }
}

function isFunction(relation: RelationName): boolean {
  return relation === "half" || relation === "even";
}

/** As SQLite's `quote` writes it. */
export function sqlConstant(value: Value): string {
  if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (typeof value === "boolean" || isTuple(value) || value.kind !== "address") {
    throw new Error(`SQL has no ${JSON.stringify(value)}.`);
  }
  return `X'${[...new TextEncoder().encode(value.name)].map(hexDigits).join("")}'`;
}

function hexDigits(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, "0");
}
