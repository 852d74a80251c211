import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { choosingRule, usesNumber, type ChoosingRule } from "../analysis/choosing.ts";
import type { Choice } from "../program/choice.ts";
import type {
  Aggregate,
  Head,
  HeadTerm,
  Literal,
  RelationName,
  Rule,
  Term,
} from "../program/program.ts";
import { PLACE } from "./placeFunction.ts";

/**
 * A rule that chooses or numbers its rows, in rules that do neither: the rows in a relation of their own, the least
 * values of each group as a minimum, the numbers as places in the sorted rows. Relations have names as no program's can.
 */
export function withoutChoices(p: AnalyzedProgram, rule: Rule): readonly Rule[] {
  const parts = choosingRule(p, rule);
  if (parts === undefined) return [rule];
  const over = rule.head.terms.flatMap((t) => (isChoice(t) ? [t.over.join()] : []));
  const isMinimum = new Set(over).size === 1 && parts.choices.length + parts.numbers.length === 0;
  return isMinimum ? [rule] : new Lowering(rule, parts).rules();
}

function isChoice(term: HeadTerm): term is Aggregate {
  return term.kind === "aggregate" && term.operator === "choose";
}

function variable(name: string): Term {
  return { kind: "variable", name };
}

class Lowering {
  readonly #rule: Rule;
  readonly #parts: ChoosingRule;
  readonly #made: Rule[] = [];
  #fresh = 0;

  constructor(rule: Rule, parts: ChoosingRule) {
    this.#rule = rule;
    this.#parts = parts;
  }

  rules(): readonly Rule[] {
    const { base, choices, variables, aggregates, numbers } = this.#parts;
    let rows = [this.#relation("rows", variables.map(variable), base)];
    for (const choice of choices) {
      const made = this.#computed(rows, choice);
      rows = this.#least(made.rows, made.keys, made.values);
    }
    if (aggregates) this.#aggregated(rows);
    else if (numbers.length === 0) this.#derive(this.#rule.head, rows);
    else {
      const [only] = rows;
      const columns = variables.map(variable);
      const left = rows.length === 1 ? only! : this.#relation("left", columns, rows);
      this.#derive(this.#rule.head, this.#numbered(left, columns));
    }
    return this.#made;
  }

  #derive(head: Head, body: readonly Literal[]): void {
    this.#made.push({ id: this.#rule.id, head, body: [...body, ...this.#parts.later] });
  }

