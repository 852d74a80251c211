import type { NameSpan, Span } from "./diagnostic.ts";
import type { Arithmetic, Head, HeadTerm, Literal, Term } from "./program.ts";
import { SpanWriter } from "./spanWriter.ts";
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
  const writer = new SpanWriter();
  writeTerm(writer, term, []);
  return writer.text();
}

function printTuple(elements: readonly string[]): string {
  return elements.length === 1 ? `(${elements[0]},)` : `(${elements.join(", ")})`;
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
  const spans = writeSeparated(writer, terms, (term) => writeTerm(writer, term, names));
  writer.write(")");
  return spans;
}

export function writeTerm(writer: SpanWriter, term: HeadTerm, names: NameSpan[]): Span {
  const start = writer.offset;
  switch (term.kind) {
    case "variable":
      writeName(writer, "variable", term.name, names);
      break;
    case "wildcard":
      writer.write("_");
      break;
    case "constant":
      writer.write(printValue(term.value));
      break;
    case "tuple":
      writer.write("(");
      writeSeparated(writer, term.terms, (t) => writeTerm(writer, t, names));
      writer.write(term.terms.length === 1 ? ",)" : ")");
      break;
    case "arithmetic":
      writeArithmetic(writer, term, names);
      break;
    case "aggregate":
      writer.write(`${term.operator}<`);
      writeSeparated(writer, term.over, (v) => writeName(writer, "variable", v, names));
      writer.write(">");
  }
  return { start, end: writer.offset };
}

/** Operators associate to the left; parentheses only where they change the meaning. */
function writeArithmetic(writer: SpanWriter, term: Arithmetic, names: NameSpan[]): void {
  const own = precedence(term);
  const operand = (side: Term, parenthesised: boolean): void => {
    if (parenthesised) writer.write("(");
    writeTerm(writer, side, names);
    if (parenthesised) writer.write(")");
  };
  operand(term.left, precedence(term.left) < own);
  writer.write(` ${term.operator} `);
  operand(term.right, precedence(term.right) <= own);
}

function writeSeparated<T>(
  writer: SpanWriter,
  items: readonly T[],
  write: (item: T) => Span,
): readonly Span[] {
  return items.map((item, index) => {
    if (index > 0) writer.write(", ");
    return write(item);
  });
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
