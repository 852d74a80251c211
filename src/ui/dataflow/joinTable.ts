import type { RelationKind } from "../../analysis/analyzedProgram.ts";
import { printLiteral } from "../../program/printCompact.ts";
import { printTerm } from "../../program/printTerm.ts";
import type { HeadTerm, Literal, RelationName, Rule } from "../../program/program.ts";
import { headTermVariables, literalVariables, termVariables } from "../../program/variables.ts";
import type { RelationView } from "../../workers/workspaceApi.ts";

/** A rule's inside: a row for each literal and the head, a column for each variable that stands in more than one. */
export interface JoinTable {
  /** In the order in which the body first names them. */
  readonly variables: readonly JoinVariable[];
  /** The body's literals in text order, then the head. */
  readonly rows: readonly JoinRow[];
  /** "val joins acks with itself." */
  readonly sentence: string;
}

export interface JoinVariable {
  readonly name: string;
  /** Two literals or more that read facts must agree on it. */
  readonly joins: boolean;
  /** Rows between which it runs. */
  readonly first: number;
  readonly last: number;
}

export type JoinRowKind = "relation" | "channel" | "constant" | "function" | "test" | "head";

export interface JoinRow {
  readonly kind: JoinRowKind;
  /** The relation, or a condition as it is written. */
  readonly name: string;
  readonly negated: boolean;
  /** "next tick", "message": when the head holds. */
  readonly timing: string;
  /** "sig any", "kind = 3": what no variable stands for. */
  readonly others: readonly string[];
  /** By variable the attribute it stands for; empty where it is only compared. */
  readonly cells: ReadonlyMap<string, string>;
  readonly label: string;
}

export function joinTable(
  rule: Rule,
  relations: ReadonlyMap<RelationName, RelationView>,
): JoinTable {
  const body = rule.body.map((literal) => literalRow(literal, relations));
  const rows = [...body, headRow(rule, relations)];
  const names = new Set(rows.flatMap((row) => [...row.cells.keys()]));
  const all = [...names].map((name): JoinVariable => {
    const at = rows.flatMap((row, i) => (row.cells.has(name) ? [i] : []));
    const joins = body.filter((row) => readsFacts(row) && row.cells.has(name)).length > 1;
    return { name, joins, first: at[0] ?? 0, last: at.at(-1) ?? 0 };
  });
  const variables = all.filter(({ first, last }) => first < last);
  const shared = new Set(variables.map(({ name }) => name));
  return {
    variables,
    rows: rows.map((row) => withoutColumns(row, shared)),
    sentence: joinSentence(variables, body),
  };
}

/** A variable that stands in one literal only needs no column: words beside the literal say it. */
function withoutColumns(row: JoinRow, shared: ReadonlySet<string>): JoinRow {
  const alone = [...row.cells].filter(([name, words]) => !shared.has(name) && words !== "");
  const words = alone.map(([name, attribute]) => namedColumn(name, attribute));
  const cells = new Map([...row.cells].filter(([name]) => shared.has(name)));
  return { ...row, cells, others: [...words, ...row.others] };
}

function readsFacts({ kind }: JoinRow): boolean {
  return kind === "relation" || kind === "channel" || kind === "constant" || kind === "function";
}

function literalRow(literal: Literal, relations: ReadonlyMap<RelationName, RelationView>): JoinRow {
  const plain = { negated: false, timing: "", others: [] };
  if (literal.kind === "assignment") {
    const { variable, value } = literal;
    const cells = new Map(termVariables(value).map((name) => [name, ""]));
    cells.set(variable, "set here");
    const label = `Sets ${variable} to ${printTerm(value)}`;
    return { ...plain, kind: "test", name: printLiteral(literal), cells, label };
  }
  if (literal.kind === "comparison") {
    const name = printLiteral(literal);
    const cells = new Map(literalVariables(literal).map((each) => [each, ""]));
    return { ...plain, kind: "test", name, cells, label: `Condition ${name}` };
  }
  const info = relations.get(literal.relation);
  const { cells, others } = columns(literal.terms, info);
  const verb = literal.negated ? "Asks for the absence of" : "Reads";
  return {
    kind: rowKind(info?.kind ?? "local"),
    name: literal.relation,
    negated: literal.negated,
    timing: "",
    others,
    cells,
    label: `${verb} ${literal.relation}: ${columnWords(cells, others)}`,
  };
}

