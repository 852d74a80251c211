import type { NameSpan, Span } from "./diagnostic.ts";
import type { Arithmetic, Head, HeadTerm, Literal, Term } from "./program.ts";
import type { SpanWriter } from "./spanWriter.ts";
import { isTuple } from "./value.ts";
import type { Value } from "./value.ts";

/** A constant as both notations write it. */
export function printValue(value: Value): string {
  switch (typeof value) {
    case "number":
    case "bigint":
    case "boolean":
      return String(value);
    case "string":
      return JSON.stringify(value);
    default:
      if (isTuple(value)) return printTuple(value.map(printValue));
      return value.kind === "bytes" ? `0x${value.hex}` : `addr(${JSON.stringify(value.name)})`;
  }
}

export function printTerm(term: HeadTerm): string {
  switch (term.kind) {
    case "variable":
      return term.name;
    case "wildcard":
      return "_";
    case "constant":
      return printValue(term.value);
    case "tuple":
      return printTuple(term.terms.map(printTerm));
    case "arithmetic":
      return printArithmetic(term);
    case "aggregate":
      return `${term.operator}<${term.over.join(", ")}>`;
  }
}

function printTuple(elements: readonly string[]): string {
  return elements.length === 1 ? `(${elements[0]},)` : `(${elements.join(", ")})`;
}

/** Operators associate to the left; parentheses only where they change the meaning. */
function printArithmetic(term: Arithmetic): string {
  const own = precedence(term);
  const left = precedence(term.left) < own ? `(${printTerm(term.left)})` : printTerm(term.left);
  const right =
    precedence(term.right) <= own ? `(${printTerm(term.right)})` : printTerm(term.right);
  return `${left} ${term.operator} ${right}`;
}

function precedence(term: Term): number {
  if (term.kind !== "arithmetic") return 3;
  return term.operator === "+" || term.operator === "-" ? 1 : 2;
}

/** Writes one literal; gives the spans of its terms, and adds the names in it. */
export function writeLiteral(
  writer: SpanWriter,
  literal: Literal,
  names: NameSpan[],
): readonly Span[] {
  switch (literal.kind) {
    case "relation":
      if (literal.negated) writer.write("!");
      writeName(writer, "relation", literal.relation, names);
      return writeTerms(writer, literal.terms, names);
    case "comparison": {
      const left = writeTerm(writer, literal.left, names);
      writer.write(` ${literal.operator} `);
      return [left, writeTerm(writer, literal.right, names)];
    }
    case "assignment": {
      const variable = writeName(writer, "variable", literal.variable, names);
      writer.write(" := ");
      return [variable, writeTerm(writer, literal.value, names)];
    }
  }
}

export interface WrittenHead {
  readonly head: Span;
  readonly terms: readonly Span[];
  readonly destination: Span | undefined;
}

export function writeHead(writer: SpanWriter, head: Head, names: NameSpan[]): WrittenHead {
  const start = writer.offset;
  writeName(writer, "relation", head.relation, names);
  const terms = writeTerms(writer, head.terms, names);
  let destination: Span | undefined;
  if (head.timing.kind === "next") writer.write("@next");
  if (head.timing.kind === "async") {
    writer.write("@async(");
    destination = writeTerm(writer, head.timing.destination, names);
    writer.write(")");
  }
  return { head: { start, end: writer.offset }, terms, destination };
}

export function writeTerms(
  writer: SpanWriter,
  terms: readonly HeadTerm[],
  names: NameSpan[],
): readonly Span[] {
  writer.write("(");
  const spans = terms.map((term, index) => {
    if (index > 0) writer.write(", ");
    return writeTerm(writer, term, names);
  });
  writer.write(")");
  return spans;
}

export function writeTerm(writer: SpanWriter, term: HeadTerm, names: NameSpan[]): Span {
  const text = printTerm(term);
  const start = writer.offset;
  if (term.kind === "variable") writeName(writer, "variable", text, names);
  else {
    writer.write(text);
    names.push(...namesWithin(term, text, start));
  }
  return { start, end: writer.offset };
}

export function writeName(
  writer: SpanWriter,
  kind: NameSpan["kind"],
  name: string,
  names: NameSpan[],
): Span {
  const span = writer.span(() => writer.write(name));
  names.push({ kind, name, span });
  return span;
}

/** The variables inside a printed term: its identifiers outside strings, but for an aggregate's own name. */
function namesWithin(term: HeadTerm, text: string, start: number): NameSpan[] {
  if (term.kind === "constant" || term.kind === "wildcard") return [];
  const found: NameSpan[] = [];
  const pattern = /"(?:[^"\\]|\\.)*"|addr\("|0x[0-9a-f]*|[A-Za-z][A-Za-z0-9_']*/g;
  for (const match of text.matchAll(pattern)) {
    const [word] = match;
    const aggregate = term.kind === "aggregate" && match.index === 0;
    if (aggregate || !/^[A-Za-z]/.test(word) || word.startsWith('addr("')) continue;
    if (word === "true" || word === "false") continue;
    const at = start + match.index;
    found.push({ kind: "variable", name: word, span: { start: at, end: at + word.length } });
  }
  return found;
}
