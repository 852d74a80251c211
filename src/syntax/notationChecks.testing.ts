import type { Span } from "../program/diagnostic.ts";
import { printCompact } from "../program/printCompact.ts";
import type { Program } from "../program/program.ts";
import type { Dialect } from "./dialect.ts";
import { DIALECTS } from "./dialect.ts";
import { printProgram } from "./printProgram.ts";
import { read } from "./read.ts";

/** What is wrong, or nothing. Each check is of one text or program, so that tests and fuzzing share them. */
export type Failure = string | undefined;

/** Reads what a notation's grammar gives, prints it and reads it again. */
export function printsBack(text: string, dialect: Dialect): Failure {
  const first = read(text, { dialect });
  const errors = first.diagnostics.filter((d) => d.severity === "error");
  // A relation that is sent cannot also be derived at once at another node, which the grammar alone does not see.
  if (errors.some((d) => d.code === "sent-and-remote")) return undefined;
  if (errors.length > 0) return `does not read: ${errors[0]!.message}`;
  const printed = printProgram(first.program, dialect, () => false);
  if (printed.kind === "problems") return `does not print: ${printed.problems.join(" ")}`;
  const again = read(printed.text, { dialect });
  if (again.diagnostics.some((d) => d.severity === "error")) return `prints as\n${printed.text}`;
  if (!same(again.program, first.program)) return `reads back as another program:\n${printed.text}`;
  return converts(first.program, constantsOf(first.program));
}

/** As the analysis sees them, without a deployment: what is declared constant and nothing derives. */
function constantsOf({ declarations, components }: Program): (relation: string) => boolean {
  const derived = new Set(components.flatMap((c) => c.rules.map((r) => r.head.relation)));
  const declared = [...declarations, ...components.flatMap((c) => c.declarations)].flatMap((d) => {
    const isStatic = d.kind === "snippet" && d.role === "static";
    const isEdb = d.kind === "relation" && (d.role === "edb" || d.role === "node");
    return isStatic || isEdb ? [d.relation] : [];
  });
  return (relation) => declared.includes(relation) && !derived.has(relation);
}

/**
 * To every notation that can express the program: compact and paper notation read back as the same program, in the others
 * the text reads without an error and prints as itself.
 */
export function converts(program: Program, isConstant: (relation: string) => boolean): Failure {
  for (const dialect of DIALECTS) {
    const printed = printProgram(program, dialect, isConstant);
    if (printed.kind === "problems") {
      const odd = printed.problems.find((p) => !/\S\.?(?: \[[a-z-]+\])?$/.test(p));
      if (odd !== undefined) return `an unclear refusal: ${odd}`;
      // The guard must have nothing to do where the notation has words for everything.
      const guarded = printed.problems.find((p) => p.includes("[not-exact]"));
      if (dialect === "paper" && guarded !== undefined && hasOneArityEach(program)) {
        return `in paper notation: ${guarded}`;
      }
      continue;
    }
    const { program: read1, diagnostics } = read(printed.text, { dialect });
    if ((dialect === "paper" || dialect === "compact") && !same(read1, program)) {
      return `reads back as another program in ${dialect} notation:\n${printed.text}`;
    }
    // Paper notation sees some of a program's own faults, and says what is wrong with them in its own words.
    if (dialect === "paper") continue;
    const error = diagnostics.find((d) => d.severity === "error");
    if (error !== undefined) return `in ${dialect}: ${error.message}\n${printed.text}`;
    const again = printProgram(read1, dialect, isConstant);
    if (again.kind === "problems" || again.text !== printed.text) {
      return `in ${dialect} prints differently the second time:\n${printed.text}`;
    }
  }
  return undefined;
}

/** With two, a literal of the one may look like one of the other with location and time. */
function hasOneArityEach({ declarations, components }: Program): boolean {
  const arities = new Map<string, number>();
  const rules = components.flatMap((c) => c.rules);
  const found = [
    ...[...declarations, ...components.flatMap((c) => c.declarations)].flatMap((d) =>
      d.kind === "relation" ? [[d.relation, d.attributes.length] as const] : [],
    ),
    ...rules.map(({ head }) => [head.relation, head.terms.length] as const),
    ...rules.flatMap(({ body }) =>
      body.flatMap((l) => (l.kind === "relation" ? [[l.relation, l.terms.length] as const] : [])),
    ),
  ];
  return found.every(([name, arity]) => {
    const known = arities.get(name);
    arities.set(name, arity);
    return known === undefined || known === arity;
  });
}

/** Whatever the text: no exception, spans inside it, sentences, and a program that compact notation prints and reads. */
export function survives(
  text: string,
  readIn: readonly Dialect[] = DIALECTS,
  printIn: readonly Dialect[] = DIALECTS,
): Failure {
  for (const dialect of readIn) {
    const result = read(text, { dialect });
    const inside = ({ start, end }: Span): boolean =>
      0 <= start && start <= end && end <= text.length;
    for (const { span, message } of result.diagnostics) {
      if (!inside(span)) return `${dialect}: a diagnostic outside the text: ${message}`;
      if (!message.endsWith(".")) return `${dialect}: no sentence: ${message}`;
    }
    for (const spans of result.sourceMap.rules.values()) {
      const names = spans.names.map((n) => n.span);
      const all = [
        spans.rule,
        spans.head,
        ...spans.headTerms,
        ...spans.literals,
        ...spans.terms.flat(),
        ...names,
      ];
      if (!all.every(inside)) return `${dialect}: a span outside the text`;
    }
    const again = read(printCompact(result.program), { dialect: "compact" });
    if (!same(again.program, result.program)) return `${dialect}: compact notation loses something`;
    for (const to of printIn) printProgram(result.program, to, () => false);
  }
  return undefined;
}

function same(a: Program, b: Program): boolean {
  const text = (p: Program): string =>
    JSON.stringify(p, (_, v: unknown) => (typeof v === "bigint" ? `${v}n` : v));
  return text(ordered(a)) === text(ordered(b));
}

/** Properties in one order: two readers may make them in different ones. */
function ordered<T>(value: T): T {
  if (Array.isArray(value)) return value.map(ordered) as T;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([k, v]) => [k, ordered(v)])) as T;
}