function headRow({ head }: Rule, relations: ReadonlyMap<RelationName, RelationView>): JoinRow {
  const { cells, others } = columns(head.terms, relations.get(head.relation));
  const to = new Map(cells);
  const rest = [...others];
  if (head.timing.kind === "async") {
    const { destination } = head.timing;
    if (destination.kind !== "variable") rest.push(`sent to ${printTerm(destination)}`);
    for (const name of termVariables(destination)) to.set(name, joined(to.get(name), "receiver"));
  }
  const timing = { now: "", next: "next tick", async: "message" }[head.timing.kind];
  const verb = head.timing.kind === "async" ? "Sends" : "Derives";
  const when = timing === "next tick" ? " for the next tick" : "";
  return {
    kind: "head",
    name: head.relation,
    negated: false,
    timing,
    others: rest,
    cells: to,
    label: `${verb} ${head.relation}${when}: ${columnWords(to, rest)}`,
  };
}

function columns(
  terms: readonly HeadTerm[],
  info: RelationView | undefined,
): { readonly cells: ReadonlyMap<string, string>; readonly others: readonly string[] } {
  const cells = new Map<string, string>();
  const others: string[] = [];
  terms.forEach((term, i) => {
    const attribute = info?.attributes[i]?.name ?? `column ${i + 1}`;
    const names = headTermVariables(term);
    if (term.kind === "wildcard") others.push(`${attribute} any`);
    else if (names.length === 0) others.push(`${attribute} = ${printTerm(term)}`);
    for (const name of new Set(names)) {
      cells.set(name, joined(cells.get(name), termWords(term, attribute)));
    }
  });
  return { cells, others };
}

/** An attribute that holds the variable itself; or what it is computed by. */
function termWords(term: HeadTerm, attribute: string): string {
  if (term.kind === "variable") return attribute;
  if (term.kind === "aggregate") return `${term.operator} of`;
  return `${attribute} = ${printTerm(term)}`;
}

function joined(before: string | undefined, word: string): string {
  return before === undefined ? word : `${before}, ${word}`;
}

function columnWords(cells: ReadonlyMap<string, string>, others: readonly string[]): string {
  const each = [...cells].map(([name, words]) => namedColumn(name, words));
  return [...each, ...others].join(", ") || "no columns";
}

function namedColumn(variable: string, attribute: string): string {
  return variable === attribute ? variable : `${attribute} ${variable}`;
}

function rowKind(kind: RelationKind): JoinRowKind {
  switch (kind) {
    case "edb.static":
    case "edb.node":
      return "constant";
    case "func":
    case "builtin":
      return "function";
    case "chan":
    case "env":
      return "channel";
    case "local":
      return "relation";
  }
}

/** Which variables join what; variables that join the same share a sentence. */
function joinSentence(variables: readonly JoinVariable[], body: readonly JoinRow[]): string {
  const reads = body.filter(readsFacts);
  const groups = new Map<string, string[]>();
  for (const { name } of variables.filter(({ joins }) => joins)) {
    const places = reads.filter((row) => row.cells.has(name)).map((row) => row.name);
    const unique = [...new Set(places)];
    const words = unique.length === 1 ? `${unique[0]} with itself` : listed(unique);
    groups.set(words, [...(groups.get(words) ?? []), name]);
  }
  if (groups.size > 0) {
    const joins = [...groups].map(
      ([places, names]) => `${listed(names)} ${names.length === 1 ? "joins" : "join"} ${places}`,
    );
    return `${joins.join("; ")}.`;
  }
  if (reads.length < 2) return "One relation is read, and nothing joined.";
  return "No variable is shared: every fact of one goes with every fact of the others.";
}

function listed(items: readonly string[]): string {
  const last = items.at(-1) ?? "";
  return items.length < 2 ? last : `${items.slice(0, -1).join(", ")} and ${last}`;
}