  #name(what: string): string {
    return `${this.#rule.id} ${what}${this.#fresh++}`;
  }

  #variable(): string {
    return `#c${this.#fresh++}`;
  }

  /** A relation with these columns, filled by one rule; the literal that reads it gives what they have no names for. */
  #relation(what: string, terms: readonly HeadTerm[], body: readonly Literal[]): Literal {
    const relation: RelationName = this.#name(what);
    this.#made.push({
      id: this.#rule.id,
      head: { relation, terms, timing: { kind: "now" } },
      body,
    });
    const read = terms.map((t) => (t.kind === "aggregate" ? variable(this.#variable()) : t));
    return { kind: "relation", relation, negated: false, terms: read };
  }

  /** What is chosen by and from is computed for all rows, whether they stay or not. */
  #computed(rows: Literal[], { keys, values }: Choice): Choice & { readonly rows: Literal[] } {
    const given: Literal[] = [];
    const simple = (value: Term): Term => {
      if (value.kind === "variable" || value.kind === "constant") return value;
      const name = this.#variable();
      given.push({ kind: "assignment", variable: name, value });
      return variable(name);
    };
    const choice = { keys: keys.map(simple), values: values.map(simple) };
    if (given.length === 0) return { ...choice, rows };
    const names = given.flatMap((l) => (l.kind === "assignment" ? [l.variable] : []));
    const columns = [...this.#parts.variables, ...names].map(variable);
    return { ...choice, rows: [this.#relation("computed", columns, [...rows, ...given])] };
  }

  /** Of the rows with equal keys those with the least values, column by column. */
  #least(rows: readonly Literal[], keys: readonly Term[], values: readonly Term[]): Literal[] {
    const left = [...rows];
    for (const value of values) {
      const name = value.kind === "variable" ? value.name : this.#variable();
      const given: Literal[] =
        value.kind === "variable" ? [] : [{ kind: "assignment", variable: name, value }];
      const least: Aggregate = { kind: "aggregate", operator: "min", over: [name] };
      const found = this.#relation("least", [...keys, least], [...left, ...given]);
      if (found.kind !== "relation") throw new Error("a relation is read");
      left.push({ ...found, terms: [...keys, value] });
    }
    return left;
  }

  #aggregated(rows: readonly Literal[]): void {
    const { terms, timing } = this.#rule.head;
    const { numbers } = this.#parts;
    const isKey = (t: HeadTerm): t is Term =>
      t.kind !== "aggregate" && !(numbers.length > 0 && usesNumber(t, this.#parts));
    const keys = [...terms.filter(isKey), ...(timing.kind === "async" ? [timing.destination] : [])];
    const chosen = terms.filter(isChoice).map((t) => this.#over(t));
    const others = terms.filter((t) => t.kind === "aggregate" && !isChoice(t));
    const given = chosen.flatMap(({ literal }) => literal ?? []);
    const left = this.#least(
      [...rows, ...given],
      keys,
      chosen.map((c) => c.term),
    );
    const values = new Map<HeadTerm, Term>(
      terms.filter(isChoice).map((t, i) => [t, chosen[i]!.term]),
    );
    let body: readonly Literal[] = left;
    if (others.length > 0 || chosen.length === 0) {
      const read = this.#relation("groups", [...keys, ...others], rows);
      if (read.kind !== "relation") throw new Error("a relation is read");
      others.forEach((t, i) => values.set(t, read.terms[keys.length + i]!));
      body = [...left, read];
    }
    const head = terms.map((t): Term => values.get(t) ?? (t as Term));
    if (numbers.length === 0) {
      this.#derive({ ...this.#rule.head, terms: head }, body);
      return;
    }
    const columns = terms.flatMap((t, i) => (isKey(t) || t.kind === "aggregate" ? [head[i]!] : []));
    if (timing.kind === "async") columns.push(timing.destination);
    const names = columns.map(() => variable(this.#variable()));
    const group = this.#relation("numbered", columns, body);
    if (group.kind !== "relation") throw new Error("a relation is read");
    let column = 0;
    const numbered = terms.map((t) => (isKey(t) || t.kind === "aggregate" ? names[column++]! : t));
    const to = timing.kind === "async" ? { ...timing, destination: names.at(-1)! } : timing;
    this.#derive(
      { ...this.#rule.head, terms: numbered, timing: to },
      this.#numbered({ ...group, terms: names }, names),
    );
  }

  /** What `choose<x>` chooses among; of several variables the tuple. */
  #over({ over }: Aggregate): { readonly term: Term; readonly literal: Literal | undefined } {
    if (over.length === 1) return { term: variable(over[0]!), literal: undefined };
    const name = this.#variable();
    const value: Term = { kind: "tuple", terms: over.map(variable) };
    return { term: variable(name), literal: { kind: "assignment", variable: name, value } };
  }

  /** The rows with their places among all of them. */
  #numbered(rows: Literal, columns: readonly Term[]): readonly Literal[] {
    const given: Literal[] = [];
    let over = columns.flatMap((t) => (t.kind === "variable" ? [t.name] : []));
    if (over.length === 0) {
      const name = this.#variable();
      const value: Term = { kind: "tuple", terms: [] };
      given.push({ kind: "assignment", variable: name, value });
      over = [name];
    }
    const all = this.#relation(
      "all",
      [{ kind: "aggregate", operator: "collect", over }],
      [rows, ...given],
    );
    if (all.kind !== "relation") throw new Error("a relation is read");
    const row: Term =
      over.length === 1 ? variable(over[0]!) : { kind: "tuple", terms: over.map(variable) };
    const places = this.#parts.numbers.map((name): Literal => ({
      kind: "relation",
      relation: PLACE,
      negated: false,
      terms: [all.terms[0]!, row, variable(name)],
    }));
    return [rows, ...given, all, ...places];
  }
}
