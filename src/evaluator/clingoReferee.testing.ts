import { run } from "clingo-wasm";
import type {
  Aggregate,
  HeadTerm,
  Literal,
  RelationLiteral,
  Rule,
  Term,
} from "../program/program.ts";
import { address, isTuple, type Value } from "../program/value.ts";
import { ENVIRONMENT, SETTLED, PLAIN_EDB, type EvaluatorCase } from "./randomComponent.testing.ts";
import { bodyVariables, derivedRelations, grouping, type Referee } from "./referee.testing.ts";

/**
 * Answer set programming. Its integers have 32 bits and wrap around, it knows no booleans and no bytes, and it orders
 * tuples by length first, so all have one length.
 */
export const clingo: Referee = {
  vocabulary: {
    ...SETTLED,
    values: ["s", "s", "", 'a "b"\\\n', address("a"), [1, 2], [0, "s"], -1, 1_000],
    aggregates: ["count", "count", "sum", "min", "max"],
    tuples: "pairs",
    functions: false,
  },
  // So that products fit, too.
  largestInteger: 2 ** 15,
  async verdict(test) {
    // All answer sets are asked for: there must be one.
    const result = await run(answerSetProgram(test), 0, ["--warn=none"]);
    if (result.Result === "ERROR") throw new Error(`clingo: ${result.Error}`);
    const witnesses = result.Call.flatMap((call) => call.Witnesses ?? []);
    if (witnesses.length !== 1) throw new Error(`clingo found ${witnesses.length} answer sets.`);
    const names = new Set(test.schedule.flatMap((_, i) => shown(test.rules, i + 1)));
    return new Set(witnesses[0]!.Value.filter((atom) => names.has(atom.replace(/\(.*/s, ""))));
  },
  notation: (tick, fact) =>
    "to" in fact
      ? atom(sendName(fact.relation, tick), [constant(address(fact.to)), ...fact.row.map(constant)])
      : atom(`${fact.relation}_${tick}`, fact.row.map(constant)),
};

function answerSetProgram({ rules, schedule }: EvaluatorCase): string {
  const lines: string[] = [];
  for (const [relation, rows] of PLAIN_EDB) {
    for (const row of rows) lines.push(`${atom(relation, row.map(constant))}.`);
  }
  for (const [i, arrived] of schedule.entries()) {
    const tick = i + 1;
    lines.push(`self_${tick}(${constant(address(ENVIRONMENT.address))}). tick_${tick}(${tick}).`);
    for (const { relation, row } of arrived) {
      lines.push(`${atom(`${relation}_${tick}`, row.map(constant))}.`);
    }
    for (const [k, rule] of rules.entries()) lines.push(...clauses(rule, k, tick));
  }
  return lines.join("\n");
}

function shown(rules: readonly Rule[], tick: number): readonly string[] {
  const sent = rules.filter((r) => r.head.timing.kind === "async");
  return [
    ...derivedRelations(rules).map((r) => `${r}_${tick}`),
    ...sent.map((r) => sendName(r.head.relation, tick)),
  ];
}

function sendName(relation: string, tick: number): string {
  return `send_${relation}_${tick}`;
}

function clauses(rule: Rule, index: number, tick: number): readonly string[] {
  const { relation, terms, timing } = rule.head;
  const body = rule.body.map((l) => literal(l, tick)).join(", ");
  const destination = timing.kind === "async" ? [timing.destination] : [];
  const name =
    timing.kind === "async"
      ? sendName(relation, tick)
      : `${relation}_${timing.kind === "now" ? tick : tick + 1}`;
  const { by, aggregates } = grouping(rule);
  if (aggregates.length === 0) {
    return [clause(atom(name, [...destination, ...(terms as readonly Term[])].map(term)), body)];
  }
  const variables = bodyVariables(rule).map(variable);
  const groups = by.map((_, i) => `G${i}`);
  const group = `group${index}_${tick}`;
  const members = atom(group, [...groups, ...variables]);
  let [nextGroup, nextAggregate] = [0, 0];
  const head = terms.map((t: HeadTerm) =>
    t.kind === "aggregate" ? `A${nextAggregate++}` : groups[nextGroup++]!,
  );
  const results = aggregates.map((a, i) => `A${i} = ${aggregate(a, variables, members)}`);
  return [
    clause(atom(group, [...by.map(term), ...variables]), body),
    clause(
      atom(name, [...groups.slice(nextGroup), ...head]),
      [atom(group, [...groups, ...variables.map(() => "_")]), ...results].join(", "),
    ),
  ];
}

/** Over the distinct valuations: a sum counts a number once for each of them. */
function aggregate(
  { operator, over }: Aggregate,
  variables: readonly string[],
  members: string,
): string {
  const names = over.map(variable);
  const single = names.length === 1 ? names[0]! : `(${names.join(",")})`;
  const element = operator === "sum" ? [single, ...variables].join(",") : single;
  return `#${operator}{ ${element} : ${members} }`;
}

function literal(of: Literal, tick: number): string {
  switch (of.kind) {
    case "comparison":
      return `${term(of.left)} ${of.operator === "==" ? "=" : of.operator} ${term(of.right)}`;
    case "assignment":
      return `${variable(of.variable)} = ${term(of.value)}`;
    case "relation":
      return relationLiteral(of, tick);
  }
}

function relationLiteral({ relation, terms, negated }: RelationLiteral, tick: number): string {
  if (relation === "half" || relation === "even") {
    const [input, output] = terms.map(term) as [string, string?];
    if (negated) return `${input} \\ 2 != 0`;
    const half = output === undefined || output === "_" ? "" : `, ${output} = ${input} / 2`;
    return `${input} \\ 2 = 0${half}`;
  }
  const name = PLAIN_EDB.has(relation) ? relation : `${relation}_${tick}`;
  return `${negated ? "not " : ""}${atom(name, terms.map(term))}`;
}

function clause(head: string, body: string): string {
  return body === "" ? `${head}.` : `${head} :- ${body}.`;
}

function atom(name: string, terms: readonly string[]): string {
  return terms.length === 0 ? name : `${name}(${terms.join(",")})`;
}

function variable(name: string): string {
  return `V${name}`;
}

function term(of: Term): string {
  switch (of.kind) {
    case "variable":
      return variable(of.name);
    case "wildcard":
      return "_";
    case "constant":
      return constant(of.value);
    case "tuple":
      return `(${of.terms.map(term).join(",")})`;
    case "arithmetic":
      return `(${term(of.left)} ${of.operator === "%" ? "\\" : of.operator} ${term(of.right)})`;
  }
}

function constant(value: Value): string {
  if (typeof value === "string") {
    return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
  }
  if (typeof value !== "object") return String(value);
  if (isTuple(value)) return `(${value.map(constant).join(",")})`;
  return `addr(${constant(value.kind === "address" ? value.name : value.hex)})`;
}
