import type {
  Aggregate,
  Component,
  Declaration,
  HeadTerm,
  Literal,
  Program,
  RelationLiteral,
  Rule,
  RuleId,
  Term,
} from "../program/program.ts";
import { printDeclarationAnnotation, printComponentAnnotation } from "./annotations.ts";
import { withoutEnumerations } from "./enumerations.ts";
import { bodyVariables } from "./hydroflowGrammar.ts";
import { numberOf, rulesToNumbers } from "./numberedNodes.ts";

/** A program that `expressHydroflow` gave. More than one component: a Rust file with a string for each. */
export function printHydroflow(program: Program): string {
  const toNumbers = rulesToNumbers(program);
  const general = program.declarations.map(printDeclared);
  const strings = program.components.map((component, index) =>
    [...(index === 0 ? general : []), ...componentLines(component, toNumbers)].join("\n"),
  );
  if (strings.length === 1) return `${strings[0]}\n`;
  if (strings.length === 0) return general.map((line) => `${line}\n`).join("");
  return strings.map((text) => `${rustString(text)}\n`).join("\n");
}

function rustString(text: string): string {
  let hashes = "#";
  while (text.includes(`"${hashes}`)) hashes += "#";
  return `datalog!(\n    r${hashes}"\n${text}\n"${hashes}\n);`;
}

function componentLines(component: Component, toNumbers: ReadonlySet<RuleId>): readonly string[] {
  return [
    printComponentAnnotation("#", component),
    ...component.declarations.map(printDeclared),
    ...(withoutEnumerations(component.rules) ?? component.rules).map((rule) =>
      printRule(rule, toNumbers.has(rule.id) ? numberOf(rule) : undefined),
    ),
  ];
}

function printDeclared(declaration: Declaration): string {
  if (declaration.kind !== "snippet") return printDeclarationAnnotation("#", declaration);
  const { role, relation, snippets } = declaration;
  return [`.${role} ${relation}`, ...snippets.map((s) => `\`${s}\``)].join(" ");
}

/** `number`: what the rule sends to, if that is written after `@`. */
function printRule(rule: Rule, number: Term | undefined): string {
  const lookup = number === undefined ? undefined : rule.body.at(-1);
  const implied = rule.body.filter((l) => l === lookup || isImplied(l));
  const written = rule.body.filter((l) => !implied.includes(l));
  const counted = rule.body.filter((l) => !implied.includes(l) || isFlattening(l));
  const all = bodyVariables(counted.map((literal) => ({ literal })));
  const targets = rule.head.terms.map((term) => printTarget(term, implied, all));
  const { timing, relation } = rule.head;
  const at = timing.kind === "async" ? `@${printDestination(number ?? timing.destination)}` : "";
  const arrow = timing.kind === "async" ? ":~" : timing.kind === "next" ? ":+" : ":-";
  const body = written.map((l) => printLiteral(l, rule.body)).join(", ");
  return `${relation}${at}(${targets.join(", ")}) ${arrow} ${body}`;
}

/** What the head says by `index()`, and a literal by `*x`. */
function isImplied(l: Literal): boolean {
  return l.kind === "relation" && !l.negated && (isFlattening(l) || indexVariable(l) !== undefined);
}

function isFlattening(literal: Literal): boolean {
  return literal.kind === "relation" && literal.relation === "flatten";
}

function indexVariable(literal: Literal): string | undefined {
  if (literal.kind !== "relation" || literal.relation !== "index") return undefined;
  const [term] = literal.terms;
  return term?.kind === "variable" && literal.terms.length === 1 ? term.name : undefined;
}

function printTarget(term: HeadTerm, implied: readonly Literal[], all: readonly string[]): string {
  if (term.kind === "aggregate") return printAggregate(term, all);
  if (term.kind === "variable") {
    if (implied.some((l) => indexVariable(l) === term.name)) return "index()";
  }
  return printExpression(term);
}

function printAggregate({ operator, over }: Aggregate, all: readonly string[]): string {
  const isAll =
    operator === "count" && over.length === all.length && over.every((v, i) => v === all[i]);
  if (isAll && over.length > 1) return "count(*)";
  return `${operator === "collect" ? "collect_vec" : operator}(${over.join(", ")})`;
}

function printLiteral(literal: Literal, body: readonly Literal[]): string {
  switch (literal.kind) {
    case "relation": {
      const terms = literal.terms.map((t) => printArgument(t, body)).join(", ");
      return `${literal.negated ? "!" : ""}${literal.relation}(${terms})`;
    }
    case "comparison":
      return `(${printExpression(literal.left)} ${literal.operator} ${printExpression(literal.right)})`;
    case "assignment":
      throw new Error("an assignment is written out before");
  }
}

function printArgument(term: Term, body: readonly Literal[]): string {
  switch (term.kind) {
    case "wildcard":
      return "_";
    case "variable": {
      const inner = body.find((l) => flattens(l, term.name));
      if (inner === undefined) return term.name;
      const others = body.filter((l) => l !== inner);
      return `*${printArgument(inner.terms[1]!, others)}`;
    }
    case "tuple":
      return `(${term.terms.map((t) => printArgument(t, body)).join(", ")})`;
    case "constant":
    case "arithmetic":
      return "()";
  }
}

function flattens(literal: Literal, name: string): literal is RelationLiteral {
  if (literal.kind !== "relation" || literal.relation !== "flatten") return false;
  const [whole] = literal.terms;
  return literal.terms.length === 2 && whole?.kind === "variable" && whole.name === name;
}

function printDestination(term: Term): string {
  return term.kind === "variable" || term.kind === "constant"
    ? printExpression(term)
    : `(${printExpression(term)})`;
}

/** `+ - %` are of one rank. */
function printExpression(term: Term): string {
  if (term.kind !== "arithmetic") return printSimple(term);
  const own = rank(term);
  const operand = (side: Term, parenthesised: boolean): string =>
    parenthesised ? `(${printExpression(side)})` : printExpression(side);
  const left = operand(term.left, rank(term.left) < own);
  return `${left} ${term.operator} ${operand(term.right, rank(term.right) <= own)}`;
}

function rank(term: Term): number {
  if (term.kind !== "arithmetic") return 3;
  return term.operator === "*" ? 2 : 1;
}

function printSimple(term: Term): string {
  if (term.kind === "variable") return term.name;
  return term.kind === "constant" ? String(term.value) : "_";
}
