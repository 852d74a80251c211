import type { NameSpan, RuleSpans, SourceMap, Span } from "./diagnostic.ts";
import type { Component, Declaration, Literal, Program, Rule } from "./program.ts";
import { printDeclarationWrapped } from "./printDeclaration.ts";
import { SpanWriter } from "./spanWriter.ts";
import { writeHead, writeLiteral } from "./printTerm.ts";

const WIDTH = 100;

export interface Printed {
  readonly text: string;
  readonly sourceMap: SourceMap;
}

/** A program in compact notation, its canonical layout (language.md section 2). */
export function printCompact(program: Program): string {
  return printCompactWithMap(program).text;
}

/**
 * What a program's hash is taken over: neither layout nor comments are in it (files.md, Derivation), nor what is only said
 * about it: a derivation stays one of this program when somebody states what must hold.
 */
export function canonicalText(program: Program): string {
  const isOfProgram = (d: Declaration): boolean =>
    (d.kind !== "invariant" && d.kind !== "global") || d.rule === undefined;
  return printCompact({
    declarations: program.declarations.filter(isOfProgram),
    components: program.components.map((component) => ({
      ...component,
      declarations: component.declarations.filter(isOfProgram),
    })),
  });
}

/** One rule on one line, without indentation. */
export function printRule(rule: Rule): string {
  const writer = new SpanWriter();
  writeRule(writer, rule, "", Infinity);
  return writer.text();
}

/** As it stands in its component, from the head on: wrapped after `:-` when it is too long for a line. */
export function printRuleWrapped(rule: Omit<Rule, "id">, indent: string): string {
  const writer = new SpanWriter();
  writeRule(writer, rule, indent, WIDTH);
  return writer.text();
}

export function printLiteral(literal: Literal): string {
  const writer = new SpanWriter();
  writeLiteral(writer, literal, []);
  return writer.text();
}

export function printCompactWithMap(program: Program): Printed {
  const writer = new SpanWriter();
  const declarations = new Map<string, Span>();
  const components = new Map<string, { block: Span; name: Span }>();
  const rules = new Map<string, RuleSpans>();
  writeDeclarations(writer, program.declarations, "", declarations);
  program.components.forEach((component, index) => {
    if (index > 0 || program.declarations.length > 0) writer.write("\n");
    components.set(component.name, writeComponent(writer, component, declarations, rules));
  });
  return { text: writer.text(), sourceMap: { rules, components, declarations } };
}

function writeComponent(
  writer: SpanWriter,
  component: Component,
  declarations: Map<string, Span>,
  rules: Map<string, RuleSpans>,
): { block: Span; name: Span } {
  const start = writer.offset;
  writer.write("component ");
  const name = writer.span(() => writer.write(component.name));
  if (component.by.length > 0) writer.write(` by ${component.by.join(", ")}`);
  writer.write(" {\n");
  writeDeclarations(writer, component.declarations, "  ", declarations);
  if (component.declarations.length > 0 && component.rules.length > 0) writer.write("\n");
  for (const rule of component.rules) {
    writer.write("  ");
    rules.set(rule.id, writeRule(writer, rule, "  ", WIDTH));
    writer.write("\n");
  }
  writer.write("}");
  const block = { start, end: writer.offset };
  writer.write("\n");
  return { block, name };
}

function writeDeclarations(
  writer: SpanWriter,
  declarations: readonly Declaration[],
  indent: string,
  spans: Map<string, Span>,
): void {
  for (const declaration of declarations) {
    writer.write(indent);
    const name = "relation" in declaration ? declaration.relation : declaration.function;
    const span = writer.span(() => writer.write(printDeclarationWrapped(declaration, indent)));
    if (!spans.has(name)) spans.set(name, span);
    writer.write("\n");
  }
}

/** Writes the rule from the cursor on; longer than `width`, its body goes on a line of its own. */
function writeRule(
  writer: SpanWriter,
  rule: Omit<Rule, "id">,
  indent: string,
  width: number,
): RuleSpans {
  const names: NameSpan[] = [];
  const start = writer.offset;
  const { head, terms: headTerms, destination } = writeHead(writer, rule.head, names);
  const literals: Span[] = [];
  const terms: (readonly Span[])[] = [];
  if (rule.body.length > 0) {
    writer.write(" :-");
    const gap = writer.offset;
    writer.write(" ");
    rule.body.forEach((literal, index) => {
      if (index > 0) writer.write(", ");
      let spans: readonly Span[] = [];
      literals.push(
        writer.span(() => {
          spans = writeLiteral(writer, literal, names);
        }),
      );
      terms.push(spans);
    });
    if (indent.length + writer.offset - start > width) {
      return wrapped(
        writer,
        { start, head, headTerms, destination, literals, terms, names },
        gap,
        indent,
      );
    }
  }
  return finish({ start, head, headTerms, destination, literals, terms, names }, writer.offset);
}

interface OpenSpans {
  readonly start: number;
  readonly head: Span;
  readonly headTerms: readonly Span[];
  readonly destination: Span | undefined;
  readonly literals: readonly Span[];
  readonly terms: readonly (readonly Span[])[];
  readonly names: readonly NameSpan[];
}

function finish(open: OpenSpans, end: number): RuleSpans {
  const { start, destination, ...rest } = open;
  return { rule: { start, end }, ...rest, ...(destination && { destination }) };
}

/** Replaces the blank at `gap` by a line break and two more columns, and moves what stands after it. */
function wrapped(writer: SpanWriter, open: OpenSpans, gap: number, indent: string): RuleSpans {
  const line = `\n${indent}  `;
  writer.replace(gap, 1, line);
  const by = line.length - 1;
  const move = (span: Span): Span =>
    span.start < gap ? span : { start: span.start + by, end: span.end + by };
  return finish(
    {
      ...open,
      literals: open.literals.map(move),
      terms: open.terms.map((spans) => spans.map(move)),
      names: open.names.map((n) => ({ ...n, span: move(n.span) })),
    },
    writer.offset,
  );
}
